"""What a method found: sentences, numbers with interval and definition, tables, pictures; or why it found none."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import pandas as pd
from matplotlib.figure import Figure

from .intervals import Interval
from .said import Words


class Number(NamedTuple):
    """One number of a report: what it is of, its value with a 95 % interval, unit and definition."""

    of: str
    value: float
    low: float
    high: float
    unit: str
    definition: str
    units_redrawn: int

    @classmethod
    def from_interval(cls, of: str, interval: Interval, unit: str, definition: str) -> Number:
        """The same from an interval."""
        return cls(of, interval.value, interval.low, interval.high, unit, definition, interval.of)


class Picture(NamedTuple):
    """A figure to be drawn inside `styled()`, and what stands below it."""

    draw: Callable[[], Figure]
    caption: str


@dataclass(frozen=True, slots=True)
class Finding:
    """What one method found of one or several outcomes."""

    method: str
    title: str
    sentences: tuple[str, ...]
    numbers: tuple[Number, ...] = ()
    tables: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    pictures: Mapping[str, Picture] = field(default_factory=dict)
    words: Words | None = None
    """The outcome that it is about, if it is about one."""
    amounts: tuple[str, ...] = ()
    """Columns of its tables that are values of that outcome."""


class LeftOut(NamedTuple):
    """A method, or an outcome under it, that is not in the report, and why."""

    method: str
    outcome: str
    reason: str


Result = Finding | LeftOut
