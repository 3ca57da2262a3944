"""Cycles, and the times that a schedule has: an anchor, a cycle, an end, a stub."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


class Unit(StrEnum):
    """What a cycle counts."""

    DAY = "D"
    WEEK = "W"
    MONTH = "M"
    QUARTER = "Q"
    HALF_YEAR = "H"
    YEAR = "Y"


MONTHS = {Unit.MONTH: 1, Unit.QUARTER: 3, Unit.HALF_YEAR: 6, Unit.YEAR: 12}
"""Months of the units that are whole months."""
DAYS = {Unit.DAY: 1, Unit.WEEK: 7}
"""Days of the units that are not."""
FORM = re.compile(r"P(\d+)([DWMQHY])(?:L([01]))?")
"""Of a cycle in the standard's words: P, a number, a unit, and L0 for a long last stub or L1 for a short one."""


@dataclass(frozen=True, slots=True)
class Cycle:
    """So many units, again and again. A long last stub swallows the last time before an end that is on no multiple."""

    number: int
    unit: Unit
    has_long_stub: bool = True

    @property
    def months(self) -> int:
        """Length in months; 0 if it is in days."""
        return self.number * MONTHS.get(self.unit, 0)

    @property
    def days(self) -> int:
        """Length in days; 0 if it is in months."""
        return self.number * DAYS.get(self.unit, 0)


MONTHLY = Cycle(1, Unit.MONTH, has_long_stub=False)


def cycle_of(words: str) -> Cycle:
    """A cycle (or a plain period) by its words.

    Raises: ValueError if they are not of the form, or for a cycle of nothing with a stub.
    """
    found = FORM.fullmatch(words)
    if found is None or (found[3] is not None and int(found[1]) == 0):
        raise ValueError(f"came {words!r}, allowed: P, a number, one of D W M Q H Y, and L0 or L1, as in P1ML0")
    return Cycle(int(found[1]), Unit(found[2]), found[3] != "1")


def cyclic_times(at: Callable[[int], int], end: int, *, has_long_stub: bool, has_end: bool) -> list[int]:
    """The schedule S(s, c, T, B): `at(n)` is the anchor and n cycles; times before the end, the last of them left out
    if a long stub swallows it, and the end itself (B). An anchor after the end leaves nothing but the end.

    Source: ACTUS technical specification 1.1, s. 4.1 (schedule).
    """
    times: list[int] = []
    while (time := at(len(times))) < end:
        times.append(time)
    if time != end and has_long_stub and len(times) > 1:
        times.pop()
    return [*times, end] if has_end else times
