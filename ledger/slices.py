"""A day's payments by origin and lap, kept as the few parts that are not zero: whose money each entry moved."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..engine.kernels import njit

IntArray = np.ndarray
LAP_BITS = 3
LAPS = 1 << LAP_BITS
LAPS_MAX = LAPS - 1
"""Cents that came round more often are counted with this lap."""


@njit(cache=True, inline="always")
def laps_later(cell: int, step: int) -> int:
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
