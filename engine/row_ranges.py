"""Many hands for one crowd: the rows in fixed chunks, shared out among threads, with the same result for any number.

Kernels let go of Python's lock, write their own rows only and return whole numbers, whose sums do not depend on who
added them first. The number of threads is read from the environment, not from the scenario: it cannot change a run.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import TypeVar

from .environment import VariableRefused

T = TypeVar("T")

THREADS_VARIABLE = "CAROUSEL_THREADS"
THREADS_MAX = 64
CHUNK = 65_536
"""Rows per chunk: the unit that is handed to a thread, 64 blocks of a kernel."""


class ThreadsError(VariableRefused):
    """A number of threads that cannot be had."""

    def __init__(self, came: str) -> None:
        super().__init__(THREADS_VARIABLE, came, f"a whole number from 1 to {THREADS_MAX}")


def threads_wanted() -> int:
    """Threads for the crowd's kernels as the environment says; 1 if it says nothing.  Raises: ThreadsError."""
    came = os.environ.get(THREADS_VARIABLE, "").strip() or "1"
    threads = int(came) if came.isascii() and came.isdigit() and len(came) <= 3 else 0
    if not 1 <= threads <= THREADS_MAX:
        raise ThreadsError(came)
    return threads


def chunks_of(n: int, chunk: int) -> int:
    """Number of chunks of so many rows that hold n rows."""
    return -(-n // chunk)


def on_threads(work: Callable[[int, int], T], chunks: int, threads: int) -> list[T]:
    """The results of work(first_chunk, last_chunk) over consecutive parts of the chunks, one part per thread.

    The last one is exclusive; results come in the order of the rows. The first exception of a part is raised.
    """
    parts = min(threads, chunks)
    if parts <= 1:
        return [work(0, chunks)]
    edges = [chunks * part // parts for part in range(parts + 1)]
    return list(_pool(threads, os.getpid()).map(work, edges[:-1], edges[1:]))


@lru_cache(maxsize=1)
def _pool(threads: int, process: int) -> ThreadPoolExecutor:
    """The waiting threads. They belong to one process: a forked one makes its own."""
    return ThreadPoolExecutor(threads, thread_name_prefix=f"households-{process}")
