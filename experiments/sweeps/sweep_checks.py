"""What must hold between the parts of a sweep: axes have ranges that their design can use, cases have names of their
own, and it all comes to a number of runs that may be made."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from fnmatch import fnmatchcase
from math import prod

from ...report.wording import how_many
from ...scenarios.errors import Fault, nearest_names, shown
from ...scenarios.names import looks
from .sweep_counts import points_of, replications_of, runs_of
from .sweep_parts import CHUNK, DAY_AXIS, LOOKS, RUN_COLUMNS, WITH, WITHOUT, Axis, DesignKind, Plan, Scale

TAKEN = (
    *RUN_COLUMNS,
    CHUNK,
    "status",
    "stage",
    "exception",
    "command",
    "seconds",
    "digest",
    "host",
    "attempt",
    "attempts",
)
"""Columns of the table of runs beside axes and outcomes."""
HEEDED: dict[DesignKind, tuple[str, ...]] = {
    DesignKind.GRID: ("steps",),
    DesignKind.LATIN_HYPERCUBE: ("points", "seed"),
    DesignKind.SOBOL: ("points", "seed"),
    DesignKind.MORRIS: ("trajectories", "levels", "seed"),
    DesignKind.LIST: ("file",),
    DesignKind.BOUNDARY: ("outcome", "level", "start", "finest"),
}
"""Keys of a design by its kind."""
PLACES_MAX = 2_000_000
"""Of the finest grid of a boundary design: each is kept in mind, measured or not."""


def faults(plan: Plan) -> Iterator[Fault]:
    """Everything that does not fit together, what stands first in a file first."""
    if not plan.outcomes and not plan.series:
        yield Fault("outcomes", "none, and no series", "at least one name, such as regime")
    yield from _case_faults(plan)
    for name, axis in plan.vary.items():
        yield from _axis_faults(plan, name, axis)
    yield from DESIGNS[plan.design.kind](plan)
    yield from _idle_faults(plan)
    yield from _replication_faults(plan)
    if (runs := runs_of(plan)) > plan.limits.runs_max:
        told = ((points_of(plan), "point"), (max(1, len(plan.case)), "case"), (replications_of(plan), "seed"))
        size = " x ".join(how_many(n, what) for n, what in told)
        yield Fault(
            "limits.runs_max", f"{size} = {how_many(runs, 'run')}", f"at most {how_many(plan.limits.runs_max, 'run')}"
        )


def _case_faults(plan: Plan) -> Iterator[Fault]:
    seen: dict[str, str] = {}
    for case in plan.case:
        if looks(case.name) in seen:
            yield Fault(f"case.{case.name}.name", f"a second case called {shown(case.name)}", "a name of its own")
        seen[looks(case.name)] = case.name
    wanted = plan.replications.compare_with
    if wanted is not None and wanted not in seen.values():
        known = ", ".join(list(seen.values())[:40]) or "nothing: the sweep has no cases"
        yield Fault("replications.compare_with", shown(wanted), known, nearest_names(wanted, seen.values()))


def _axis_faults(plan: Plan, name: str, axis: Axis) -> Iterator[Fault]:
    key = f"vary.{name}"
    ways = [way for way, given in _ways(axis).items() if given]
    if name in TAKEN:
        yield Fault(key, "the name of a column of the table of runs", "another name, with `paths`")
    if len(ways) != 1:
        yield Fault(key, " and ".join(ways) or "nothing", "either low and high, or values, or on, or without")
    if (axis.on or name == DAY_AXIS) and not all(type(v) is date for v in axis.on or axis.values or (None,)):
        yield Fault(key, "something else than dates", "on = [dates]")
    if axis.on and (axis.times or axis.paths):
        yield Fault(key, "times or paths beside on", "dates alone: the cases say what changes")
    if axis.without is not None and (axis.times or axis.paths or not set(axis.values) <= {WITH, WITHOUT}):
        allowed = f'nothing, or values of "{WITH}" and "{WITHOUT}"'
        yield Fault(key, "times, paths or other values beside without", allowed)
    if axis.on and name != DAY_AXIS:
        yield Fault(key, "dates on an axis of this name", f"dates under vary.{DAY_AXIS}", (f"vary.{DAY_AXIS}",))
    if axis.times and any(isinstance(v, bool | str | date) for v in axis.values):
        yield Fault(f"{key}.values", "something else than numbers", "numbers to multiply by")
    if len({_kind_of_value(v) for v in axis.values}) > 1:
        yield Fault(f"{key}.values", "values of several kinds", "all numbers, all texts, all dates or all truth values")
    if plan.design.kind is not DesignKind.LIST and len(set(axis.given)) < len(axis.given):
        yield Fault(key, "a value twice", "each value once")
    yield from _range_faults(key, axis)


def _kind_of_value(value: object) -> type:
    """Numbers of either type are of one kind."""
    return float if type(value) is int else type(value)


def _ways(axis: Axis) -> dict[str, bool]:
    """The ways in which an axis may say where it goes, and whether it does."""
    return {
        "low and high": axis.low is not None or axis.high is not None,
        "values": bool(axis.values) and axis.without is None,
        "on": bool(axis.on),
        "without": axis.without is not None,
    }


def _range_faults(key: str, axis: Axis) -> Iterator[Fault]:
    if axis.low is None and axis.high is None:
        if axis.steps is not None:
            yield Fault(f"{key}.steps", str(axis.steps), "no steps without low and high")
        return
    if axis.low is None or axis.high is None:
        end = "low" if axis.low is None else "high"
        yield Fault(f"{key}.{end}", "nothing", "a number: low and high belong together")
        return
    if not axis.low < axis.high:
        yield Fault(key, f"an empty range from {axis.low:g} to {axis.high:g}", "low below high")
    if axis.scale is Scale.LOG and axis.low <= 0:
        yield Fault(f"{key}.low", f"{axis.low:g}", "a number above 0, because the scale is log")


def _idle_faults(plan: Plan) -> Iterator[Fault]:
    """What is said of the design and means nothing in one of its kind."""
    kind = plan.design.kind
    for key in sorted(plan.design.model_fields_set - {"kind", *HEEDED[kind]}):
        allowed = f"nothing of the kind in a {kind.value} design, which heeds {', '.join(HEEDED[kind])}"
        yield Fault(f"design.{key}", shown(getattr(plan.design, key)), allowed)
    for name, axis in plan.vary.items():
        if axis.steps is not None and kind is not DesignKind.GRID:
            yield Fault(f"vary.{name}.steps", str(axis.steps), f"no steps in a {kind.value} design")


def _grid_faults(plan: Plan) -> Iterator[Fault]:
    for name, axis in plan.vary.items():
        if not axis.given and (axis.steps or plan.design.steps) is None:
            yield Fault(f"vary.{name}.steps", "nothing", "a number of values, or design.steps for all axes")


def _ranges_only(plan: Plan) -> Iterator[Fault]:
    kind = plan.design.kind.value
    if not plan.vary:
        yield Fault("vary", "no axis", f"at least one, for a design of kind {kind}")
    for name, axis in plan.vary.items():
        if axis.low is None:
            yield Fault(f"vary.{name}", "no range", f"low and high, for a design of kind {kind}")


def _latin_faults(plan: Plan) -> Iterator[Fault]:
    yield from _ranges_only(plan)
    if plan.design.points is None:
        yield Fault("design.points", "nothing", "the number of points")


def _sobol_faults(plan: Plan) -> Iterator[Fault]:
    yield from _latin_faults(plan)
    points = plan.design.points or 1
    if points & (points - 1):
        near = 1 << points.bit_length()
        yield Fault("design.points", str(points), f"a power of two, such as {near // 2} or {near}")


def _morris_faults(plan: Plan) -> Iterator[Fault]:
    yield from _ranges_only(plan)
    if plan.design.trajectories is None:
        yield Fault("design.trajectories", "nothing", "the number of paths through the axes, such as 20")


def _list_faults(plan: Plan) -> Iterator[Fault]:
    if not plan.vary:
        yield Fault("design.file", "no points", "a CSV with a column for each axis, or values for every axis")
    lengths = {name: len(axis.values) for name, axis in plan.vary.items()}
    for name, length in lengths.items():
        if length != max(lengths.values()):
            yield Fault(
                f"vary.{name}.values", how_many(length, "value"), f"{max(lengths.values())}, one for each point"
            )


def _boundary_faults(plan: Plan) -> Iterator[Fault]:
    yield from _ranges_only(plan)
    design, axes = plan.design, len(plan.vary)
    for key, given in (("start", design.start), ("finest", design.finest)):
        if len(given) != axes:
            yield Fault(
                f"design.{key}", how_many(len(given), "number"), f"a number of points for each axis, {axes} in all"
            )
    if (places := prod(design.finest)) > PLACES_MAX:
        yield Fault("design.finest", f"{places:,} places", f"at most {PLACES_MAX:,} places in all")
    for start, finest in zip(design.start, design.finest, strict=False):
        ratio, rest = divmod(finest - 1, start - 1)
        if rest or ratio < 1 or ratio & (ratio - 1):
            allowed = f"halvings of start: one of {', '.join(str((start - 1) * 2**k + 1) for k in range(5))}"
            yield Fault("design.finest", str(finest), allowed)
    if design.outcome is None:
        yield Fault("design.outcome", "nothing", "the outcome whose line is looked for")
    else:
        yield from _outcome_faults(plan, "design.outcome", design.outcome)


DESIGNS: dict[DesignKind, Callable[[Plan], Iterator[Fault]]] = {
    DesignKind.GRID: _grid_faults,
    DesignKind.LATIN_HYPERCUBE: _latin_faults,
    DesignKind.SOBOL: _sobol_faults,
    DesignKind.MORRIS: _morris_faults,
    DesignKind.LIST: _list_faults,
    DesignKind.BOUNDARY: _boundary_faults,
}


def _replication_faults(plan: Plan) -> Iterator[Fault]:
    asked = plan.replications
    given = asked.model_fields_set
    if asked.until is None:
        for key in ("at_least", "at_most"):
            if key in given:
                yield Fault(f"replications.{key}", str(getattr(asked, key)), "nothing, without replications.until")
        return
    if asked.number is not None:
        yield Fault("replications.number", str(asked.number), "either a number or until")
    for key in ("at_least", "at_most"):
        if getattr(asked, key) not in LOOKS:
            yield Fault(f"replications.{key}", str(getattr(asked, key)), f"one of {', '.join(map(str, LOOKS))}")
    if asked.at_least > asked.at_most:
        yield Fault("replications.at_least", str(asked.at_least), f"at most at_most, which is {asked.at_most}")
    yield from _outcome_faults(plan, "replications.until.outcome", asked.until.outcome)


def _outcome_faults(plan: Plan, key: str, name: str) -> Iterator[Fault]:
    """Whether an outcome that decides about further runs is one, and is measured."""
    if "*" in name:
        yield Fault(key, shown(name), "one outcome, without *")
    elif not any(fnmatchcase(name, pattern) for pattern in plan.outcomes):
        allowed = f"one of the sweep's outcomes: {', '.join(plan.outcomes[:40])}"
        yield Fault(key, shown(name), allowed, nearest_names(name, plan.outcomes))
