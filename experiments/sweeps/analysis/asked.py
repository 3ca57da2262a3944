"""What a sweep asked: its question, its axes, how its points are laid out and which case the others are compared with.

Read from the file's words alone: the scenario it names may have moved since its runs were made.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ....scenarios.errors import BadInput
from ....scenarios.parameters import PARAMETERS
from ..sweep_parts import DesignKind, Luck, Replications, Scale

SWEEP_FILE = "sweep.toml"
EPOCH = date(1970, 1, 1).toordinal()


class NotASweep(BadInput):
    """A folder that no sweep has written."""

    def __init__(self, folder: Path, reason: str) -> None:
        self.folder, self.reason = folder, reason
        super().__init__(f"{folder}: came {reason}; allowed: a folder that `carousel sweep` has written")


@dataclass(frozen=True, slots=True)
class AxisFacts:
    """One axis: its name in the file, its ends where it has any, and what its values are."""

    name: str
    low: float | None = None
    high: float | None = None
    is_log: bool = False
    is_times: bool = False
    is_dated: bool = False
    is_switch: bool = False
    """Whether something is there or not."""

    @property
    def label(self) -> str:
        """A headline parameter in words, a key path as it is written."""
        return self.name if "." in self.name else self.name.replace("_", " ").strip()

    @property
    def words(self) -> str:
        """The name with its unit, as figures and sentences say it."""
        known = next((p for p in PARAMETERS if p.name == self.name), None)
        name = self.label
        if self.is_times or (known is not None and known.unit.startswith("times")):
            return f"{name} (times the scenario's)"
        return f"{name} ({known.unit})" if known is not None else name

    def number(self, values: pd.Series) -> np.ndarray | None:
        """float[n]: the values as numbers, dates as days since 1970; None where they are words."""
        if values.map(lambda v: isinstance(v, date)).all() or pd.api.types.is_datetime64_any_dtype(values):
            return (pd.to_datetime(values) - pd.Timestamp(1970, 1, 1)).dt.days.to_numpy(dtype=float)
        number = pd.to_numeric(values, errors="coerce").to_numpy(dtype=float)
        return None if np.isnan(number).any() else number

    def say(self, number: float) -> str:
        """A place on the axis in words: a date where it has dates."""
        return f"{date.fromordinal(EPOCH + round(number)):%-d %b %Y}" if self.is_dated else f"{number:.3g}"

    def log_or_plain(self, numbers: np.ndarray) -> np.ndarray:
        """Places at which equal steps are equal: logarithms on an axis divided in ratios."""
        return np.log(numbers) if self.is_log else np.asarray(numbers, dtype=float)

    def plain(self, places: np.ndarray) -> np.ndarray:
        """Values from places."""
        return np.exp(places) if self.is_log else places

    def unit(self, numbers: np.ndarray) -> np.ndarray:
        """Places between the ends of the axis, 0 to 1, in ratios where it is divided in ratios."""
        low = float(numbers.min()) if self.low is None else self.low
        high = float(numbers.max()) if self.high is None else self.high
        if self.is_log:
            low, high, numbers = np.log(low), np.log(high), np.log(numbers)
        return (numbers - low) / ((high - low) or 1.0)


@dataclass(frozen=True, slots=True)
class Asked:
    """The words of a sweep file that an analysis needs."""

    question: str
    design: DesignKind
    outcome: str | None
    level: float
    points: int | None
    levels: int
    luck: Luck
    compare_with: str | None
    axes: Mapping[str, AxisFacts]
    stops: Replications | None = None
    """How it stops when sure, if it does."""


def read_asked(folder: Path) -> Asked:
    """What the sweep of a folder asked.  Raises: NotASweep."""
    path = folder / SWEEP_FILE
    try:
        return asked_of(tomllib.loads(path.read_text(encoding="utf-8")))
    except (FileNotFoundError, NotADirectoryError):
        raise NotASweep(folder, f"no {SWEEP_FILE}" if folder.is_dir() else "no folder") from None
    except (OSError, ValueError) as fault:
        raise NotASweep(folder, f"a {SWEEP_FILE} that cannot be read ({fault})") from fault


def asked_of(words: Mapping[str, Any]) -> Asked:
    """The same from what a file says.  Raises: ValueError for a kind, luck or scale that no sweep knows."""
    design, replications = words.get("design", {}), words.get("replications", {})
    axes = {name: _axis(name, said) for name, said in words.get("vary", {}).items()}
    return Asked(
        question=str(words.get("question", "")),
        design=DesignKind(design.get("kind", DesignKind.GRID)),
        outcome=design.get("outcome"),
        level=float(design.get("level", 0.5)),
        points=design.get("points"),
        levels=int(design.get("levels", 4)),
        luck=Luck(replications.get("luck", Luck.COMMON)),
        compare_with=replications.get("compare_with"),
        axes=axes,
        stops=Replications.model_validate(replications) if "until" in replications else None,
    )


def _axis(name: str, said: Mapping[str, Any]) -> AxisFacts:
    return AxisFacts(
        name,
        low=said.get("low"),
        high=said.get("high"),
        is_log=Scale(said.get("scale", Scale.LINEAR)) is Scale.LOG,
        is_times=bool(said.get("times", False)),
        is_switch="without" in said,
        is_dated=bool(said.get("on")) or any(isinstance(v, date) for v in said.get("values", ())),
    )
