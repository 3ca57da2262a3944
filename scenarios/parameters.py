"""The headline parameters: one table that the model's keywords, sweeps, sliders and docs read.

Each row names what it changes by key paths, so that a sweep needs no code. No value (None) means: as the scenario says.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Any

from .behaviour import parameter_table
from .errors import ParameterError, ScenarioError, nearest_names, shown
from .key_paths import apply_to_path, replaced, times
from .schema import KINDS, Scenario
from .validated import validated


class Operation(StrEnum):
    """What a parameter's value does to the numbers its paths lead to."""

    SET = "set"
    MULTIPLY = "multiply"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One row: a name, its unit and closed bounds, what it means and which numbers of a scenario it changes."""

    name: str
    unit: str
    low: float
    high: float
    doc: str
    paths: tuple[str, ...]
    operation: Operation = Operation.SET
    default: float | None = None
    """None: as the scenario says."""


def _scale(name: str, low: float, high: float, doc: str, *paths: str) -> Parameter:
    return Parameter(name, "times the scenario", low, high, doc, paths, Operation.MULTIPLY)


def _of_behaviour(*names: str) -> tuple[Parameter, ...]:
    """Rows for behavioural parameters, with unit, bounds and meaning from the behaviour table."""
    rows = {row["name"]: row for row in parameter_table()}
    return tuple(
        Parameter(
            n, rows[n]["unit"], float(rows[n]["low"]), float(rows[n]["high"]), rows[n]["meaning"], (f"behaviour.{n}",)
        )
        for n in names
    )


PARAMETERS: tuple[Parameter, ...] = (
    Parameter(
        "monetisation_growth_per_year",
        "1/year",
        -0.5,
        5.0,
        "growth at the start of every lab's revenue run-rate and of demand for every building plan (1 doubles it)",
        ("lab.*.revenue_growth_per_year", "build_plan.*.demand_growth_per_year"),
    ),
    _scale(
        "committed_scale",
        0.05,
        20.0,
        "capacity of every compute contract, milestone investment and building plan; what is delivered already stays",
        "contract.*.capacity_gw",
        "milestone.*.capacity_gw",
        "build_plan.*.capacity_gw",
    ),
    _scale(
        "dry_powder_scale",
        0.0,
        20.0,
        "money promised to venture investors, at the start and per year",
        "venture_investor.*.dry_powder_usd",
        "venture_investor.*.dry_powder_inflow_usd_per_year",
    ),
    _scale(
        "bond_appetite_scale",
        0.0,
        20.0,
        "money of bond buyers, at the start and per year",
        "bond_buyer.*.opening_cash_usd",
        "bond_buyer.*.committed_usd",
        "bond_buyer.*.inflow_usd_per_year",
    ),
    *_of_behaviour(
        "enthusiasm_tilt",
        "story_catch_per_day",
        "micro_elasticity",
        "macro_elasticity",
        "multiplier_spread_per_day",
        "contract_log_odds",
        "letter_of_intent_log_odds",
        "attention_per_day",
    ),
)
"""All headline parameters, in the order of sliders and tables."""

DELIVERED = {"contract": "delivered_gw", "milestone": "deployed_gw", "build_plan": "delivered_gw"}


def parameter(name: str, *, scenario: str = "parameters") -> Parameter:
    """The row of that name.

    Raises: ParameterError with the nearest names.
    """
    known = {p.name: p for p in PARAMETERS}
    if name not in known:
        raise ParameterError(
            scenario, name, "an unknown parameter", f"one of {', '.join(known)}", nearest_names(name, known)
        )
    return known[name]


def apply_parameters(scenario: Scenario, values: Mapping[str, float | None]) -> Scenario:
    """The scenario with headline parameters set; a value of None leaves what the scenario says.

    Raises: ParameterError if a name is unknown, a value is no number within its bounds, nothing in the scenario
    answers to the parameter, or the changed scenario is not valid.
    """
    numbers = {name: value for name, value in values.items() if value is not None}
    for name in values:
        parameter(name, scenario=scenario.name)
    if not numbers:
        return scenario
    data = scenario.model_dump()
    numbers = change_by_parameters(data, numbers, scenario.name)
    try:
        return validated(data, scenario.name)
    except ScenarioError as error:
        came = f"{', '.join(f'{n} = {v:g}' for n, v in numbers.items())}, which makes {error.key_path} {error.came}"
        raise ParameterError(scenario.name, ", ".join(numbers), came, error.allowed, error.nearest) from None


def change_by_parameters(data: dict[str, Any], values: Mapping[str, Any], scenario: str) -> dict[str, float]:
    """Change plain data of a scenario in place, without checking what comes of it; the values as numbers.

    Raises: ParameterError if a name is unknown, a value is no number within its bounds, or nothing answers to it.
    """
    numbers = {name: _number(parameter(name, scenario=scenario), value, scenario) for name, value in values.items()}
    for name, value in numbers.items():
        _apply(parameter(name, scenario=scenario), value, data, scenario)
    _keep_delivered(data)
    return numbers


def _number(row: Parameter, value: Any, scenario: str) -> float:
    allowed = f"a number from {row.low:g} to {row.high:g} ({row.unit})"
    try:
        number = math.nan if isinstance(value, str | bytes | bool) else float(value)
    except (TypeError, ValueError, OverflowError):
        number = math.nan
    if not row.low <= number <= row.high:
        raise ParameterError(scenario, row.name, shown(value), allowed)
    return number


def _apply(row: Parameter, value: float, data: dict[str, Any], scenario: str) -> None:
    """Change the numbers in place; lists of the scenario that are empty are passed over unless all of them are."""
    paths = [path for path in row.paths if path.split(".")[0] not in KINDS or data[path.split(".")[0]]]
    if not paths:
        kinds = " or ".join(dict.fromkeys(path.split(".")[0] for path in row.paths))
        raise ParameterError(scenario, row.name, f"{value:g}", f"nothing: the scenario has no {kinds}")
    for path in paths:
        scaled = row.operation is Operation.MULTIPLY
        change = partial(times, factor=value, path=path) if scaled else partial(replaced, new=value)
        changed = apply_to_path(data, path, change)
        for key_path in changed:
            data["sources"][key_path] = f"parameter {row.name} = {value!r}"


def _keep_delivered(data: dict[str, Any]) -> None:
    """Capacity never falls below what is delivered: a promise can be cut, its past cannot."""
    for kind, delivered in DELIVERED.items():
        for entry in data[kind]:
            entry["capacity_gw"] = max(entry["capacity_gw"], entry[delivered])
