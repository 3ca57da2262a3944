"""The closing session in one pass: book after book cleared and settled."""

from __future__ import annotations

import numpy as np

from ..engine.kernels import njit
from .auction_fill_kernels import clear_and_fill
from .settlement_kernels import FINE, Ledger, Page, deliver

Ints = np.ndarray


@njit(cache=True)
def clear_and_deliver(
    table: Ints,
    ends: Ints,
    terms: tuple[Ints, Ints, Ints],
    outcome: Ints,
    fills: Ints,
    where: tuple[int, int],
    ledger: Ledger,
    page: Page,
) -> tuple[int, int]:
    """Clear and settle book after book; returns the first that is cleared but could not be settled as it stands (F:
    none is left), and the entries in the journal's buffer.

    `table` int64[4, n] (owner, side, quantity, limit), `ends` int64[F] where each book ends, `where` (the book to begin
    with, account of the clearing house), `terms` (securities, reference prices
    in cents, roundings, int64[F] each), `outcome` int64[2, F] (prices, volumes) and `fills` int64[n] to be written.
    """
    securities, references, roundings = terms
    first_book, house = where
    prices, volumes = outcome[0], outcome[1]
    buffer, count, room, day = page
    nobody = np.zeros(0, np.int64)
    for f in range(first_book, ends.size):
        first = ends[f - 1] if f > 0 else 0
        last = ends[f]
        sides, filled = table[1, first:last], fills[first:last]
        book = (sides, table[2, first:last], table[3, first:last])
        prices[f], volumes[f], _, _, _ = clear_and_fill(book, (0, nobody, nobody), references[f], roundings[f], filled)
        if volumes[f] > 0:
            orders = (table[0, first:last], sides, filled)
            fault, _, count, _ = deliver(orders, prices[f], securities[f], house, ledger, (buffer, count, room, day))
            if fault != FINE:
                return f, count
    return ends.size, count
