"""The journal's compiled loops: an entry into its buffer, a day's entries added up.

Shapes: buffer and entries int64[rows, 7], origin_of int64[accounts].
"""

from __future__ import annotations

import numpy as np

from ..engine.kernels import njit
from .causes import Cause

Ints = np.ndarray

OPENING = int(Cause.OPENING)


@njit(cache=True, inline="always")
def write_entry(
    buffer: Ints, row: int, day: int, payer: int, payee: int, cents: int, cause: int, contract: int
) -> None:
    """Puts one entry into a row of the buffer."""
    buffer[row, 0] = day
    buffer[row, 1] = payer
    buffer[row, 2] = payee
    buffer[row, 3] = cents
    buffer[row, 4] = cause
    buffer[row, 5] = contract
    buffer[row, 6] = 0


@njit(cache=True)
def day_totals(entries: Ints, origin_of: Ints) -> tuple[int, int, int]:
    """Cents the outside world paid in at the start, paid in otherwise, and took out, over one day's entries."""
    opening = inflow = outflow = 0
    for k in range(entries.shape[0]):
        if origin_of[entries[k, 1]] >= 0:
            if entries[k, 4] == OPENING:
                opening += entries[k, 3]
            else:
                inflow += entries[k, 3]
        if origin_of[entries[k, 2]] >= 0:
            outflow += entries[k, 3]
    return opening, inflow, outflow
