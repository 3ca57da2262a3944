"""Sliders of the page: which headline parameters can move while a run goes on, where they stand, what moving one says.

A slider that multiplies stands for times what the scenario says, however often it has been moved before; beside it
stands what is in force.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..scenarios.addresses import address
from ..scenarios.dated import why_fixed
from ..scenarios.errors import ScenarioError, shown
from ..scenarios.faults import SINGLE
from ..scenarios.key_paths import is_number
from ..scenarios.parameters import PARAMETERS, Operation, Parameter, parameter
from ..scenarios.schema import KINDS, Scenario

WHERE = "recipe"


def sliders(scenario: Scenario) -> list[dict[str, Any]]:
    """The table of headline parameters as far as a scenario has something for them that can change in a run."""
    return [
        {
            "name": row.name, "unit": row.unit, "low": row.low, "high": row.high, "help": row.doc,
            "is_factor": row.operation is Operation.MULTIPLY, "key": paths[0].rpartition(".")[2],
            "now": 1.0 if row.operation is Operation.MULTIPLY else float(_under(paths[0], scenario)[0][1]),
        }
        for row in PARAMETERS
        if (paths := paths_that_change(row.paths, scenario))
    ]  # fmt: skip


def in_force(scenario: Scenario) -> list[float]:
    """For every slider what a scenario says: of several entries the first, of those that are multiplied the sum."""
    return [
        float(sum(values)) if row.operation is Operation.MULTIPLY else float(values[0])
        for row in PARAMETERS
        if (paths := paths_that_change(row.paths, scenario)) and (values := [v for _, v in _under(paths[0], scenario)])
    ]


def paths_that_change(paths: tuple[str, ...], scenario: Scenario) -> list[str]:
    """Those of some key paths that lead to something in a scenario that can change while a run goes on."""
    found = []
    for path in paths:
        top, _, rest = path.partition(".")
        model = KINDS.get(top) or SINGLE.get(top)
        if model and getattr(scenario, top) and not why_fixed(model, rest.rpartition(".")[2] or rest):
            found.append(path)
    return found


class Moves:
    """What moving sliders says under `set` and `times` of `[[on]]`, told in the order of the days."""

    def __init__(self, scenario: Scenario, parameters: Mapping[str, float]) -> None:
        """The scenario before any is moved; `parameters` are set at its start."""
        self._scenario = scenario
        self._starts, self._factors = dict(parameters), dict(parameters)

    def add(self, entry: dict[str, Any], moved: Any) -> None:
        """Say in an entry that sliders are moved to some values.  Raises: ScenarioError for one that cannot be."""
        if not isinstance(moved, dict):
            raise ScenarioError(WHERE, "turns.moved", shown(moved), "an object of numbers")
        for name, value in moved.items():
            row = parameter(name, scenario=WHERE)
            paths = paths_that_change(row.paths, self._scenario)
            allowed = f"a number from {row.low:g} to {row.high:g}" if paths else "a parameter that can change in a run"
            if not (paths and is_number(value) and row.low <= value <= row.high):
                raise ScenarioError(WHERE, f"turns.moved.{name}", shown(value), allowed)
            if row.operation is Operation.SET:
                _put(entry, "set", dict.fromkeys(paths, value))
            else:
                self._multiply(entry, row, paths, value)

    def _multiply(self, entry: dict[str, Any], row: Parameter, paths: list[str], value: float) -> None:
        """Times what is in force; from nothing no factor leads back, only what the scenario said."""
        before, start = self._factors.get(row.name, 1.0), self._starts.get(row.name, 1.0)
        self._factors[row.name] = value
        if before:
            _put(entry, "times", dict.fromkeys(paths, value / before))
        else:
            said = [pair for path in paths for pair in _under(path, self._scenario)]
            _put(entry, "set", {path: number * value / start if start else number for path, number in said})


def _put(entry: dict[str, Any], how: str, changes: Mapping[str, Any]) -> None:
    known = entry.setdefault(how, {})
    if not isinstance(known, dict):
        raise ScenarioError(WHERE, f"turns.{how}", shown(known), "an object of numbers")
    entry[how] = {**known, **changes}


def _under(path: str, scenario: Scenario) -> list[tuple[str, float]]:
    """The key paths that one with `*` leads to, and the numbers there."""
    top, _, key = path.partition(".")
    within = getattr(scenario, top)
    if not isinstance(within, list | tuple):
        return [(path, getattr(within, key))]
    key = key.rpartition(".")[2]
    return [(f"{top}.{address(entry, n)}.{key}", getattr(entry, key)) for n, entry in enumerate(within)]
