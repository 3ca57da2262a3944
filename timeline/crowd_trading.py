"""The households' auction: their orders against a book's, cleared, booked and settled in one compiled call.

Every household's fill goes into its own columns, the crowd's net trade onto the omnibus account behind which it stands.
"""

from __future__ import annotations

from typing import NamedTuple, NoReturn

import numpy as np

from ..agents.household import Holders
from ..agents.household_kernels import execute_orders
from ..engine.kernels import njit
from ..ledger.books import Books
from ..market.auction import CrowdOrders, fill_crowd_orders, run_auction
from ..market.auction_fills import clear_and_fill
from ..market.auction_price import cumulate, has_negative
from ..market.orders import UNITS_LIMIT, OrderBook
from ..market.settlement import FINE, PAY, RECEIVE, deliver, settle_auction

TRADED, UNSETTLED, WRONG = range(3)
"""How it ended: done; booked, but not to be settled as it stands; something is wrong, and nothing has been booked."""


class CrowdTrade(NamedTuple):
    """One price for all; without a cross the reference price and no volume."""

    price_cents: int
    volume: int
    bought_shares: int
    """By the households."""
    sold_shares: int


@njit(cache=True)
def _trade(  # type: ignore[no-untyped-def]
    owners, sides, quantities, limits, low_cents, buy_hist, sell_hist, reference_cents, start, holders, omnibus, house,
    security, balances, origin_of, n_accounts, holdings, buffer, count, room, day, pay, receive, settled,
):  # fmt: skip
    """Clear, book, settle; `holders` are `Holders.order_columns`. Writes owners, sides and fills of the book's n orders
    and of the crowd's two into `settled` int64[3, n + 2].

    Returns (how it ended, price, volume, shares the crowd bought, sold, entries in the journal's buffer).
    """
    nothing = np.int64(0)
    wrong = WRONG, nothing, nothing, nothing, nothing, count
    if reference_cents < 1 or start < 0 or has_negative(buy_hist, sell_hist):
        return wrong
    demand, supply = cumulate(buy_hist, sell_hist)
    if demand.size > 0:
        fewest, most = min(demand[0], supply[-1]), max(demand[0], supply[-1])
        if fewest < 0 or most >= UNITS_LIMIT:
            return wrong
    n = owners.size
    price, volume, margin, of_others, by_others = clear_and_fill(
        limits, quantities, sides, low_cents, demand, supply, reference_cents, start, settled[2, :n]
    )
    if volume == 0:
        return TRADED, price, volume, nothing, nothing, count
    bought, sold = volume - of_others, volume - by_others
    if not execute_orders(*holders, margin, start, price, bought, sold):
        return wrong
    settled[0, :n], settled[1, :n] = owners, sides
    settled[:2, n:] = omnibus
    settled[1, n], settled[1, n + 1] = 1, -1
    settled[2, n], settled[2, n + 1] = bought, sold
    fault, _, count, _ = deliver(
        settled[0], settled[2], settled[1], price, house, balances, origin_of, n_accounts, holdings, security, buffer,
        count, room, day, pay, receive,
    )  # fmt: skip
    return TRADED if fault == FINE else UNSETTLED, price, volume, bought, sold, count


def trade_crowd(
    books: Books,
    book: OrderBook,
    holders: Holders,
    orders: tuple[int, np.ndarray, np.ndarray],
    reference_cents: int,
    start: int,
    *,
    omnibus: int,
    house: int,
) -> CrowdTrade:
    """Hold the auction of a book and the households' open orders, and settle it.

    `orders` are the households' as histograms: lowest limit in cents, shares to buy and to sell by limit from there on,
    int64[levels]. `start` is a keyed random integer in [0, 2**63) for the rounding.

    Raises: AuctionError, FillError, ValueError: nothing has been booked then; what `settle_auction` raises.
    """
    journal, registers = books.journal, books.registers
    registers.ensure_account(journal.n_accounts - 1)
    holders.need_open_orders()
    low_cents, buys, sells = orders
    settled = np.empty((3, book.n + 2), np.int64)
    ended, price, volume, bought, sold, count = _trade(
        book.owners, book.sides, book.quantities, book.limits, low_cents, buys, sells, reference_cents, start,
        holders.order_columns(), omnibus, house, book.security, journal.balances, journal.origin_of,
        journal.n_accounts, registers.holdings, journal.buffer, journal.count, journal.room, journal.day, PAY, RECEIVE,
        settled,
    )  # fmt: skip
    if ended == WRONG:
        _refuse(book, holders, CrowdOrders(low_cents, buys, sells), reference_cents, start)
    if volume:
        holders.close_orders()
    if ended == TRADED:
        journal.count = count
    else:  # the journal's page is full, or somebody cannot pay
        owners, sides, fills = settled
        settle_auction(books, book.security, house, owners, fills, sides, price)
    return CrowdTrade(price, volume, bought, sold)


def _refuse(book: OrderBook, holders: Holders, crowd: CrowdOrders, reference_cents: int, start: int) -> NoReturn:
    """Go the same way step by step: each step says what is wrong."""
    result = run_auction(book, crowd, reference_cents, start)
    orders = holders.open_orders()
    fills = fill_crowd_orders(result, orders.shares, orders.limit_cents)
    holders.apply_fills(fills, result.price_cents, orders.rows)
    raise AssertionError("an auction that was refused has gone through step by step")
