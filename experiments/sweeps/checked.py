"""Whether a sweep can be run: worlds of its cases and of the ends of its axes are made, its outcomes looked for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from ...scenarios.errors import shown
from .attempt import worlds_of
from .errors import SweepError
from .outcomes.outcome import Kind, Outcome
from .outcomes.registry import UnknownOutcome, names_of, outcome_of, series_names_of
from .sweep import DesignKind, Sweep
from .sweep_worlds import check_worlds

HAPPENED = ("0 or 1", "events")
"""Units of outcomes that are true or false: above 0 or not."""


def check_sweep(sweep: Sweep, *, file: str = "sweep") -> None:
    """Raises: BadInput, one line, if a case or an end of an axis is no world, or an outcome is none or cannot decide
    what it is to decide.
    """
    check_worlds(sweep, file=file)
    worlds = worlds_of(sweep)
    with _said_of(file, "outcomes"):
        measured = names_of(sweep.outcomes, *worlds, tracing=tuple(map(str, sweep.tracing)))
    for name in sweep.vary:
        if name in measured:
            raise SweepError(file, f"vary.{name}", "the name of an outcome", "another name, with `paths`")
    with _said_of(file, "series"):
        series_names_of(sweep.series, *worlds)
    for key, name, outcome in _deciding(sweep):
        with _said_of(file, key):
            names_of([name], *worlds)
        if outcome.kind is Kind.TEXT:
            raise SweepError(file, key, f"{shown(name)}, which is a word", "a number, such as turned")
        if key.startswith("replications") and outcome.unit not in HAPPENED:
            allowed = "an outcome that is true or false, such as turned or times.default"
            raise SweepError(file, key, f"{shown(name)}, whose unit is {outcome.unit}", allowed)


@contextmanager
def _said_of(file: str, key: str) -> Iterator[None]:
    """Raises: SweepError at that key for a name that no outcome has."""
    try:
        yield
    except UnknownOutcome as fault:
        raise SweepError(file, key, shown(fault.pattern), fault.allowed, fault.nearest) from None


def _deciding(sweep: Sweep) -> Iterator[tuple[str, str, Outcome]]:
    """(key, name, outcome) of the outcomes by which further runs are chosen."""
    if sweep.design.kind is DesignKind.BOUNDARY and sweep.design.outcome is not None:
        yield "design.outcome", sweep.design.outcome, outcome_of(sweep.design.outcome)
    if sweep.replications.until is not None:
        name = sweep.replications.until.outcome
        yield "replications.until.outcome", name, outcome_of(name)
