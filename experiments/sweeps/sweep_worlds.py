"""Whether the worlds of a sweep can be run: its cases, and the ends of its axes, are made once before anything."""

from __future__ import annotations

from collections.abc import Iterator

from .changes import Value, world_of
from .errors import SweepError
from .overruled import check_nothing_overruled
from .sweep import Axis, Case, Sweep

VALUES_MAX = 50
"""Values of one axis that are tried."""


def check_worlds(sweep: Sweep, *, file: str = "sweep") -> None:
    """Make every case, and every axis at its ends, and look whether an axis overrules what a case changes.

    Raises: SweepError for the first world that is none, or the first change that would come to nothing.
    """
    try:
        for case, point in _trials(sweep):
            world_of(sweep, case, point)
        for case in sweep.cases:
            check_nothing_overruled(sweep, case, world_of(sweep, case, {}))
    except SweepError as error:
        raise SweepError(file, error.key_path, error.came, error.allowed, error.nearest) from None


def _trials(sweep: Sweep) -> Iterator[tuple[Case, dict[str, Value]]]:
    """Every case alone, then every axis alone in every different scenario."""
    different: dict[str, Case] = {}
    for case in sweep.cases:
        yield case, {}
        different.setdefault(case.scenario or sweep.scenario, case)
    for name, axis in sweep.vary.items():
        tried = sweep.cases if axis.on else different.values()
        yield from ((case, {name: value}) for case in tried for value in _ends(axis))


def _ends(axis: Axis) -> tuple[Value, ...]:
    """The values at which an axis is tried."""
    given = axis.given or tuple(end for end in (axis.low, axis.high) if end is not None)
    return given[:VALUES_MAX]
