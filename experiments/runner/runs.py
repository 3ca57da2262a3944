"""Many runs on all cores: a function of plain arguments, mapped over cases by dask's worker processes.

Results come back in the order of the cases, whatever order they finish in; a case that raises is a `FailedRun` in its
place and costs no other run anything.
"""

from __future__ import annotations

import os
import signal
import threading
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from ..validation import planted_faults

Case = Mapping[str, Any]
Tell = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class FailedRun:
    """A case that raised: the case, the exception's type and text, and where."""

    case: Case
    error: str
    where: str


def quiet(done: int, of: int) -> None:
    """Tell nobody."""


def map_runs(
    function: Callable[..., Any], cases: Sequence[Case], *, workers: int | None = None, tell: Tell = quiet
) -> list[Any]:
    """`[function(**case) for case in cases]` on `workers` processes (default: one a core; 1: in this process).

    `function` must be importable (a module's own function), its arguments and result plain data. `tell(done, of)` is
    called after each case. A fault that validation has planted here is planted there as well.
    """
    count = min(workers or os.cpu_count() or 1, max(1, len(cases)))
    results: list[Any] = [None] * len(cases)
    runner = _here if count == 1 else _in_processes
    with runner(count) as finish:
        for done, (index, result) in enumerate(finish(function, cases), 1):
            results[index] = result
            tell(done, len(cases))
    return results


def _attempt(function: Callable[..., Any], case: Case, planted: str | None) -> Any:
    try:
        with planted_faults.planting(planted):
            return function(**case)
    except Exception as fault:
        last = traceback.extract_tb(fault.__traceback__)[-1]
        return FailedRun(case, f"{type(fault).__name__}: {fault}", f"{last.name}, line {last.lineno}")


Finish = Callable[[Callable[..., Any], Sequence[Case]], Iterator[tuple[int, Any]]]


@contextmanager
def _here(count: int) -> Iterator[Finish]:
    def finish(function: Callable[..., Any], cases: Sequence[Case]) -> Iterator[tuple[int, Any]]:
        for index, case in enumerate(cases):
            yield index, _attempt(function, case, planted_faults.in_force())

    yield finish


CLUSTER_SETTINGS = {
    "distributed.admin.large-graph-warning-threshold": "1GB",
    "distributed.admin.system-monitor.interval": "5s",
    "distributed.worker.memory.monitor-interval": "2s",
    "distributed.worker.profile.enabled": False,
}
"""Workers compute and watch nothing else: sampled a hundred times a second, two of them did the work of 1.6."""


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


@contextmanager
def _in_processes(count: int) -> Iterator[Finish]:
    import dask
    from distributed import Client, LocalCluster, as_completed

    dask.config.set(CLUSTER_SETTINGS)
    with _deaf_to_interrupts():
        cluster = LocalCluster(
            n_workers=count, threads_per_worker=1, processes=True, dashboard_address="127.0.0.1:0", silence_logs=40
        )
    with cluster, Client(cluster) as client:

        def finish(function: Callable[..., Any], cases: Sequence[Case]) -> Iterator[tuple[int, Any]]:
            planted = planted_faults.in_force()
            futures = {
                client.submit(_attempt, function, dict(case), planted, pure=False): index
                for index, case in enumerate(cases)
            }
            for future, result in as_completed(futures, with_results=True):
                yield futures[future], result

        yield finish
