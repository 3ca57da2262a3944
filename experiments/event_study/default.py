"""The two announcements of September 2025 in the default scenario: how far each share moved, and by what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..runner.runs import FailedRun, Tell, map_runs, quiet
from .parts import NO_STORY, Parts, bundled, course, median_interval, parts_of

SCENARIO = "ai-2025"
HOLDERS = 1000
"""Rows that carry the households here: their orders of a day are the same in sum, only coarser."""


@dataclass(frozen=True, slots=True)
class Event:
    """One announcement of the default scenario: the firm, its day of the run, and the change that silences it."""

    key: str
    firm: str
    day: int
    announced_usd: float
    silence: str


EVENTS = (
    Event("oracle", "Oracle", 1, 300e9, "contract.*.announced=2026-09-10"),
    Event("nvidia", "NVIDIA", 9, 100e9, "milestone.*.announced=2026-09-22"),
)
"""10 September 2025 is day 1 of the run, 22 September day 9."""


@dataclass(frozen=True, slots=True)
class FirstDay:
    """What one seed shows on the day: the share's own return, its return beyond the others, without the news, parts.

    `gain_over_counterfactual` is the log move of the price beyond the other shares', over that without the news;
    `value_per_announced_usd` the market value gained on the day over the announced sum.
    """

    day_0_return: float
    abnormal_return: float
    silent_return: float
    gain_over_counterfactual: float
    value_per_announced_usd: float
    parts: Parts


def first_day(seed: int, number: int, overrides: Sequence[str] = ()) -> FirstDay:
    """One seed of one event: four runs that share all luck."""
    event = EVENTS[number]
    base = (f"days={event.day}", f"holders={HOLDERS}", *overrides)
    changes: tuple[tuple[str, ...], ...] = ((), (event.silence,), NO_STORY, (event.silence, *NO_STORY))
    told, silent, plain, plain_silent = (
        course(bundled(SCENARIO, (*base, *change)), seed, event.day) for change in changes
    )
    own = told.move(event.firm, event.day - 1, event.day)[0]
    beyond = told.move(event.firm, event.day - 1, event.day, beyond_others=True)[0]
    quiet_day = silent.move(event.firm, event.day - 1, event.day)[0]
    quiet_beyond = silent.move(event.firm, event.day - 1, event.day, beyond_others=True)[0]
    i = told.names.index(event.firm)
    before_usd = told.market_value_usd[i] * float(np.exp(told.log_price[event.day - 1, i] - told.log_price[0, i]))
    gain = float(np.expm1(own))
    return FirstDay(
        day_0_return=gain,
        abnormal_return=float(np.expm1(beyond)),
        silent_return=float(np.expm1(quiet_day)),
        gain_over_counterfactual=beyond - quiet_beyond,
        value_per_announced_usd=before_usd * gain / event.announced_usd,
        parts=parts_of(told, silent, plain, plain_silent, event.firm, event.day),
    )


@dataclass(frozen=True, slots=True)
class EventStudy:
    """One event over many seeds."""

    event: Event
    seeds: tuple[FirstDay, ...]

    def sample(self, name: str) -> list[float]:
        """One figure of every seed: a field of FirstDay, or `earnings`, `narrative`, `flow`, `total` of its parts."""
        return [float(getattr(s if hasattr(s, name) else s.parts, name)) for s in self.seeds]

    def median(self, name: str) -> float:
        """Median over seeds."""
        return float(np.median(self.sample(name)))

    def interval(self, name: str) -> tuple[float, float]:
        """95 % confidence interval of that median."""
        return median_interval(self.sample(name))

    def mean_parts(self) -> Parts:
        """Mean parts over seeds: they add up as each seed's do."""
        return Parts(*(float(np.mean(self.sample(name))) for name in ("earnings", "narrative", "flow")))


def study_events(
    seeds: int = 100, *, overrides: Sequence[str] = (), workers: int | None = None, tell: Tell = quiet
) -> tuple[EventStudy, ...]:
    """Both events over seeds 0 to `seeds` - 1.

    Raises: RuntimeError with the first failure if a run failed.
    """
    cases: list[dict[str, Any]] = [
        {"seed": seed, "number": number, "overrides": tuple(overrides)}
        for number in range(len(EVENTS))
        for seed in range(seeds)
    ]
    found = map_runs(first_day, cases, workers=workers, tell=tell)
    for result in found:
        if isinstance(result, FailedRun):
            raise RuntimeError(f"an event run failed: {result.error} ({result.where}), case {dict(result.case)}")
    return tuple(
        EventStudy(event, tuple(found[number * seeds : (number + 1) * seeds])) for number, event in enumerate(EVENTS)
    )
