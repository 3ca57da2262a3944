"""The closing session: every share's book cleared and settled in one pass, one after the other in the board's order."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import NamedTuple

import numpy as np

from ..engine.kernels import njit
from ..ledger.books import Books
from .auction_fills import clear_and_fill
from .auction_price import NO_CROWD
from .settlement import FINE, PAY, RECEIVE, deliver, settle_auction

IntArray = np.ndarray


class SentOrder(NamedTuple):
    """An order of the day that is no ladder, on its way into the book of a share: its row on the board (-1: none)."""

    share: int
    account: int
    signed_shares: int
    """To buy (+) or to sell (-)."""
    limit_cents: int


def sent_table(orders: Sequence[SentOrder]) -> IntArray:
    """The orders as rows, int64[k, 4]."""
    return np.fromiter(chain.from_iterable(orders), np.int64, 4 * len(orders)).reshape(len(orders), 4)


class SessionOrders(NamedTuple):
    """The orders of all books: int64[4, n] (owner, side, quantity, limit), book f up to ends[f]."""

    table: IntArray
    ends: IntArray


class SessionResult(NamedTuple):
    """Prices in cents and volumes in shares int64[F], every order's fill in shares int64[n]."""

    price_cents: IntArray
    volume_shares: IntArray
    fills: IntArray


@njit(cache=True)
def _clear_and_deliver(  # type: ignore[no-untyped-def]
    start, table, ends, references, roundings, prices, volumes, fills, nobody, house, securities, balances, origin_of,
    n_accounts, holdings, buffer, count, room, day, pay, receive,
):  # fmt: skip
    """Clear and settle book after book from `start` on; returns the first book that is cleared but could not be settled
    as it stands (F: none is left), and the entries in the journal's buffer."""
    for f in range(start, ends.size):
        first = ends[f - 1] if f > 0 else 0
        last = ends[f]
        owners, sides, filled = table[0, first:last], table[1, first:last], fills[first:last]
        prices[f], volumes[f], _, _, _ = clear_and_fill(
            table[3, first:last], table[2, first:last], sides, 0, nobody, nobody, references[f], roundings[f], filled
        )
        if volumes[f] > 0:
            fault, _, count, _ = deliver(
                owners, filled, sides, prices[f], house, balances, origin_of, n_accounts, holdings, securities[f],
                buffer, count, room, day, pay, receive,
            )  # fmt: skip
            if fault != FINE:
                return f, count
    return ends.size, count


def hold_session(
    books: Books,
    house: int,
    securities: IntArray,
    orders: SessionOrders,
    reference_cents: IntArray,
    roundings: IntArray,
) -> SessionResult:
    """Clear and settle all books. `roundings` int64[F] are keyed random integers in [0, 2**63), one an auction.

    A share that cannot be settled as it stands (the journal's page is full, somebody cannot pay) is settled by
    `settle_auction`, which finds room, or says what is wrong. Without a cross: the reference
    price, no volume.

    Raises: what `settle_auction` raises; the books before are settled then, that one and those after are not.
    """
    table, ends = orders
    journal, registers = books.journal, books.registers
    if len(registers.holdings) < journal.n_accounts:
        registers.ensure_account(journal.n_accounts - 1)
    prices, volumes = np.empty_like(ends), np.empty_like(ends)
    fills = np.empty(table.shape[1], np.int64)
    f = 0
    while True:
        f, journal.count = _clear_and_deliver(
            f, table, ends, reference_cents, roundings, prices, volumes, fills, NO_CROWD, house, securities,
            journal.balances, journal.origin_of, journal.n_accounts, registers.holdings, journal.buffer, journal.count,
            journal.room, journal.day, PAY, RECEIVE,
        )  # fmt: skip
        if f == len(ends):
            return SessionResult(prices, volumes, fills)
        part = slice(ends.item(f - 1) if f else 0, ends.item(f))
        owners, sides = table[0, part], table[1, part]
        settle_auction(books, securities.item(f), house, owners, fills[part], sides, prices.item(f))
        f += 1
