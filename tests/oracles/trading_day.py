"""The households' whole trading day in plain NumPy and Python's integers: what the kernels must equal, bit for bit."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
from carousel.tests.oracles import auction
from carousel.tests.oracles.contagion import block_pressure, story_by_numpy
from carousel.tests.oracles.households import orders_by_numpy

if TYPE_CHECKING:
    from carousel.benchmarks.trading_day import Opening, Quotes

DAYS_PER_YEAR = 252


class NumpyDay:
    """A twin of the trading day from an opening: whole arrays, no kernels, no journal."""

    def __init__(self, opening: Opening) -> None:
        self.rows = SimpleNamespace(**opening.columns, n=opening.n, seed=opening.seed)
        self.opening = opening
        self.price = opening.etf_price_cents
        self.past = opening.normal_return_per_year
        self.cash, self.shares = opening.participant_cash_cents, opening.participant_shares
        self.all_cash, self.all_shares = sum(self.rows.cash_cents.tolist()), sum(self.rows.etf_shares.tolist())
        self.prices: list[int] = []

    def trade(self, quotes: Quotes) -> None:
        """One trading day."""
        rows, opening, day = self.rows, self.opening, quotes.day
        excess = self.past - opening.normal_return_per_year
        pressure = block_pressure(rows.state, rows.block, opening.mixing)
        rows.state = story_by_numpy(rows.state, pressure, rows.seed, day, quotes.news, excess, opening.story)
        reference = quotes.reference_cents
        orders, limits, _ = orders_by_numpy(
            rows, day=day, reference_cents=reference, extrapolated_return=excess, demand=opening.demand
        )
        rows.order_shares, rows.order_limit_cents = orders, limits
        who = np.flatnonzero(orders)
        book = participant_orders(self.cash, self.shares, quotes)
        signed_limits = zip(orders[who].tolist(), limits[who].tolist(), strict=True)
        crowd = [(1 if shares > 0 else -1, abs(shares), limit) for shares, limit in signed_limits]
        price, volume = auction.clear([*book, *crowd], reference)
        fills = auction.fill([*book, *crowd], price, volume, quotes.start)
        for (side, _, _), shares in zip(book, fills[: len(book)], strict=True):
            self.cash -= side * shares * price
            self.shares += side * shares
        signed = np.sign(orders[who]) * np.array(fills[len(book) :], np.int64)
        rows.cash_cents = rows.cash_cents.copy()
        rows.etf_shares = rows.etf_shares.astype(np.int64)
        rows.cash_cents[who] -= signed * price
        rows.etf_shares[who] += signed
        self._audit(price, int(signed.sum()))
        previous, self.price = self.price, price if volume else self.price
        keep = opening.daily_memory
        self.past = keep * self.past + (1 - keep) * math.log(self.price / previous) * DAYS_PER_YEAR
        self.prices.append(self.price)

    def _audit(self, price: int, bought: int) -> None:
        self.all_cash -= bought * price
        self.all_shares += bought
        assert (self.rows.cash_cents.sum(), self.rows.etf_shares.sum()) == (self.all_cash, self.all_shares)
        assert min(self.rows.cash_cents.min(), self.rows.etf_shares.min(), self.cash, self.shares) >= 0

    def state(self) -> dict[str, Any]:
        """What must equal the model's."""
        return {name: getattr(self.rows, name) for name in COMPARED} | {
            "participant_cash_cents": self.cash,
            "participant_shares": self.shares,
            "prices": self.prices,
        }


COMPARED = ("cash_cents", "etf_shares", "state", "order_shares", "order_limit_cents")


def participant_orders(cash: int, shares: int, quotes: Quotes) -> list[auction.Order]:
    """The participant sells all it holds at its ask, and buys for half of its cash at its bid."""
    sell = [(-1, shares, quotes.ask_cents)] if shares else []
    afford = cash // 2 // quotes.bid_cents
    return [*sell, (1, afford, quotes.bid_cents)] if afford else sell
