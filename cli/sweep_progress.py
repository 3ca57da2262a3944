"""How a sweep tells how far it is: its size and the expected time first, then runs, failures, rate and time left."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn
from rich.text import Text

from ..report.wording import how_many
from .progress import PROGRESS_SECONDS

if TYPE_CHECKING:
    from ..experiments.sweeps.status import Progress as HowFar

MINUTE, HOUR, DAY = 60, 3600, 86400


@contextmanager
def sweep_progress(errors: Console) -> Iterator[Any]:
    """What is told how far a sweep is: a bar at a terminal, else a line every ten seconds and one for each round."""
    if not errors.is_terminal:
        yield _Lines(errors)
        return
    columns = (TextColumn("{task.fields[done]}"), BarColumn(), TextColumn("{task.fields[rest]}"))
    with Progress(*columns, console=errors, transient=True) as bar:
        task = bar.add_task("sweep", total=None, done="", rest="")
        first = [True]

        def tell(now: HowFar) -> None:
            if first[0] and now.seconds_left is not None:
                bar.console.print(Text(expectation(now)))
            first[0] = False
            told = f"{now.done:,} of {how_many(now.runs, 'run')}"
            bar.update(task, completed=now.done, total=now.runs, done=told, rest=rest_of(now))

        yield tell


class _Lines:
    """Plain lines, for whoever is no terminal."""

    def __init__(self, errors: Console) -> None:
        self._errors, self._last, self._round = errors, 0.0, -1

    def __call__(self, now: HowFar) -> None:
        """Say how far it is, unless that was said just now."""
        if self._round < 0:
            self._errors.print(Text(expectation(now)))
            self._last = time.monotonic()
        elif now.round != self._round or time.monotonic() - self._last >= PROGRESS_SECONDS:
            self._errors.print(Text(f"{now.done:,} of {how_many(now.runs, 'run')}, {rest_of(now)}"), soft_wrap=True)
            self._last = time.monotonic()
        self._round = now.round


def expectation(now: HowFar) -> str:
    """What is to be done, and how long it will take."""
    workers, runs = how_many(now.workers, "worker"), how_many(now.runs, "run")
    done = f", {now.done} of them done" if now.done else ""
    if now.seconds_left is None or now.seconds_per_run is None:
        return f"{runs}{done}, on {workers}"
    a_run = f"{1e3 * now.seconds_per_run:.0f} ms" if now.seconds_per_run < 1 else duration(now.seconds_per_run)
    return f"{runs}{done}, on {workers}: about {duration(now.seconds_left)}, {a_run} a run"


def rest_of(now: HowFar) -> str:
    """Failures, rate and time left."""
    told = [f"{now.failed} failed"] if now.failed else []
    if now.rate_per_second is not None:
        rate = now.rate_per_second
        told.append(f"{rate:.1f} a second" if rate >= 1 else f"{MINUTE * rate:.1f} a minute")
    if now.seconds_left is not None:
        told.append(f"{duration(now.seconds_left)} left")
    return ", ".join(told)


def duration(seconds: float) -> str:
    """A time in words, two units at most."""
    if seconds < MINUTE:
        return f"{seconds:.0f} s"
    if seconds < HOUR:
        return f"{seconds / MINUTE:.0f} min"
    if seconds < 2 * DAY:
        return f"{seconds // HOUR:.0f} h {seconds % HOUR / MINUTE:.0f} min"
    return f"{seconds / DAY:.1f} days"
