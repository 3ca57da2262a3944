"""What an outcome is: a pattern of names, unit, meaning, and the function that measures all of its names at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, StrEnum

import numpy as np

from ....scenarios.schema import Scenario
from .seen import Seen
from .tracks import Track

Value = float | int | str | None
"""What stands in a column of runs; None where there is nothing to measure."""
Values = Mapping[str, Value]
"""By label: what stands for the words in capitals of a pattern."""
Labels = Callable[[Scenario], Sequence[str]]


class Needs(StrEnum):
    """What an outcome is measured from."""

    MODEL = "the model at the end"
    DAILY = "daily notes"
    FLOWS = "the flows"
    PAIRS = "further runs"


class Kind(Enum):
    """What a value is: whole numbers (cents, days, counts), numbers with a fraction, or a text."""

    WHOLE = int
    NUMBER = float
    TEXT = str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One line of the registry: a family of names that are measured alike."""

    pattern: str
    """`market_value.FIRM`: words in capitals stand for the scenario's names."""
    unit: str
    meaning: str
    labels: Labels
    measure: Callable[[Seen], Values]
    kind: Kind = Kind.NUMBER
    needs: Needs = Needs.MODEL
    tracks: frozenset[Track] = frozenset()
    """What is noted every day for it."""
    series: Callable[[Seen], Mapping[str, np.ndarray]] | None = None
    """Its course, one value a day from the opening on, by label; None for what has none."""
    series_tracks: frozenset[Track] = frozenset()
    """What is noted every day for the course."""
    absent: Value = None
    """What a name counts for in a world that has no such party or promise."""
    is_by_rule: bool = False
    """Whether its labels begin with a tracing rule, which a pattern may leave out."""

    @property
    def stem(self) -> str:
        """What its names begin with."""
        return self.pattern.split(".")[0]

    @property
    def is_whole(self) -> bool:
        """Whether its values are whole numbers."""
        return self.kind is Kind.WHOLE

    def name(self, label: str) -> str:
        """The full name of a label; the stem itself for the label of nothing."""
        return f"{self.stem}.{label}" if label else self.stem


def alone(_: Scenario) -> Sequence[str]:
    """The label of an outcome that a run has once."""
    return ("",)


def single(measure: Callable[[Seen], Value]) -> Callable[[Seen], Values]:
    """A measure of one value."""
    return lambda seen: {"": measure(seen)}
