"""The runs of the monetisation study as one table: map and cell of each, its regime, chain of events, and what turned
when, from the tables of its sweep (`experiments/named/monetisation.toml`)."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd

from ...narrative.chronicle import Happening
from ..sweeps.analysis.tables import SweepTables

MAPS = ("committed", "dry_powder")
"""The first half of the sweep's points is a map over committed spending, the second over dry powder."""
LAGS, WEEK = 20, 5
FIRSTS = (
    Happening.DOWN_ROUND, Happening.ROUND_FAILED, Happening.BOND_FAILED, Happening.BUILD_SLOWED, Happening.BILL_LATE,
    Happening.BILL_MISSED, Happening.STAKE_SOLD, Happening.DOUBTED,
)  # fmt: skip
"""Events whose first day is kept for each run."""
NAMES = {
    "monetisation_growth_per_year": "growth",
    "committed_scale": "committed",
    "dry_powder_scale": "dry_powder",
    "seed": "seed",
    "regime": "regime",
    "turned": "turned",
    "drawdown_relative": "drawdown",
    "peak_day": "peak_day",
    "trough_day": "trough_day",
    "delivered_mw": "delivered_mw",
    "margin.start": "margin_at_start",
    "margin.peak": "margin_at_peak",
    "margin.smallest": "margin_smallest",
    **{f"first_day.{kind}": f"first_{kind}" for kind in FIRSTS},
    "first_day_of.spread_rises": "first_spread_rise",
    "first_day_of.households_sell": "first_selling",
    "turning_day.spread": "spread_turn_day",
    "turning_day.chips": "chip_turn_day",
    "turning_day.equity": "equity_peak_day",
    "turning_day.commitments": "commitments_peak_day",
    "chain": "chain",
}
"""Columns of the sweep -> what the study calls them; a day that never came is -1."""
SERIES = ("spread_of_clouds", "chips_over_rest", "circle_value", "commitments")
"""Daily series in the order of the rows of `weekly`."""


def runs_of(tables: SweepTables) -> pd.DataFrame:
    """A row for each run that came to something, by run."""
    good = tables.good.sort_values("run", kind="stable").reset_index(drop=True)
    runs = good[list(NAMES)].rename(columns=NAMES)
    for column in runs.columns:
        if column.startswith("first_") or column.endswith("_day"):
            runs[column] = runs[column].fillna(-1).astype(int)
    runs["turned"] = runs["turned"].astype(bool)
    runs["chain"] = [json.loads(said) for said in runs["chain"]]
    courses = _courses(tables, good["run"].tolist())
    runs["lagged"] = [
        lagged(course[0], course[1]) if has_turned else []
        for course, has_turned in zip(courses, runs["turned"], strict=True)
    ]
    runs["weekly"] = [course[:, ::WEEK].tolist() for course in courses]
    half = int(tables.design["point"].max()) // 2
    runs["map"] = [MAPS[int(point > half)] for point in good["point"]]
    runs["value"] = [row[row["map"]] for _, row in runs.iterrows()]
    runs["log2_value"] = np.log2(runs["value"].astype(float))
    return runs


def _courses(tables: SweepTables, runs: list[int]) -> list[np.ndarray]:
    """The daily series of each run, float [series, days + 1]."""
    whole = tables.all_series(SERIES)
    by_run = {run: rows[list(SERIES)].to_numpy(dtype=float).T for run, rows in whole.groupby("run", sort=False)}
    return [by_run[run] for run in runs]


def lagged(spread: np.ndarray, chips: np.ndarray) -> list[float]:
    """Correlation of weekly changes: the spread's with the chip share's fall `lag` days later, lag from -20 to 20."""
    a = np.diff(np.log(np.maximum(spread[1:], 1e-5)))
    b = -np.diff(np.log(chips[1:]))
    a, b = np.convolve(a, np.ones(WEEK), "valid"), np.convolve(b, np.ones(WEEK), "valid")
    out = []
    for lag in range(-LAGS, LAGS + 1):
        x, y = (a[: len(a) - lag], b[lag:]) if lag >= 0 else (a[-lag:], b[:lag])
        spread_x, spread_y = x.std(), y.std()
        is_flat = spread_x == 0 or spread_y == 0
        out.append(0.0 if is_flat else float(((x - x.mean()) * (y - y.mean())).mean() / (spread_x * spread_y)))
    return out
