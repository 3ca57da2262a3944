"""From a file of announcements to a file of predictions: read, run the markets, write, and say what was refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ..experiments.event_study.predict import Prediction, predict_all
from ..experiments.event_study.table import (
    AnnouncementList,
    NotAnAnnouncementList,
    read_announcements,
    write_predictions,
)
from ..experiments.runner.runs import FailedRun, Tell, quiet
from ..scenarios.errors import BadInput

ROWS_PER_WORKER = 6
"""Fewer rows than this are not worth another process (a worker takes seconds to start)."""


class EventsError(BadInput):
    """Input or output that cannot be used at all; one line."""


@dataclass(frozen=True, slots=True)
class Report:
    """What was done: rows predicted, rows refused or failed, and a line about each of those."""

    predicted: int
    refused: int
    lines: tuple[str, ...]
    summary: str


def hear_nothing(line: str) -> None:
    """Say nothing."""


def predict_file(
    source: Path,
    target: Path,
    *,
    workers: int | None = None,
    tell: Tell = quiet,
    say: Callable[[str], None] = hear_nothing,
) -> Report:
    """Predict every row of `source` that can be, and write `target` once all is done.

    `say` hears of bad rows before the work begins. Results depend on a row's own cells alone: neither on its place, nor
    on the other rows, nor on the number of workers.

    Raises: EventsError if the source is no such CSV or the target cannot be written.
    """
    _check_target(source, target)
    try:
        listed = read_announcements(source)
    except NotAnAnnouncementList as fault:
        raise EventsError(str(fault)) from None
    for row in listed.bad:
        say(f"{source}: {row}")
    predictions, lines = _predictions(source, listed, workers, tell)
    try:
        write_predictions(target, listed, predictions)
    except OSError as fault:
        raise EventsError(f"{target}: cannot be written: {fault.strerror or fault}") from None
    done = sum(p is not None for p in predictions)
    refused = len(listed.bad) + len(lines)
    summary = f"{done} predicted, {refused} refused; written to {target}"
    return Report(done, refused, tuple(lines), summary)


def _predictions(
    source: Path, listed: AnnouncementList, workers: int | None, tell: Tell
) -> tuple[list[Prediction | None], list[str]]:
    """One prediction per good row, None where its market broke off, and a line about each of those."""
    deals = [row.deal for row in listed.rows]
    count = workers if workers is not None else (None if len(deals) >= ROWS_PER_WORKER else 1)
    predictions: list[Prediction | None] = []
    lines = []
    for row, result in zip(listed.rows, predict_all(deals, workers=count, tell=tell) if deals else [], strict=True):
        if isinstance(result, FailedRun):
            lines.append(f"{source}: line {row.line}, the run failed: {result.error} ({result.where})")
        predictions.append(result if isinstance(result, Prediction) else None)
    return predictions, lines


def _check_target(source: Path, target: Path) -> None:
    """Refuse a target before the work, not after it.

    Raises: EventsError.
    """
    if target.is_dir():
        raise EventsError(f"--out {target}: is a folder; allowed: the name of a CSV file")
    if not target.parent.is_dir():
        raise EventsError(f"--out {target}: the folder {target.parent} does not exist")
    if target.exists() and source.exists() and target.samefile(source):
        raise EventsError(f"--out {target}: is the file that is read; allowed: another name")
