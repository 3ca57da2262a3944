"""A day's payments by origin and lap, kept as the few parts that are not zero: whose money each entry moved."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..engine.kernels import njit

IntArray = np.ndarray
LAPS_MAX = 7
"""Cents that came round more often are counted with this lap."""
LAPS = LAPS_MAX + 1


@njit(cache=True, inline="always")
def laps_later(cell, step):  # type: ignore[no-untyped-def]
    """The cell of the same origin that is so many laps on."""
    return cell if step == 0 else cell - cell % LAPS + min(cell % LAPS + step, LAPS - 1)


class Slices(NamedTuple):
    """Parts of n entries: those of entry k stand from `ends[k - 1]` to `ends[k]`; a cell may come more than once.

    `ends` int64[n]; `parts` int64[2, room]: cells (origin x 8 + lap, as the payee receives it) and cents, above 0; what
    is beyond the last end is room that was not used.
    """

    ends: IntArray
    parts: IntArray
    n_origins: int

    @property
    def cells(self) -> IntArray:
        """Origin x 8 + lap of each part, int64[parts]."""
        return self.parts[0, : self._used]

    @property
    def cents(self) -> IntArray:
        """Cents of each part, int64[parts]."""
        return self.parts[1, : self._used]

    @property
    def _used(self) -> int:
        return int(self.ends[-1]) if len(self.ends) else 0

    def dense(self) -> IntArray:
        """Cents by entry, origin and lap, int64[n, origins, 8]."""
        out = np.zeros((len(self.ends), self.n_origins * LAPS), np.int64)
        np.add.at(out, (self.entries(), self.cells), self.cents)
        return out.reshape(len(self.ends), self.n_origins, LAPS)

    def entries(self) -> IntArray:
        """Number of the entry each part belongs to, int64[parts]."""
        return np.repeat(np.arange(len(self.ends)), np.diff(self.ends, prepend=0))

    def origins(self) -> IntArray:
        """Origin of each part, int64[parts]."""
        return self.cells // LAPS

    def laps(self) -> IntArray:
        """Lap of each part, int64[parts]."""
        return self.cells % LAPS


@njit(cache=True)
def add_net_inflow(entries, origin_of, ends, parts, inside):  # type: ignore[no-untyped-def]
    """Adds a day's cash that entered less cash that left, by origin, to inside int64[origins] in place.

    Returns the first entry whose slices do not sum to its cents, and the gap; (-1, 0) if there is none.
    """
    cells, cents = parts[0], parts[1]
    bad, bad_gap = -1, 0
    first = 0
    for n in range(entries.shape[0]):
        across = np.int64(origin_of[entries[n, 1]] >= 0) - np.int64(origin_of[entries[n, 2]] >= 0)
        gap = entries[n, 3]
        for part in range(first, ends[n]):
            gap -= cents[part]
        if across != 0:
            for part in range(first, ends[n]):
                inside[cells[part] // LAPS] += across * cents[part]
        first = ends[n]
        if gap != 0 and bad < 0:
            bad, bad_gap = n, gap
    return bad, bad_gap
