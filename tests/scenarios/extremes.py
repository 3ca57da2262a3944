"""Scenario files at the edges of what the schema allows: every number at its bounds and beyond, two fields at a time.

The schema itself says what the edges are, so that a new field is tried from the day it exists. A file is refused when
it is loaded, or it runs: nothing else is allowed.

`python tests/scenarios/extremes.py 2000` tries 2,000 files, 30 days each, and prints what did neither; see `main`.
"""

from __future__ import annotations

import argparse
import math
import random
import sys
import traceback
import typing
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum, StrEnum
from functools import cache
from pathlib import Path
from typing import Annotated, Any, get_origin

from annotated_types import Ge, Gt, Le, Lt
from carousel.model import CarouselModel
from carousel.scenarios.errors import BadInput
from carousel.scenarios.loader import load
from carousel.scenarios.schema import Scenario
from carousel.scenarios.validated import validated
from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

BASES = ("ai-2025", "vendor-loans", "ai-2025-wide-september", str(Path(__file__).with_name("everybody.toml")))
"""Worlds to change: between them they have an entry of every kind."""
HOLDERS = (0, 1, 2, 300, 3000)
"""Numbers of holders to try: more of them are more of the same, and slow."""
LEFT_ALONE = frozenset({"sources", "name", "title", "description", "days"})
TINY = (5e-324, 1e-300, 1e-12, 1e-6, 0.004)
FIELDS_A_FILE = 2
BEYOND = 0.1
"""Part of the values that a field alone refuses already: most files must come as far as the set-up."""


class Outcome(StrEnum):
    """What became of a file."""

    REFUSED = "refused"
    RAN = "ran"
    FAULT = "fault"


@dataclass(frozen=True, slots=True)
class Change:
    """One field of one entry set to an extreme value."""

    path: str
    value: Any


@dataclass(frozen=True, slots=True)
class Result:
    """A file, what became of it, and where the fault was raised."""

    base: str
    changes: tuple[Change, ...]
    outcome: Outcome
    said: str = ""
    place: str = ""

    def __str__(self) -> str:
        changes = ", ".join(f"{c.path}={c.value!r}" for c in self.changes)
        return f"{self.outcome} {self.base} [{changes}]: {self.said} ({self.place})"


def bounds_of(field: FieldInfo) -> tuple[float | None, float | None]:
    """The lowest and the highest number the field's constraints name, open or closed."""
    low = high = None
    for constraint in _constraints(field):
        low = constraint.ge if isinstance(constraint, Ge) else constraint.gt if isinstance(constraint, Gt) else low
        high = constraint.le if isinstance(constraint, Le) else constraint.lt if isinstance(constraint, Lt) else high
    return low, high  # type: ignore[return-value]


def _constraints(field: FieldInfo) -> Iterator[Any]:
    """Constraints of a field, inside `Annotated[...] | None` as well."""
    pending: list[Any] = [*field.metadata, field.annotation]
    while pending:
        item = pending.pop()
        if hasattr(item, "__metadata__"):
            pending += [*item.__metadata__, item.__origin__]
        elif isinstance(item, FieldInfo):
            pending += item.metadata
        elif typing.get_args(item):
            pending += typing.get_args(item)
        else:
            yield item


def kinds_of(field: FieldInfo) -> set[type]:
    """The plain types a field may hold."""
    return {item for item in _constraints(field) if isinstance(item, type)}


def extremes_of(field: FieldInfo, start: date) -> list[Any]:
    """Values at, just inside and just outside a field's bounds, nothing, next to nothing, and far too much."""
    kinds, (low, high) = kinds_of(field), bounds_of(field)
    values: list[Any] = [None] if type(None) in kinds else []
    for kind in kinds:
        if issubclass(kind, Enum):
            values += [member.value for member in kind]
    if bool in kinds:
        values += [True, False]
    elif int in kinds:
        values += [0, 1, 2, 10**6]
        values += [edge + step for edge in (low, high) if edge is not None for step in (-1, 0, 1)]
    elif float in kinds:
        values += [0.0, 1.0, *TINY, 1e300]
        for edge in (low, high):
            if edge is not None:
                values += [float(edge), math.nextafter(edge, -math.inf), math.nextafter(edge, math.inf)]
                values += [edge * 0.999, edge * 0.5, edge * 0.01]
        if low is not None and high is not None:
            values.append((low + high) / 2)
    elif date in kinds:
        values += [start + timedelta(days) for days in (-1, 0, 1, 20, 400, 9000)] + [date(2200, 12, 31)]
    return values


def is_allowed(field: FieldInfo, value: Any) -> bool:
    """Whether a field by itself allows a value."""
    try:
        TypeAdapter(Annotated[field.annotation, field]).validate_python(value)
    except ValidationError:
        return False
    return True


def _extreme(field: FieldInfo, start: date, chance: random.Random) -> Any:
    """One of a field's extremes, seldom one that the field refuses already."""
    values = extremes_of(field, start)
    within = [value for value in values if is_allowed(field, value)]
    beyond = [value for value in values if not is_allowed(field, value)]
    return chance.choice(beyond if beyond and chance.random() < BEYOND else within)


def places(model: type[BaseModel], data: Any, path: str = "") -> Iterator[tuple[str, Any, str, FieldInfo]]:
    """(path, table, key, field) of every value of a scenario's plain data that is no text."""
    for key, field in model.model_fields.items():
        if not path and key in LEFT_ALONE:
            continue
        inner = next((k for k in kinds_of(field) if issubclass(k, BaseModel)), None)
        at = f"{path}{key}"
        if get_origin(field.annotation) is dict:
            continue  # key paths and their values: of any kind
        if inner is None:
            if kinds_of(field) & {int, float, bool, date} or any(issubclass(k, Enum) for k in kinds_of(field)):
                yield at, data, key, field
        elif isinstance(data[key], dict):
            yield from places(inner, data[key], f"{at}.")
        else:
            for number, entry in enumerate(data[key] or (), 1):
                yield from places(inner, entry, f"{at}.{number}.")


@cache
def base(name: str) -> Scenario:
    """A world to change."""
    return load(name)


def drawn_file(number: int, seed: int) -> tuple[str, dict[str, Any], tuple[Change, ...]]:
    """The file of that number: a base and its plain data with fields at their extremes, chosen by the seed alone."""
    chance = random.Random(f"{seed}-{number}")
    name = BASES[number % len(BASES)]
    data = base(name).model_dump(mode="python")
    for kind, value in data.items():  # entries as lists, as a file has them
        if isinstance(value, tuple):
            data[kind] = list(value)
    data["holders"] = min(data["holders"], 300)
    # a kind first, then one of its fields: the behaviour table does not crowd out the deals
    by_kind: dict[str, list[tuple[str, Any, str, FieldInfo]]] = {}
    for place in places(Scenario, data):
        by_kind.setdefault(place[0].split(".")[0] if "." in place[0] else "", []).append(place)
    changes = []
    for _ in range(FIELDS_A_FILE):
        path, table, key, field = chance.choice(by_kind[chance.choice(sorted(by_kind))])
        value = chance.choice(HOLDERS) if path == "holders" else _extreme(field, data["start_date"], chance)
        table[key] = value
        changes.append(Change(path, value))
    return name, data, tuple(changes)


def tried(number: int, *, days: int, seed: int = 0) -> Result:
    """What becomes of a file."""
    name, data, changes = drawn_file(number, seed)
    try:
        scenario = validated(data, "extreme.toml")
    except BadInput as error:
        return Result(name, changes, Outcome.REFUSED, str(error))
    except Exception as fault:
        return Result(name, changes, Outcome.FAULT, f"at load: {_named(fault)}", _place(fault))
    model = None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", RuntimeWarning)
            model = CarouselModel(scenario, rng=number)
            while model.running and model.clock.day < days:
                model.step()
    except Exception as fault:
        when = "at set-up" if model is None else f"on day {model.clock.day}"
        return Result(name, changes, Outcome.FAULT, f"{when}: {_named(fault)}", _place(fault))
    return Result(name, changes, Outcome.RAN)


def _named(fault: Exception) -> str:
    return f"{type(fault).__name__}: {' '.join(str(fault).split())[:300]}"


def _place(fault: Exception) -> str:
    """Where it was raised: the last three frames."""
    frames = traceback.extract_tb(fault.__traceback__)[-3:]
    return " < ".join(f"{Path(f.filename).name}:{f.lineno} {f.name}" for f in reversed(frames))


def main(arguments: list[str] | None = None, say: Callable[[str], object] = print) -> int:
    """Try files and print every fault, then how many of them there were of each outcome; status 1 if any failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", type=int)
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--first", type=int, default=0)
    options = parser.parse_args(arguments)
    counts: Counter[Outcome] = Counter()
    for number in range(options.first, options.first + options.files):
        result = tried(number, days=options.days, seed=options.seed)
        counts[result.outcome] += 1
        if result.outcome is Outcome.FAULT:
            say(f"{number}: {result}")
    say(", ".join(f"{counts[outcome]} {outcome}" for outcome in Outcome))
    return 1 if counts[Outcome.FAULT] else 0


if __name__ == "__main__":
    sys.exit(main())
