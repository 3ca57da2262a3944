"""Orders of one day: books of limit orders, each checked as it comes."""

from __future__ import annotations

import operator
from enum import IntEnum
from typing import NoReturn, SupportsIndex

import numpy as np

from .orders_kernels import BAD_LIMIT, BAD_OWNER, PRICE_CENTS_LIMIT, TOO_MUCH, UNITS_LIMIT, enter_orders

Ints = np.ndarray


class Side(IntEnum):
    """Which side of the trade an order is on."""

    BUY = 1
    SELL = -1


class OrderError(ValueError):
    """An order that is none; the book is unchanged."""

    def __init__(self, *, security: int, came: object, allowed: str) -> None:
        self.security = security
        self.came = came
        self.allowed = allowed
        super().__init__(f"order book of security {security}: came {came!r}, allowed: {allowed}")


FAULTS = (
    "",
    "accounts >= 0",
    f"quantities other than 0 and below {UNITS_LIMIT} in size",
    f"limits of 1 to {PRICE_CENTS_LIMIT - 1} cents",
    f"fewer than {UNITS_LIMIT} shares a side and cents of buys in a book",
)


class OrderBook:
    """All limit orders of a day in one security, in the order they came: owner (account), side, quantity, limit.

    `owners`, `sides`, `quantities`, `limits` are int64[n] views, void after the next order. `buy_shares`, `sell_shares`
    and `buy_cents` are the totals, each buy at its own limit.
    """

    __slots__ = ("__weakref__", "_cells", "_room", "_table", "buy_cents", "buy_shares", "n", "security", "sell_shares")

    def __init__(self, security: int, capacity: int = 32) -> None:
        self.security = security
        self.n = 0
        self.buy_shares = self.sell_shares = self.buy_cents = 0
        self._use(np.empty((4, max(capacity, 1)), np.int64))

    def _use(self, table: Ints) -> None:
        self._table = table
        # Python writes single numbers through a view several times faster than through the array itself.
        self._cells = table.data
        self._room = table.shape[1]

    @property
    def owners(self) -> Ints:
        """Account of each order."""
        return self._table[0, : self.n]

    @property
    def sides(self) -> Ints:
        """Side of each order, +1 or -1."""
        return self._table[1, : self.n]

    @property
    def quantities(self) -> Ints:
        """Shares of each order, > 0."""
        return self._table[2, : self.n]

    @property
    def limits(self) -> Ints:
        """Limit of each order in cents."""
        return self._table[3, : self.n]

    def add(self, owner: SupportsIndex, side: Side, quantity: SupportsIndex, limit_cents: SupportsIndex) -> int:
        """Enter one order; returns its position. Raises: OrderError."""
        if type(owner) is int and type(quantity) is int and type(limit_cents) is int and (side == 1 or side == -1):
            account, shares, limit, is_buy = owner, quantity, limit_cents, side == 1
        else:
            account, shares, limit, is_buy = self._whole_numbers(owner, side, quantity, limit_cents)
        n = self.n
        if not 0 <= account < UNITS_LIMIT:
            self._refuse((owner, side, quantity, limit_cents), FAULTS[BAD_OWNER])
        if not 0 < shares < UNITS_LIMIT:
            self._refuse((owner, side, quantity, limit_cents), f"a quantity of 1 to {UNITS_LIMIT - 1}")
        if not 0 < limit < PRICE_CENTS_LIMIT:
            self._refuse((owner, side, quantity, limit_cents), FAULTS[BAD_LIMIT])
        if is_buy:
            cents = self.buy_cents + shares * limit
            if cents >= UNITS_LIMIT:
                self._refuse((owner, side, quantity, limit_cents), FAULTS[TOO_MUCH])
            self.buy_cents = cents
            self.buy_shares += shares
        else:
            if self.sell_shares + shares >= UNITS_LIMIT:
                self._refuse((owner, side, quantity, limit_cents), FAULTS[TOO_MUCH])
            self.sell_shares += shares
        if n == self._room:
            self._make_room(1)
        cells = self._cells
        cells[0, n] = account
        cells[1, n] = 1 if is_buy else -1
        cells[2, n] = shares
        cells[3, n] = limit
        self.n = n + 1
        return n

    def _whole_numbers(
        self, owner: SupportsIndex, side: Side, quantity: SupportsIndex, limit_cents: SupportsIndex
    ) -> tuple[int, int, int, bool]:
        """Accepts NumPy's whole numbers as well. Raises: OrderError for anything else."""
        try:
            whole = operator.index(owner), operator.index(quantity), operator.index(limit_cents)
            return *whole, Side(side) is Side.BUY
        except (TypeError, ValueError):
            self._refuse((owner, side, quantity, limit_cents), "whole numbers and a Side")

    def add_many(self, owners: Ints, limits: Ints, quantities: Ints) -> None:
        """Enter many owners' orders, all or none: int64[k] accounts, limits, signed quantities. Raises: OrderError."""
        columns = (owners, limits, quantities)
        if not all(c.dtype == np.int64 and c.shape == owners.shape and c.ndim == 1 for c in columns):
            self._refuse([(c.dtype, c.shape) for c in columns], "three int64 arrays of one length")
        n, count = self.n, len(owners)
        if n + count > self._room:
            self._make_room(count)
        totals = self.buy_shares, self.sell_shares, self.buy_cents
        fault, at, totals = enter_orders(self._table, n, (owners, limits, quantities), totals)
        if fault:
            self._refuse((int(owners[at]), int(quantities[at]), int(limits[at])), FAULTS[fault])
        self.buy_shares, self.sell_shares, self.buy_cents = totals
        self.n = n + count

    def _make_room(self, orders: int) -> None:
        wanted = self.n + orders
        if wanted > self._room:
            grown = np.empty((4, max(wanted, 2 * self._room)), np.int64)
            grown[:, : self.n] = self._table[:, : self.n]
            self._use(grown)

    def _refuse(self, came: object, allowed: str) -> NoReturn:
        raise OrderError(security=self.security, came=came, allowed=allowed)
