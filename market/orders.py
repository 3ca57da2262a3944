"""Orders of one day: books of limit orders, and the cash and shares that must stand behind them."""

from __future__ import annotations

import operator
from collections import Counter
from enum import IntEnum
from typing import NoReturn, SupportsIndex

import numpy as np

from ..engine.kernels import njit
from ..ledger.books import Books

IntArray = np.ndarray
UNITS_LIMIT = 2**53
"""No book holds orders for so many shares, nor buys worth so many cents."""
PRICE_CENTS_LIMIT = 2**40


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


class OverReserved(Exception):
    """Orders for more than their owner can pay or deliver; nothing was reserved."""

    def __init__(self, *, owner: int, security: int, what: str, wanted: int, free: int) -> None:
        self.owner = owner
        self.security = security
        self.what = what
        self.wanted = wanted
        self.free = free
        super().__init__(f"account {owner}, security {security}: orders need {wanted} {what}, allowed: the free {free}")


FAULTS = (
    "",
    "accounts >= 0",
    f"quantities other than 0 and below {UNITS_LIMIT} in size",
    f"limits of 1 to {PRICE_CENTS_LIMIT - 1} cents",
    f"fewer than {UNITS_LIMIT} shares a side and cents of buys in a book",
)


@njit(cache=True)
def check_orders(owners, limits, signed, bought, sold, cents):  # type: ignore[no-untyped-def]
    """(fault, its index, shares to buy, shares to sell, cents of buys): a book's totals with these orders added."""
    for k in range(owners.size):
        size = abs(signed[k])
        if owners[k] < 0:
            return 1, k, bought, sold, cents
        if size == 0 or size >= UNITS_LIMIT or signed[k] == -(2**63):
            return 2, k, bought, sold, cents
        if limits[k] < 1 or limits[k] >= PRICE_CENTS_LIMIT:
            return 3, k, bought, sold, cents
        if signed[k] > 0:
            room = UNITS_LIMIT - 1 - cents
            # most orders are far from the bound: floats rule them out without a division
            if float(size) * float(limits[k]) > 0.99 * float(room) and size > room // limits[k]:
                return 4, k, bought, sold, cents
            bought += size
            cents += size * limits[k]
        else:
            sold += size
            if sold >= UNITS_LIMIT:
                return 4, k, bought, sold, cents
    return 0, -1, bought, sold, cents


@njit(cache=True)
def enter_orders(table, n, owners, limits, signed, bought, sold, cents):  # type: ignore[no-untyped-def]
    """Check orders and, if none is at fault, write them into a book's table int64[4, >= n + orders] from column n on.

    Returns what `check_orders` returns.
    """
    found = check_orders(owners, limits, signed, bought, sold, cents)
    if found[0] == 0:
        for k in range(owners.size):
            table[0, n + k] = owners[k]
            table[1, n + k] = 1 if signed[k] > 0 else -1
            table[2, n + k] = abs(signed[k])
            table[3, n + k] = limits[k]
    return found


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

    def _use(self, table: IntArray) -> None:
        self._table = table
        # Python writes single numbers through a view several times faster than through the array itself.
        self._cells = table.data
        self._room = table.shape[1]

    @property
    def owners(self) -> IntArray:
        """Account of each order."""
        return self._table[0, : self.n]

    @property
    def sides(self) -> IntArray:
        """Side of each order, +1 or -1."""
        return self._table[1, : self.n]

    @property
    def quantities(self) -> IntArray:
        """Shares of each order, > 0."""
        return self._table[2, : self.n]

    @property
    def limits(self) -> IntArray:
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
            self._refuse((owner, side, quantity, limit_cents), FAULTS[1])
        if not 0 < shares < UNITS_LIMIT:
            self._refuse((owner, side, quantity, limit_cents), f"a quantity of 1 to {UNITS_LIMIT - 1}")
        if not 0 < limit < PRICE_CENTS_LIMIT:
            self._refuse((owner, side, quantity, limit_cents), FAULTS[3])
        if is_buy:
            cents = self.buy_cents + shares * limit
            if cents >= UNITS_LIMIT:
                self._refuse((owner, side, quantity, limit_cents), FAULTS[4])
            self.buy_cents = cents
            self.buy_shares += shares
        else:
            if self.sell_shares + shares >= UNITS_LIMIT:
                self._refuse((owner, side, quantity, limit_cents), FAULTS[4])
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

    def add_ladder(self, owner: int, limits: IntArray, quantities: IntArray) -> None:
        """Enter one owner's ladder: int64[k] limits in cents and signed quantities, + to buy. Raises: OrderError."""
        self.add_many(np.full(len(limits), owner, np.int64), limits, quantities)

    def add_many(self, owners: IntArray, limits: IntArray, quantities: IntArray) -> None:
        """Enter many owners' orders, all or none: int64[k] accounts, limits, signed quantities. Raises: OrderError."""
        columns = (owners, limits, quantities)
        if not all(c.dtype == np.int64 and c.shape == owners.shape and c.ndim == 1 for c in columns):
            self._refuse([(c.dtype, c.shape) for c in columns], "three int64 arrays of one length")
        n, count = self.n, len(owners)
        if n + count > self._room:
            self._make_room(count)
        fault, at, bought, sold, cents = enter_orders(
            self._table, n, owners, limits, quantities, self.buy_shares, self.sell_shares, self.buy_cents
        )
        if fault:
            self._refuse((int(owners[at]), int(quantities[at]), int(limits[at])), FAULTS[fault])
        self.buy_shares, self.sell_shares, self.buy_cents = bought, sold, cents
        self.n = n + count

    def reserved_cash(self, owner: int) -> int:
        """Cents behind an owner's buys, each at its limit."""
        mine = (self.owners == owner) & (self.sides > 0)
        return int(self.quantities[mine] @ self.limits[mine])

    def reserved_shares(self, owner: int) -> int:
        """Shares behind an owner's sells."""
        return int(self.quantities[(self.owners == owner) & (self.sides < 0)].sum())

    def _make_room(self, orders: int) -> None:
        wanted = self.n + orders
        if wanted > self._room:
            grown = np.empty((4, max(wanted, 2 * self._room)), np.int64)
            grown[:, : self.n] = self._table[:, : self.n]
            self._use(grown)

    def _refuse(self, came: object, allowed: str) -> NoReturn:
        raise OrderError(security=self.security, came=came, allowed=allowed)


class Reservations:
    """What the orders of all open books have claimed of their owners' cash and shares.

    Reserve a book once its orders are in, release it once it is settled.
    """

    def __init__(self, books: Books) -> None:
        self.books = books
        self._open: dict[OrderBook, tuple[Counter[int], Counter[int]]] = {}
        self._cash: Counter[int] = Counter()
        self._shares: Counter[tuple[int, int]] = Counter()

    def free_cents(self, owner: int) -> int:
        """Cash that no open buy has claimed; without limit for the outside world."""
        journal = self.books.journal
        if journal.is_outside(owner):
            return UNITS_LIMIT
        return journal.balance(owner) - self._cash[owner]

    def free_shares(self, owner: int, security: int) -> int:
        """Shares that no open sell has claimed."""
        return self.books.registers.held(owner, security) - self._shares[owner, security]

    def reserve(self, book: OrderBook) -> None:
        """Claim what stands behind all orders of a book. Raises: OverReserved; ValueError if it is reserved already."""
        if book in self._open:
            raise ValueError(f"came security {book.security} twice, allowed: a book is reserved once, then released")
        owners = [int(owner) for owner in np.unique(book.owners)]
        cash = Counter({owner: book.reserved_cash(owner) for owner in owners})
        shares = Counter({owner: book.reserved_shares(owner) for owner in owners})
        for owner in owners:
            for what, wanted, free in (
                ("cents", cash[owner], self.free_cents(owner)),
                ("shares", shares[owner], self.free_shares(owner, book.security)),
            ):
                if wanted > free:
                    raise OverReserved(owner=owner, security=book.security, what=what, wanted=wanted, free=free)
        self._cash.update(cash)
        self._shares.update({(owner, book.security): shares[owner] for owner in owners})
        self._open[book] = cash, shares

    def release(self, book: OrderBook) -> None:
        """Give back what a book had claimed. Raises: KeyError if it is not reserved."""
        cash, shares = self._open.pop(book)
        self._cash.subtract(cash)
        self._shares.subtract({(owner, book.security): units for owner, units in shares.items()})
