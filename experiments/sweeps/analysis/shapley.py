"""Who made it possible: of a sweep whose axes are switches, what each adds over all orders in which they could arrive.

Every subset must have been run with the same seed: what a switch adds is measured, not assumed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from ...runner.intervals import mean_interval
from ..sweep_parts import WITH, Luck
from .coalitions import PLAYERS_MAX, Coalition, shapley_values
from .figure_shares import draw_shares
from .finding import Finding, LeftOut, Number, Picture, Result
from .intervals import Interval
from .measured import Measured
from .tables import SweepTables

METHOD = "shapley"
NOBODY, WHOLE = "none of them", "whole"
DEFINITION = (
    "Shapley value over what all add, mean over seeds: what a switch adds, averaged over all orders of arrival; 95 % "
    "percentile bootstrap interval over seeds"
)
PARTS = ("share", "low", "high")
NO_PARTS: dict[str, float] = dict.fromkeys(PARTS, float("nan"))


def shapley(tables: SweepTables, outcomes: Sequence[Measured]) -> list[Result]:
    """One finding for every outcome."""
    switches = players_of(tables)
    if not switches:
        return [LeftOut(METHOD, "all", "no axis is a switch (vary.NAME.without)")]
    if len(switches) < len(tables.axes) or len(tables.cases) > 1 or len(switches) > PLAYERS_MAX:
        return [LeftOut(METHOD, "all", f"the axes are not {PLAYERS_MAX} switches at most, of one case")]
    if tables.asked.luck is not Luck.COMMON:
        return [LeftOut(METHOD, "all", "subsets have different seeds (replications.luck)")]
    return [_one(tables, switches, outcome) for outcome in outcomes]


def players_of(tables: SweepTables) -> list[str]:
    """Names of the axes that are switches."""
    return [axis.name for axis in tables.axes if axis.is_switch]


def games(players: Sequence[str], runs: pd.DataFrame, values: np.ndarray) -> dict[int, dict[Coalition, float]]:
    """By seed, the worth of every subset; seeds of which a subset has none are left out."""
    worth: dict[int, dict[Coalition, float]] = {}
    present = runs[list(players)].eq(WITH).to_numpy()
    for seed, row, value in zip(runs["seed"].tolist(), present, values.tolist(), strict=True):
        if np.isfinite(value):
            worth.setdefault(seed, {})[frozenset(np.array(players)[row].tolist())] = value
    return {seed: worth[seed] for seed in sorted(worth) if len(worth[seed]) == 2 ** len(players)}


def shares(players: Sequence[str], worths: Mapping[int, Mapping[Coalition, float]]) -> pd.DataFrame:
    """Shapley value of every switch: mean over seeds, share of the whole and of what all add, with intervals.

    "none of them" is what there is without any.
    """
    values = [shapley_values(players, worth) for worth in worths.values()]
    whole = np.array([worth[frozenset(players)] for worth in worths.values()])
    parts = {player: np.array([each[player] for each in values]) for player in players}
    parts[NOBODY] = np.array([worth[frozenset()] for worth in worths.values()])
    added = whole - parts[NOBODY]
    rows: list[dict[str, Any]] = []
    for name, amounts in parts.items():
        of_added = _parts(amounts, added) if name in players else NO_PARTS
        row = {"class": name, "value": float(amounts.mean()), **_parts(amounts, whole)}
        rows.append(row | {f"added_{key}": value for key, value in of_added.items()})
    return pd.DataFrame([*rows, {"class": WHOLE, "value": float(whole.mean()), "share": 1.0}])


def _parts(amounts: np.ndarray, whole: np.ndarray) -> dict[str, float]:
    """Mean over seeds of the share in a whole, with its interval; not a number where there is no whole."""
    share = np.divide(amounts, whole, out=np.full(len(whole), np.nan), where=whole != 0)
    return dict(zip(PARTS, (float(share.mean()), *mean_interval(share)), strict=True))


def _one(tables: SweepTables, players: Sequence[str], outcome: Measured) -> Result:
    name, words = outcome.name, outcome.words
    worths = games(players, tables.good, outcome.values)
    if not worths:
        return LeftOut(METHOD, name, "no seed has a number of every subset")
    table = shares(players, worths)
    if not np.isfinite(table["added_share"].iloc[0]):
        return LeftOut(METHOD, name, "there is no more with all than with none")
    own = table[table["class"].isin(players)].sort_values("added_share", ascending=False)
    none = table[table["class"] == NOBODY].iloc[0]
    told = [f"{row['class']} {_said(row)}" for row in own.to_dict("records")]
    sentences = (
        f"{name}: {none['share']:.0%} of {words.say(float(table['value'].iloc[-1]))} is there without any; of what all "
        f"add, {', '.join(told)} ({_sure(len(worths))}).",
    )
    numbers = [
        Number.from_interval(
            f"{name}: {row['class']}",
            Interval(row["added_share"], row["added_low"], row["added_high"], len(worths)), "share", DEFINITION,
        )
        for row in own.to_dict("records")
    ]  # fmt: skip
    title = f"Who made it possible: {name}"
    picture = Picture(lambda: draw_shares({words.meaning or name: table}), f"{title}. {words.meaning}.")
    return Finding(METHOD, title, sentences, tuple(numbers), {f"shapley-{name}": table}, {f"shapley-{name}": picture})


def _said(row: Mapping[str, Any]) -> str:
    value, *ends = (100 * row[f"added_{part}"] for part in PARTS)
    return f"{value:.1f} %" + ("" if np.isnan(ends[0]) else " ({:.1f} to {:.1f})".format(*ends))


def _sure(seeds: int) -> str:
    return f"{seeds} seeds, 95 % intervals" if seeds > 1 else "1 seed, too few for intervals"
