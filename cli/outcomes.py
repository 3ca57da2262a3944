"""`outcomes`: everything that a run can be measured by."""

from __future__ import annotations

from typing import Annotated

import typer

from .console import console, plain_table, words
from .options import Changes, changed_scenario

Known = Annotated[str | None, typer.Argument(help="a scenario whose names are printed; without one, the patterns")]


def outcomes(scenario: Known = None, changes: Changes = None) -> None:
    """Print every outcome with its unit and meaning; of a scenario, every name that a sweep may ask for."""
    from ..experiments.sweeps.outcomes import describe

    world = None if scenario is None else changed_scenario(scenario, changes or [])
    rows = [
        (name, told.unit, told.meaning)
        for told in describe(world)
        for name in ((told.pattern,) if world is None else told.names)
    ]
    printer = console()
    printer.print(plain_table("Outcomes of a run", ("Name", "Unit", "Meaning"), rows, text_columns=3))
    if world is None:
        printer.print(words("With a scenario, such as `outcomes ai-2025`, every name that it has."))
