"""Who leads a sweep: rounds of runs in chunks, handed to workers, until the design asks for no more.

Nothing is known but by the folder. A chunk is done when its part of runs is there; whatever is killed at any moment,
the same call again does what is missing, and no more.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from ..runner.cluster import NoCluster
from .begin import Start, begin_or_resume
from .chunks import chunk_sizes
from .crew import Crew, Hands
from .design_table import next_round
from .failures import AlikeFailures
from .folder import FolderRefused, SweepFolder
from .job import Measure, Row
from .parts import PartKind, part_path
from .rounds import in_chunks, plain_design, plain_row, rows_by_chunk
from .run_world import run_world
from .status import Meter, Progress, State, Status
from .store import read_runs
from .sweep import Sweep
from .sweep_parts import CHUNK

if TYPE_CHECKING:
    import pandas as pd

Tell = Callable[[Progress], None]
SAYS_EVERY_SECONDS = 1.0
"""How often the folder says how far it is."""


def quiet(progress: Progress) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True)
class SweepResult:
    """What became of a sweep: its folder, how far it came, and of one that was stopped the failure that recurred."""

    folder: Path
    progress: Progress
    why: str | None = None


def run_sweep(
    sweep: Sweep,
    folder: Path | str,
    *,
    hands: Hands | None = None,
    tell: Tell = quiet,
    retry_failed: bool = False,
    measure: Measure = run_world,
) -> SweepResult:
    """Run a sweep into a folder, or what is missing of it; with `retry_failed` chunks with a failed run are done again.

    Raises: BadInput if the folder holds another sweep or another driver has it, or if no worker can work; OSError if
    the folder cannot be written; KeyboardInterrupt, which leaves a folder that can be resumed.
    """
    with SweepFolder(folder) as held:
        is_new = not held.is_begun
        start = begin_or_resume(held, sweep, measure)
        stack = ExitStack()
        leader = _Leader(held, start, Crew(stack, start.job, hands or Hands(), held.path), tell)
        try:
            with stack:
                return leader.lead(retry_failed)
        except KeyboardInterrupt:
            leader.end(State.INTERRUPTED)
            raise
        except NoCluster:
            if is_new:
                held.forget()
            raise
        except Exception as fault:
            leader.end(State.FAILED, " ".join(f"{type(fault).__name__}: {fault}".split()))
            raise


class _Leader:
    """One start of a sweep."""

    def __init__(self, held: SweepFolder, start: Start, crew: Crew, tell: Tell) -> None:
        self._held, self._start, self._crew, self._tell = held, start, crew, tell
        self._sweep = start.job.sweep
        self._seconds_per_run = start.seconds_per_run
        self._is_warm = False
        self._meter = Meter(len(start.rows))
        self._alike = AlikeFailures(self._sweep.limits.same_failures_max)
        self._round, self._said = 0, 0.0
        self._last: Progress | None = None

    def lead(self, retry_failed: bool) -> SweepResult:
        """Do round after round, until there is none or the sweep had better be stopped."""
        design = self._held.design()
        if design is None:
            design = self._kept(None, self._start.rows)
        again = self._chunks_with_failures(design) if retry_failed else set()
        self._refuse_foreign_parts(design)
        while True:
            waiting = rows_by_chunk(design, self._held.done_chunks() - again)
            self._round = int(design["round"].max())
            self._meter.knows(len(design), len(design) - sum(map(len, waiting.values())), self._failed(again, design))
            self.say(State.RUNNING)
            if self._is_bad(waiting):
                return SweepResult(self._held.path, self.say(State.STOPPED, self._alike.example), self._alike.example)
            more = next_round(self._sweep, plain_design(design), read_runs(self._held.path))
            if more is None or not len(more):
                self._held.clear_attempts()
                return SweepResult(self._held.path, self.say(State.DONE))
            design, again = self._kept(design, more), set()

    def end(self, state: State, why: str | None = None) -> None:
        """Say that it ends before it is done, if a start was told and this can still be said; workers have left by
        then, and what they have written counts. One that was interrupted when nothing was left to do is done."""
        if self._last is None:
            return
        with suppress(OSError):
            self._held.clear()
        with suppress(OSError, ValueError):
            if self._count() and state is State.INTERRUPTED:
                self._held.clear_attempts()
                state = State.DONE
        done, failed = self._meter.done, self._meter.failed
        with suppress(OSError):
            self._tells(replace(self._last, state=state, done=done, failed=failed, updated=time.time(), why=why))

    def _count(self) -> bool:
        """Count what is written; whether nothing is left to do.  Raises: OSError, ValueError if it cannot be read."""
        design = self._held.design()
        if design is None:
            return False
        self._meter.knows(
            len(design), int(design[CHUNK].isin(self._held.done_chunks()).sum()), len(self._failed_runs())
        )
        if self._meter.done < len(design):
            return False
        more = next_round(self._sweep, plain_design(design), read_runs(self._held.path))
        return more is None or not len(more)

    def say(self, state: State, why: str | None = None) -> Progress:
        """Tell, and write down, how far it is."""
        seconds = self._seconds_per_run
        return self._tells(
            Progress(
                state=state,
                runs=self._meter.runs,
                done=self._meter.done,
                failed=self._meter.failed,
                round=self._round,
                workers=self._crew.size,
                rate_per_second=self._meter.rate_per_second(),
                seconds_left=self._meter.seconds_left(
                    None if seconds is None else seconds / self._crew.size, self._seconds_before()
                ),
                seconds_per_run=seconds,
                process=os.getpid(),
                updated=time.time(),
                why=why,
            )
        )

    def _tells(self, progress: Progress) -> Progress:
        self._said, self._last = time.monotonic(), progress
        self._held.write_status(progress)
        self._tell(progress)
        return progress

    def _is_bad(self, waiting: Mapping[int, Sequence[Row]]) -> bool:
        """Do these chunks; whether the sweep had better be stopped."""
        for done in self._crew.do(waiting):
            if done is not None:
                self._meter.take(done.runs, len(done.failures))
                if self._alike.take(done.failures):
                    return True
            if time.monotonic() - self._said > SAYS_EVERY_SECONDS:
                self.say(State.RUNNING)
        return False

    def _kept(self, design: pd.DataFrame | None, new: pd.DataFrame) -> pd.DataFrame:
        """The design with new rows, in chunks of their own, as it is kept from now on."""
        workers = self._crew.size
        if self._seconds_per_run is None and len(new) > 2 * workers:
            self._time([plain_row(new.iloc[i].to_dict()) for i in sorted({0, len(new) // 2, len(new) - 1})])
        whole = in_chunks(design, new, chunk_sizes(len(new), self._seconds_per_run, workers))
        self._held.write_design(whole)
        return whole

    def _time(self, rows: Sequence[Row]) -> None:
        """How long these runs take on a worker, and what goes before the first; the folder keeps both."""
        began = time.monotonic()
        self._seconds_per_run = self._crew.seconds_per_run(rows)
        took = time.monotonic() - began
        before = max(0.0, took - len(rows) * (self._seconds_per_run or 0.0))
        found = {"seconds_per_run": self._seconds_per_run, "seconds_before": before}
        self._held.write_manifest(self._start.manifest | found)
        self._is_warm = True

    def _seconds_before(self) -> float:
        """How long workers need before their first run; those that have timed runs are warm."""
        return 0.0 if self._is_warm else self._start.seconds_before

    def _refuse_foreign_parts(self, design: pd.DataFrame) -> None:
        """Raises: FolderRefused if there are runs of chunks that the design has not."""
        if foreign := self._held.done_chunks() - set(design[CHUNK].tolist()):
            part = part_path(Path(), PartKind.RUNS, min(foreign))
            raise FolderRefused(self._held.path, f"holds runs of another sweep ({part})")

    def _failed_runs(self) -> set[int]:
        try:
            runs = read_runs(self._held.path, ["run", "status"])
        except FileNotFoundError:
            return set()
        return set(runs.loc[runs["status"] != Status.OK, "run"].tolist())

    def _chunks_with_failures(self, design: pd.DataFrame) -> set[int]:
        return set(design.loc[design["run"].isin(self._failed_runs()), CHUNK].tolist())

    def _failed(self, again: set[int], design: pd.DataFrame) -> int:
        """Failed runs that are not done again."""
        staying = design.loc[~design[CHUNK].isin(again), "run"]
        return len(self._failed_runs() & set(staying.tolist()))
