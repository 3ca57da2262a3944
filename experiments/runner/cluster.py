"""Worker processes: some of this machine that live as long as a context, or those of a running dask scheduler."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from multiprocessing import resource_tracker
from typing import TYPE_CHECKING

from ...scenarios.errors import BadInput

if TYPE_CHECKING:
    from distributed import Client, LocalCluster

CLUSTER_SETTINGS = {
    "distributed.admin.large-graph-warning-threshold": "1GB",
    "distributed.admin.system-monitor.interval": "5s",
    "distributed.scheduler.allowed-failures": 0,
    "distributed.worker.memory.monitor-interval": "2s",
    "distributed.worker.profile.enabled": False,
}
"""Workers compute and watch nothing else: sampled a hundred times a second, two of them did the work of 1.6."""
CRITICAL = 50
"""Level below which the cluster logs nothing: who asked says what died."""
STARTS_MAX = 5
"""How often processes are started, if one dies before it has begun."""
PORT_MAX = 65535
PATIENCE_SECONDS = 60
"""How long a scheduler, and its first worker, are waited for."""


class NoCluster(BadInput):
    """Nobody works at that address."""


class _Kept:
    """Processes that stay from one piece of work to the next, by how many they are."""

    def __init__(self) -> None:
        self._there: dict[int, tuple[ExitStack, Client]] = {}

    def client(self, count: int) -> Client:
        """So many processes: those that are there, or new ones."""
        if count not in self._there:
            stack = ExitStack()
            self._there[count] = stack, stack.enter_context(_new_processes(count))
        return self._there[count][1]

    def end(self, *counts: int) -> None:
        """End those of so many; all, if nothing is said."""
        for count in counts or tuple(self._there):
            self._there.pop(count)[0].close()


_kept: list[_Kept] = []


@contextmanager
def kept_processes() -> Iterator[None]:
    """Within, processes stay for the next piece of work that wants as many: they have loaded what it needs."""
    if _kept:
        yield
        return
    kept = _Kept()
    _kept.append(kept)
    try:
        yield
    finally:
        _kept.clear()
        kept.end()


@contextmanager
def worker_processes(count: int) -> Iterator[Client]:
    """A client of `count` processes. They end with the context, if they are not kept or it ends by an exception."""
    if not _kept:
        with _new_processes(count) as client:
            yield client
        return
    kept = _kept[-1]
    client = kept.client(count)
    try:
        yield client
    except BaseException:
        kept.end(count)
        raise


@contextmanager
def _new_processes(count: int) -> Iterator[Client]:
    """A client of `count` new processes, which end with the context."""
    import dask
    from distributed import Client

    dask.config.set(CLUSTER_SETTINGS)
    with ExitStack() as stack:
        with _interrupted_later():
            cluster = stack.enter_context(_started(count))
        yield stack.enter_context(Client(cluster))


def _started(count: int) -> LocalCluster:
    """So many processes; tried again if one dies before it has begun.

    Raises: RuntimeError if one always does.
    """
    from distributed import LocalCluster

    for attempt in range(1, STARTS_MAX + 1):
        try:
            return LocalCluster(
                n_workers=count,
                threads_per_worker=1,
                processes=True,
                dashboard_address="127.0.0.1:0",
                memory_limit=0,
                silence_logs=CRITICAL,
            )
        except RuntimeError:
            if attempt == STARTS_MAX:
                raise
    raise AssertionError("the last start is returned or raised")


def replace_lost(client: Client, count: int) -> None:
    """Start processes in place of those of this machine that have left for good.

    One that dies is started anew by who watches it; one that closes, or does not come back within fifteen seconds, as
    on a busy machine, is forgotten.
    """
    if client.cluster is not None and len(client.cluster.workers) < count:
        client.cluster.scale(count)


@contextmanager
def workers_at(address: str) -> Iterator[Client]:
    """A client of a running scheduler with at least one worker; nothing there ends with the context.

    Raises: NoCluster.
    """
    import dask
    from distributed import Client

    dask.config.set({"distributed.admin.large-graph-warning-threshold": "1GB"})
    try:
        _refuse_port(address)
        client = Client(address, timeout=PATIENCE_SECONDS)
    except (OSError, ValueError, TimeoutError) as fault:
        said = str(fault) or type(fault).__name__
        raise NoCluster(f"--cluster: came {address!r}: {said}; allowed: the address of a dask scheduler") from None
    with client:
        try:
            client.wait_for_workers(1, timeout=PATIENCE_SECONDS)
        except TimeoutError:
            raise NoCluster(f"--cluster: no worker has come to {address} in {PATIENCE_SECONDS} s") from None
        yield client


def _refuse_port(address: str) -> None:
    """Raises: ValueError if an address ends in a number that no port has: it would be waited for in vain."""
    port = address.rpartition(":")[2]
    if port.isdecimal() and not 0 < int(port) <= PORT_MAX:
        raise ValueError(f"no port has the number {port}")


@contextmanager
def _interrupted_later() -> Iterator[None]:
    """Ctrl-C waits until the end; processes started within, and in their place, are deaf to it.

    A terminal sends it to all processes, and the driver alone ends the work.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    resource_tracker.ensure_running()  # its own start would unblock what is blocked below
    came: list[int] = []
    handlers = {sign: signal.getsignal(sign) for sign in (signal.SIGINT, signal.SIGTERM)}
    before = {sign: handler for sign, handler in handlers.items() if callable(handler)}
    for sign in before:
        signal.signal(sign, lambda number, frame: came.append(number))
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})  # which new processes inherit
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        for sign, handler in before.items():
            signal.signal(sign, handler)
        for number in came[:1]:
            before[signal.Signals(number)](number, None)
