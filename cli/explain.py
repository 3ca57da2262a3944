"""`explain`: what happened on a day of a run."""

from __future__ import annotations

from typing import Annotated

import typer

from .options import RunFolder
from .sections import print_sections

DayArgument = Annotated[
    str,
    typer.Argument(
        metavar="DATE", help="a date, 2025-11-07 (without trading: the next day with it), or a day of the run, 43"
    ),
]


def explain(
    run: RunFolder,
    date: DayArgument,
    until: Annotated[str | None, typer.Option(metavar="DATE", help="last day of a longer stretch")] = None,
) -> None:
    """Tell in plain words what happened on a day: what was said and done, who paid whom, what moved and why."""
    from ..history.open_run import open_run
    from ..history.recipe import recipe_of
    from ..report.explanation import explained
    from ..scenarios.branches import day_said, moved_day

    scenario = recipe_of(run).scenario
    first = day_said(scenario, date, "DATE")
    last = first if until is None else day_said(scenario, until, "--until", first=first)
    told = explained(open_run(run), first, last)
    for said, day in ((date, first), (until, last)):
        if said is not None and (note := moved_day(scenario, said, day)):
            print(note)
    print_sections(told)
