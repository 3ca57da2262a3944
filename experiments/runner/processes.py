"""Cases on worker processes that may die: out of memory, killed, or hanging, each costs its own run and no other."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Generator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from ..validation import planted_faults
from .alone import Lost
from .cases import Case, FailedRun, attempt
from .cluster import replace_lost, worker_processes
from .crumbs import Crumbs
from .limits import RunLimits
from .staying import die_rather_than_leave
from .window import Window

DEATHS_MAX = 5
"""A case whose process has died that often is given up, whatever it died of."""
SECONDS = 1.0
"""How long is waited for a case before it is seen whether workers are missing."""
DIED = "its process died, and died again when it ran alone: out of memory, or killed"


def finish_in_processes(
    function: Callable[..., Any], cases: Sequence[Case], *, count: int, limits: RunLimits
) -> Generator[tuple[int, Any], None, None]:
    """(index, result) of every case, as they end, on `count` processes."""
    planted = planted_faults.in_force()
    deaths = [0] * len(cases)
    with tempfile.TemporaryDirectory(prefix="carousel-runs-") as trails, worker_processes(count) as client:
        window, waiting = Window(client), iter(range(len(cases)))

        def start(index: int) -> None:
            window.start(index, _tried, (function, dict(cases[index]), planted, limits, (trails, index)))

        for index in islice(waiting, count):
            start(index)
        while len(window):
            back = window.next(SECONDS)
            if back is None:
                replace_lost(client, count)
                continue
            if back.has_died and deaths[back.number] < DEATHS_MAX:
                deaths[back.number] += 1
                start(back.number)
                continue
            if (follower := next(waiting, None)) is not None:
                start(follower)
            yield back.number, _result(cases[back.number], back.result, back.error, limits)


def _tried(
    function: Callable[..., Any], case: Case, planted: str | None, limits: RunLimits, place: tuple[str, int]
) -> Any:
    """An attempt of a case whose trail lies there; Lost if its process ended without a result."""
    folder, index = place
    die_rather_than_leave()
    with Crumbs(Path(folder), str(index)) as crumbs:
        return crumbs.call(index, attempt, (function, case, planted), limits)


def _result(case: Case, result: Any, error: BaseException | None, limits: RunLimits) -> Any:
    """A case's result, or the failed run that stands for it."""
    if error is not None:
        return FailedRun(case, f"{type(error).__name__}: {error}", "-")
    if isinstance(result, Lost):
        if result.where is not None:
            return FailedRun(case, f"no result within {limits.seconds:g} s: ended", result.where)
        return FailedRun(case, DIED, "-")
    return result
