"""What a chunk's runs came to, as the tables that are written; a run whose values fit no column has failed alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ...scenarios.errors import one_line, shown
from .attempt import Ending
from .job import Job, Row
from .parts import ARROW, PartKind, runs_schema, runs_table, series_table
from .status import Status

if TYPE_CHECKING:
    import pyarrow as pa

Part = tuple["PartKind", "pa.Table"]


def tables_of(job: Job, rows: Sequence[Row], endings: Sequence[Ending]) -> tuple[list[Ending], tuple[Part, ...]]:
    """How each run ended, and the chunk's tables in the order in which they are written."""
    try:
        return list(endings), _tables(job, rows, endings)
    except Exception:  # somewhere a value fits no column: each run is tried by itself
        fitting = [fitted(job, row, ending) for row, ending in zip(rows, endings, strict=True)]
        return fitting, _tables(job, rows, fitting)


def fitted(job: Job, row: Row, ending: Ending) -> Ending:
    """The ending, or, of a run with a value that fits no column, the failure that it is."""
    try:
        _tables(job, [row], [ending])
    except Exception as fault:
        said = one_line(f"{type(fault).__name__}: {_misfit(job, ending)}{fault}")
        return Ending(Status.FAILED, "while it was written down", said, ending.seconds)
    return ending


def _misfit(job: Job, ending: Ending) -> str:
    """The outcome that fits no column, by its name and value; nothing if it is a series."""
    import pyarrow as pa

    for name, kind in job.outcomes.items() if ending.measured else ():
        value = ending.measured.scalars.get(name) if ending.measured else None
        try:
            pa.array([value], ARROW[kind])
        except Exception:
            return f"outcome {name} is {shown(value)}, in a column of {kind.__name__}: "
    return ""


def _tables(job: Job, rows: Sequence[Row], endings: Sequence[Ending]) -> tuple[Part, ...]:
    """The series, if any are kept, then the runs."""
    told = [_told(job, row, ending) for row, ending in zip(rows, endings, strict=True)]
    runs = (PartKind.RUNS, runs_table(told, runs_schema(job.axes, job.outcomes)))
    if not job.series:
        return (runs,)
    measured = ((row["run"], e.measured.tracks) for row, e in zip(rows, endings, strict=True) if e.measured)
    return (PartKind.SERIES, series_table(measured, job.series)), runs


def _told(job: Job, row: Row, ending: Ending) -> dict[str, object]:
    """A row of the design with how its run ended; a failed run has no number."""
    told = {**row, "status": str(ending.status), "seconds": ending.seconds}
    if ending.measured is None:
        return {**told, "stage": ending.stage, "exception": ending.exception, "command": job.command(row["run"])}
    return {**told, "digest": ending.measured.digest, **ending.measured.scalars}
