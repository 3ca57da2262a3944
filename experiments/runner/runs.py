"""Many runs on all cores: a function of plain arguments, mapped over cases by dask's worker processes.

Results come back in the order of the cases, whatever order they finish in; a case that raises, whose process dies or
that hangs is a `FailedRun` in its place and costs no other run anything.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from typing import Any

from ..validation import planted_faults
from .cases import Case, FailedRun, Tell, attempt, quiet
from .limits import SECONDS_MAX, RunLimits
from .processes import finish_in_processes

__all__ = ["Case", "FailedRun", "Tell", "map_runs", "quiet"]


def map_runs(
    function: Callable[..., Any],
    cases: Sequence[Case],
    *,
    workers: int | None = None,
    tell: Tell = quiet,
    seconds_max: float = SECONDS_MAX,
) -> list[Any]:
    """`[function(**case) for case in cases]` on `workers` processes (default: one a core).

    1 worker, or a single case, is this process itself: what kills it takes the rest along, and nothing ends a run that
    hangs. `function` must be importable (a module's own function), its arguments and result plain data.
    `tell(done, of)` is called after each case. A fault that validation has planted here is planted there as well.
    """
    results: list[Any] = [None] * len(cases)
    if workers == 1 or len(cases) <= 1:
        finished = _here(function, cases)
    else:
        count = min(workers or os.cpu_count() or 1, len(cases))
        finished = finish_in_processes(function, cases, count=count, limits=RunLimits(seconds_max))
    with closing(finished):
        for done, (index, result) in enumerate(finished, 1):
            results[index] = result
            tell(done, len(cases))
    return results


def _here(function: Callable[..., Any], cases: Sequence[Case]) -> Generator[tuple[int, Any], None, None]:
    for index, case in enumerate(cases):
        yield index, attempt(function, case, planted_faults.in_force())
