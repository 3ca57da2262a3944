"""Every entry's cash moved from purse to purse, by any of the three rules.

Shapes: entries int64[n, 7]; origin_of int64[accounts]; purses (pool, spans, taken) as in `purses.Purses`; slices (ends
int64[n], parts int64[2, room]) as in `Slices`.
"""

from __future__ import annotations

import numpy as np

from ..engine.kernels import njit
from .pro_rata_kernels import mix_of, put_in_order, take_mix
from .purse_kernels import END, START, Pool, reserve
from .queue_kernels import front_of, put_behind, take_front
from .slices import LAPS

Ints = np.ndarray
Parts = tuple[Ints, Ints]

LAST_IN_FIRST_OUT, PRO_RATA, FIRST_IN_FIRST_OUT = -1, 0, 1
"""Rules; a queue's is the way in which its tranches are read."""
DONE, UNTRACEABLE, NO_PARTS, NO_ROOM = range(4)
"""How a fold ended: all entries followed; a payer had no traced cash; the next entry's parts do not fit where they are
noted, or may not fit into the pool."""


@njit(cache=True)
def follow(
    entries: Ints, first: int, origin_of: Ints, purses: Pool, slices: Parts, used: int, rule: int
) -> tuple[int, int, int]:
    """Moves the cash of every entry, from the entry `first` on, and notes its parts, as the payee receives them, from
    place `used` on. Returns (how it ended, the entry it stopped at, parts used)."""
    kinds, amounts, spans, taken = purses[0][0], purses[0][1], purses[1], purses[2]
    ends, cells, shares = slices[0], slices[1][0], slices[1][1]
    for n in range(first, entries.shape[0]):
        payer, payee, cents, step = entries[n, 1], entries[n, 2], entries[n, 3], min(entries[n, 6], LAPS - 1)
        source, absorbed, begin = origin_of[payer], origin_of[payee] >= 0, used
        start, end = spans[payer, START], spans[payer, END]
        covered, count = cents, 1
        if source < 0 and rule == PRO_RATA:
            covered, count = mix_of(amounts, start, end), end - start
        elif source < 0:
            covered, count = front_of(amounts, start, end, cents, rule)
        if covered < cents:
            return UNTRACEABLE, n, used
        if cells.size - used < count:
            return NO_PARTS, n, used
        if not absorbed and not reserve(kinds, amounts, spans, taken, payee, count):
            return NO_ROOM, n, used
        if source >= 0:
            cells[used], shares[used] = source * LAPS + step, cents
            used += 1
        elif rule == PRO_RATA:
            left, used = take_mix(kinds, amounts, start, end, (cents, covered, step), cells, shares, used)
            spans[payer, END] = left
        elif rule == FIRST_IN_FIRST_OUT:
            left, used = take_front(kinds, amounts, start, (cents, count, step), rule, cells, shares, used)
            spans[payer, START] = left
        else:
            left, used = take_front(kinds, amounts, end - 1, (cents, count, step), rule, cells, shares, used)
            spans[payer, END] = left + 1
        if not absorbed:
            start, stop = spans[payee, START], spans[payee, END]
            if rule == PRO_RATA:
                spans[payee, END] = put_in_order(kinds, amounts, start, stop, cells, shares, begin, used)
            else:
                spans[payee, END] = put_behind(kinds, amounts, start, stop, cells, shares, begin, used)
        ends[n] = used
    return DONE, entries.shape[0], used
