"""Cases on worker processes that may die: out of memory, killed, or hanging, each costs its own run and no other.

No more cases are under way than there are workers. When a process dies, whatever it held is suspected, and each suspect
runs once more with no other case under way: who dies then has died of itself.
"""

from __future__ import annotations

import faulthandler
import re
import signal
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..validation import planted_faults
from .cases import Case, FailedRun, attempt

if TYPE_CHECKING:
    from distributed import Client, Future

SECONDS_MAX = 3600.0
"""A run that has not ended by then hangs: its process is ended."""
CLUSTER_SETTINGS = {
    "distributed.admin.large-graph-warning-threshold": "1GB",
    "distributed.admin.system-monitor.interval": "5s",
    "distributed.scheduler.allowed-failures": 0,
    "distributed.worker.memory.monitor-interval": "2s",
    "distributed.worker.profile.enabled": False,
}
"""Workers compute and watch nothing else: sampled a hundred times a second, two of them did the work of 1.6."""
CRITICAL = 50
"""Level below which the cluster logs nothing: a FailedRun says what died."""
DIED = "its process died, and died again when it ran alone: out of memory, or killed"


@dataclass(frozen=True, slots=True)
class Work:
    """What is to be done: a function, its cases, how long one may take, and where a hanging one leaves its traces."""

    function: Callable[..., Any]
    cases: Sequence[Case]
    seconds_max: float
    traces: Path

    def trace_of(self, index: int) -> Path:
        """The file into which a case's process writes where it hung."""
        return self.traces / f"{index}.txt"

    def hung(self, index: int) -> FailedRun | None:
        """The failure of a case that took too long; None if it did not."""
        trace = self.trace_of(index)
        text = trace.read_text(encoding="utf-8", errors="replace") if trace.exists() else ""
        if not text:
            return None
        return FailedRun(self.cases[index], f"no result within {self.seconds_max:g} s: ended", where_it_hung(text))


@contextmanager
def worker_processes(count: int) -> Iterator[Client]:
    """A client of `count` new processes, which end with the context."""
    import dask
    from distributed import Client, LocalCluster

    dask.config.set(CLUSTER_SETTINGS)
    with _deaf_to_interrupts():
        cluster = LocalCluster(
            n_workers=count,
            threads_per_worker=1,
            processes=True,
            dashboard_address="127.0.0.1:0",
            silence_logs=CRITICAL,
        )
    with cluster, Client(cluster) as client:
        yield client


def finish_in_processes(
    function: Callable[..., Any], cases: Sequence[Case], *, count: int, seconds_max: float = SECONDS_MAX
) -> Iterator[tuple[int, Any]]:
    """(index, result) of every case, as they end, on `count` processes."""
    with worker_processes(count) as client, tempfile.TemporaryDirectory(prefix="carousel-runs-") as traces:
        work = Work(function, cases, seconds_max, Path(traces))
        suspects: list[int] = []
        for index, result, has_died in _results(client, work, range(len(cases)), at_once=count):
            if not has_died:
                yield index, result
            elif hung := work.hung(index):
                yield index, hung
            else:
                suspects.append(index)
        for index, result, has_died in _results(client, work, suspects, at_once=1):
            yield index, (work.hung(index) or FailedRun(cases[index], DIED, "-")) if has_died else result


def _results(client: Client, work: Work, indices: Iterable[int], *, at_once: int) -> Iterator[tuple[int, Any, bool]]:
    """(index, result, whether its process died) of the cases of these numbers, `at_once` of them under way."""
    from distributed import as_completed

    planted = planted_faults.in_force()
    waiting = iter(indices)
    under_way: dict[Future, int] = {}

    def start() -> Future | None:
        index = next(waiting, None)
        if index is None:
            return None
        case, trace = dict(work.cases[index]), str(work.trace_of(index))
        future = client.submit(_watched, work.function, case, planted, work.seconds_max, trace, pure=False)
        under_way[future] = index
        return future

    ending = as_completed([f for f in (start() for _ in range(at_once)) if f], with_results=True, raise_errors=False)
    for future, result in ending:
        index = under_way.pop(future)
        if follower := start():
            ending.add(follower)
        if (error := future.exception()) is not None:
            yield index, *_without_result(work.cases[index], error)
        else:
            yield index, result, False


def _without_result(case: Case, error: BaseException) -> tuple[FailedRun, bool]:
    """What stands for a case whose process sent no result, and whether that is because it died."""
    from distributed import KilledWorker

    return FailedRun(case, f"{type(error).__name__}: {error}", "-"), isinstance(error, KilledWorker)


def _watched(function: Callable[..., Any], case: Case, planted: str | None, seconds_max: float, trace: str) -> Any:
    """An attempt whose process ends when it takes too long, whatever it hangs in, and says where."""
    with open(trace, "w", encoding="utf-8") as file:
        faulthandler.dump_traceback_later(seconds_max, exit=True, file=file)
        try:
            return attempt(function, case, planted)
        finally:
            faulthandler.cancel_dump_traceback_later()


def where_it_hung(trace: str) -> str:
    """The innermost Python line of the thread that ran the case, from what faulthandler wrote."""
    for thread in trace.split("\n\n"):
        lines = re.findall(r"line (\d+) in (\S+)", thread)
        if any(name == attempt.__name__ for _, name in lines):
            number, name = lines[0]
            return f"{name}, line {number}"
    return "-"


@contextmanager
def _deaf_to_interrupts() -> Iterator[None]:
    """Processes started within ignore Ctrl-C, which a terminal sends to all of them: the driver alone ends the work."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
