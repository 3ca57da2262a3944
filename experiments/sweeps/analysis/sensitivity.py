"""Which axis an outcome answers to: Sobol's indices of its variance, and Morris' elementary effects, by SALib."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from ....report.wording import how_many
from ..sweep_parts import DesignKind
from .extra import MissingExtra, extra
from .figure_indices import draw_indices
from .finding import Finding, LeftOut, Number, Picture, Result
from .intervals import Interval
from .measured import Measured
from .tables import SweepTables, named_rows

SOBOL, MORRIS = "Sobol indices", "Morris screening"
RESAMPLES, SEED = 1000, 1
FIRST = (
    "share of the outcome's variance over the design that this axis explains alone; 95 % interval: base points redrawn "
    "(SALib)"
)
TOTAL = "the same with everything in which the axis has a part; 95 % interval: base points redrawn (SALib)"
MU_STAR = (
    "mean size of the change from moving this axis over its whole range; 95 % interval: trajectories redrawn (SALib)"
)
SIGMA = "standard deviation of these changes over trajectories: not linear, or together with other axes"


class Index(NamedTuple):
    """What two measures say of one axis."""

    axis: str
    first: Interval
    second: Interval


def sobol(tables: SweepTables, outcomes: Sequence[Measured]) -> list[Result]:
    """First and total indices of every case and outcome."""
    return _each(tables, outcomes, SOBOL, DesignKind.SOBOL)


def morris(tables: SweepTables, outcomes: Sequence[Measured]) -> list[Result]:
    """mu* and sigma of every case and outcome."""
    return _each(tables, outcomes, MORRIS, DesignKind.MORRIS)


def _each(tables: SweepTables, outcomes: Sequence[Measured], method: str, kind: DesignKind) -> list[Result]:
    if tables.asked.design is not kind:
        return [LeftOut(method, "all", f"needs a {kind.value} design, and this is a {tables.asked.design.value}")]
    try:
        extra("SALib")
    except MissingExtra as fault:
        return [LeftOut(method, "all", str(fault))]
    return [_one(tables, outcome, case, method) for outcome in outcomes for case in tables.cases]


def _one(tables: SweepTables, outcome: Measured, case: str, method: str) -> Result:
    name = outcome.name + (f", {case}" if len(tables.cases) > 1 else "")
    means = point_means(tables, outcome, case)
    if isinstance(means, str):
        return LeftOut(method, name, means)
    if np.ptp(means) == 0:
        return LeftOut(method, name, "it is the same at every point")
    try:
        found = sobol_indices(tables, means) if method == SOBOL else morris_effects(tables, means)
    except ValueError as fault:
        return LeftOut(method, name, str(fault))
    return _finding(outcome, name, found, method)


def point_means(tables: SweepTables, outcome: Measured, case: str) -> np.ndarray | str:
    """float[points]: mean over the replications of every point in the design's order; in words what is missing.

    A gap is never filled: the indices need every run of the design.
    """
    asked = tables.design[tables.design["case"].eq(case)]
    values = pd.Series(outcome.values, index=tables.good["run"].to_numpy())
    value = values.reindex(asked["run"]).to_numpy(dtype=float)
    gaps = asked["run"].to_numpy()[np.isnan(value)]
    if len(gaps):
        some = f"{len(gaps):,} of {how_many(len(asked), 'run says', 'runs say')} nothing"
        return f"{some} (failed, not ended, or no value): {named_rows(gaps)}"
    return pd.Series(value).groupby(asked["point"].to_numpy()).mean().to_numpy()


def _axes(tables: SweepTables) -> tuple[list[str], np.ndarray]:
    """Names of the axes, and float[points, axes]: where every point lies between their ends, 0 to 1."""
    points = tables.design.drop_duplicates("point").sort_values("point")
    columns = []
    for axis in tables.axes:
        numbers = axis.number(points[axis.name])
        if numbers is None:
            raise ValueError(f"axis {axis.name} holds words")
        columns.append(axis.unit(numbers))
    return [axis.name for axis in tables.axes], np.column_stack(columns)


def _problem(names: Sequence[str]) -> dict[str, object]:
    return {"num_vars": len(names), "names": list(names), "bounds": [[0.0, 1.0]] * len(names)}


def sobol_indices(tables: SweepTables, means: np.ndarray) -> list[Index]:
    """First and total index of every axis.

    Raises: ValueError for a number of points that no Sobol design of these axes has.
    Source: Saltelli et al. (2010), Computer Physics Communications 181(2).
    """
    names, _ = _axes(tables)
    base, many = tables.asked.points or 0, len(names)
    is_second = base * (2 * many + 2) == len(means)
    if not is_second and base * (many + 2) != len(means):
        wanted = f"{how_many(base, 'base point')} over {how_many(many, 'axis', 'axes')}"
        raise ValueError(f"{how_many(len(means), 'point')}: no Sobol design of {wanted}")
    si = extra("SALib.analyze.sobol").analyze(
        _problem(names), means, calc_second_order=is_second, num_resamples=RESAMPLES, seed=SEED
    )
    return [
        Index(name, *(_around(si[k][i], si[f"{k}_conf"][i], base) for k in ("S1", "ST")))
        for i, name in enumerate(names)
    ]


def morris_effects(tables: SweepTables, means: np.ndarray) -> list[Index]:
    """mu* with its interval, and sigma, over the whole range of every axis.

    Raises: ValueError for a number of points that no Morris design of these axes has.
    Source: Campolongo, Cariboni & Saltelli (2007), Environmental Modelling & Software 22(10).
    """
    names, places = _axes(tables)
    if len(means) % (len(names) + 1):
        raise ValueError(f"{how_many(len(means), 'point')}: no whole number of trajectories")
    si = extra("SALib.analyze.morris").analyze(
        _problem(names), places, means, num_levels=tables.asked.levels, num_resamples=RESAMPLES, seed=SEED
    )
    paths, none = len(means) // (len(names) + 1), float("nan")
    return [
        Index(
            name,
            _around(si["mu_star"][i], si["mu_star_conf"][i], paths),
            Interval(float(si["sigma"][i]), none, none, paths),
        )
        for i, name in enumerate(names)
    ]


def _around(value: float, half_width: float, of: int) -> Interval:
    return Interval(float(value), float(value - half_width), float(value + half_width), of)


def _finding(outcome: Measured, name: str, found: Sequence[Index], method: str) -> Finding:
    words, is_sobol = outcome.words, method == SOBOL
    first, second = ("first", "total") if is_sobol else ("mu_star", "sigma")
    unit = "share of variance" if is_sobol else words.unit
    definitions = (FIRST, TOTAL) if is_sobol else (MU_STAR, SIGMA)
    rows = [(i.axis, *i.first[:3], *i.second[:3]) for i in found]
    ends = [f"{k}{end}" for k in (first, second) for end in ("", "_low", "_high")]
    table = pd.DataFrame(rows, columns=["axis", *ends])
    numbers = [
        Number.from_interval(f"{name}, {index.axis}: {label}", value, unit, definition)
        for index in found
        for label, value, definition in zip((first, second), (index.first, index.second), definitions, strict=True)
    ]
    title = f"{method} of {name}"
    labels = ("alone (first)", "with others (total)") if is_sobol else ("size of effect (mu*)", "its spread (sigma)")
    return Finding(
        method,
        title,
        (_sobol_sentence if is_sobol else _morris_sentence)(outcome, name, found),
        tuple(numbers),
        {f"{'sobol' if is_sobol else 'morris'}-{name}": table},
        {
            f"{'sobol' if is_sobol else 'morris'}-{name}": Picture(
                lambda: draw_indices(found, labels, title=title, words=None if is_sobol else words),
                f"{title}, with 95 % intervals. {words.meaning}".strip(),
            )
        },
    )


def _sobol_sentence(outcome: Measured, name: str, found: Sequence[Index]) -> tuple[str, ...]:
    first = max(found, key=lambda i: i.second.value)
    rest = [i for i in found if i is not first and i.second.high >= first.second.low]
    told = (
        f"{name}: over this design {first.axis} has a part in {first.second.value:.0%} of the variance (95 % interval "
        f"{first.second.low:.0%} to {first.second.high:.0%}), and explains {first.first.value:.0%} alone."
    )
    if rest:
        return (told, f"Its rank is not sure: the interval of {rest[0].axis} reaches as far.")
    return (told,)


def _morris_sentence(outcome: Measured, name: str, found: Sequence[Index]) -> tuple[str, ...]:
    first = max(found, key=lambda i: i.first.value)
    say = outcome.words.say_difference
    return (
        f"{name}: moving {first.axis} over its whole range changes it by {say(first.first.value)} on average (95 % "
        f"interval {say(max(0.0, first.first.low))} to {say(first.first.high)}), the most of "
        f"{how_many(len(found), 'axis', 'axes')}.",
    )
