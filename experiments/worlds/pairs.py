"""Worlds of one scenario, each beside its twin: the same luck without the circle's deals."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from ...model import CarouselModel
from ...model import run as run_to_end
from ...scenarios.schema import Scenario
from ..runner.runs import FailedRun, Tell, map_runs, quiet
from ..sweeps.outcomes import UnknownOutcome, names_of
from ..sweeps.watch import Watch
from .comparison import Comparison
from .paths import Paths
from .turns import turn_of

Run = Mapping[str, Any]
"""What one world came to, by name."""
LOW, HIGH = 10, 90
"""Percentiles between which most worlds lie."""
VALUE = "circle_value"
MEASURED = (
    "regime", "strains", VALUE, "value_part.*", "announced.*", "committed.*", "paid.*", "received.*", "net_by_cause.*",
    "put_in.*", "firms_new.*.*", "firms_again.*", "payer_share.pro-rata.*", "payer_share.fifo.*", "payer_share.lifo.*",
    "recycled_share.pro-rata.*", "recycled_share.fifo.*", "recycled_share.lifo.*", "gain.*", "holds.*", "net_cash.*",
    "market_value.*", "spread_highest.*", "capacity_mw.*", "delivered_mw", "planned_mw",
)  # fmt: skip
"""What is measured of every world, as patterns of outcomes (docs/outcomes.md)."""
TYPICAL = ("delivered_mw", VALUE, "received.spending.all", "received.building.all")
"""By these the example is the world nearest to the medians."""


class Middle(NamedTuple):
    """Median of worlds, and between what most of them lie."""

    median: float
    low: float
    high: float

    @classmethod
    def of(cls, values: Sequence[float]) -> Middle:
        """Of the worlds that say something; not a number if none does."""
        said = [value for value in values if not math.isnan(value)]
        if not said:
            return cls(math.nan, math.nan, math.nan)
        low, median, high = np.percentile(said, [LOW, 50, HIGH])
        return cls(float(median), float(low), float(high))


@dataclass(frozen=True, slots=True)
class Worlds:
    """What worlds and their twins came to, by seed."""

    seeds: tuple[int, ...]
    own: tuple[Run, ...]
    twins: tuple[Run, ...]

    def of(self, name: str) -> list[float]:
        """An outcome of every world; not a number where a world has none."""
        return [_number(run.get(name)) for run in self.own]

    def sums(self, names: Sequence[str], *, are_twins: bool = False) -> list[float]:
        """Of every world or twin the sum of some outcomes; one with a minus before it is taken away."""
        runs = self.twins if are_twins else self.own
        return [math.fsum(_signed(run, name) for name in names) for run in runs]

    def middle(self, name: str) -> Middle:
        """Median of an outcome, and between what most worlds lie."""
        return Middle.of(self.of(name))

    def effect(self, name: str) -> Middle:
        """The same of the paired difference to the twin of the same luck."""
        pairs = zip(self.own, self.twins, strict=True)
        return Middle.of([_number(own.get(name)) - _number(twin.get(name)) for own, twin in pairs])

    def names(self, start: str) -> list[str]:
        """What follows a beginning in the names of outcomes, in their order."""
        return [name.removeprefix(start) for name in self.own[0] if name.startswith(start)]

    def example(self) -> int:
        """The seed of the world that is nearest to the medians, in units of the median distance to them."""
        rows = np.array([row for row in map(self.of, TYPICAL) if not all(map(math.isnan, row))])
        gaps = np.abs(rows - np.nanmedian(rows, axis=1, keepdims=True))
        scale = np.nanmedian(gaps, axis=1, keepdims=True)
        far = np.nansum(gaps / np.where(scale > 0, scale, 1.0), axis=0)
        return self.seeds[int(np.argmin(far))]


def _signed(run: Run, name: str) -> float:
    return -_number(run.get(name[1:])) if name.startswith("-") else _number(run.get(name))


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else math.nan


def names_measured(scenario: Scenario) -> tuple[str, ...]:
    """Every outcome that is measured of the worlds of a scenario; what it has not (labs, say) is left out."""
    return tuple(name for pattern in MEASURED for name in _if_any(pattern, scenario))


def _if_any(pattern: str, scenario: Scenario) -> tuple[str, ...]:
    try:
        return names_of([pattern], scenario)
    except UnknownOutcome:
        return ()


class Watched:
    """Measures one world while somebody else runs it: call it with the model before the first day."""

    def __init__(self, names: Sequence[str]) -> None:
        self._names = names
        self._watches: list[Watch] = []
        self._paths: list[Paths] = []

    def __call__(self, model: CarouselModel) -> None:
        """Look on from here on."""
        self._watches.append(Watch(model, outcomes=self._names, series=[VALUE]))
        self._paths.append(Paths(model))
        model.observers += [self._watches[-1], self._paths[-1]]

    def result(self) -> dict[str, Any]:
        """What `measured` gives of the same world."""
        watch, paths = self._watches[-1], self._paths[-1]
        track = watch.tracks()[VALUE]
        mean = float(np.mean(track)) if len(track) else math.nan
        return {**watch.scalars(), f"{VALUE}_mean": mean, **paths.columns()}


def measured(scenario: str, seed: int, names: Sequence[str]) -> dict[str, Any]:
    """One world, a scenario as JSON: its outcomes by name, the mean of the circle's value over its days, its paths."""
    watched, model = Watched(names), CarouselModel(Scenario.model_validate_json(scenario), rng=seed)
    watched(model)
    run_to_end(model)
    return watched.result()


def run_pairs(
    scenario: Scenario, beside: Comparison, seeds: Sequence[int], *, workers: int | None = None, tell: Tell = quiet
) -> Worlds | FailedRun:
    """Every seed in the world and in the one beside it; the first run that fails stands for all."""
    texts = [world.model_dump_json() for world in (scenario, beside.scenario)]
    names = names_measured(scenario)
    cases = [{"scenario": text, "seed": seed, "names": names} for seed in seeds for text in texts]
    runs = map_runs(measured, cases, workers=workers, tell=tell)
    for run in runs:
        if isinstance(run, FailedRun):
            return run
    return beside_each_other(scenario, beside, seeds, runs[::2], runs[1::2])


def beside_each_other(
    scenario: Scenario, beside: Comparison, seeds: Sequence[int], own: Sequence[Run], twins: Sequence[Run]
) -> Worlds:
    """Worlds with what only the two together say: how each went against the one beside it."""
    both = zip(own, twins, strict=True)
    turns = [turn_of(run, twin if beside.is_twin else None, scenario.start_date) for run, twin in both]
    whole = tuple({**run, **turn} for run, turn in zip(own, turns, strict=True))
    return Worlds(tuple(seeds), whole, tuple(twins))
