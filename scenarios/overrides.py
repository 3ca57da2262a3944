"""Changes to a loaded scenario by key path: `lab.OpenAI.revenue_growth_per_year=0.2`, `contract.*.capacity_gw*=2`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from functools import partial
from typing import Any

from .errors import NO_FILE, ScenarioError, one_line, shown
from .key_paths import apply_to_path, is_number, replaced, times, unknown
from .parameters import PARAMETERS
from .schema import KINDS, Scenario
from .validated import validated

ASSIGNMENT = re.compile(r"\s*([^=]+?)\s*(\*?=)\s*(.*?)\s*", re.DOTALL)
LENGTH_MAX = 400
FORM = "KEY.PATH=VALUE or KEY.PATH*=FACTOR"


def override(scenario: Scenario, assignments: Sequence[str]) -> Scenario:
    """The scenario with every `path=value` or `path*=factor` applied in turn, checked as a whole afterwards.

    Raises: ScenarioError if a path is unknown, a factor meets no number, or the result is no valid scenario.
    """
    if not assignments:
        return scenario
    data = scenario.model_dump()
    for assignment in assignments:
        path, operator, text = split_assignment(assignment)
        if "." not in path and path not in data and path not in KINDS:
            keys = [key for key in data if key != "sources"]
            raise unknown(path, path, keys, "", (row.name for row in PARAMETERS))
        value = value_of(text)
        multiply = operator == "*="
        if multiply and not is_number(value):
            raise ScenarioError(NO_FILE, path, shown(value), "a number to multiply by")
        change = partial(times, factor=value, path=path) if multiply else partial(replaced, new=value)
        for changed in apply_to_path(data, path, change):
            data["sources"][changed] = one_line(f"override {assignment.strip()}")
    return validated(data, NO_FILE)


def split_assignment(assignment: str) -> tuple[str, str, str]:
    """Key path, `=` or `*=`, and the text behind it.  Raises: ScenarioError."""
    found = ASSIGNMENT.fullmatch(assignment) if len(assignment) <= LENGTH_MAX else None
    if found is None or not found[3]:
        raise ScenarioError(NO_FILE, "change", shown(assignment), FORM)
    return found[1], found[2], found[3]


def value_of(text: str) -> Any:
    """A TOML number, truth value, date or quoted text; `none` for nothing; anything else is the text itself."""
    if text == "none":
        return None
    if "\n" in text or text[:1] in "[{":
        return text
    try:
        parsed = tomllib.loads(f"value = {text}")
    except (ValueError, RecursionError):
        return text
    return parsed["value"] if set(parsed) == {"value"} and not isinstance(parsed["value"], dict | list) else text
