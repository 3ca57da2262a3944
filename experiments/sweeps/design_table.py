"""The table of a sweep's runs, round by round: which case, at which point, with which seed.

What comes next depends on the sweep and the tables so far alone: never on order, time or the number of workers. Rows
are appended and never renumbered, so that a sweep can be given more points, cases or replications.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from ...report.wording import how_many
from ...scenarios.errors import nearest_names
from . import boundary
from .designs import first_points, lattice
from .errors import SweepError
from .stopping import hits_of, next_look
from .sweep import DesignKind, Luck, Sweep
from .sweep_counts import replications_of
from .sweep_parts import RUN_COLUMNS

if TYPE_CHECKING:
    import pandas as pd

DRAWN = (DesignKind.LATIN_HYPERCUBE, DesignKind.SOBOL, DesignKind.MORRIS)
"""Designs of which every point belongs to a whole: they are extended as a whole or not at all."""
Key = tuple[tuple[Any, ...], int]
"""Coordinates of a point, and how many points before it have the same."""
Row = tuple[int, str, int]
"""Point, case, replication."""


@dataclass(slots=True)
class Laid:
    """What a design table has laid out so far."""

    runs: dict[Row, int] = field(default_factory=dict)
    points: dict[Key, int] = field(default_factory=dict)
    rounds: int = 0

    def add_points(self, coordinates: Iterable[tuple[Any, ...]]) -> list[int]:
        """Numbers of points: those they have, or the next ones."""
        seen: Counter[tuple[Any, ...]] = Counter()
        numbers = []
        for place in coordinates:
            numbers.append(self.points.setdefault((place, seen[place]), len(self.points)))
            seen[place] += 1
        return numbers


def first_round(sweep: Sweep) -> pd.DataFrame:
    """The first rows: run, round, point, case, replication, seed, and a column for each axis, named as in the file.

    Raises: SweepError if they are too many.
    """
    laid = Laid()
    return _table(sweep, laid, _asked_for(sweep, laid))


def next_round(sweep: Sweep, design: pd.DataFrame, runs: pd.DataFrame) -> pd.DataFrame | None:
    """The rows that come after those of `design`, given what has come of them; None when nothing is left to run.

    What the sweep asks for and the design lacks comes first (more points, cases, replications), then replications of
    what is not known well enough, then points along the boundary. `runs` has a row for each run that ended: its number
    and outcomes, null where it failed, in any order.

    Raises: SweepError if the design has other axes, cannot be extended in this way, or would need too many runs.
    """
    if list(design.columns) != [*RUN_COLUMNS, *sweep.vary]:
        known = [str(name) for name in design.columns[len(RUN_COLUMNS) :]]
        raise SweepError("sweep", "vary", ", ".join(sweep.vary) or "no axis", f"as before: {', '.join(known)}")
    laid = _laid(design)
    rows = _asked_for(sweep, laid)
    if not rows and sweep.replications.until is not None:
        rows = _until_known(sweep, laid, runs)
    if not rows and sweep.design.kind is DesignKind.BOUNDARY:
        rows = _along_boundary(sweep, laid, runs)
    return _table(sweep, laid, rows) if rows else None


def _laid(design: pd.DataFrame) -> Laid:
    """What a table has laid out."""
    laid = Laid(rounds=int(design["round"].max()) + 1 if len(design) else 0)
    keys = zip(design["point"].tolist(), design["case"].tolist(), design["replication"].tolist(), strict=True)
    laid.runs = dict(zip(keys, design["run"].tolist(), strict=True))
    once = design.drop_duplicates("point").sort_values("point")
    laid.add_points(_coordinates(once[list(design.columns[len(RUN_COLUMNS) :])]))
    return laid


def _coordinates(points: pd.DataFrame) -> list[tuple[Any, ...]]:
    """The rows of a table of points; without axes, one empty one for each."""
    columns = [points[name].tolist() for name in points.columns]
    return list(zip(*columns, strict=True)) if columns else [()] * len(points)


def _asked_for(sweep: Sweep, laid: Laid) -> list[Row]:
    """The first rows of the sweep as it stands that are not laid out yet."""
    before = set(laid.points)
    numbers = laid.add_points(_coordinates(first_points(sweep)))
    if sweep.design.kind in DRAWN and len(laid.points) > len(numbers):
        allowed = "the design as it was, or a Sobol design with more points: no other takes up the points it has"
        raise SweepError(
            "sweep",
            "design",
            f"{how_many(len(numbers), 'point')} without the {len(before):,} that were laid out",
            allowed,
        )
    times = range(replications_of(sweep))
    asked = ((p, case.name, r) for p in range(len(laid.points)) for case in sweep.cases for r in times)
    return [row for row in asked if row not in laid.runs]


def _until_known(sweep: Sweep, laid: Laid, runs: pd.DataFrame) -> list[Row]:
    """More replications where a share is not known well enough."""
    until = sweep.replications.until
    assert until is not None
    values = _outcomes(runs, until.outcome)
    found: list[Row] = []
    for (point, case), replications in _by_place(sweep, laid).items():
        hits, ended = hits_of(values.get(laid.runs[point, case, r]) for r in range(replications))
        wanted = next_look(hits, ended, replications, sweep.replications)
        found += [(point, case, r) for r in range(replications, wanted)]
    return found


def _by_place(sweep: Sweep, laid: Laid) -> dict[tuple[int, str], int]:
    """(point, case) -> replications laid out, for the cases that the sweep still has."""
    counted = Counter((point, case) for point, case, _ in laid.runs)
    return {(p, c.name): counted[p, c.name] for p in range(len(laid.points)) for c in sweep.cases}


def _along_boundary(sweep: Sweep, laid: Laid, runs: pd.DataFrame) -> list[Row]:
    """All cases at the points that the boundary of any case asks for."""
    values = boundary_values(sweep, laid.points, laid.runs, runs)
    wanted: set[boundary.Node] = set()
    for known, ended in values.values():
        wanted.update(
            boundary.next_points(
                known, start=sweep.design.start, finest=sweep.design.finest, level=sweep.design.level, runs=ended
            )
        )
    axes = lattice(sweep, sweep.design.finest)
    places = [tuple(axis[at] for axis, at in zip(axes, node, strict=True)) for node in sorted(wanted)]
    numbers = laid.add_points(places)
    times = range(replications_of(sweep))
    return [
        (p, case.name, r) for p in numbers for case in sweep.cases for r in times if (p, case.name, r) not in laid.runs
    ]


def boundary_values(
    sweep: Sweep, points: dict[Key, int], numbers: dict[Row, int], runs: pd.DataFrame
) -> dict[str, tuple[dict[boundary.Node, float], float]]:
    """Case -> (place on the finest grid -> mean of the outcome, not a number where all runs failed; fewest runs).

    Of an outcome that is no share, the fewest runs are infinitely many: it has no weight of one run.
    """
    design = sweep.design
    assert design.outcome is not None
    outcomes = _outcomes(runs, design.outcome)
    places = [{value: at for at, value in enumerate(axis)} for axis in lattice(sweep, design.finest)]
    made = Counter((point, case) for point, case, _ in numbers)
    found: dict[str, tuple[dict[boundary.Node, float], float]] = {}
    for case in sweep.cases:
        known: dict[boundary.Node, float] = {}
        fewest = np.inf
        for (place, _), point in points.items():
            node = tuple(index.get(value, -1) for index, value in zip(places, place, strict=True))
            here = [outcomes.get(numbers[point, case.name, r]) for r in range(made[point, case.name])]
            if min(node) >= 0:
                results = [value for value in here if value is not None]
                known[node] = float(np.mean(results)) if results else np.nan
                fewest = min(fewest, len(results) or np.inf)
        is_share = set(outcomes.values()) <= {0.0, 1.0}
        found[case.name] = known, fewest if is_share else np.inf
    return found


def _outcomes(runs: pd.DataFrame, name: str) -> dict[int, float]:
    """Run -> its outcome, of those that have one.

    Raises: SweepError if there is no such outcome, or it is no number.
    """
    if name not in runs.columns:
        near = nearest_names(name, map(str, runs.columns))
        raise SweepError("sweep", "outcomes", f"no {name} among the results", "an outcome of the runs", near)
    with_one = runs[runs[name].notna()]
    try:
        return dict(zip(with_one["run"].tolist(), map(float, with_one[name].tolist()), strict=True))
    except (TypeError, ValueError):
        raise SweepError("sweep", "outcomes", f"{name}, which is a word", "an outcome that is a number") from None


def seed_of_run(sweep: Sweep, point: int, case: str, replication: int) -> int:
    """The seed of a run: of common luck the same everywhere, of independent luck its own, whenever it is laid out."""
    first = sweep.replications.first_seed
    if sweep.replications.luck is Luck.COMMON:
        return first + replication
    drawn = hashlib.sha256(f"{first}|{point}|{case}|{replication}".encode()).digest()
    return int.from_bytes(drawn[:8], "big") >> 11


def _table(sweep: Sweep, laid: Laid, rows: Sequence[Row]) -> pd.DataFrame:
    """The rows as a table, numbered on from those laid out before.  Raises: SweepError if they are too many."""
    import pandas as pd

    if (total := len(laid.runs) + len(rows)) > sweep.limits.runs_max:
        allowed = f"at most {how_many(sweep.limits.runs_max, 'run')}"
        raise SweepError("sweep", "limits.runs_max", f"{how_many(total, 'run')} after round {laid.rounds}", allowed)
    place_of = {case.name: place for place, case in enumerate(sweep.cases)}
    ordered = sorted(rows, key=lambda row: (row[0], place_of[row[1]], row[2]))
    coordinates = {number: key[0] for key, number in laid.points.items()}
    points, cases, replications = (list(column) for column in zip(*ordered, strict=True))
    table = pd.DataFrame(
        {
            "run": np.arange(len(laid.runs), total, dtype=np.int64),
            "round": np.full(len(rows), laid.rounds, np.int16),
            "point": np.array(points, np.int64),
            "case": cases,
            "replication": np.array(replications, np.int32),
            "seed": np.array([seed_of_run(sweep, *row) for row in ordered], np.int64),
        }
    )
    for place, name in enumerate(sweep.vary):
        table[name] = [coordinates[point][place] for point in points]
    return table
