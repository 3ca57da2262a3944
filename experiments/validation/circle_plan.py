"""Which worlds of the circle are run at which seeds, and for how many days: one run serves all claims that read it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from ..runner.runs import FailedRun, Tell, map_runs, quiet
from .circle_horizon import HORIZON_DAYS, course_of
from .circle_regimes import SHORT, WORLDS
from .circle_worlds import AUTUMN_DAYS, LETTER_DAY, YEARS_DAYS

FIRST_SEED = 100
"""None of the seeds at which sizes were fitted (0 to 19) comes after it."""
UNSEEN_SEED = 200
"""Worlds before it had been looked at when the last forms were chosen."""
BUILDERS = ("fast", "slow building", "more chips", "fewer chips")


class Part(NamedTuple):
    """Some worlds, each at so many seeds, for so many days."""

    worlds: tuple[str, ...]
    seeds: int
    days: int


Plan = Sequence[Part]
"""What is to be run; where two parts have one world at one seed, the longer serves both."""
FULL: Plan = (
    Part(("circle", "twin", "calm", "slower", "slow"), 40, HORIZON_DAYS),
    Part(("boom",), 20, HORIZON_DAYS),
    Part(BUILDERS, 20, YEARS_DAYS),
    Part(("calm twin",), 20, HORIZON_DAYS),
    Part(("calm twin",), 40, AUTUMN_DAYS),
    Part(("no claims", "no claims twin"), 40, LETTER_DAY),
)
QUICK: Plan = (
    Part(("circle", "twin", *BUILDERS), 4, YEARS_DAYS),
    Part(("circle", "twin"), 200, AUTUMN_DAYS),
    Part(("calm", "calm twin"), 8, AUTUMN_DAYS),
    Part(("no claims", "no claims twin"), 40, LETTER_DAY),
)
"""Two hundred autumns. Shares of a few five-year worlds would say nothing, so a quick validation leaves them out."""
CARD: Plan = (
    Part(("circle", "twin"), 1000, AUTUMN_DAYS),
    Part(("circle",), 400, HORIZON_DAYS),
    Part(("twin",), 400, YEARS_DAYS),
    Part(("no claims", "no claims twin"), 1000, LETTER_DAY),
    Part(("twin", "calm", "slower", "slow", "boom"), 100, HORIZON_DAYS),
    Part(BUILDERS, 100, YEARS_DAYS),
)
"""A thousand worlds of the autumn, the first four hundred of them to the end; a hundred pairs where a pair needs worlds
of its own."""


def seeds_of(plan: Plan) -> list[int]:
    """All its seeds, in order."""
    return list(range(FIRST_SEED, FIRST_SEED + max(part.seeds for part in plan)))


def days_of(plan: Plan, seed: int) -> dict[str, int]:
    """The worlds of one seed, and how long each is run."""
    found: dict[str, int] = {}
    for part in plan:
        if seed < FIRST_SEED + part.seeds:
            found |= {name: max(part.days, found.get(name, 0)) for name in part.worlds}
    return found


def run_plan(
    plan: Plan, seeds: Sequence[int], *, workers: int | None = None, tell: Tell = quiet
) -> list[dict[str, Any]]:
    """The worlds of each seed by name; one that failed is a FailedRun."""
    worlds = WORLDS | SHORT
    wanted = [(seed, name, days) for seed in seeds for name, days in days_of(plan, seed).items()]
    cases = [
        {
            "changes": list(worlds[name].changes), "seed": seed, "without": list(worlds[name].without),
            "boom": worlds[name].boom, "days": days, "scenario_name": worlds[name].scenario_name,
        }
        for seed, name, days in wanted
    ]  # fmt: skip
    lives: dict[int, dict[str, Any]] = {seed: {} for seed in seeds}
    for (seed, name, _), run in zip(wanted, map_runs(course_of, cases, workers=workers, tell=tell), strict=True):
        lives[seed][name] = run
    return list(lives.values())


def failures_of(lives: Sequence[Mapping[str, Any]]) -> list[FailedRun]:
    """Runs that came to nothing."""
    return [run for worlds in lives for run in worlds.values() if isinstance(run, FailedRun)]
