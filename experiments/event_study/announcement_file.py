"""From a file of announcements to a file of predictions: read, run the markets, write, and say what was refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ...history.output_file import OutputFile, OutputRefused
from ...scenarios.errors import BadInput
from ..runner.runs import FailedRun, Tell, quiet
from .predict import Prediction, predict_all
from .table import (
    AnnouncementList,
    NotAnAnnouncementList,
    predictions_text,
    read_announcements,
)

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


def begin_at_once() -> None:
    """Nothing is to be done before the work."""


def predict_file(
    source: Path,
    target: Path,
    *,
    workers: int | None = None,
    tell: Tell = quiet,
    say: Callable[[str], None] = hear_nothing,
    begin: Callable[[], None] = begin_at_once,
) -> Report:
    """Predict every row of `source` that can be, and write `target` once all is done.

    `say` hears of bad rows before the work begins, and `begin` is called then. Results depend on a row's own cells
    alone: neither on its place, nor on the other rows, nor on the number of workers.

    Raises: EventsError if the source is no such CSV or the target cannot be written.
    """
    with _claimed(source, target) as output:
        try:
            listed = read_announcements(source)
        except NotAnAnnouncementList as fault:
            raise EventsError(str(fault)) from None
        for row in listed.bad:
            say(f"{source}: {row}")
        begin()
        predictions, lines = _predictions(source, listed, workers, tell)
        text = predictions_text(listed, predictions)
        try:
            output.write_text(text)
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


def _claimed(source: Path, target: Path) -> OutputFile:
    """The file to write, refused before the work, not after it.

    Raises: EventsError.
    """
    if target.exists() and source.exists() and target.samefile(source):
        raise EventsError(f"--out {target}: is the file that is read; allowed: another name")
    try:
        return OutputFile(target)
    except OutputRefused as fault:
        raise EventsError(f"--out {fault}") from None
