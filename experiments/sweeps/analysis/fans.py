"""Courses of daily series: the median over runs, the middle half, and nine in ten, point by point."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from ....report.wording import how_many
from .figure_fans import Fan, draw_fans
from .finding import Finding, LeftOut, Number, Picture, Result
from .groups import groups, name_of_groups
from .measured import Measured
from .said import Words, words_of
from .tables import SweepTables

METHOD = "fans"
SERIES_MAX = 24
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
ENDS = (
    "median over the runs of a point or case on that day; its ends, q05 and q95 in the table, are the 5 and 95 % "
    "quantiles over runs, where runs lie and not how sure the median is"
)


def fans(tables: SweepTables, outcomes: Sequence[Measured]) -> list[Result]:
    """A finding for every daily series that was kept."""
    del outcomes
    names = tables.series_names
    if not names:
        return [LeftOut(METHOD, "all", "no daily series was kept (series)")]
    more = names[SERIES_MAX:]
    left = [LeftOut(METHOD, f"{len(more)} more series", f"the first {SERIES_MAX} are drawn")] if more else []
    return [*(_one(tables, words_of(name)) for name in names[:SERIES_MAX]), *left]


def _one(tables: SweepTables, words: Words) -> Result:
    table = tables.series(words.name)
    if table.empty:
        return LeftOut(METHOD, words.name, "no run that came to something has it")
    found = [fan(group.name, table[table["run"].isin(tables.good["run"][group.rows])]) for group in groups(tables)]
    drawn = [each for each in found if each.runs]
    rows = [
        (f.name, f.runs, int(day), *(float(v) for v in f.quantiles[:, i]))
        for f in drawn
        for i, day in enumerate(f.days)
    ]
    called = name_of_groups(tables)
    heads = [called, "runs", "day", *(f"q{int(q * 100):02d}" for q in QUANTILES)]
    numbers = tuple(
        Number.from_interval(f"{words.name}, {f.name}: median on day {int(f.days[-1])}", f.last, words.unit, ENDS)
        for f in drawn
    )
    name = f"fan-{words.name}"
    title = f"{words.name}, day by day"
    caption = f"{title}: median, middle half and nine tenths of the runs of each {called}. {words.meaning}".strip()
    sentences = tuple(_sentence(words, f) for f in drawn)
    picture = Picture(lambda: draw_fans(words, drawn, title=title), caption)
    return Finding(
        METHOD,
        title,
        sentences,
        numbers,
        {name: pd.DataFrame(rows, columns=heads)},
        {name: picture},
        words,
        tuple(heads[3:]),
    )


def fan(name: str, table: pd.DataFrame) -> Fan:
    """Quantiles by day of a table of run, day and value; one that ended early ends its band where most have."""
    if table.empty:
        return Fan(name, 0, np.empty(0), np.empty((len(QUANTILES), 0)))
    wide = table.pivot(index="run", columns="day", values="value").sort_index(axis=1)
    wide = wide.loc[:, wide.notna().any()]
    values = np.nanquantile(wide.to_numpy(dtype=float), QUANTILES, axis=0)
    return Fan(name, len(wide), wide.columns.to_numpy(dtype=float), values)


def _sentence(words: Words, fan: Fan) -> str:
    last = [words.say(value) for value in fan.quantiles[:, -1]]
    return (
        f"{fan.name}: on day {fan.days[-1]:.0f} {words.name} has a median of {last[2]} over "
        f"{how_many(fan.runs, 'run')}; half of them lie between {last[1]} and {last[3]}, nine in ten between {last[0]} "
        f"and {last[4]}."
    )
