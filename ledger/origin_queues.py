"""First-in-first-out and last-in-first-out tracing: cash leaves in the order it came, or in the opposite order.

What arrives is put behind an account's tranches; neighbours of equal origin and lap are merged. First in, first out
pays from the front, last in, first out from behind.
"""

from __future__ import annotations

import numpy as np

from ..engine.kernels import njit
from .purses import DONE, END, NO_PARTS, NO_ROOM, START, TRANCHES, UNTRACEABLE, reserve
from .slices import LAPS, laps_later


@njit(cache=True, inline="always")
def _put(kinds, amounts, start, stop, kind, amount):  # type: ignore[no-untyped-def]
    """Adds an amount behind the tranches from `start` to `stop`; returns the new stop."""
    if stop > start and kinds[stop - 1] == kind:
        amounts[stop - 1] += amount
        return stop
    kinds[stop] = kind
    amounts[stop] = amount
    return stop + 1


@njit(cache=True)
def fold_queues(  # type: ignore[no-untyped-def]
    entries, first, origin_of, pool, spans, extent, held, found, ends, parts, used,
    last_in_first_out,
):  # fmt: skip
    """Moves tranches of every entry from payer to payee in the order they leave, noted as by `fold_pro_rata`.

    Returns (how it ended, the entry it stopped at, parts used).
    """
    way = -1 if last_in_first_out else 1
    kinds, amounts = pool[0], pool[1]
    cells, shares = parts[0], parts[1]
    for n in range(first, entries.shape[0]):
        payer, payee, cents = entries[n, 1], entries[n, 2], entries[n, 3]
        step = min(entries[n, 6], LAPS - 1)
        source, absorbed = origin_of[payer], origin_of[payee] >= 0
        count, left = 1, np.int64(0)
        at = spans[payer, END] - 1 if last_in_first_out else spans[payer, START]
        if source < 0:
            waiting = spans[payer, END] - spans[payer, START]
            count, left = 0, cents
            while left > 0 and count < waiting:
                left -= amounts[at + way * count]
                count += 1
        if left > 0:
            return UNTRACEABLE, n, used
        if parts.shape[1] - used < count:
            return NO_PARTS, n, used
        if not absorbed and not reserve(kinds, amounts, spans, extent, payee, count):
            return NO_ROOM, n, used
        start, stop = spans[payee, START], spans[payee, END]
        if not absorbed:
            held[payee] += cents
        if source >= 0:
            cells[used] = source * LAPS + step
            shares[used] = cents
            used += 1
            if not absorbed:
                found[source] += cents
                stop = _put(kinds, amounts, start, stop, source * LAPS + step, cents)
        else:
            held[payer] -= cents
            last = used + count - 1
            while used <= last:
                part = amounts[at] if used < last else amounts[at] + left
                kind = laps_later(kinds[at], step)
                cells[used] = kind
                shares[used] = part
                if absorbed:
                    found[kind // LAPS] -= part
                else:
                    stop = _put(kinds, amounts, start, stop, kind, part)
                used += 1
                at += way
            if left < 0:
                at -= way
                amounts[at] = -left
                count -= 1
            if last_in_first_out:
                spans[payer, END] = at + 1
            else:
                spans[payer, START] = at
            extent[TRANCHES] -= count
        extent[TRANCHES] += stop - spans[payee, END]
        spans[payee, END] = stop
        ends[n] = used
    return DONE, entries.shape[0], used
