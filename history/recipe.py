"""What a run was made from, as its manifest says: enough to simulate it again, and to see on which day it parts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from ..model import CarouselModel
from ..scenarios.errors import BadInput, one_line
from ..scenarios.schema import Scenario
from .choice import Choice, ChoiceError
from .open_run import NotARun, open_one_run
from .recorder import Recorder


@dataclass(frozen=True, slots=True)
class Recipe:
    """Scenario, seed, tracing rule and choice of a run, and a link of its chain for each of its days."""

    scenario: Scenario
    seed: int
    tracing: str
    choice: Choice
    chain: tuple[str, ...]
    digest: str
    versions: Mapping[str, str]

    @property
    def days(self) -> int:
        """Trading days that were run."""
        return len(self.chain) - 1


class Unlike(BadInput):
    """A run that cannot be made again here: `day` is the first that differs, `versions` made it."""

    def __init__(self, day: int, date: object, made_by: Mapping[str, str], here: Mapping[str, str]) -> None:
        others = [f"{name} {version}, here {here.get(name)}" for name, version in made_by.items()]
        told = ", ".join(text for text, name in zip(others, made_by, strict=True) if made_by[name] != here.get(name))
        why = f"it was made by {told}" if told else "its versions are the same as here, so the code or its files differ"
        super().__init__(f"made by another version: day {day} ({date}) is not what it was; {why}")
        self.day, self.made_by = day, dict(made_by)


class SameAsBefore:
    """An observer that stops a repetition on the first day that is not as it was; `recorder` has seen the day.

    Raises: Unlike.
    """

    def __init__(self, recipe: Recipe, recorder: Recorder, here: Mapping[str, str], until: int) -> None:
        """Compare up to and with day `until`; versions `here` are for the message."""
        self._recipe, self._recorder, self._here = recipe, recorder, here
        self._until = min(until, recipe.days)

    def __call__(self, model: CarouselModel) -> None:
        """Compare the day that has just ended."""
        day = model.clock.day
        if day <= self._until and self._recorder.chain[day] != self._recipe.chain[day]:
            raise Unlike(day, model.clock.date, self._recipe.versions, self._here)


def recipe_of(path: Path | str) -> Recipe:
    """What the run in a run directory was made from.

    Raises: NotARun if there is none, or its manifest cannot be one of this version.
    """
    folder = Path(path)
    said = open_one_run(folder).manifest
    try:
        chain, kept, versions = said["chain"], said["kept"], said["versions"]
        if not (isinstance(chain, list) and chain and all(isinstance(link, str) for link in chain)):
            raise TypeError("no chain of days")
        if said["days"] != len(chain) - 1:
            raise TypeError(f"{said['days']} days and a chain of {len(chain) - 1}")
        return Recipe(
            scenario=Scenario.model_validate_json(said["scenario_text"]),
            seed=_whole(said["seed"]),
            tracing=str(said["tracing"]),
            choice=Choice(**kept),
            chain=tuple(chain),
            digest=str(said["digest"]),
            versions={str(name): str(version) for name, version in versions.items()},
        )
    except KeyError as fault:
        reason = f"says no {fault.args[0]}"
    except (ValidationError, ChoiceError, TypeError, ValueError, AttributeError) as fault:
        reason = f"holds what this version cannot read ({one_line(str(fault).splitlines()[0], 120)})"
    raise NotARun(folder, f"was made by another version: its manifest {reason}")


def _whole(value: Any) -> int:
    """Raises: TypeError for what is no whole number."""
    if type(value) is not int:
        raise TypeError("a seed that is no whole number")
    return value
