"""`rerun`: one run of a sweep again, and whether it comes to the same."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .console import console, plain_table
from .statuses import FAILED, RunFailed


def rerun(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="folder of a sweep")],
    row: Annotated[int, typer.Argument(metavar="ROW", min=0, help="number of the run, column `run`")],
) -> None:
    """Repeat one run of a sweep: the same numbers and digest, or the failure again."""
    from ..experiments.sweeps.rerun import rerun as repeat

    again = repeat(folder, row)
    facts = [(name, str(value)) for name, value in again.row.items()]
    if again.ending.measured is None:
        raise RunFailed(str(again.ending.stage), str(again.ending.exception))
    facts += [(name, "-" if value is None else str(value)) for name, value in again.ending.measured.scalars.items()]
    facts.append(("digest", again.ending.measured.digest))
    console().print(plain_table(f"Run {row} of {folder}", ("", ""), facts, text_columns=2))
    if again.recorded is None:
        print("the sweep has not done this run yet: there is nothing to compare with")
    elif again.differences:
        print(f"differs from the sweep in {', '.join(again.differences)}")
        raise typer.Exit(FAILED)
    else:
        print("equal to the sweep's, digest included")
