"""`rerun`: one run of a sweep again, and whether it comes to the same."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..history.run_directory import RunDirectory, refuse_within
from .console import console, plain_table
from .statuses import FAILED, RunFailed

if TYPE_CHECKING:
    from ..experiments.sweeps.rerun import Rerun


def rerun(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="folder of a sweep")],
    row: Annotated[int, typer.Argument(metavar="ROW", min=0, help="number of the run, column `run`")],
    out: Annotated[Path | None, typer.Option(metavar="RUN", help="write it as a run, into this new folder")] = None,
) -> None:
    """Repeat one run of a sweep: the same numbers and digest, or the failure again."""
    from ..experiments.sweeps.rerun import rerun as repeat

    if out is not None:
        refuse_within(out, folder)
    with RunDirectory(out) if out is not None else nullcontext() as directory:
        _repeat(repeat(folder, row), folder, row, directory)


def _repeat(again: Rerun, folder: Path, row: int, directory: RunDirectory | None) -> None:
    """Say what came of it; write it where a directory is given.  Raises: RunFailed; Exit if it came to another end."""
    facts = [(name, str(value)) for name, value in again.row.items()]
    before = _before(again)
    if again.ending.measured is None:
        raise RunFailed(str(again.ending.stage), f"{again.ending.exception}; {before}")
    facts += [(name, "-" if value is None else str(value)) for name, value in again.ending.measured.scalars.items()]
    facts.append(("digest", again.ending.measured.digest))
    console().print(plain_table(f"Run {row} of {folder}", ("", ""), facts, text_columns=2))
    print(before)
    if again.differences:
        raise typer.Exit(FAILED)
    if directory is not None:
        _write(again, directory)


def _write(again: Rerun, directory: RunDirectory) -> None:
    """The same run under the recorder, as `simulate` writes it."""
    from ..history.choice import Choice
    from ..report.number_words import plain
    from .run_and_write import Task, run_and_write, say_written

    task = Task(
        scenario=again.scenario,
        seed=int(again.row["seed"]),
        tracing=str(again.sweep.tracing[0]),
        choice=Choice(),
        with_figures=True,
        quiet=False,
        made_from={"row_of_sweep": plain(again.row)},
    )
    say_written(directory, run_and_write(directory, task).digest)


def _before(again: Rerun) -> str:
    """How the run compares with what the sweep made of it."""
    if again.recorded is None:
        return "the sweep has not done this run yet: there is nothing to compare with"
    from ..experiments.sweeps.status import Status

    status = Status(again.recorded["status"])
    is_ok = status is Status.OK
    if not again.differences:
        return "equal to the sweep's, digest included" if is_ok else "so it did in the sweep"
    if not is_ok:
        return f"in the sweep it ended otherwise, {status}: {again.recorded['exception']}"
    return f"differs from the sweep in {', '.join(again.differences)}"
