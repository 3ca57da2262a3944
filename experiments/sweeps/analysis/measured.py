"""What was measured of every run, as numbers: words become yes or no, days that never came too."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

import numpy as np
import pandas as pd

from ....scenarios.errors import BadInput, nearest_names
from .said import Unit, Words, words_of
from .tables import SweepTables

WORDS_MAX = 8
"""Different words of one outcome that are counted one by one."""
DEFAULT_MAX = 12
"""Outcomes analysed where none are asked for."""


class NoSuchOutcome(BadInput):
    """A pattern that fits no column of the runs."""

    def __init__(self, pattern: str, known: Sequence[str]) -> None:
        self.pattern, self.nearest = pattern, nearest_names(pattern, known)
        near = f"; nearest: {', '.join(self.nearest)}" if self.nearest else ""
        super().__init__(f"--outcome: came {pattern!r}; allowed: one of the {len(known)} outcomes of the runs{near}")


@dataclass(frozen=True, slots=True)
class Measured:
    """One outcome of every good run: float[n] in the order of `SweepTables.good`, not a number where there is none."""

    words: Words
    values: np.ndarray

    @property
    def name(self) -> str:
        """What it is called."""
        return self.words.name

    @property
    def is_share(self) -> bool:
        """Whether each run says yes or no."""
        return self.words.kind is Unit.YES

    @property
    def differs(self) -> bool:
        """Whether any two runs differ in it."""
        there = self.values[np.isfinite(self.values)]
        return len(there) > 1 and bool(np.ptp(there) > 0)


def chosen_columns(tables: SweepTables, patterns: Sequence[str]) -> tuple[list[str], list[str]]:
    """Columns to analyse, and those left for a second call: all that patterns fit; without any, the first dozen.

    Raises: NoSuchOutcome.
    """
    if not patterns:
        own = [name for name in tables.outcomes if name == tables.asked.outcome]
        rest = [name for name in tables.outcomes if name not in own and not _is_broken_down(name)]
        columns = [*own, *rest]
        return columns[:DEFAULT_MAX], columns[DEFAULT_MAX:]
    found: list[str] = []
    for pattern in patterns:
        fits = [name for name in tables.outcomes if fnmatchcase(name, pattern.replace("[", "[[]"))]
        if not fits:
            raise NoSuchOutcome(pattern, tables.outcomes)
        found += [name for name in fits if name not in found]
    return found, []


def _is_broken_down(name: str) -> bool:
    """Whether it is one payer's share of many, which are shown together."""
    return name.startswith(("payer_share.", "pocket_share."))


def measured(tables: SweepTables, columns: Sequence[str]) -> list[Measured]:
    """Every column as numbers."""
    return [each for column in columns for each in _as_numbers(column, tables.good[column])]


def _as_numbers(name: str, values: pd.Series) -> Iterator[Measured]:
    words = words_of(name)
    if values.map(lambda v: isinstance(v, str)).any():
        said = [str(v) for v in values.dropna()]
        for word in sorted(set(said), key=lambda w: (-said.count(w), w))[:WORDS_MAX]:
            is_it = np.where(values.isna(), np.nan, values.eq(word).fillna(False).astype(float))
            yield Measured(Words(f"{name}: {word}", Unit.YES.value, words.meaning), is_it.astype(float))
        return
    numbers = pd.to_numeric(values, errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    if words.kind is Unit.DAY and np.isnan(numbers).any():
        happened = np.isfinite(numbers).astype(float)
        yield Measured(Words(f"{name} (happened)", Unit.YES.value, f"{words.meaning}: whether it happened"), happened)
        yield Measured(Words(name, words.unit, f"{words.meaning}: of the runs in which it happened"), numbers)
        return
    there = numbers[np.isfinite(numbers)]
    is_truth = pd.api.types.is_bool_dtype(values) or (not words.unit and len(there) and set(there) <= {0.0, 1.0})
    yield Measured(Words(name, Unit.YES.value, words.meaning) if is_truth else words, numbers)
