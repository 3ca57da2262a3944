"""`simulate`: run a scenario, print the answer, write a run directory."""

from __future__ import annotations

from typing import Annotated

import typer

from ..history.run_directory import RunDirectory
from .options import Drawing, Keeping, Output, World, grouped
from .run_and_write import Task, print_answer, run_and_write, say_written


@grouped
def simulate(
    world: World,
    drawing: Drawing,
    output: Output,
    keeping: Keeping,
    page: Annotated[
        bool | None,
        typer.Option("--page/--no-page", help="write page.html, the run in one file that plays; default: with figures"),
    ] = None,
) -> None:
    """Run a scenario, print the answer, and write a run directory."""
    task = Task(
        scenario=world.load(),
        seed=drawing.seed,
        tracing=str(drawing.tracing),
        choice=keeping.choice(),
        with_figures=not output.no_figures,
        quiet=output.quiet,
        with_page=page,
    )
    with RunDirectory.at(output.out, default=f"{task.scenario.name}-seed{task.seed}") as directory:
        made = run_and_write(directory, task)
    print_answer(made.answer, quiet=output.quiet)
    say_written(directory, made.digest)
