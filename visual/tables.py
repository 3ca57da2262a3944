"""A scenario as tables that one can type in: the numbers of every entry, by kind, under the key paths of `--set`."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from ..scenarios.addresses import address
from ..scenarios.schema import Scenario

DIGITS = 12
POWERS = (12, 9, 6)
"""Trillions, billions, millions: large numbers are told by them, as 11e9."""


def tables(scenario: Scenario) -> list[dict[str, Any]]:
    """Tables in the order of the scenario: what leads to their entries, and rows of a field and its cells."""
    found = [_table("", [("", scenario)])]
    for kind in type(scenario).model_fields:
        inside = getattr(scenario, kind)
        if isinstance(inside, BaseModel):
            found.append(_table(kind, [(kind, inside)]))
        elif isinstance(inside, list | tuple) and inside and isinstance(inside[0], BaseModel):
            found.append(_table(kind, [(f"{kind}.{address(entry, n)}", entry) for n, entry in enumerate(inside)]))
    return [table for table in found if table["rows"]]


def _table(kind: str, entries: list[tuple[str, BaseModel]]) -> dict[str, Any]:
    fields = dict.fromkeys(field for _, entry in entries for field in type(entry).model_fields)
    rows = [[field, *(_cell(getattr(entry, field, None)) for _, entry in entries)] for field in fields]
    return {
        "kind": kind,
        "paths": [path for path, _ in entries],
        "rows": [row for row in rows if any(cell is not None for cell in row[1:])],
    }


def _cell(value: Any) -> str | None:
    """A number as one would type it; None for everything else."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if isinstance(value, int):
        return str(value)
    power = next((power for power in POWERS if abs(value) >= 10.0**power), 0)
    short = f"{value / 10.0**power:.{DIGITS}g}" + (f"e{power}" if power else "")
    return short if float(short) == value else repr(value)
