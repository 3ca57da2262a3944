"""What turned first in runs that reversed: chains of causes, leads and lags, and the margin of the network."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..runner.intervals import bounds, resamples
from .monetisation_runs import WEEK

SERIES = ("spread", "chip", "equity", "commitments")
DIVERGES = {"spread": 1.10, "chip": 0.95, "equity": 0.95, "commitments": 0.98}
"""A run has left its counterfactual when its spread is 10 % above, values 5 % or promises 2 % below, for a month."""
WEEKS = 4
RAW = (
    ("the chip maker's share turns after credit spreads by", "spread_turn_day", "chip_turn_day"),
    ("the peak of equity precedes that of commitments by", "equity_peak_day", "commitments_peak_day"),
    ("the first failed round precedes the first missed bill by", "first_round_failed", "first_bill_missed"),
)
PAIRED = (
    ("paired: the chip maker's share leaves its counterfactual after credit spreads by", "spread", "chip"),
    ("paired: equity leaves its counterfactual before commitments by", "equity", "commitments"),
)


def chains(runs: pd.DataFrame) -> pd.DataFrame:
    """The decisive events of every run that turned, one row each, with first days of rising spreads and of selling."""
    rows = []
    for run in runs[runs["turned"]].itertuples(index=False):
        where = {"map": run.map, "growth": run.growth, "value": run.value, "seed": run.seed, "regime": run.regime}
        links = [
            {k: link[k] for k in ("day", "kind", "agent", "counterparty", "times", "detail")} for link in run.chain
        ]
        market = (("spread_rises", run.first_spread_rise), ("households_sell", run.first_selling))
        links += [
            {
                "day": day,
                "kind": kind,
                "agent": "market",
                "counterparty": "",
                "times": 1,
                "detail": "from the daily series",
            }
            for kind, day in market
            if day >= 0
        ]
        rows += [where | link for link in sorted(links, key=lambda link: link["day"])]
    names = ["map", "growth", "value", "seed", "regime", "day", "kind", "agent", "counterparty", "times", "detail"]
    return pd.DataFrame(rows, columns=names)


def first_links(table: pd.DataFrame) -> pd.DataFrame:
    """How often each kind of event is the first of a chain, the market's own prices left aside: kind, runs, and how
    many of them at the most committed spending."""
    own = table[table["agent"] != "market"]
    first = own.groupby(["map", "growth", "value", "seed"], sort=False).head(1)
    committed = first["map"] == "committed"
    most = committed & (first["value"] == first.loc[committed, "value"].max())
    found = pd.DataFrame({"kind": first["kind"], "runs": 1, "at_most_committed": most.astype(int)})
    counted = found.groupby("kind", as_index=False).sum()
    return counted.sort_values(["runs", "kind"], ascending=[False, True], kind="stable").reset_index(drop=True)


def paired_turns(runs: pd.DataFrame) -> pd.DataFrame:
    """For each run that turned and whose counterfactual did not: the first day each series left the other's, -1 for
    never.

    The counterfactual has the same seed and value and the highest growth of the grid.
    """
    top = runs["growth"].max()
    growing = {(t.map, t.value, t.seed): t for t in runs[runs["growth"] == top].itertuples(index=False)}
    rows = []
    for run in runs[runs["turned"] & (runs["growth"] < top)].itertuples(index=False):
        counterfactual = growing.get((run.map, run.value, run.seed))
        if counterfactual is None or counterfactual.turned:
            continue
        own, other = np.array(run.weekly), np.array(counterfactual.weekly)
        days = {name: left_day(own[i] / np.maximum(other[i], 1e-12), DIVERGES[name]) for i, name in enumerate(SERIES)}
        rows.append({"map": run.map, "growth": run.growth, "value": run.value, "seed": run.seed, **days})
    return pd.DataFrame(rows, columns=["map", "growth", "value", "seed", *SERIES])


def left_day(ratio: np.ndarray, beyond: float) -> int:
    """The first day from which a weekly ratio lies beyond a threshold (above 1: above it) for a month; -1: never."""
    is_beyond = ratio > beyond if beyond > 1 else ratio < beyond
    run_length = np.convolve(is_beyond.astype(int), np.ones(WEEKS, int), "valid")
    found = np.flatnonzero(run_length == WEEKS)
    return int(found[0]) * WEEK if len(found) else -1


def leads(runs: pd.DataFrame) -> pd.DataFrame:
    """Median days between pairs of turns over runs that turned, seeds redrawn whole; runs without both are left out."""
    turned, pairs = runs[runs["turned"]], paired_turns(runs)
    rows = []
    for frame, named in ((turned, RAW), (pairs, PAIRED)):
        for what, first, second in named:
            both = frame[(frame[first] >= 0) & (frame[second] >= 0)]
            days = (both[second] - both[first]).to_numpy(dtype=float)
            low, high = _median_interval(days, both["seed"].to_numpy())
            rows.append(
                {
                    "what": what,
                    "median_days": float(np.median(days)) if len(days) else float("nan"),
                    "low": low,
                    "high": high,
                    "share_positive": float((days > 0).mean()) if len(days) else float("nan"),
                    "runs": len(days),
                    "runs_without_both": len(frame) - len(days),
                }
            )
    return pd.DataFrame(rows)


def _median_interval(days: np.ndarray, seeds: np.ndarray) -> tuple[float, float]:
    names = np.unique(seeds)
    if len(names) < 2:
        return float("nan"), float("nan")
    groups = [days[seeds == name] for name in names]
    drawn = [float(np.median(np.concatenate([groups[i] for i in row]))) for row in resamples(len(names), count=1000)]
    return bounds(np.array(drawn))


def margins(runs: pd.DataFrame) -> pd.DataFrame:
    """The network's margin in runs that turned and in others, and how well it tells them apart within a map's value.

    `ranks_right` is the share of pairs (one that turned, one that did not; same map and value) in which the run that
    turned has the smaller margin at the peak: 1 if reversal is where the margin is small, 0.5 if it says nothing.
    """
    rows = []
    right = _ranks_right(runs)
    for outcome, group in (("turned", runs[runs["turned"]]), ("not turned", runs[~runs["turned"]])):
        means = {c: float(group[c].mean()) for c in ("margin_at_start", "margin_at_peak", "margin_smallest")}
        rows.append({"outcome": outcome, "runs": len(group), **means, "ranks_right": right})
    return pd.DataFrame(rows)


def _ranks_right(runs: pd.DataFrame) -> float:
    smaller, pairs = 0.0, 0
    for _, group in runs.groupby(["map", "value"]):
        yes = group.loc[group["turned"], "margin_at_peak"].to_numpy()
        no = group.loc[~group["turned"], "margin_at_peak"].to_numpy()
        gaps = np.subtract.outer(yes, no)
        smaller += float((gaps < 0).sum() + 0.5 * (gaps == 0).sum())
        pairs += gaps.size
    return smaller / pairs if pairs else float("nan")
