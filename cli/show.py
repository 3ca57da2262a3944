"""`show`: print a scenario with everything in it."""

from __future__ import annotations

from .console import console, plain_table, words
from .options import DEFAULT_SCENARIO, Changes, ScenarioName, changed_scenario


def show(scenario: ScenarioName = DEFAULT_SCENARIO, changes: Changes = None) -> None:
    """Print a scenario: balance sheets, contracts, network, calendar and the source of every number."""
    from ..scenarios.describe import describe

    data = changed_scenario(scenario, changes or [])
    printer = console()
    printer.print(words(data.title, style="bold"))
    printer.print(words(" ".join(data.description.split())))
    for table in describe(data):
        printer.print(plain_table(table.title, table.columns, table.rows, text_columns=len(table.columns)))
