"""The bond desk: all bond buyers' orders in one outstanding series, in one call."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ..ledger.books import Books
from ..market.orders import FAULTS, OrderError
from ..market.session import SessionOrders
from ..scenarios.behaviour import Behaviour
from .bond_buyer import BondBuyer
from .bond_buyer_kernels import series_table

Habits = tuple[float, float, float, float, float, float, float]


class SeriesOnSale(NamedTuple):
    """What buyers read of a series on its trading day."""

    security: int
    slot: int
    """Permanent slot of its luck."""
    coupon_per_year: float
    days_left: int
    face_cents: int


def habits(rules: Behaviour) -> Habits:
    """How buyers see spreads (optimism, opinion) and trade: quote margin, discount of a forced sale, shares offered,
    offered beyond the limit, and bid for."""
    return (
        rules.bond_buyer_optimism, rules.bond_buyer_opinion, rules.bond_quote_margin, rules.bond_forced_discount,
        rules.bond_sale_share, rules.bond_forced_sale_share, rules.bond_bid_share,
    )  # fmt: skip


class BondDesk:
    """All bond buyers in the market, in arrays as `bond_buyer_kernels` takes them, and how they see spreads and trade.

    While its savers wait a fund buys nothing and sells as if it held too much of every issuer.
    """

    def __init__(self, buyers: Sequence[BondBuyer], rules: Behaviour, seed: int) -> None:
        accounts = np.array([b.account for b in buyers], np.int64)
        slots = np.array([b.slot for b in buyers], np.int64)
        rows = [
            (
                b.facts.disposition,
                b.facts.premium_per_year,
                0.0 if b.savers.waiting_cents else b.facts.concentration_limit,
            )
            for b in buyers
        ]
        self.buyers = accounts, slots, np.array(rows, float).reshape(len(buyers), 3)
        self.riskless_per_year = rules.riskless_rate_per_year
        self.habits = habits(rules)
        self.seed = seed

    def orders(
        self,
        books: Books,
        series: SeriesOnSale,
        fair_spread_per_year: float,
        marks: tuple[np.ndarray, np.ndarray],
        day: int,
    ) -> SessionOrders:
        """The session of one series; `marks` are cents by security, int64 each, of all bonds and of the issuer's alone.

        Raises: OrderError, ValueError if a required yield is out of range.
        """
        table, ends, fault, at = series_table(
            (self.seed, day), self.buyers,
            (books.journal.balances, books.registers.holdings), marks, tuple(series),
            (fair_spread_per_year, self.riskless_per_year), self.habits,
        )  # fmt: skip
        if fault:
            raise OrderError(security=series.security, came=tuple(table[:, at].tolist()), allowed=FAULTS[fault])
        return SessionOrders(table, ends)
