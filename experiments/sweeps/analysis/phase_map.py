"""Where over two axes something becomes as likely as not: the share at every point, the line between, its band."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
import pandas as pd

from ....report.number_words import number
from ....report.wording import how_many
from .asked import AxisFacts
from .figure_map import Cells, draw_map
from .finding import Finding, LeftOut, Number, Picture, Result
from .groups import axis_values
from .intervals import Interval, wilson
from .line import PLACES, Line, line_between
from .measured import Measured
from .tables import SweepTables

METHOD = "phase map"
DEFINITION = (
    "where a logistic regression, straight in both axes (in ratios where an axis is), gives the share this level; 95 % "
    "band at each place: replications redrawn whole (expanded percentile interval)"
)


def phase_maps(tables: SweepTables, outcomes: Sequence[Measured]) -> list[Result]:
    """A map for every case and outcome of yes or no that differs."""
    axes = tables.numeric_axes
    if len(axes) != 2 or len(axes) < sum(tables.design[a.name].nunique() > 1 for a in tables.axes):
        return [LeftOut(METHOD, "all", f"needs two axes of numbers, and here {len(axes)} vary")]
    shares = [o for o in outcomes if o.is_share]
    left = [LeftOut(METHOD, o.name, "it is not a matter of yes or no") for o in outcomes if not o.is_share]
    return [*left, *(_one(tables, o, case) for o, case in itertools.product(shares, tables.cases))]


def _one(tables: SweepTables, outcome: Measured, case: str) -> Result:
    words, (x, y) = outcome.words, tables.numeric_axes
    runs = tables.good[tables.good["case"].eq(case)].assign(turned=outcome.values[tables.good["case"].eq(case)])
    runs = runs.assign(x=axis_values(tables, x, runs), y=axis_values(tables, y, runs)).dropna(subset="turned")
    if runs.empty:
        return LeftOut(METHOD, f"{words.name}, {case}", "no run says anything about it")
    cells = runs.groupby(["x", "y"])["turned"].agg(["sum", "count"]).reset_index().astype({"sum": int})
    level = tables.asked.level if tables.asked.outcome == words.name else 0.5
    line = line_between(runs, (x, y), level=level)
    title = f"{words.name}" + (f", {case}" if len(tables.cases) > 1 else "")
    table = _table(cells, (x, y))
    name = f"map-{words.name}-{case}" if len(tables.cases) > 1 else f"map-{words.name}"
    caption = f"Share of runs with {words.name} at every point"
    x_at, y_at, share = (np.asarray(v, dtype=float) for v in (cells["x"], cells["y"], table["share"]))
    drawn = Cells(x_at, y_at, share)
    known = line if isinstance(line, Line) else None
    caption += f", with the line of {level:.0%} and its 95 % band." if known else "."
    caption += f" {words.meaning}" if words.meaning else ""
    picture = Picture(lambda: draw_map(drawn, (x, y), known, level=level, title=title), caption)
    return Finding(
        METHOD,
        f"Map of {title}",
        _sentences(outcome, case, cells, line, level),
        _numbers(words.name, case, line) if isinstance(line, Line) else (),
        {name: table, **({f"{name}-line": _line_table(line)} if isinstance(line, Line) else {})},
        {name: picture} if runs["turned"].nunique() > 1 else {},
    )


def _table(cells: pd.DataFrame, axes: tuple[AxisFacts, AxisFacts]) -> pd.DataFrame:
    found = [wilson(int(yes), int(of)) for yes, of in zip(cells["sum"], cells["count"], strict=True)]
    table = cells.rename(columns={"x": axes[0].name, "y": axes[1].name, "sum": "yes", "count": "runs"})
    return table.assign(share=[f.value for f in found], low=[f.low for f in found], high=[f.high for f in found])


def _line_table(line: Line) -> pd.DataFrame:
    return pd.DataFrame({line.along.name: line.at, line.across.name: line.middle, "low": line.low, "high": line.high})


def _numbers(name: str, case: str, line: Line) -> tuple[Number, ...]:
    return tuple(
        Number.from_interval(
            f"{name}, {case}: {line.across.name} at {line.along.name} = {line.at[i]:.4g}",
            Interval(float(line.middle[i]), float(line.low[i]), float(line.high[i]), line.seeds),
            line.across.words,
            DEFINITION,
        )
        for i in (0, PLACES // 2, PLACES - 1)
    )


def _sentences(outcome: Measured, case: str, cells: pd.DataFrame, line: Line | str, level: float) -> tuple[str, ...]:
    name = outcome.words.name
    yes, of = int(cells["sum"].sum()), int(cells["count"].sum())
    first = f"{case}: {name} in {yes:,} of {how_many(of, 'run')} over {how_many(len(cells), 'point')}."
    if isinstance(line, str):
        return (first, f"No line is drawn: {line}.")
    i = PLACES // 2
    ends = " to ".join(number(float(v[i])) for v in (line.low, line.high))
    told = f"at {line.along.words} = {number(float(line.at[i]))} the share is {level:.0%} where {line.across.words} is "
    second = f"{told}{number(float(line.middle[i]))} (95 % band {ends})."
    third = f"The straight line puts {line.wrong:,} of {how_many(line.points, 'point')} on another side than "
    third += "most of their runs."
    return first, second[0].upper() + second[1:], third
