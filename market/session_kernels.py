"""The closing session in one pass: book after book cleared and settled."""

from __future__ import annotations

import numpy as np

from ..engine.kernels import njit
from .auction_fill_kernels import clear_and_fill
from .auction_price_kernels import Crowd
from .settlement_kernels import FINE, Ledger, Page, deliver

Ints = np.ndarray


@njit(cache=True)
def clear_and_deliver(
    first_book: int,
    books: tuple[Ints, Ints],
    terms: tuple[Ints, Ints, Ints],
    results: tuple[Ints, Ints, Ints],
    nobody: Crowd,
    house: int,
    ledger: Ledger,
    page: Page,
) -> tuple[int, int]:
    """Clear and settle book after book from the first on; returns the first that is cleared but could not be settled as
    it stands (F: none is left), and the entries in the journal's buffer.

    `books` (table int64[4, n] of owner, side, quantity, limit; ends int64[F]), `terms` (securities, reference prices
    in cents, roundings, int64[F] each), `results` (prices, volumes int64[F], fills int64[n]) to be written.
    """
    table, ends = books
    securities, references, roundings = terms
    prices, volumes, fills = results
    buffer, count, room, day = page
    for f in range(first_book, ends.size):
        first = ends[f - 1] if f > 0 else 0
        last = ends[f]
        sides, filled = table[1, first:last], fills[first:last]
        book = (sides, table[2, first:last], table[3, first:last])
        prices[f], volumes[f], _, _, _ = clear_and_fill(book, nobody, references[f], roundings[f], filled)
        if volumes[f] > 0:
            orders = (table[0, first:last], sides, filled)
            fault, _, count, _ = deliver(orders, prices[f], securities[f], house, ledger, (buffer, count, room, day))
            if fault != FINE:
                return f, count
    return ends.size, count
