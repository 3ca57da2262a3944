"""Many orders at once: checked, then written into a book's table.

Packed arguments, plain tuples: `orders` (owners, limits in cents, signed shares: + to buy), int64[orders] each;
`totals` (shares to buy, shares to sell, cents of buys) of a book.
"""

from __future__ import annotations

import numpy as np

from ..engine.kernels import njit

Ints = np.ndarray
Orders = tuple[Ints, Ints, Ints]
Totals = tuple[int, int, int]
Found = tuple[int, int, Totals]
UNITS_LIMIT = 2**53
"""No book holds orders for so many shares, nor buys worth so many cents."""
PRICE_CENTS_LIMIT = 2**40
FINE, BAD_OWNER, BAD_SIZE, BAD_LIMIT, TOO_MUCH = range(5)
"""What may be wrong with an order."""


@njit(cache=True)
def check_orders(orders: Orders, totals: Totals) -> Found:
    """(fault, its index, a book's totals with these orders added)."""
    owners, limits, signed = orders
    bought, sold, cents = totals
    for k in range(owners.size):
        size = abs(signed[k])
        if owners[k] < 0:
            return BAD_OWNER, k, (bought, sold, cents)
        if size == 0 or size >= UNITS_LIMIT or signed[k] == -(2**63):
            return BAD_SIZE, k, (bought, sold, cents)
        if limits[k] < 1 or limits[k] >= PRICE_CENTS_LIMIT:
            return BAD_LIMIT, k, (bought, sold, cents)
        if signed[k] > 0:
            room = UNITS_LIMIT - 1 - cents
            # most orders are far from the bound: floats rule them out without a division
            if float(size) * float(limits[k]) > 0.99 * float(room) and size > room // limits[k]:
                return TOO_MUCH, k, (bought, sold, cents)
            bought += size
            cents += size * limits[k]
        else:
            sold += size
            if sold >= UNITS_LIMIT:
                return TOO_MUCH, k, (bought, sold, cents)
    return FINE, -1, (bought, sold, cents)


@njit(cache=True)
def enter_orders(table: Ints, n: int, orders: Orders, totals: Totals) -> Found:
    """Check orders and, if none is at fault, write them into a book's table int64[4, >= n + orders] (owner, side,
    quantity, limit) from column n on.

    Returns what `check_orders` returns.
    """
    owners, limits, signed = orders
    found = check_orders(orders, totals)
    if found[0] == FINE:
        for k in range(owners.size):
            table[0, n + k] = owners[k]
            table[1, n + k] = 1 if signed[k] > 0 else -1
            table[2, n + k] = abs(signed[k])
            table[3, n + k] = limits[k]
    return found
