"""A claim about behaviour and the number behind it: what was measured, its band, and whose band that is."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """What a check says."""

    HOLDS = "holds"
    MISSES = "misses"


@dataclass(frozen=True, slots=True)
class Check:
    """One measured number against a band that was fixed before it was measured.

    `key` is its permanent name, such as `events.oracle.day_0_return`; `interval` the uncertainty of the measurement, if
    known; `low` and `high` the closed band, infinite where it is open; `source` whose band it is.
    """

    key: str
    claim: str
    measured: float
    low: float
    high: float
    unit: str
    source: str
    interval: tuple[float, float] | None = None
    note: str = ""

    @property
    def verdict(self) -> Verdict:
        """Whether the measured number lies in the band; a number that is none lies in no band."""
        inside = math.isfinite(self.measured) and self.low <= self.measured <= self.high
        return Verdict.HOLDS if inside else Verdict.MISSES
