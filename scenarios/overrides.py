"""Changes to a loaded scenario by key path: `lab.OpenAI.revenue_growth_per_year=0.2`, `contract.*.capacity_gw*=2`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

from pydantic import ValidationError

from .addresses import address
from .errors import ScenarioError, nearest_names, one_line, shown
from .faults import first_fault
from .schema import KINDS, Scenario

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
        path, operator, text = _split(assignment)
        value = _value(text)
        multiply = operator == "*="
        if multiply and not _is_number(value):
            raise ScenarioError("override", path, shown(value), "a number to multiply by")
        change = partial(times, factor=value, path=path) if multiply else partial(replaced, new=value)
        for changed in apply_to_path(data, path, change):
            data["sources"][changed] = one_line(f"override {assignment.strip()}")
    return validated(data, "override")


def apply_to_path(data: dict[str, Any], path: str, change: Callable[[Any], Any]) -> list[str]:
    """Change every value the path (with `*` for all entries of a list) leads to; the key paths changed.

    Raises: ScenarioError if it leads to nothing that can be changed.
    """
    changed = []
    for holder, key, found in list(_targets(data, path)):
        holder[key] = change(holder[key])
        changed.append(found)
    return changed


def times(old: Any, factor: float, path: str) -> Any:
    """A number times a factor; whole numbers are rounded to whole numbers."""
    if not _is_number(old):
        raise ScenarioError("override", path, shown(old), "a path to a number, to be multiplied")
    product = old * factor
    return round(product) if isinstance(old, int) and abs(product) < 2**63 else product


def replaced(old: Any, new: Any) -> Any:
    """The new value, whatever the old one was."""
    return new


def validated(data: dict[str, Any], file: str) -> Scenario:
    """A scenario of plain data.

    Raises: ScenarioError.
    """
    try:
        return Scenario.model_validate(data)
    except ValidationError as error:
        fault = first_fault(error, data)
        raise ScenarioError(file, fault.key_path, fault.came, fault.allowed, fault.nearest) from None


def _split(assignment: str) -> tuple[str, str, str]:
    found = ASSIGNMENT.fullmatch(assignment) if len(assignment) <= LENGTH_MAX else None
    if found is None or not found[3]:
        raise ScenarioError("override", "key", shown(assignment), FORM)
    return found[1], found[2], found[3]


def _value(text: str) -> Any:
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


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _targets(data: dict[str, Any], path: str) -> Iterator[tuple[dict[str, Any], str, str]]:
    """(table, key, key path) of each value a path leads to."""
    steps = path.split(".")
    top = steps[0]
    if top not in data or top == "sources":
        raise _unknown(path, top, [k for k in data if k != "sources"], "")
    if len(steps) == 1 and not isinstance(data[top], dict | list | tuple) and data[top] is not None:
        yield data, top, path
    elif len(steps) == 2 and isinstance(data[top], dict):
        if steps[1] not in data[top]:
            raise _unknown(path, steps[1], data[top], f"{top}.")
        yield data[top], steps[1], path
    elif len(steps) == 3 and top in KINDS:
        yield from _entries(data[top], steps, path)
    else:
        form = (
            f"{top}.NAME.FIELD"
            if top in KINDS
            else f"{top}.FIELD"
            if isinstance(data[top], dict)
            else "a key with a value"
        )
        raise ScenarioError("override", path, "a path that leads to no value", form)


def _entries(
    entries: Sequence[dict[str, Any]], steps: Sequence[str], path: str
) -> Iterator[tuple[dict[str, Any], str, str]]:
    top, wanted, field = steps
    if field not in KINDS[top].model_fields:
        raise _unknown(path, field, KINDS[top].model_fields, f"{top}.{wanted}.")
    named = {address(entry, i): entry for i, entry in enumerate(entries)}
    if (wanted != "*" and wanted not in named) or not named:
        raise _unknown(path, wanted, named, f"{top}.")
    for name, entry in named.items():
        if wanted in ("*", name):
            yield entry, field, f"{top}.{name}.{field}"


def _unknown(path: str, step: str, known: Any, before: str) -> ScenarioError:
    names = list(known)
    near = [f"{before}{n}" for n in nearest_names(step, names)]
    some = ", ".join(names[:40]) or "nothing: the scenario has no such entry"
    return ScenarioError("override", path, f"an unknown name {shown(step)}", some, near)
