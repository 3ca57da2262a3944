"""Whether the worlds of a sweep can be run: its cases, and the ends of its axes, are made once before anything."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from ...scenarios.schema import Scenario
from .changes import Value, world_of
from .errors import SweepError
from .sweep import Axis, Case, Sweep

NamesOf = Callable[[Sequence[str], Scenario], Sequence[str]]
"""Patterns and a scenario -> the names they stand for; raises BadInput if one stands for none."""
VALUES_MAX = 50
"""Values of one axis that are tried."""


def check_worlds(sweep: Sweep, *, file: str = "sweep", names_of: NamesOf | None = None) -> None:
    """Make every case, and every axis at its ends, and look whether there are such outcomes.

    Raises: SweepError for the first world that is none; whatever `names_of` raises for an outcome that is none.
    """
    try:
        for case, point in _trials(sweep):
            world = world_of(sweep, case, point)
            if names_of is not None and not point:
                names_of(sweep.outcomes, world)
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
