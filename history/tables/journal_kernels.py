"""Loops over the parts of payments: whose money each moved, as columns.

`ends` int64[entries] are those of some slices one behind the other (`ledger.slices`), `entries` int64[slices] how many
of them each slices have, `cells` and `cents` int64[parts] all their parts.
"""

from __future__ import annotations

import numpy as np

from ...engine.kernels import njit
from ...ledger.slices import LAP_BITS, LAPS_MAX

Ints = np.ndarray


@njit(cache=True)
def fill_split(ends: Ints, entries: Ints, cells: Ints, columns: tuple[Ints, Ints, Ints]) -> None:
    """Writes each part's entry on its day, origin and lap, int32[parts]."""
    entry, origin, lap = columns
    row, at = 0, 0
    for k in range(entries.size):
        first = at
        for number in range(entries[k]):
            while at < first + ends[row]:
                entry[at] = number
                origin[at] = cells[at] >> LAP_BITS
                lap[at] = cells[at] & LAPS_MAX
                at += 1
            row += 1


@njit(cache=True)
def add_by_class(
    ends: Ints, entries: Ints, parts: tuple[Ints, Ints], places: Ints, which: tuple[int, int], totals: tuple[Ints, Ints]
) -> None:
    """Adds up cents by class and entry, int64[classes, entries], and what has been round, int64[entries], under one
    rule: of `which` slices one, in rounds of so many.

    `places` int64[origins] is the class of each origin.
    """
    cells, cents = parts
    by_class, recycled = totals
    rule, rules = which
    row, at, entry = 0, 0, 0
    for k in range(entries.size):
        first = at
        if k % rules != rule:
            row += entries[k]
            if entries[k]:
                at = first + ends[row - 1]
            continue
        for _ in range(entries[k]):
            while at < first + ends[row]:
                by_class[places[cells[at] >> LAP_BITS], entry] += cents[at]
                if cells[at] & LAPS_MAX:
                    recycled[entry] += cents[at]
                at += 1
            row += 1
            entry += 1
