"""The auction of a crowd: its orders against a book's, cleared, booked and settled in one compiled call.

Packed arguments, plain tuples: `money` (cash in cents, shares, by row; int64[1], the seal of both, see
`ledger.owners`); `orders` (signed shares, limit in cents, by row, 0 for no order); `listing` (rows a chunk, int32[rows]
with the rows that order chunk by chunk, their number int64[chunks]).
"""

from __future__ import annotations

import numpy as np
from numba import int64

from ..engine.kernels import njit
from ..ledger.owner_kernels import seal_trades
from .auction_fill_kernels import At, clear_and_fill, fill_crowd
from .auction_price_kernels import cumulate, has_negative
from .orders_kernels import UNITS_LIMIT
from .settlement_kernels import FINE, Ledger, Page, deliver

Ints = np.ndarray
Pair = tuple[Ints, Ints]
Money = tuple[Ints, Ints, Ints]
Listing = tuple[int, Ints, Ints]
SHARES_MAX = 2**31 - 1
"""Shares of one row of a crowd are 32-bit integers."""
TRADED, UNSETTLED, WRONG = range(3)
"""How it ended: done; booked, but not to be settled as it stands; something is wrong, and nothing has been booked."""


@njit(cache=True)
def gather_orders(orders: Pair, listing: Listing) -> tuple[Ints, Ints, Ints]:
    """Rows with an order, ascending, their signed shares and limits, int32 each."""
    signed_shares, limit_cents = orders
    chunk, ordering, counts = listing
    n = counts.sum()
    rows, shares, limits = np.empty(n, np.int32), np.empty(n, np.int32), np.empty(n, np.int32)
    at = 0
    for c in range(counts.size):
        for k in range(counts[c]):
            row = ordering[c * chunk + k]
            rows[at], shares[at], limits[at] = row, signed_shares[row], limit_cents[row]
            at += 1
    return rows, shares, limits


@njit(cache=True, inline="always")
def fill_ok(holding: tuple[int, int], order: tuple[int, int], fill: int, price_cents: int) -> bool:
    """Whether a fill keeps to its order (signed shares, limit), and to the holder's cash and shares."""
    cash, shares = holding
    ordered, limit_cents = order
    if fill > 0:
        within = fill <= ordered and price_cents <= limit_cents
        return within and fill * price_cents <= cash and shares + fill <= SHARES_MAX
    return fill >= ordered and price_cents >= limit_cents and shares + fill >= 0


@njit(cache=True)
def fill_rows(money: Money, orders: Pair, rows: Ints, fills: Ints, price_cents: int) -> tuple[int, int]:
    """Book the fills of the given rows, or none of them if one is wrong or the rows do not ascend.

    Returns (at, net_shares): the place of the first wrong one or -1, and the change of all holders' shares.
    """
    cash_cents, held_shares, seal = money
    signed_shares, limit_cents = orders
    net_shares, above = 0, -1
    for at in range(rows.size):
        row, fill = int64(rows[at]), int64(fills[at])
        if fill == 0:
            continue
        good = above < row < cash_cents.size
        if good:
            order = (int64(signed_shares[row]), int64(limit_cents[row]))
            good = fill_ok((cash_cents[row], int64(held_shares[row])), order, fill, price_cents)
        if not good:
            # exact integers: what was booked before can be taken back without a trace
            for booked in range(at):
                held_shares[rows[booked]] -= fills[booked]
                cash_cents[rows[booked]] += int64(fills[booked]) * price_cents
            return at, 0
        above = row
        held_shares[row] += fill
        cash_cents[row] -= fill * price_cents
        net_shares += fill
    seal_trades(seal, rows, fills, price_cents)
    return -1, net_shares


@njit(cache=True)
def execute_orders(
    columns: tuple[Money, Pair, Listing], margin: At, start: int, price_cents: int, executed: tuple[int, int]
) -> bool:
    """Fill the crowd's orders and book the fills; False, with nothing booked, if a fill is wrong or they do not sum to
    what the auction `executed` for the crowd (shares bought, sold). `columns` are money, orders and listing."""
    money, orders, listing = columns
    rows, shares, limits = gather_orders(orders, listing)
    fills = np.zeros(rows.size, np.int32)
    if fill_crowd(shares, limits, margin, start, fills) != executed:
        return False
    at, _ = fill_rows(money, orders, rows, fills, price_cents)
    return at < 0


@njit(cache=True)
def trade(
    book: tuple[Ints, Ints, Ints, Ints],
    crowd: tuple[int, Ints, Ints],
    terms: tuple[int, int],
    columns: tuple[Money, Pair, Listing],
    place: tuple[int, int, int],
    ledger: Ledger,
    page: Page,
    settled: Ints,
) -> tuple[int, int, int, int, int, int]:
    """Clear, book, settle. `book` are owners, sides, quantities and limits of n orders, `crowd` the lowest limit and
    histograms of buys and sells, `terms` reference price and rounding, `place` security, omnibus account and clearing
    house. Writes owners, sides and fills of the book's orders and of the crowd's two into `settled` int64[3, n + 2].

    Returns (how it ended, price, volume, shares the crowd bought, sold, entries in the journal's buffer).
    """
    owners, sides, quantities, limits = book
    low_cents, buys, sells = crowd
    reference_cents, start = terms
    security, omnibus, house = place
    wrong = WRONG, 0, 0, 0, 0, page[1]
    if reference_cents < 1 or start < 0 or has_negative(buys, sells):
        return wrong
    demand, supply = cumulate(buys, sells)
    if demand.size > 0:
        fewest, most = min(demand[0], supply[-1]), max(demand[0], supply[-1])
        if fewest < 0 or most >= UNITS_LIMIT:
            return wrong
    n = owners.size
    price, volume, margin, of_others, by_others = clear_and_fill(
        (sides, quantities, limits), (low_cents, demand, supply), reference_cents, start, settled[2, :n]
    )
    if volume == 0:
        return TRADED, price, 0, 0, 0, page[1]
    bought, sold = volume - of_others, volume - by_others
    if not execute_orders(columns, margin, start, price, (bought, sold)):
        return wrong
    settled[0, :n], settled[1, :n] = owners, sides
    settled[:2, n:] = omnibus
    settled[1, n], settled[1, n + 1] = 1, -1
    settled[2, n], settled[2, n + 1] = bought, sold
    fault, _, count, _ = deliver((settled[0], settled[1], settled[2]), price, security, house, ledger, page)
    return TRADED if fault == FINE else UNSETTLED, price, volume, bought, sold, count
