"""Who does the chunks of a sweep: workers that are started when they are first needed, come and go, and may die."""

from __future__ import annotations

import os
from collections import Counter, deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from statistics import fmean
from typing import TYPE_CHECKING

from ..runner.cluster import NoCluster, replace_lost, worker_processes, workers_at
from ..runner.window import Back, Window
from .job import Job, Row
from .parts import write_part
from .preflight import Stranger
from .worker import Done, do_chunk, give_up, refuse_stranger, time_runs

if TYPE_CHECKING:
    from distributed import Client

DEATHS_MAX = 20
"""A chunk whose worker has died that often is given up."""
WORKERS_PER_CORE = 16
"""More processes than that would take a machine's memory and bring nothing."""
SECONDS = 1.0
"""How long is waited for a chunk before somebody may say how far it is."""
GIVEN_UP = "its worker died {times} times, and which run is to blame is not known"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hands:
    """Who works: so many processes of this machine (None: one a core), or the workers of a running dask scheduler."""

    workers: int | None = None
    cluster: str | None = None
    gather: bool = False
    """The scheduler's workers share no folder with the driver: parts travel."""

    def __post_init__(self) -> None:
        """Raises: NoCluster if what is said of a cluster is said of this machine, or the other way round."""
        if self.cluster is not None and not self.cluster.strip():
            raise NoCluster("--cluster: came nothing; allowed: the address of a dask scheduler")
        if self.gather and self.cluster is None:
            raise NoCluster("--gather: came without --cluster; allowed: with the address of a dask scheduler")
        if self.workers is not None and self.workers > (most := WORKERS_PER_CORE * (os.cpu_count() or 1)):
            raise NoCluster(
                f"--workers: came {self.workers:,}; allowed: at most {most}, {WORKERS_PER_CORE} for each core here"
            )
        if self.workers is not None and self.cluster is not None:
            raise NoCluster(
                f"--workers: came {self.workers} with --cluster, whose workers are there; allowed: one of the two"
            )


class Crew:
    """The workers of one start of a sweep."""

    def __init__(self, stack: ExitStack, job: Job, hands: Hands, folder: Path) -> None:
        """`stack` ends what is started here."""
        self._stack, self._job, self._hands, self._folder = stack, job, hands, folder
        self._shared = None if hands.gather else str(folder)
        self._strangers: dict[str, Stranger] = {}
        self._deaths: Counter[int] = Counter()

    @property
    def size(self) -> int:
        """How many workers there are, or will be."""
        if self._hands.cluster is None:
            return self._hands.workers or os.cpu_count() or 1
        return max(1, len(self._fit()))

    def seconds_per_run(self, rows: Sequence[Row]) -> float | None:
        """How long one of these runs takes while all workers are busy with them; None if none comes to an end."""
        window, waiting = Window(self._client), list(range(self.size))
        took: list[float] = []
        while waiting or len(window):
            while waiting:
                window.start(waiting.pop(), time_runs, (self._job, rows, self._shared), self._only_fit())
            if (back := self._next(window)) is None:
                continue
            if isinstance(back.error, Stranger):
                self._refuse(back.error)
                waiting.append(back.number)
            elif back.error is not None and not back.has_died:
                raise back.error
            elif back.result is not None:
                took.append(back.result)
        return fmean(took) if took else None

    def do(self, chunks: Mapping[int, Sequence[Row]]) -> Iterator[Done | None]:
        """Every chunk as it is done, and None whenever nothing has been for a second.

        Raises: NoCluster if every worker differs from the driver; what a worker raises that is no run's fault.
        """
        if not chunks:
            return
        window, waiting = Window(self._client), deque(chunks)
        self._stack.callback(window.drop)  # who is interrupted leaves this before it ends
        try:
            while waiting or len(window):
                while waiting and len(window) < 2 * self.size:
                    self._start(window, waiting.popleft(), chunks)
                back = self._next(window)
                done = None if back is None else self._done(back, chunks)
                if back is not None and done is None:
                    waiting.appendleft(back.number)
                yield done
        finally:
            window.drop()

    @cached_property
    def _client(self) -> Client:
        """The workers, of which those that differ are refused before they do anything."""
        address, count = self._hands.cluster, self._hands.workers or os.cpu_count() or 1
        client = self._stack.enter_context(workers_at(address) if address else worker_processes(count))
        self.__dict__["_client"] = client
        found = client.run(refuse_stranger, self._job, self._shared, on_error="return")
        for worker, fault in found.items():
            if fault is not None and not isinstance(
                fault, OSError
            ):  # who cannot be reached has died: another will come
                self._refuse(fault if isinstance(fault, Stranger) else Stranger(worker, (f"it fails: {fault}",)))
        return client

    def _next(self, window: Window) -> Back | None:
        """What is over next; None if nothing is within a second, and then workers that are missing are replaced."""
        back = window.next(SECONDS)
        if back is None:
            replace_lost(self._client, self.size)
        return back

    def _start(self, window: Window, chunk: int, chunks: Mapping[int, Sequence[Row]]) -> None:
        each_alone = self._shared is None and self._deaths[chunk] > 0
        window.start(chunk, do_chunk, (self._job, chunk, chunks[chunk], self._shared, each_alone), self._only_fit())

    def _done(self, back: Back, chunks: Mapping[int, Sequence[Row]]) -> Done | None:
        """What came back, written if it travelled; None if the chunk must be done again."""
        if isinstance(back.error, Stranger):
            self._refuse(back.error)
            return None
        if back.has_died:
            self._deaths[back.number] += 1
            if self._deaths[back.number] < DEATHS_MAX:
                return None
            why = GIVEN_UP.format(times=DEATHS_MAX)
            return self._written(give_up(self._job, back.number, chunks[back.number], why))
        if back.error is not None:
            raise back.error
        done: Done = back.result
        return self._written(done)

    def _written(self, done: Done) -> Done:
        for kind, table in done.parts:
            write_part(self._folder, kind, done.chunk, table)
        return done

    def _refuse(self, stranger: Stranger) -> None:
        """Give that worker nothing more.  Raises: NoCluster if none is left."""
        self._strangers[stranger.worker] = stranger
        if self._client.nthreads() and not self._fit():
            raise NoCluster(f"no worker can work on this sweep: {stranger}")

    def _fit(self) -> list[str]:
        """Addresses of the workers that are there and not refused."""
        return [worker for worker in self._client.nthreads() if worker not in self._strangers]

    def _only_fit(self) -> list[str] | None:
        """Those alone who may work; None: whoever is there, or comes."""
        return (self._fit() or None) if self._strangers else None
