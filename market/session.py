"""The closing session: every share's book cleared and settled in one pass, one after the other in the board's order."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import NamedTuple

import numpy as np

from ..ledger.books import Books
from .session_kernels import clear_and_deliver
from .settlement import Executed, packed, settle_auction

Ints = np.ndarray
NOTHING_SENT: Ints = np.zeros((0, 4), np.int64)


class SentOrder(NamedTuple):
    """An order of the day that is no ladder, on its way into the book of a share: its row on the board (-1: none)."""

    share: int
    account: int
    signed_shares: int
    """To buy (+) or to sell (-)."""
    limit_cents: int


def sent_table(orders: Sequence[SentOrder]) -> Ints:
    """The orders as rows, int64[k, 4]."""
    if not orders:
        return NOTHING_SENT
    return np.fromiter(chain.from_iterable(orders), np.int64, 4 * len(orders)).reshape(len(orders), 4)


class SessionOrders(NamedTuple):
    """The orders of all books: int64[4, n] (owner, side, quantity, limit), book f up to ends[f]."""

    table: Ints
    ends: Ints


class SessionResult(NamedTuple):
    """Prices in cents and volumes in shares int64[F], every order's fill in shares int64[n]."""

    price_cents: Ints
    volume_shares: Ints
    fills: Ints


def hold_session(
    books: Books,
    house: int,
    securities: Ints,
    orders: SessionOrders,
    reference_cents: Ints,
    roundings: Ints,
) -> SessionResult:
    """Clear and settle all books. `roundings` int64[F] are keyed random integers in [0, 2**63), one an auction.

    A share that cannot be settled as it stands (the journal's page is full, somebody cannot pay) is settled by
    `settle_auction`, which finds room, or says what is wrong. Without a cross: the reference
    price, no volume.

    Raises: what `settle_auction` raises; the books before are settled then, that one and those after are not.
    """
    table, ends = orders
    outcome, fills = np.empty((2, len(ends)), np.int64), np.empty(table.shape[1], np.int64)
    terms = securities, reference_cents, roundings
    f = 0
    while True:
        ledger, page = packed(books)
        f, entries = clear_and_deliver(table, ends, terms, outcome, fills, (f, house), ledger, page)
        books.journal.filled_to(entries)
        if f == len(ends):
            return SessionResult(outcome[0], outcome[1], fills)
        part = slice(ends.item(f - 1) if f else 0, ends.item(f))
        executed = Executed(table[0, part], table[1, part], fills[part])
        settle_auction(books, securities.item(f), house, executed, outcome.item(0, f))
        f += 1
