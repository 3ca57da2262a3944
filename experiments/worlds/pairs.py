"""Worlds of one scenario, each beside its twin: the same luck without the circle's deals."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from ...model import CarouselModel
from ...scenarios.schema import Scenario
from ..runner.runs import FailedRun, Tell, map_runs, quiet
from ..sweeps.outcomes import names_of
from ..sweeps.run_world import run_world
from ..sweeps.watch import Watch
from .comparison import Comparison

LOW, HIGH = 10, 90
"""Percentiles between which most worlds lie."""
VALUE = "circle_value"
MEASURED = (
    "regime", "chain", VALUE, "announced.*", "committed.*", "paid.*", "received.*", "payer_share.pro-rata.*",
    "payer_share.fifo.*", "payer_share.lifo.*", "recycled_share.pro-rata.*", "net_source.*", "gain.*", "holds.*",
    "net_cash.*", "market_value.*", "capacity_mw.*", "delivered_mw",
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
    own: tuple[Mapping[str, Any], ...]
    twins: tuple[Mapping[str, Any], ...]

    def of(self, name: str) -> list[float]:
        """An outcome of every world; not a number where a world has none."""
        return [_number(run.get(name)) for run in self.own]

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


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else math.nan


def names_measured(scenario: Scenario) -> tuple[str, ...]:
    """Every outcome that is measured of the worlds of a scenario."""
    return names_of(MEASURED, scenario)


class Watched:
    """Measures one world while somebody else runs it: call it with the model before the first day."""

    def __init__(self, names: Sequence[str]) -> None:
        self._names = names
        self._watches: list[Watch] = []

    def __call__(self, model: CarouselModel) -> None:
        """Look on from here on."""
        self._watches.append(Watch(model, outcomes=self._names, series=[VALUE]))
        model.observers.append(self._watches[-1])

    def result(self) -> dict[str, Any]:
        """What `measured` gives of the same world."""
        return _with_mean(self._watches[-1].scalars(), self._watches[-1].tracks()[VALUE])


def measured(scenario: str, seed: int, names: Sequence[str]) -> dict[str, Any]:
    """One world, a scenario as JSON: its outcomes by name, and the mean of the circle's value over its days."""
    found = run_world(Scenario.model_validate_json(scenario), seed, names, [VALUE])
    return _with_mean(found.scalars, found.tracks[VALUE])


def _with_mean(scalars: Mapping[str, Any], track: np.ndarray) -> dict[str, Any]:
    return {**scalars, f"{VALUE}_mean": float(np.mean(track)) if len(track) else math.nan}


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
    return Worlds(tuple(seeds), tuple(runs[::2]), tuple(runs[1::2]))
