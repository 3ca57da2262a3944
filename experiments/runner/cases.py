"""One run of many: its arguments, what becomes of it when it fails, and how progress is told."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ...scenarios.errors import one_line
from ..validation import planted_faults

Case = Mapping[str, Any]
Tell = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class FailedRun:
    """A case that came to nothing: the case, in one line the error (or how its process ended), and where."""

    case: Case
    error: str
    where: str


def quiet(done: int, of: int) -> None:
    """Tell nobody."""


def attempt(function: Callable[..., Any], case: Case, planted: str | None) -> Any:
    """`function(**case)` with that fault planted, if any; whatever it raises becomes a FailedRun.

    An interruption by the user passes through.
    """
    try:
        with planted_faults.planting(planted):
            return function(**case)
    except (Exception, SystemExit) as fault:
        last = traceback.extract_tb(fault.__traceback__)[-1]
        said = one_line(" ".join(str(fault).split()))
        return FailedRun(case, f"{type(fault).__name__}: {said}", f"{last.name}, line {last.lineno}")
