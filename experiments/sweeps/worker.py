"""What a worker does with a chunk: every run of it, each within its limits, then the series part and the runs part."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ..runner.alone import Lost
from ..runner.crumbs import Crumbs
from ..runner.limits import bounded
from ..runner.staying import die_rather_than_leave, own_address
from .attempt import Ending, Worlds, attempt_run, worlds_of
from .chunk_tables import tables_of
from .job import Job, Row
from .parts import PartKind, write_part
from .preflight import Stranger, differences, fingerprint
from .status import Status

if TYPE_CHECKING:
    import pyarrow as pa

ATTEMPTS, LOCK = "attempts", ".lock"
"""In the sweep's folder: trails of chunks that are under way, and what the driver holds."""
DIED = "its process died ({how}), and so did one before in the same run"
HUNG = "no result within {seconds:g} s: ended in {where}"


@dataclass(frozen=True, slots=True)
class Failure:
    """A run that failed: its number, how it ended, and of what."""

    run: int
    status: Status
    exception: str


@dataclass(frozen=True, slots=True)
class Done:
    """A chunk that is done: how many runs, which failed, how long they took, and its parts if they travel."""

    chunk: int
    runs: int
    failures: tuple[Failure, ...]
    seconds: float
    parts: tuple[tuple[PartKind, pa.Table], ...] = ()


def do_chunk(job: Job, chunk: int, rows: Sequence[Row], folder: str | None, each_alone: bool = False) -> Done:
    """Do every run of a chunk, and write it.

    `folder` None: there is none that this worker and the driver share, and the parts travel. `each_alone`: every run
    has a process of its own.

    Raises: Stranger if this process differs from the driver in what makes numbers.
    """
    refuse_stranger(job, folder)
    with _ONE_AT_A_TIME:
        return _done(job, chunk, rows, folder, each_alone)


def _done(job: Job, chunk: int, rows: Sequence[Row], folder: str | None, each_alone: bool) -> Done:
    """The chunk, done and written."""
    trails = Path(folder) / ATTEMPTS if folder else Path(tempfile.gettempdir()) / f"carousel-{job.name}"
    worlds = _worlds(job)
    with Crumbs(trails, f"chunk-{chunk:06d}", _is_out_of_memory) as crumbs:
        if each_alone:
            crumbs.suspects.update(row["run"] for row in rows)
        endings = [_ending(job, worlds, row, crumbs) for row in rows]
        endings, parts = tables_of(job, rows, endings)
        for kind, table in parts if folder else ():
            write_part(Path(str(folder)), kind, chunk, table)
    failures = [
        Failure(row["run"], ending.status, str(ending.exception))
        for row, ending in zip(rows, endings, strict=True)
        if ending.status is not Status.OK
    ]
    seconds = sum(ending.seconds or 0.0 for ending in endings)
    return Done(chunk, len(rows), tuple(failures), seconds, () if folder else parts)


def give_up(job: Job, chunk: int, rows: Sequence[Row], why: str) -> Done:
    """A chunk of runs of which each is lost, and its parts."""
    endings = [Ending(Status.KILLED, "while it ran", why) for _ in rows]
    failures = tuple(Failure(row["run"], Status.KILLED, why) for row in rows)
    return Done(chunk, len(rows), failures, 0.0, tables_of(job, rows, endings)[1])


def time_runs(job: Job, rows: Sequence[Row], folder: str | None) -> float | None:
    """Seconds of one of these runs on average, once the first has warmed up; None if none has a result.

    Raises: Stranger.
    """
    refuse_stranger(job, folder)
    worlds, took = _worlds(job), []
    with _ONE_AT_A_TIME, tempfile.TemporaryDirectory(prefix="carousel-") as aside:
        for row in (rows[0], *rows):
            ending = bounded(attempt_run, (job, worlds, row), job.limits, Path(aside) / "trace")
            if ending.status is Status.OK:
                took.append(ending.seconds)
    return sum(took[1:]) / len(took[1:]) if took[1:] else None


def refuse_stranger(job: Job, folder: str | None) -> None:
    """Raises: Stranger if this process differs from the driver in what makes numbers, or does not see its folder."""
    if job.name in _PASSED:
        return
    die_rather_than_leave()
    if folder is not None and not (Path(folder) / LOCK).exists():
        raise Stranger(own_address(), (f"it does not see {folder}; --gather needs no shared folder",))
    if found := differences(fingerprint(worlds_of(job.sweep)), job.fingerprint):
        raise Stranger(own_address(), found)
    _PASSED.add(job.name)


def _worlds(job: Job) -> Worlds:
    """The worlds of a job, kept from chunk to chunk."""
    if job.name not in _KEPT:
        _KEPT.clear()
        _KEPT[job.name] = Worlds(job.sweep)
    return _KEPT[job.name]


_KEPT: dict[str, Worlds] = {}
_ONE_AT_A_TIME = threading.Lock()
"""Limits are those of a process: a worker with several threads does one chunk after the other."""


_PASSED: set[str] = set()
"""Jobs for which this process has been found equal to the driver."""


def _is_out_of_memory(ending: Ending) -> bool:
    return ending.status is Status.OUT_OF_MEMORY


def _ending(job: Job, worlds: Worlds, row: Row, crumbs: Crumbs) -> Ending:
    """How a run ended; one whose process ended without a result is lost."""
    ending = crumbs.call(row["run"], attempt_run, (job, worlds, row), job.limits)
    if not isinstance(ending, Lost):
        return ending
    if ending.where is None:
        return Ending(Status.KILLED, "while it ran", DIED.format(how=ending.how))
    seconds = job.limits.seconds
    return Ending(Status.TIMED_OUT, "while it ran", HUNG.format(seconds=seconds, where=ending.where), seconds)
