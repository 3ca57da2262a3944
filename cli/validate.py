"""`validate`: repeat every check of behaviour, and fail if one holds no longer."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import Annotated

import typer

from .console import console, words
from .progress import tell_line
from .statuses import FAILED


def validate(
    quick: Annotated[bool, typer.Option("--quick", help="the small version, under 3 minutes on two cores")] = False,
    accept: Annotated[bool, typer.Option("--accept", help="make what is measured now the record")] = False,
    group: Annotated[list[str] | None, typer.Option(help="only this group of checks; may be repeated")] = None,
    workers: Annotated[int | None, typer.Option(min=1, help="processes; default: one a core")] = None,
    out: Annotated[Path | None, typer.Option(help="write the report here; default: docs/validation.md")] = None,
) -> None:
    """Repeat every check of behaviour, and fail if one holds no longer (docs/validation.md, docs/validation.json)."""
    from ..experiments.validation.groups import GROUPS
    from ..experiments.validation.record import RecordError
    from ..experiments.validation.report import outcome_lines, progress_line
    from ..experiments.validation.verdict import Request, UnknownGroup, validate_and_judge

    folder = Path(__file__).parents[1] / "docs"
    if not folder.is_dir():
        raise typer.BadParameter("there is no folder docs beside the package; allowed: a checkout of the sources")
    command = f"python run.py {shlex.join(sys.argv[1:])}"
    request = Request(quick, accept, tuple(group or ()), workers, out, command)
    try:
        outcome = validate_and_judge(GROUPS, folder, request, watch=tell_line(progress_line))
    except (RecordError, UnknownGroup) as fault:
        raise typer.BadParameter(str(fault)) from fault
    for line in outcome_lines(outcome):
        console().print(words(line))
    if outcome.failed:
        raise typer.Exit(FAILED)
