"""`events`: predict the first-day return of each listed announcement."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from .console import words
from .progress import announce_compilation, steps
from .statuses import FAILED, OK


def events(
    file: Annotated[Path, typer.Argument(help="a CSV of announcements (docs/events.md)")],
    out: Annotated[Path, typer.Option(help="CSV to write: the columns of FILE and the predictions")],
    workers: Annotated[int | None, typer.Option(min=1, max=256, help="processes; default: one a core")] = None,
) -> int:
    """Predict the first-day abnormal return of each listed announcement, with and without it."""
    from ..experiments.event_study.announcement_file import predict_file

    errors = Console(stderr=True, soft_wrap=True)

    def say(line: str) -> None:
        errors.print(words(line))

    with steps("announcements", errors) as tell:
        begin = partial(announce_compilation, errors)
        report = predict_file(file, out, workers=workers, tell=tell, say=say, begin=begin)
    for line in report.lines:
        say(line)
    Console(soft_wrap=True).print(words(report.summary))
    return FAILED if report.refused else OK
