"""`branch`: a run that is another from a day on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import typer

from .extend import directory_beside
from .options import Beside, RunFolder, grouped
from .run_and_write import Task, print_answer, run_and_write, say_written
from .sections import print_sections


@dataclass(frozen=True, slots=True)
class Turn:
    """What is otherwise from the day on."""

    changes: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="KEY=VALUE", help="what changes then; KEY*=FACTOR multiplies; may be repeated"),
    ] = None
    stop: Annotated[
        list[str] | None, typer.Option(metavar="PAYER", help="who puts no new money in from then on; may be repeated")
    ] = None
    announce: Annotated[str, typer.Option(metavar="'FIRM: TEXT'", help="what is announced that day")] = ""
    direction: Annotated[
        int, typer.Option(min=-1, max=1, help="of the announcement: 1 good news, -1 bad, 0 neither")
    ] = -1


FirstDay = Annotated[str, typer.Option("--from", metavar="DATE", help="first day that may differ: a date or a number")]


@grouped
def branch(run: RunFolder, from_: FirstDay, turn: Turn, beside: Beside) -> None:
    """Take another turn on a day of a run: the days before stay what they were, the two futures are drawn as a fork."""
    from ..engine.calendar import trading_dates
    from ..history.open_run import open_run
    from ..history.recipe import recipe_of
    from ..report.differences import differences
    from ..scenarios.branches import Fork, day_said, moved_day

    recipe = recipe_of(run)
    day = day_said(recipe.scenario, from_, "--from")
    note = moved_day(recipe.scenario, from_, day)
    day_date = trading_dates(recipe.scenario.start_date, recipe.scenario.days)[day]
    fork = Fork(day=day, set=turn.changes or (), stop=turn.stop or (), announce=turn.announce, direction=turn.direction)
    task = Task(
        scenario=fork.of(recipe.scenario),
        seed=recipe.seed,
        tracing=recipe.tracing,
        choice=recipe.choice,
        with_figures=not beside.no_figures,
        quiet=beside.quiet,
        repeats=recipe,
        until_day=day - 1,
        made_from={"branched_from": {"digest": recipe.digest, "day": day, "date": str(day_date)}},
    )
    with directory_beside(run, beside.out, f"from-{day_date}") as directory:
        made = run_and_write(directory, task)
        if not beside.no_figures:
            from ..report.figure_fork import draw_fork

            draw_fork(open_run(run), made.tables, day, directory.partial / "figures")
    if note:
        print(note)
    print_answer(made.answer, quiet=beside.quiet)
    print()
    print_sections(differences(open_run(run), open_run(directory.path)))
    say_written(directory, made.digest)
