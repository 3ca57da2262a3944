"""What households' orders of a day are: how they arise, on which price levels, and which fills they refuse."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..scenarios.behaviour import Behaviour
from .household_rules import INT32_MAX


class FillError(ValueError):
    """A fill that a holder's order, cash or shares do not cover; nothing was booked."""

    def __init__(self, row: int, fill: int, order: int, limit_cents: int, price_cents: int) -> None:
        super().__init__(
            f"holder row {row}: fill of {fill} at {price_cents} cents, order of {order} at {limit_cents} cents"
        )
        self.row, self.fill, self.order = row, fill, order
        self.limit_cents, self.price_cents = limit_cents, price_cents


class OrderTotals(NamedTuple):
    """All orders of a day together."""

    attentive: int
    buy_shares: int
    sell_shares: int
    reserved_cents: int
    """Cash behind the buys, each at its own limit."""


class OpenOrders(NamedTuple):
    """The orders of the rows that have one, by ascending row, int32 each."""

    rows: np.ndarray
    shares: np.ndarray
    """To buy (+) or to sell (-)."""
    limit_cents: np.ndarray


class Demand(NamedTuple):
    """How holders turn beliefs into orders; names as in the behavioural parameter table."""

    extrapolation_sensitivity: float
    enthusiasm_tilt: float
    tired_tilt: float
    trade_gap_share: float
    limit_tolerance: float


def demand_parameters(rules: Behaviour) -> Demand:
    """What holders' demand reads of the behaviour table."""
    return Demand(
        extrapolation_sensitivity=rules.extrapolation_sensitivity,
        enthusiasm_tilt=rules.enthusiasm_tilt,
        tired_tilt=rules.tired_tilt,
        trade_gap_share=rules.trade_gap_share,
        limit_tolerance=rules.limit_tolerance,
    )


def order_grid(reference_cents: int, limit_tolerance: float) -> tuple[int, int]:
    """(low_cents, levels): the price levels that holders' limits can lie on, one per cent, for the histograms.

    Raises: ValueError if the reference price is below one cent or the highest limit needs more than 31 bits.
    """
    reach_cents = int(limit_tolerance * reference_cents)
    if not 1 <= reference_cents <= INT32_MAX - reach_cents or not 0 <= limit_tolerance < 1:
        raise ValueError(
            f"ETF price of {reference_cents} cents, limits within {limit_tolerance}: beyond 1 to {INT32_MAX} cents"
        )
    return reference_cents - reach_cents, 2 * reach_cents + 1


def need_levels(needed: tuple[int, int], low_cents: int, hists: tuple[np.ndarray, np.ndarray]) -> None:
    """Empty both histograms.  Raises: ValueError unless they cover the levels that `order_grid` says."""
    low, levels = needed
    for hist in hists:
        if low < low_cents or low + levels > low_cents + len(hist) or hist.dtype != np.int64:
            given = f"{hist.dtype} from {low_cents} to {low_cents + len(hist) - 1} cents"
            raise ValueError(f"order histogram {given}; needed: int64 from {low} to {low + levels - 1} cents")
        hist.fill(0)
