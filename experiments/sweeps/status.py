"""How far a sweep is, for whoever looks: `status.json` in its folder, replaced as a whole; how each run has ended."""

from __future__ import annotations

import time
from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """How a run ended."""

    OK = "ok"
    FAILED = "failed"
    KILLED = "killed"
    TIMED_OUT = "timed-out"
    OUT_OF_MEMORY = "out-of-memory"


class State(StrEnum):
    """What becomes of a sweep; `running` in a folder that nobody holds says that its driver was killed."""

    RUNNING = "running"
    DONE = "done"
    INTERRUPTED = "interrupted"
    STOPPED = "stopped"
    """By itself: its first failures were all alike."""
    FAILED = "failed"
    """By no run's fault, as of a full disk."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a sweep is at a moment."""

    state: State
    runs: int
    """Runs of all rounds so far."""
    done: int
    failed: int
    """Of those done."""
    round: int
    workers: int
    rate_per_second: float | None
    """Runs done a second since this start."""
    seconds_left: float | None
    """Of the runs that are known of; later rounds may add some."""
    seconds_per_run: float | None
    """Time of one run on one worker."""
    process: int
    """Number of the driver's process."""
    updated: float
    """Seconds since 1970."""
    why: str | None = None
    """What ended it, if it was stopped or failed."""


class Meter:
    """Counts what is done since this start, and tells the rate and the time left."""

    def __init__(self, runs: int) -> None:
        self.runs, self.done, self.failed = runs, 0, 0
        self._taken = 0
        self._began = time.monotonic()

    def knows(self, runs: int, done: int, failed: int) -> None:
        """So many runs are known of, so many are done, and of these so many have failed."""
        self.runs, self.done, self.failed = runs, done, failed
        if not self._taken:
            self._began = time.monotonic()

    def take(self, runs: int, failed: int) -> None:
        """So many more runs are done."""
        self.done += runs
        self.failed += failed
        self._taken += runs

    def rate_per_second(self) -> float | None:
        """Runs done a second since this start; None before the first."""
        return self._taken / max(1e-9, time.monotonic() - self._began) if self._taken else None

    def seconds_left(self, expected: float | None, before: float = 0.0) -> float | None:
        """Until the runs known of are done: at the rate so far, or at first the time `expected` for one of them, and
        what is left of the time `before` the first of them, in which workers start and warm up."""
        left = self.runs - self.done
        rate = self.rate_per_second()
        if rate is not None:
            return left / rate
        if expected is None:
            return None
        return left * expected + (max(0.0, before - (time.monotonic() - self._began)) if left else 0.0)
