"""What households order and how a sum is split over them, in plain NumPy and Python's unlimited integers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from carousel.agents.household_orders import Demand
from carousel.engine.chance import Decision
from carousel.tests.oracles.draws import mix, unit, words

INT32_MAX = 2**31 - 1


def orders_by_numpy(
    h: Any, *, day: int, reference_cents: int, extrapolated_return: float, demand: Demand
) -> tuple[np.ndarray, np.ndarray, int]:
    """(orders int64[n], limits int64[n], attentive rows) of a day; `h` has the columns, `n` and the `seed`."""
    attentive = unit(words(h.seed, Decision.HOLDER_ATTENTION, day, h.n)) < h.attention.astype(np.float64)
    bits = words(h.seed, Decision.HOLDER_LIMIT, day, h.n)
    premium = (demand.limit_tolerance * reference_cents * unit(bits)).astype(np.int64)
    held = h.etf_shares.astype(np.int64) * reference_cents
    tilt = demand.enthusiasm_tilt * ((h.state == 1) - demand.tired_tilt * (h.state == 2))
    pull = demand.extrapolation_sensitivity * extrapolated_return
    desired = np.clip(h.desired_share.astype(np.float64) + tilt + h.extrapolation.astype(np.float64) * pull, 0, 1)
    gap = desired * (h.cash_cents + held).astype(np.float64) - held.astype(np.float64)
    wanted = np.floor(demand.trade_gap_share * gap / reference_cents + unit(mix(bits))).astype(np.int64)
    buy_limit, sell_limit = reference_cents + premium, reference_cents - premium
    buys = np.minimum(np.minimum(wanted, h.cash_cents // buy_limit), INT32_MAX - h.etf_shares)
    sells = np.maximum(wanted, -h.etf_shares.astype(np.int64))
    orders = np.where(attentive, np.where(wanted > 0, buys, sells), 0)
    limits = np.where(orders != 0, np.where(wanted > 0, buy_limit, sell_limit), 0)
    return orders, limits, int(attentive.sum())


def split_by_integers(total: int, weights: Sequence[int], start: int) -> list[int]:
    """Parts of a total by weights: differences of floor((total x cumulative weight + start) / whole)."""
    whole, up_to, parts, given = sum(weights), 0, [], 0
    for weight in weights:
        given += weight
        reached = (total * given + start) // whole
        parts.append(reached - up_to)
        up_to = reached
    return parts


def start_by_numpy(seed: int, decision: int, day: int, whole: int) -> int:
    """Keyed start of the rounding in a split."""
    return int(words(seed, decision, day, 1)[0]) % whole
