"""What one run may take: a time after which its process ends, and memory beyond which it is refused more."""

from __future__ import annotations

import faulthandler
import os
import re
import resource
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SECONDS_MAX = 3600.0
"""A run that has not ended by then hangs, unless somebody knows better."""
SHARE_OF_MEMORY = 0.8
"""Of a machine's memory, what its runs may take together, unless somebody knows better."""
MEGABYTE = 10**6
_under_way: list[float] = []
"""Limits in seconds of what is bounded at the moment in this process."""


@dataclass(frozen=True, slots=True)
class RunLimits:
    """What a run may take; memory above what its process has when it begins (None: a core's share of the machine)."""

    seconds: float = SECONDS_MAX
    memory_mb: float | None = None


def bounded(function: Callable[..., Any], arguments: Sequence[Any], limits: RunLimits, trace: Path) -> Any:
    """`function(*arguments)`, which ends with its process when it takes too long, and leaves in `trace` where it was.

    Beyond the memory it is refused more, and raises MemoryError. What counts is writable memory asked for; the kernel
    counts it on Linux, elsewhere nobody does.
    """
    with open(trace, "w", encoding="utf-8") as file:
        faulthandler.dump_traceback_later(limits.seconds, exit=True, file=file)
        _under_way.append(limits.seconds)
        try:
            with _memory_of(limits.memory_mb or _share_of_a_core()):
                return function(*arguments)
        finally:
            _under_way.pop()
            faulthandler.cancel_dump_traceback_later()


def is_bounded() -> bool:
    """Whether something is bounded in this process now."""
    return bool(_under_way)


@contextmanager
def _memory_of(megabytes: float) -> Iterator[None]:
    """No more than that on top of what the process has."""
    before = resource.getrlimit(resource.RLIMIT_DATA)
    most = _data_bytes() + int(megabytes * MEGABYTE)
    if before[1] != resource.RLIM_INFINITY:
        most = min(most, before[1])
    resource.setrlimit(resource.RLIMIT_DATA, (most, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, before)


def _data_bytes() -> int:
    """Writable memory that this process has asked for."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[5])
    except (OSError, IndexError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


def _share_of_a_core() -> float:
    """Megabytes that are one run's share of this machine."""
    whole = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return SHARE_OF_MEMORY * whole / MEGABYTE / (os.cpu_count() or 1)


def where_it_hung(trace: Path) -> str | None:
    """The innermost line of the thread that was bounded; None if nothing was written: it did not hang."""
    text = trace.read_text(encoding="utf-8", errors="replace") if trace.exists() else ""
    if not text:
        return None
    for thread in text.split("\n\n"):
        lines = re.findall(r"line (\d+) in (\S+)", thread)
        if any(name == bounded.__name__ for _, name in lines):
            number, name = lines[0]
            return f"{name}, line {number}"
    return "-"
