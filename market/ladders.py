"""Ladders of limit orders: how a fund's wish to hold more of a cheaper share reaches the auction.

At price p a fund wants q(p) = scale (value / p)^eta shares. It holds h shares, so at its indifference price
p0 = value (scale / h)^(1/eta) it trades nothing. Rungs lie at p_k = p0 (1 -+ step0 growth^k): below p0 buys, at
floor(p_k) cents, of floor(q(p_k)) less what the rungs before bring; above p0 sells, at ceil(p_k) cents. So buys never
leave a fund with more than it wants at the price, nor sells with less. Buys end where the cash budget does, the last
rung cut; sells end with the last share. Where p0 lies beyond all rungs around the value (h = 0, say), the rungs lie
around the value.

Source: demand of Gabaix & Koijen (2021), NBER 28967; for orders as its steps see Walras' tatonnement in a call auction.
"""

from __future__ import annotations

import math

import numpy as np

from ..engine.kernels import njit

Floats = np.ndarray

SHARES_MAX = float(2**52)
"""More shares than any fund wants."""
VALUE_CENTS_LIMIT = 1e12
"""A value that is no price."""


class LadderError(ValueError):
    """Rungs that do not make a ladder."""

    def __init__(self, *, came: object, allowed: str) -> None:
        self.came = came
        self.allowed = allowed
        super().__init__(f"came {came!r}, allowed: {allowed}")


def rung_factors(rungs: int, step0: float, growth: float) -> Floats:
    """float[2 rungs], rising: 1 - step0 growth^k from the last rung to the first, then 1 + step0 growth^k.

    Raises: LadderError if a rung would lie at a price of zero or below, or not beyond the one before.
    """
    if not (rungs >= 1 and step0 > 0 and growth >= 1 and step0 * growth ** (rungs - 1) < 1) or (
        rungs > 1 and growth == 1
    ):
        came = (rungs, step0, growth)
        raise LadderError(came=came, allowed="rungs >= 1, growth > 1, step0 > 0, step0 * growth**(rungs - 1) < 1")
    offsets = step0 * growth ** np.arange(rungs, dtype=float)
    return np.concatenate([1.0 - offsets[::-1], 1.0 + offsets])


@njit(cache=True)
def indifference_cents(value_cents: float, scale_shares: float, held_shares: int, eta: float) -> float:
    """Price at which a fund wants just what it holds: p0 = value (scale / h)^(1/eta), for scale, h > 0."""
    return value_cents * math.exp(math.log(scale_shares / held_shares) / eta)


@njit(cache=True)
def wanted_at(base_shares: float, demand: float) -> int:
    """Whole shares wanted on a rung: floor(base (p0 / p)^eta), `demand` being the power, within what can be counted."""
    return math.floor(min(base_shares * demand, SHARES_MAX))


@njit(cache=True)
def affordable_shares(shares: int, limit_cents: int, budget_cents: int) -> int:
    """At most `shares`, and at most what the budget buys at this limit."""
    # few rungs come near the budget: floats rule out the rest without a division
    if float(shares) * float(limit_cents) > 0.99 * float(budget_cents):
        return min(shares, budget_cents // limit_cents)
    return shares
