"""Runs in chunks of about two seconds: large enough that sending one costs nothing, small enough to lose one."""

from __future__ import annotations

import math

CHUNK_SECONDS = 2.0
LAST_CHUNKS_SECONDS = 0.2
RUNS_MAX = 50
"""Runs of a chunk, however short they are."""


def chunk_sizes(runs: int, seconds_per_run: float | None, workers: int) -> list[int]:
    """How many runs each chunk has, in order, for that many runs.

    Towards the end they get smaller, so that all workers end at about the same time. Without a time per run (None)
    every run is a chunk of its own.
    """
    whole = _runs_in(CHUNK_SECONDS, seconds_per_run)
    least = _runs_in(LAST_CHUNKS_SECONDS, seconds_per_run)
    sizes: list[int] = []
    left = runs
    while left:
        sizes.append(min(left, whole, max(least, math.ceil(left / (2 * workers)))))
        left -= sizes[-1]
    return sizes


def _runs_in(seconds: float, seconds_per_run: float | None) -> int:
    if seconds_per_run is None:
        return 1
    return min(RUNS_MAX, max(1, round(seconds / max(seconds_per_run, 1e-6))))
