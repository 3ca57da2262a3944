"""`rerun`: one run of a sweep again, and whether it comes to the same."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .console import console, plain_table
from .statuses import FAILED, RunFailed

if TYPE_CHECKING:
    from ..experiments.sweeps.rerun import Rerun


def rerun(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="folder of a sweep")],
    row: Annotated[int, typer.Argument(metavar="ROW", min=0, help="number of the run, column `run`")],
) -> None:
    """Repeat one run of a sweep: the same numbers and digest, or the failure again."""
    from ..experiments.sweeps.rerun import rerun as repeat

    again = repeat(folder, row)
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
