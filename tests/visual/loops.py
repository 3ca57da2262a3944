"""Whatever runs a loop of its own, in tests that may stand beside others that drive a browser."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


def apart(work: Callable[[], T]) -> T:
    """What it returns, run in a thread of its own: whoever drives a browser keeps a loop running in this one."""
    with ThreadPoolExecutor(1) as one:
        return one.submit(work).result()
