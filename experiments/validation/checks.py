"""A claim about behaviour and the number behind it: what was measured, its band, and whose band that is."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from enum import StrEnum

ABOVE_NOTHING, BELOW_ALL = math.ulp(0.0), math.nextafter(1.0, 0.0)
"""Edges of bands that leave out 0 itself, or a share of all."""


class Verdict(StrEnum):
    """What a check says."""

    HOLDS = "holds"
    MISSES = "misses"


class ClaimKind(StrEnum):
    """What a claim that holds is evidence of; kinds are counted apart.

    A number that was in view when a parameter, a form or the world itself was chosen is fitted, whoever chose it and on
    whichever seeds it is measured now. What follows from how the model is made, a test of one part alone and a fault
    that must be noticed are identities. A number without a band claims nothing.
    """

    PREDICTION = "prediction"
    FITTED = "fitted or in view"
    IDENTITY = "identity or unit test"
    REPORTED = "reported"


@dataclass(frozen=True, slots=True)
class Worlds:
    """What each of many worlds came to, and the closed band that one of them can lie in; nan where a world says
    nothing."""

    values: tuple[float, ...]
    low: float
    high: float

    @property
    def said(self) -> tuple[float, ...]:
        """What those came to that say something."""
        return tuple(value for value in self.values if not math.isnan(value))

    @property
    def inside(self) -> int:
        """How many lie in the band."""
        return sum(self.low <= value <= self.high for value in self.said)


@dataclass(frozen=True, slots=True)
class Check:
    """One measured number against a band that was fixed before it was measured.

    `key` is its permanent name, such as `events.oracle.day_0_return`; `interval` the uncertainty of the measurement, if
    known; `low` and `high` the closed band, infinite where it is open; `source` whose band it is; `worlds` what single
    worlds came to, if one of them can lie in a band.
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
    worlds: Worlds | None = None
    kind: ClaimKind = field(kw_only=True)

    @property
    def verdict(self) -> Verdict:
        """Whether the measured number lies in the band; a number that is none lies in no band."""
        inside = math.isfinite(self.measured) and self.low <= self.measured <= self.high
        return Verdict.HOLDS if inside else Verdict.MISSES
