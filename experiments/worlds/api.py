"""One call from a scenario to its answer: worlds beside the same luck without the circle's deals, one of them whole."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from ...history.choice import Choice
from ...report import whole_run
from ...report.answer_clearing import has_only_debts
from ...report.shown_run import ShownRun
from ...scenarios.loader import load
from ...scenarios.overrides import override
from ...scenarios.parameters import PARAMETERS, apply_parameters
from ...scenarios.schema import Scenario
from ..runner.runs import FailedRun
from .comparison import Comparison, with_another, with_twin
from .pairs import run_pairs
from .seven_answers import answers
from .written import AnswerOfWorlds

SIZES = ("days", "holders")


class WorldFailed(RuntimeError):
    """A world broke off: its seed, and why."""


def run(
    scenario: str | Path | Scenario = "ai-2025",
    *,
    seed: int = 0,
    worlds: int = 1,
    against: str | Sequence[str] = (),
    out: Path | str | None = None,
    choice: Choice | None = None,
    **keywords: Any,
) -> ShownRun:
    """Simulate a scenario: the seven answers of its worlds, and the tables of the one that is nearest to the medians.

    `worlds` begin with `seed`, each beside the same luck without the circle's deals, or beside `against`, a scenario or
    changes KEY=VALUE. More than one run on all cores: a script then needs `if __name__ == "__main__":`. `out` is the
    run directory to write, with figures; None keeps everything in memory. `choice` says what is kept of the tables
    (history/choice.py). `keywords` are those of `CarouselModel`, such as `days`, `holders`, `tracing` and the headline
    parameters.

    Raises: ScenarioError, ParameterError, ChoiceError, OutputRefused on bad input; WorldFailed.
    """
    tracing = keywords.pop("tracing", "pro-rata")
    world = _world(scenario, keywords)
    beside = None if has_only_debts(world) else _beside(world, [against] if isinstance(against, str) else list(against))
    if beside is None:
        return whole_run.run(world, seed=seed, out=out, choice=choice, tracing=tracing)
    seeds = range(seed, seed + worlds)
    found = run_pairs(world, beside, seeds, workers=1 if worlds == 1 else None)
    if isinstance(found, FailedRun):
        raise WorldFailed(f"seed {found.case['seed']}: {found.error}")
    seven, example = answers(world, beside, found), found.example()
    widen = partial(AnswerOfWorlds, world, beside, found, seven, example)
    return whole_run.run(world, seed=example, out=out, choice=choice, widen=widen, tracing=tracing)


def _world(scenario: str | Path | Scenario, keywords: dict[str, Any]) -> Scenario:
    """The scenario with its size and its headline parameters.  Raises: ScenarioError, ParameterError; TypeError."""
    data = scenario if isinstance(scenario, Scenario) else load(str(scenario))
    sizes = [f"{key}={keywords[key]}" for key in SIZES if keywords.get(key) is not None]
    given = {key: value for key, value in keywords.items() if key not in SIZES}
    if strange := sorted(set(given) - {parameter.name for parameter in PARAMETERS}):
        raise TypeError(f"run() got an unexpected keyword argument {strange[0]!r}")
    return apply_parameters(override(data, sizes), given)


def _beside(world: Scenario, against: list[str]) -> Comparison | None:
    """What stands beside it.  Raises: ScenarioError."""
    if not against:
        return with_twin(world)
    if "=" in against[0]:
        return with_another(override(world, against), against)
    other = override(load(against[0]), [f"days={world.days}", f"holders={world.holders}"])
    return with_another(other, against)
