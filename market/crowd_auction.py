"""The auction of a crowd that stands behind one omnibus account: every row's fill goes into its own columns, the
crowd's net trade onto the account."""

from __future__ import annotations

from typing import NamedTuple, NoReturn, Protocol

import numpy as np

from ..ledger.books import Books
from .auction import CrowdOrders, fill_crowd_orders, run_auction
from .crowd_kernels import TRADED, WRONG, Listing, Money, Pair, trade
from .orders import OrderBook
from .settlement import Executed, packed, settle_auction

Ints = np.ndarray


class Crowd(Protocol):
    """What the auction asks of those behind the omnibus account."""

    def need_open_orders(self) -> None:
        """Raises: ValueError if the orders of the day have been filled already, or there are none."""

    def order_columns(self) -> tuple[Money, Pair, Listing]:
        """Cash and shares, signed orders and limits, and who orders: as in `crowd_kernels`."""

    def open_orders(self) -> tuple[Ints, Ints, Ints]:
        """Rows that order, signed shares, limits in cents."""

    def apply_fills(self, fills: Ints, price_cents: int, rows: Ints | None = None) -> tuple[int, int]:
        """Book the fills of these rows. Raises: FillError."""

    def close_orders(self) -> None:
        """The orders of the day have been filled."""


class CrowdTrade(NamedTuple):
    """One price for all; without a cross the reference price and no volume."""

    price_cents: int
    volume: int
    bought_shares: int
    """By the crowd."""
    sold_shares: int


def trade_crowd(
    books: Books,
    book: OrderBook,
    crowd: Crowd,
    orders: tuple[int, Ints, Ints],
    reference_cents: int,
    start: int,
    *,
    omnibus: int,
    house: int,
) -> CrowdTrade:
    """Hold the auction of a book and the crowd's open orders, and settle it.

    `orders` are the crowd's as histograms: lowest limit in cents, shares to buy and to sell by limit from there on,
    int64[levels]. `start` is a keyed random integer in [0, 2**63) for the rounding.

    Raises: AuctionError, FillError, ValueError: nothing has been booked then; what `settle_auction` raises.
    """
    ledger, page = packed(books)
    crowd.need_open_orders()
    settled = np.empty((3, book.n + 2), np.int64)
    ended, price, volume, bought, sold, count = trade(
        (book.owners, book.sides, book.quantities, book.limits), orders, (reference_cents, start),
        crowd.order_columns(), (book.security, omnibus, house), ledger, page, settled,
    )  # fmt: skip
    if ended == WRONG:
        _refuse(book, crowd, CrowdOrders(*orders), reference_cents, start)
    if volume:
        crowd.close_orders()
    if ended == TRADED:
        books.journal.filled_to(count)
    else:  # the journal's page is full, or somebody cannot pay
        settle_auction(books, book.security, house, Executed(*settled), price)
    return CrowdTrade(price, volume, bought, sold)


def _refuse(book: OrderBook, crowd: Crowd, orders: CrowdOrders, reference_cents: int, start: int) -> NoReturn:
    """Go the same way step by step: each step says what is wrong."""
    result = run_auction(book, orders, reference_cents, start)
    rows, shares, limit_cents = crowd.open_orders()
    fills = fill_crowd_orders(result, shares, limit_cents)
    crowd.apply_fills(fills, result.price_cents, rows)
    raise AssertionError("an auction that was refused has gone through step by step")
