"""`validate`: repeat every check of behaviour, and fail if one holds no longer; with --card, the validation card."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from .console import console, words
from .interrupts import heed_termination
from .progress import tell_line, tell_rows
from .statuses import FAILED, Interrupted, RunFailed


def validate(
    quick: Annotated[bool, typer.Option("--quick", help="the small version, under 3 minutes on two cores")] = False,
    accept: Annotated[bool, typer.Option("--accept", help="make what is measured now the record")] = False,
    group: Annotated[list[str] | None, typer.Option(help="only this group of checks; may be repeated")] = None,
    workers: Annotated[int | None, typer.Option(min=1, help="processes; default: one a core")] = None,
    out: Annotated[Path | None, typer.Option(help="write the report here; default: docs/validation.md")] = None,
    card: Annotated[
        bool,
        typer.Option(
            "--card", help="of 1,000 worlds, how many lie inside each band: docs/card.md; --quick: 200, shown"
        ),
    ] = False,
) -> None:
    """Repeat every check of behaviour, and fail if one holds no longer (docs/validation.md, docs/validation.json)."""
    folder = Path(__file__).parents[1] / "docs"
    if not folder.is_dir():
        raise typer.BadParameter("there is no folder docs beside the package; allowed: a checkout of the sources")
    if card:
        if accept or group or (quick and out):
            came = "--accept" if accept else "--group" if group else "--quick and --out"
            raise typer.BadParameter(f"--card: came with {came}; allowed: --workers, and --quick or --out")
        _card(folder, out, workers, is_quick=quick)
    else:
        _checks(folder, quick, accept, tuple(group or ()), workers, out)


def _checks(
    folder: Path, quick: bool, accept: bool, group: tuple[str, ...], workers: int | None, out: Path | None
) -> None:
    """Every check of behaviour.  Raises: Exit if one holds no longer."""
    from ..experiments.validation.groups import GROUPS
    from ..experiments.validation.record import RecordError
    from ..experiments.validation.report import outcome_lines, progress_line
    from ..experiments.validation.verdict import Request, UnknownGroup, validate_and_judge

    command = f"python run.py {shlex.join(sys.argv[1:])}"
    request = Request(quick, accept, group, workers, out, command)
    try:
        outcome = validate_and_judge(GROUPS, folder, request, watch=tell_line(progress_line))
    except (RecordError, UnknownGroup) as fault:
        raise typer.BadParameter(str(fault)) from fault
    for line in outcome_lines(outcome):
        console().print(words(line))
    if outcome.failed:
        raise typer.Exit(FAILED)


def _card(folder: Path, out: Path | None, workers: int | None, *, is_quick: bool) -> None:
    """How many worlds lie inside each band.  Raises: RunFailed, Interrupted."""
    from ..experiments.validation.card import measured
    from ..experiments.validation.card_page import spoken_lines, write_card
    from ..experiments.validation.circle_plan import CARD, QUICK

    heed_termination()
    tell = tell_rows(Console(stderr=True))
    written: list[Path] = []
    try:
        if is_quick:
            found = measured(QUICK, workers=workers, tell=tell)
        else:
            found, written = write_card(out or folder / "card.md", CARD, workers=workers, tell=tell)
    except RuntimeError as fault:
        raise RunFailed("early", str(fault)) from fault
    except KeyboardInterrupt:
        raise Interrupted("the same command again goes on" if not is_quick else "nothing is kept") from None
    for line in spoken_lines(found):
        console().print(words(line))
    for path in written:
        console().print(words(f"Written: {path}"))
    if any(row["failed"] for row in found.rows.values()):
        raise typer.Exit(FAILED)
