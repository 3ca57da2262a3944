"""Changes that would come to nothing, because an axis sets the same values after them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from ...scenarios.key_paths import apply_to_path
from ...scenarios.parameters import PARAMETERS, Operation
from ...scenarios.schema import KINDS, Scenario
from .errors import SweepError
from .sweep import Axis, Case, Sweep
from .sweep_parts import DAY_AXIS

ROWS = {row.name: row for row in PARAMETERS}


class Change(NamedTuple):
    """Something that moves values: where the sweep says it, which values, and whether it sets them anew."""

    key: str
    reached: frozenset[str]
    is_axis: bool
    sets: bool


def check_nothing_overruled(sweep: Sweep, case: Case, world: Scenario) -> None:
    """Look at every change of a case and every axis; `world` is the case's.

    Raises: SweepError if axes set all the values that a change before them has moved.
    """
    changes = list(_changes(sweep, case, world.model_dump()))
    for place, change in enumerate(changes):
        later = [other for other in changes[place + 1 :] if other.is_axis and other.sets]
        if change.reached and change.reached <= frozenset().union(*(other.reached for other in later)):
            over = next(other for other in later if other.reached & change.reached)
            allowed = "either of the two: the axis comes after it and would overrule it"
            raise SweepError("sweep", over.key, f"values that {change.key} moves too", allowed)


def _changes(sweep: Sweep, case: Case, data: dict[str, Any]) -> Iterator[Change]:
    """In the order in which they are made, but for those of a later day, which no axis overrules."""
    if DAY_AXIS not in sweep.vary:
        for what, said in (("times", case.times), ("set", case.set)):
            for path in said:
                yield Change(f"case.{case.name}.{what}.{path}", _reached(data, path), False, True)
    for name, axis in sweep.vary.items():
        if name == DAY_AXIS or axis.without is not None:
            continue
        paths = axis.paths or (name,)
        reached = frozenset().union(*(_reached(data, path) for path in paths))
        yield Change(f"vary.{name}", reached, True, _sets(axis, paths))


def _sets(axis: Axis, paths: tuple[str, ...]) -> bool:
    scales = [path for path in paths if path in ROWS and ROWS[path].operation is Operation.MULTIPLY]
    return not axis.times and not scales


def _reached(data: dict[str, Any], path: str) -> frozenset[str]:
    """Key paths of the values that a path, or a headline parameter, leads to."""
    paths = ROWS[path].paths if path in ROWS else (path,)
    there = [p for p in paths if p.split(".")[0] not in KINDS or data[p.split(".")[0]]]
    return frozenset(found for p in there for found in apply_to_path(data, p, lambda old: old))
