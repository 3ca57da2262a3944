"""`extend`: a run goes on from where it ended."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ..history.run_directory import RunDirectory, refuse_within
from .options import Beside, RunFolder, grouped
from .run_and_write import Task, print_answer, run_and_write, say_written


@grouped
def extend(
    run: RunFolder,
    days: Annotated[int, typer.Option(min=1, max=5039, help="how many trading days more")],
    beside: Beside,
) -> None:
    """Go on with a run: simulate it again, see that every day is what it was, run on; RUN stays as it is."""
    from ..history.recipe import recipe_of
    from ..scenarios.overrides import override

    recipe = recipe_of(run)
    whole = recipe.days + days
    task = Task(
        scenario=override(recipe.scenario, [f"days={whole}"]),
        seed=recipe.seed,
        tracing=recipe.tracing,
        choice=recipe.choice,
        with_figures=not beside.no_figures,
        quiet=beside.quiet,
        repeats=recipe,
        until_day=recipe.days,
        made_from={"extended_from": {"digest": recipe.digest, "days": recipe.days}},
    )
    with directory_beside(run, beside.out, f"{whole}days") as directory:
        made = run_and_write(directory, task)
    print_answer(made.answer, quiet=beside.quiet)
    print()
    print(f"Days 0 to {recipe.days} are those of {run}; it was run on to day {whole}.")
    say_written(directory, made.digest)


def directory_beside(run: Path, out: Path | None, suffix: str) -> RunDirectory:
    """The directory that was asked for, or else the first free one of that suffix beside a run.

    Raises: OutputRefused.
    """
    if out is not None:
        refuse_within(out, run)
        return RunDirectory(out)
    whole = run.resolve()
    return RunDirectory.free(run.parent if run.name else whole.parent, f"{whole.name}-{suffix}")
