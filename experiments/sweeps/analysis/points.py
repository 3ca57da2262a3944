"""Every point by itself: in how many of its runs something happened, what a number was on average."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from ....report.wording import how_many
from .figure_bars import Bar, draw_bars
from .finding import Finding, LeftOut, Number, Picture, Result
from .groups import counted, groups, mean_of, name_of_groups
from .measured import Measured
from .tables import SweepTables

METHOD = "points"
DEFINITION = (
    "mean over the runs of a point or case; yes or no: Wilson's 95 % interval; else 95 % bootstrap interval, "
    "replications (and points where they were drawn) redrawn whole"
)


def points(tables: SweepTables, outcomes: Sequence[Measured]) -> list[Result]:
    """One finding for every outcome."""
    return [_one(tables, outcome) for outcome in outcomes]


def _one(tables: SweepTables, outcome: Measured) -> Result:
    words, called = outcome.words, name_of_groups(tables)
    rows, bars, sentences, numbers = [], [], [], []
    for group in groups(tables):
        found = mean_of(tables, outcome, group.rows)
        yes, of = counted(outcome.values[group.rows])
        asked = int(group.rows.sum())
        if not of:
            sentences.append(f"{group.name}: no run says anything about {words.name}.")
            continue
        told = f"{words.say(found.low)} to {words.say(found.high)}"
        sure = f" (95 % interval {told})" if np.isfinite(found.low) else " (too few runs for an interval)"
        if outcome.is_share:
            sentences.append(f"{group.name}: {words.name} in {yes:,} of {how_many(of, 'run')}{sure}.")
        else:
            less = f" that have one, of {asked}" if of < asked else ""
            sentences.append(
                f"{group.name}: {words.name} {words.say(found.value)} on average of {how_many(of, 'run')}{less}{sure}."
            )
        rows.append((group.name, of, yes if outcome.is_share else None, found.value, found.low, found.high))
        bars.append(Bar(group.name, found.value, found.low, found.high, f"{yes} of {of}" if outcome.is_share else ""))
        numbers.append(Number.from_interval(f"{words.name}, {group.name}", found, words.unit, DEFINITION))
    if not rows:
        return LeftOut(METHOD, words.name, "no run says anything about it")
    table = pd.DataFrame(rows, columns=[called, "runs", "yes", "mean", "low", "high"])
    caption = f"{words.name} by {called}, with 95 % intervals. {words.meaning}".strip()
    return Finding(
        METHOD,
        f"{words.name} by {called}",
        tuple(sentences),
        tuple(numbers),
        {f"points-{words.name}": table if outcome.is_share else table.drop(columns="yes")},
        {f"points-{words.name}": Picture(lambda: draw_bars(words, bars, title=f"{words.name} by {called}"), caption)},
        words,
        ("mean", "low", "high"),
    )
