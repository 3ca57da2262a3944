"""Whether a sweep can be run: every case's world is made once, and its outcomes are looked for."""

from __future__ import annotations

from .attempt import worlds_of
from .outcomes.registry import names_of, series_names_of
from .sweep import Sweep
from .sweep_worlds import check_worlds


def check_names(sweep: Sweep) -> None:
    """Raises: BadInput, one line, if a case is no world or an outcome is none."""
    worlds = worlds_of(sweep)
    names_of(sweep.outcomes, *worlds, tracing=tuple(map(str, sweep.tracing)))
    series_names_of(sweep.series, *worlds)


def check_sweep(sweep: Sweep) -> None:
    """The same, and the ends of every axis are made.  Raises: BadInput, one line."""
    check_worlds(sweep)
    check_names(sweep)
