"""How an outcome and its values are said: the registry's words and unit, dollars, percent, days."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any

from matplotlib.ticker import FuncFormatter

from ....report.figure_style import dollar_axis
from ....report.number_words import number
from ....report.wording import dollars, percent
from ..outcomes.registry import UnknownOutcome, outcome_of


class Unit(Enum):
    """What a value counts."""

    CENTS = "US cents"
    SHARE = "share"
    YES = "0 or 1"
    DAY = "trading day"
    OTHER = ""

    @classmethod
    def of(cls, said: str) -> Unit:
        """The unit by the registry's words."""
        return next((unit for unit in cls if unit.value == said), cls.OTHER)


@dataclass(frozen=True, slots=True)
class Words:
    """An outcome's name, the unit and meaning its registry gives, and how its values are said."""

    name: str
    unit: str
    meaning: str

    @property
    def kind(self) -> Unit:
        """What its values count."""
        return Unit.of(self.unit)

    @property
    def label(self) -> str:
        """The name with its unit, for an axis."""
        said = {Unit.CENTS: "US dollars", Unit.YES: "share of runs", Unit.SHARE: "percent"}.get(self.kind, self.unit)
        return f"{self.name} ({said})" if said.strip("-") else self.name

    def say(self, value: float) -> str:
        """A value in its unit."""
        if math.isnan(value):
            return "–"
        plain: dict[Unit, Callable[[float], str]] = {
            Unit.CENTS: dollars,
            Unit.SHARE: lambda v: percent(v, 0 if abs(v) >= 0.1 else 1),
            Unit.YES: percent,
            Unit.DAY: lambda v: f"day {v:.0f}",
        }
        return plain[self.kind](value) if self.kind in plain else _with_unit(number(value), self.unit)

    def say_difference(self, value: float) -> str:
        """The size of a difference of two values; points of percent where the values are shares."""
        size = abs(value)
        if self.kind in (Unit.SHARE, Unit.YES):
            return f"{size * 100:.{0 if size >= 0.1 else 1}f} points"
        return f"{size:.1f} days" if self.kind is Unit.DAY else self.say(size)

    def axis(self, axis: Any) -> None:
        """Ticks in the outcome's unit."""
        if self.kind is Unit.CENTS:
            dollar_axis(axis)
        elif self.kind in (Unit.SHARE, Unit.YES):
            low, high = sorted(axis.get_view_interval())
            digits = 0 if high - low > 0.08 else 1 if high - low > 0.008 else 2
            axis.set_major_formatter(FuncFormatter(lambda share, _: percent(share, digits)))


def _with_unit(said: str, unit: str) -> str:
    return f"{said} {unit}" if unit.strip("-") else said


def words_of(name: str) -> Words:
    """What the registry says of a column; of one it does not know, its name alone."""
    try:
        outcome = outcome_of(name)
    except UnknownOutcome:
        return Words(name, "", "")
    return Words(name, outcome.unit, outcome.meaning)
