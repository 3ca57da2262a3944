"""Whether a sweep can be run: worlds of its cases and of the ends of its axes are made, its outcomes looked for."""

from __future__ import annotations

from .attempt import worlds_of
from .outcomes.registry import names_of, series_names_of
from .sweep import Sweep
from .sweep_worlds import check_worlds


def check_sweep(sweep: Sweep) -> None:
    """Raises: BadInput, one line, if a case or an end of an axis is no world, or an outcome is none."""
    check_worlds(sweep)
    worlds = worlds_of(sweep)
    names_of(sweep.outcomes, *worlds, tracing=tuple(map(str, sweep.tracing)))
    series_names_of(sweep.series, *worlds)
