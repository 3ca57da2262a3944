"""How an outcome answers one axis: its mean along the axis, over everything else, with intervals."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from .asked import AxisFacts
from .ends import Ends, ends_of
from .figure_curves import Curve, draw_curves
from .finding import Finding, LeftOut, Number, Picture, Result
from .groups import axis_values, mean_of
from .measured import Measured
from .tables import SweepTables

METHOD = "response curves"
AMOUNTS = ("mean", "low", "high")
VALUES_MAX, BINS = 24, 8
"""Different values of an axis that are told one by one, and the parts into which more are put."""
DEFINITION = (
    "mean over all runs at this place of the axis, whatever the other axes are; 95 % interval as for points: Wilson or "
    "bootstrap over replications and drawn points"
)


def responses(tables: SweepTables, outcomes: Sequence[Measured]) -> list[Result]:
    """A finding for every axis of numbers and every outcome that differs."""
    if not tables.numeric_axes:
        return [LeftOut(METHOD, "all", "no axis of numbers varies")]
    left = [LeftOut(METHOD, o.name, "it is the same in every run") for o in outcomes if not o.differs]
    return [*left, *(_one(tables, o, axis) for o in outcomes if o.differs for axis in tables.numeric_axes)]


def _one(tables: SweepTables, outcome: Measured, axis: AxisFacts) -> Result:
    places = axis_values(tables, axis, tables.good)
    middles, which = _places(axis, places)
    rows, curves, pairs = [], [], {}
    for case in tables.cases:
        is_case = tables.good["case"].eq(case).to_numpy()
        found = [(m, mean_of(tables, outcome, is_case & (which == i))) for i, m in enumerate(middles)]
        kept = [(m, f) for m, f in found if f.of]
        rows += [(case, m, f.value, f.low, f.high, f.of) for m, f in kept]
        pairs[case] = ends_of(tables, outcome, axis, case)
        curves.append(Curve(case, *(np.array([v[i] for v in [(m, *f[:3]) for m, f in kept]]) for i in range(4))))
    words = outcome.words
    name = f"response-{axis.name}-{words.name}"
    table = pd.DataFrame(rows, columns=["case", axis.name, "mean", "low", "high", "redrawn_units"])
    numbers = [
        Number(f"{words.name}, {case}, {axis.name} = {axis.say(at)}", mean, low, high, words.unit, DEFINITION, of)
        for case, at, mean, low, high, of in rows
    ]
    for case, pair in pairs.items():
        numbers += pair.numbers(f"{words.name}, {case}: last less first of {axis.name}", words) if pair else ()
    title = f"{words.name} along {axis.label}"
    caption = f"{title}: means over all runs there, with 95 % intervals. {words.meaning}".strip()
    sentences = tuple(_sentence(outcome, axis, curve, pairs[curve.name]) for curve in curves if len(curve.at))
    picture = Picture(lambda: draw_curves(words, axis, curves, title=title), caption)
    return Finding(METHOD, title, sentences, tuple(numbers), {name: table}, {name: picture}, words, AMOUNTS)


def _places(axis: AxisFacts, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Places along an axis and which of them every run belongs to: its values, or parts with as many runs each."""
    distinct, which = np.unique(values, return_inverse=True)
    if len(distinct) <= VALUES_MAX:
        return distinct, which
    edges = np.quantile(values, np.linspace(0, 1, BINS + 1)[1:-1])
    which = np.searchsorted(edges, values, side="right")
    middles = [np.exp(np.log(values[which == i]).mean()) if axis.is_log else values[which == i].mean()
               for i in range(BINS)]  # fmt: skip
    return np.array(middles), which


def _sentence(outcome: Measured, axis: AxisFacts, curve: Curve, pair: Ends | None) -> str:
    """From one end of the axis to the other, and how surely: pair by pair where there are pairs."""
    words, (first, last) = outcome.words, (0, -1)
    ends = [f"{words.say(curve.mean[i])} at {axis.say(curve.at[i])}" for i in (first, last)]
    if len(curve.at) < 2:
        return f"{curve.name}: {words.name} is {ends[0]}, the only value of {axis.name} that has runs."
    if pair is not None:
        return f"{curve.name}: {words.name} goes from {ends[0]} to {ends[1]} of {axis.words}; {pair.sentence(words)}."
    apart = curve.low[last] > curve.high[first] or curve.high[last] < curve.low[first]
    sure = "the intervals of the two ends do not touch" if apart else "the intervals of the two ends overlap"
    if not np.isfinite([curve.low[first], curve.low[last]]).all():
        sure = "too few runs for an interval"
    return f"{curve.name}: {words.name} goes from {ends[0]} to {ends[1]} of {axis.words}; {sure}."
