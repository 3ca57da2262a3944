"""Scenario discovery: the box of axes in which something mostly happens (PRIM), and the tree that parts it (CART)."""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from ....report.wording import how_many
from ..sweep_parts import DesignKind
from .extra import MissingExtra, extra
from .figure_boxes import Range, draw_boxes
from .finding import Finding, LeftOut, Number, Picture, Result
from .intervals import Interval, wilson
from .measured import Measured
from .tables import SweepTables

PRIM, CART = "PRIM", "CART"
POINTS_MIN, KIND_MIN, LEAVES_MAX, MASS_MIN = 30, 5, 6, 0.05
CASE = "case"
SAMPLED = (DesignKind.LATIN_HYPERCUBE, DesignKind.SOBOL, DesignKind.LIST, DesignKind.GRID)
DENSITY = (
    "share of runs in the box in which it happened; 95 % Wilson interval. Found and judged on the same runs, so it is "
    "flattering: the next number is not"
)
UNSEEN = "the same for boxes found on one half of the points and judged on the other, both ways; 95 % Wilson interval"
COVERAGE = "share of all runs in which it happened that lie in the box; 95 % Wilson interval"


class Box(NamedTuple):
    """What bounds a box, axis by axis (only those that bound it), and which runs lie in it."""

    limits: Mapping[str, tuple[float, float] | frozenset[str]]
    inside: np.ndarray


def prim(tables: SweepTables, outcomes: Sequence[Measured]) -> list[Result]:
    """A box for every outcome of yes or no."""
    return _each(tables, outcomes, PRIM)


def cart(tables: SweepTables, outcomes: Sequence[Measured]) -> list[Result]:
    """A tree for every outcome of yes or no."""
    return _each(tables, outcomes, CART)


def _each(tables: SweepTables, outcomes: Sequence[Measured], method: str) -> list[Result]:
    points = tables.good["point"].nunique()
    if tables.asked.design not in SAMPLED or len(tables.axes) < 2 or points < POINTS_MIN:
        reason = f"needs {POINTS_MIN} points spread over two axes; here are {points} over {len(tables.axes)}"
        if tables.asked.design not in SAMPLED:
            reason = f"a {tables.asked.design.value} design does not spread its points evenly"
        return [LeftOut(method, "all", reason)]
    try:
        extra(f"ema_workbench.analysis.{method.lower()}")
    except MissingExtra as fault:
        return [LeftOut(method, "all", str(fault))]
    return [_one(tables, outcome, method) for outcome in outcomes]


def _one(tables: SweepTables, outcome: Measured, method: str) -> Result:
    if not outcome.is_share:
        return LeftOut(method, outcome.name, "it is not a matter of yes or no")
    there = np.isfinite(outcome.values)
    happened = outcome.values[there] > 0
    if min(happened.sum(), (~happened).sum()) < KIND_MIN:
        return LeftOut(
            method, outcome.name, f"it is yes in {happened.sum():,} of {how_many(len(happened), 'run')}: too one-sided"
        )
    placed = places(tables)[there].reset_index(drop=True)
    if method == PRIM:
        return _prim_finding(tables, outcome, placed, happened, tables.good["point"].to_numpy()[there])
    boxes = tree_leaves(placed, happened)
    return _cart_finding(outcome, placed, happened, boxes)


def places(tables: SweepTables) -> pd.DataFrame:
    """Where every good run lies: numbers of its axes, words as categories, its case where there are several."""
    columns: dict[str, Any] = {}
    for axis in tables.axes:
        numbers = axis.number(tables.good[axis.name])
        columns[axis.name] = numbers if numbers is not None else pd.Categorical(tables.good[axis.name].astype(str))
    if len(tables.cases) > 1:
        columns[CASE] = pd.Categorical(tables.good[CASE].astype(str))
    return pd.DataFrame(columns)


def prim_box(placed: pd.DataFrame, happened: np.ndarray) -> Box:
    """The box of the peeling trajectory whose coverage and density have the largest harmonic mean.

    Source: Friedman & Fisher (1999), Statistics and Computing 9(2); Bryant & Lempert (2010), Technological Forecasting
    and Social Change 77(1).
    """
    import contextlib
    import io

    prim_of = extra("ema_workbench.analysis.prim").Prim
    # before version 3 it asks from which density on a box counts: from any
    asked = {"threshold": 1e-9} if "threshold" in inspect.signature(prim_of).parameters else {}
    found = prim_of(placed, happened, mass_min=MASS_MIN, peel_alpha=0.05, **asked)
    with contextlib.redirect_stdout(io.StringIO()), np.errstate(all="ignore"):
        box = found.find_box()
    way = box.peeling_trajectory
    both = (way["coverage"] * way["density"] / (way["coverage"] + way["density"]).clip(lower=1e-12)).to_numpy(float)
    limits = _bounding(box.box_lims[int(np.nanargmax(both))], placed)
    return Box(limits, inside(placed, limits))


def tree_leaves(placed: pd.DataFrame, happened: np.ndarray) -> list[Box]:
    """Leaves of a tree of few, each with a twentieth of the runs or more.

    Source: Breiman et al. (1984), Classification and Regression Trees.
    """
    found = extra("ema_workbench.analysis.cart").CART(placed, happened, mass_min=MASS_MIN)
    tree = extra("sklearn.tree").DecisionTreeClassifier(
        min_samples_leaf=max(1, int(MASS_MIN * len(placed))), max_leaf_nodes=LEAVES_MAX, random_state=0
    )
    found.clf = tree.fit(found._x, happened)
    if tree.tree_.node_count == 1:
        return [Box({}, np.ones(len(placed), dtype=bool))]
    limits = [_bounding(box, placed) for box in found.boxes]
    return [Box(each, inside(placed, each)) for each in limits]


def _bounding(box: pd.DataFrame, placed: pd.DataFrame) -> dict[str, tuple[float, float] | frozenset[str]]:
    """Only what a box leaves out of the runs' range."""
    limits: dict[str, tuple[float, float] | frozenset[str]] = {}
    for axis in placed.columns:
        low, high = box[axis].iloc[0], box[axis].iloc[1]
        if isinstance(low, set):
            if len(low) < len(placed[axis].cat.categories):
                limits[axis] = frozenset(map(str, low))
        elif low > placed[axis].min() or high < placed[axis].max():
            limits[axis] = (float(low), float(high))
    return limits


def inside(placed: pd.DataFrame, limits: Mapping[str, tuple[float, float] | frozenset[str]]) -> np.ndarray:
    """bool[runs]: within all limits."""
    found = np.ones(len(placed), dtype=bool)
    for axis, limit in limits.items():
        if isinstance(limit, frozenset):
            found &= placed[axis].astype(str).isin(limit).to_numpy()
        else:
            found &= placed[axis].between(*limit).to_numpy()
    return found


def unseen_density(placed: pd.DataFrame, happened: np.ndarray, points: np.ndarray) -> Interval:
    """Density of boxes on points that they were not found on: halves by turns."""
    is_first = np.argsort(np.argsort(np.unique(points))) % 2 == 0
    half = is_first[np.searchsorted(np.unique(points), points)]
    yes = of = 0
    for mine in (half, ~half):
        if not 0 < happened[mine].sum() < mine.sum():
            continue
        limits = prim_box(placed[mine].reset_index(drop=True), happened[mine]).limits
        there = inside(placed, limits) & ~mine
        yes, of = yes + int(happened[there].sum()), of + int(there.sum())
    return wilson(yes, of)


def _prim_finding(
    tables: SweepTables, outcome: Measured, placed: pd.DataFrame, happened: np.ndarray, points: np.ndarray
) -> Result:
    box, name = prim_box(placed, happened), outcome.name
    if not box.limits:
        return LeftOut(PRIM, name, "no box holds it better than the whole design does")
    yes, of = int(happened[box.inside].sum()), int(box.inside.sum())
    density, coverage, unseen = (
        wilson(yes, of),
        wilson(yes, int(happened.sum())),
        unseen_density(placed, happened, points),
    )
    ranges = _ranges(placed, box)
    sentences = (
        f"{name} in {yes:,} of {how_many(of, 'run')} in the box where {_said(box)}; in {int(happened.sum()):,} of "
        f"{how_many(len(happened), 'run')} of the whole design.",
        f"The box holds {coverage.value:.0%} of the runs in which it happened. Boxes found on half of the points "
        f"held it in {unseen.value:.0%} of the runs of the other half (95 % interval {unseen.low:.0%} to "
        f"{unseen.high:.0%}).",
    )
    numbers = tuple(
        Number.from_interval(f"{name}, PRIM box: {label}", value, "share", definition)
        for label, value, definition in (
            ("density", density, DENSITY), ("density unseen", unseen, UNSEEN), ("coverage", coverage, COVERAGE)
        )
    )  # fmt: skip
    rows = [(r.axis, r.low, r.high, ", ".join(r.words)) for r in ranges]
    return Finding(
        PRIM, f"Where {name} mostly happens", sentences, numbers,
        {f"prim-{name}": pd.DataFrame(rows, columns=["axis", "low", "high", "words"])},
        {f"prim-{name}": Picture(
            lambda: draw_boxes(placed, happened, ranges, title=f"Where {name} mostly happens", label=name),
            f"The box in which {name} is densest for what it holds; each dot a run. {outcome.words.meaning}".strip())},
    )  # fmt: skip


def _cart_finding(outcome: Measured, placed: pd.DataFrame, happened: np.ndarray, boxes: Sequence[Box]) -> Result:
    name = outcome.name
    if len(boxes) < 2:
        return LeftOut(CART, name, "no split tells its runs apart")
    rows, numbers, sentences = [], [], []
    for box in sorted(boxes, key=lambda b: -float(happened[b.inside].mean())):
        yes, of = int(happened[box.inside].sum()), int(box.inside.sum())
        share = wilson(yes, of)
        rows.append((_said(box), of, yes, *share[:3]))
        numbers.append(Number.from_interval(f"{name}, leaf: {_said(box)}", share, "share", DENSITY.split(".")[0]))
        sentences.append(f"{name} in {yes:,} of {how_many(of, 'run')} where {_said(box)}.")
    table = pd.DataFrame(rows, columns=["leaf", "runs", "yes", "share", "low", "high"])
    note = "The leaves were found on these runs; their shares flatter them."
    title = f"What tells {name} apart"
    return Finding(CART, title, (*sentences, note), tuple(numbers), {f"cart-{name}": table})


def _ranges(placed: pd.DataFrame, box: Box) -> list[Range]:
    found = []
    for axis, limit in box.limits.items():
        if isinstance(limit, frozenset):
            found.append(Range(axis, float("nan"), float("nan"), tuple(sorted(limit))))
        else:
            found.append(Range(axis, *limit, ()))
    return found


def _said(box: Box) -> str:
    """The limits in words."""
    said = []
    for axis, limit in box.limits.items():
        if isinstance(limit, frozenset):
            said.append(f"{axis} is {' or '.join(sorted(limit))}")
        else:
            said.append(f"{axis} is {limit[0]:.3g} to {limit[1]:.3g}")
    return " and ".join(said) or "anything is"
