"""One closed day of the journal: its entries, and whose money each of them moved."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from .origins import TracingRule
from .slices import Slices


class DayEntries(NamedTuple):
    """One closed day: entries int64[n, 7] and, by tracing rule, their slices."""

    day: int
    entries: np.ndarray
    slices: dict[TracingRule, Slices]
