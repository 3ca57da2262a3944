"""A scenario as readable tables: balance sheets, contracts, who is tied to whom, announcements, sources of numbers.

Plain data: `run.py show` prints it, a page may draw it. Money is in billions of USD where the column says so.
"""

from __future__ import annotations

from .addresses import address
from .behaviour import parameter_table
from .describe_base import Table
from .describe_cast import firms, investors, shareholders
from .describe_deals import calendar, deals, debts, network
from .schema import Scenario


def describe(scenario: Scenario) -> list[Table]:
    """All tables about a scenario that have at least one row, sources and changed behaviour last."""
    tables = [
        firms(scenario),
        investors(scenario),
        shareholders(scenario),
        deals(scenario),
        debts(scenario),
        calendar(scenario),
        network(scenario),
        behaviour(scenario),
        sources(scenario),
    ]
    return [table for table in tables if table.rows]


def behaviour(scenario: Scenario) -> Table:
    """Behavioural parameters that differ from the table's defaults."""
    rows = []
    for row in parameter_table():
        value = getattr(scenario.behaviour, row["name"])
        if value != row["default"]:
            rows.append((row["name"], f"{value:g}", f"{row['default']:g}", row["unit"], row["meaning"]))
    return Table(
        "Behaviour that differs from the default", ("parameter", "value", "default", "unit", "meaning"), tuple(rows)
    )


def sources(scenario: Scenario) -> Table:
    """Every number with where it comes from, in the order of the file; 'assumed' marks a modelling choice."""
    rows = tuple((path, _at(scenario, path), source) for path, source in scenario.sources.items())
    return Table("Sources", ("number", "value", "source"), rows)


def _at(scenario: Scenario, path: str) -> str:
    """The value a key path leads to, as text."""
    node: object = scenario
    for step in path.split("."):
        if isinstance(node, tuple):
            node = next((entry for i, entry in enumerate(node) if address(entry, i) == step), None)
        else:
            node = getattr(node, step, None)
    return f"{node:,}" if isinstance(node, int) else f"{node:,.12g}" if isinstance(node, float) else str(node)
