"""Which runs belong together: those of one case at one point where there are few, those of one case where many."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from ..stopping import interval, weight_of
from ..sweep_parts import DesignKind
from .asked import AxisFacts
from .intervals import Interval, mean_over, mean_over_both, wilson
from .measured import Measured
from .tables import SweepTables

GROUPS_MAX = 12
"""Points told one by one."""
DRAWN = (DesignKind.LATIN_HYPERCUBE, DesignKind.SOBOL, DesignKind.MORRIS, DesignKind.LIST)
"""Designs whose points are a sample of their ranges."""


class Group(NamedTuple):
    """Runs that are told together: their case, their point (None: all points), a name, and which of the good runs."""

    case: str
    point: int | None
    name: str
    rows: np.ndarray


def groups(tables: SweepTables) -> list[Group]:
    """In the order of the design."""
    design = tables.design
    places = design[["case", "point"]].drop_duplicates()
    runs = tables.good
    if len(places) > GROUPS_MAX and len(places) > len(tables.cases):
        return [Group(case, None, case, runs["case"].eq(case).to_numpy()) for case in tables.cases]
    varying = [axis for axis in tables.axes if design[axis.name].nunique() > 1]
    one_case = len(tables.cases) == 1
    found = []
    for case, point in places.itertuples(index=False):
        first = design[design["point"].eq(point)].iloc[0]
        at = ", ".join(f"{axis.label} {_value(first[axis.name])}" for axis in varying)
        name = at if one_case and at else ", ".join(filter(None, (case, at)))
        rows = runs["case"].eq(case).to_numpy() & runs["point"].eq(point).to_numpy()
        found.append(Group(str(case), int(point), name, rows))
    return found


def name_of_groups(tables: SweepTables) -> str:
    """What one group is: a point where axes vary and each is told, else a case."""
    varies = any(tables.design[axis.name].nunique() > 1 for axis in tables.axes)
    return "point" if varies and any(group.point is not None for group in groups(tables)) else "case"


def _value(value: Any) -> str:
    if isinstance(value, str):
        return value
    if hasattr(value, "strftime"):
        return f"{value:%-d %b %Y}"
    return f"{float(value):.4g}"


def is_sampled(tables: SweepTables) -> bool:
    """Whether points were drawn from ranges, so that they are a sample as replications are."""
    return tables.asked.design in DRAWN and tables.design["point"].nunique() > GROUPS_MAX


def mean_of(tables: SweepTables, outcome: Measured, rows: np.ndarray) -> Interval:
    """Mean of an outcome over rows: Wilson's interval at one point's yes or no, else the bootstrap.

    Runs of one replication share their luck and are redrawn together; points are redrawn too where they were drawn.
    Where all of them say the same no redraw differs: then Wilson's, of as many as were independent.
    """
    runs, values = tables.good[rows], outcome.values[rows]
    there = np.isfinite(values)
    is_independent = runs["replication"][there].is_unique
    if outcome.is_share and is_independent:
        return _after_stopping(tables, outcome, rows) or wilson(*counted(values))
    points, luck = runs["point"].to_numpy(), runs["replication"].to_numpy()
    found = mean_over_both(values, points, luck) if is_sampled(tables) else mean_over(values, luck)
    if outcome.is_share and found.value in (0.0, 1.0):
        alike = wilson(round(found.value * found.of), found.of)
        return Interval(found.value, alike.low, alike.high, found.of)
    return found


def _after_stopping(tables: SweepTables, outcome: Measured, rows: np.ndarray) -> Interval | None:
    """The exact interval of a share whose runs ended when it was known well enough; None where they did not."""
    stops, runs = tables.asked.stops, tables.good[rows]
    places = runs[["point", "case"]].drop_duplicates()
    if stops is None or stops.until is None or stops.until.outcome != outcome.name or len(places) != 1:
        return None
    hits, of = counted(outcome.values[rows])
    if not of:
        return None
    weight = weight_of(stops.first_seed, int(places["point"].iloc[0]), str(places["case"].iloc[0]))
    return Interval(hits / of, *interval(hits, of, stops, weight=weight), of)


def axis_values(tables: SweepTables, axis: AxisFacts, runs: pd.DataFrame) -> np.ndarray:
    """float[n]: where the runs lie on an axis of numbers."""
    numbers = axis.number(runs[axis.name])
    assert numbers is not None
    return numbers


def counted(group: Sequence[float] | np.ndarray) -> tuple[int, int]:
    """How many say yes, of how many that say anything."""
    values = np.asarray(group, dtype=float)
    return int(np.nansum(values)), int(np.isfinite(values).sum())
