"""How much a dollar that flows in moves market value: real cash orders into one share, a sector, the whole market.

M = (relative price change of the target) / (flow / market value of the target), from pairs of runs that differ by the
flow alone. The flow is what was executed, at closing prices; the price change is against the same day of the run
without it.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from ..runner.intervals import bounds, mean_interval, resamples
from ..sweeps.analysis.tables import SweepTables
from ..sweeps.outcomes.of_flows import (
    ALL_SHARES,
    BASIS_POINTS,
    CIRCLE,
    ETF_BASIS_POINTS,
    ETF_DAYS,
    FLOW,
    LATER,
    ON_THE_DAY,
    ONE_SECTOR,
)
from ..sweeps.outcomes.of_flows import BY_ETF as THE_ETF
from ..sweeps.outcomes.of_flows import ONE_SHARE as A_SHARE
from ..validation.checks import Check, ClaimKind
from .study import NoRuns, Section, StudyResult, failed_of
from .study_figures import draw_multipliers
from .swept import Swept

QUICK_SEEDS = 5
QUICK_OUTCOMES = ("impact.*.-100.*", "impact.*.100.*", "impact.the ETF.-10.*", "impact.the ETF.10.*")
SOURCE = "Gabaix & Koijen (2021), NBER 28967; Bouchaud (2021); Li & Lin (2022)"
ONE_SHARE, SECTOR, MARKET, BY_ETF = "one share", "sector", "market", "market, through the ETF"
BANDS = {ONE_SHARE: (0.7, 1.5), SECTOR: (2.0, 3.0), MARKET: (3.0, 8.0), BY_ETF: (3.0, 8.0)}
"""About 1, 2 to 3, 3 to 8: fixed before anything was measured."""
LITERATURE = {ONE_SHARE: "about 1", SECTOR: "2 to 3", MARKET: "3 to 8", BY_ETF: "3 to 8"}
KEYS = {
    ONE_SHARE: "impact.one_share",
    SECTOR: "impact.sector",
    MARKET: "impact.market",
    BY_ETF: "impact.market_by_etf",
}

MANY_SECTORS = "many-sectors"
TARGETS = {
    MANY_SECTORS: {
        A_SHARE: (ONE_SHARE, "one of sixty"),
        ONE_SECTOR: (SECTOR, "one of six"),
        ALL_SHARES: (MARKET, "all sixty"),
        THE_ETF: (BY_ETF, "all sixty"),
    },
    "ai-2025": {
        "Oracle": (ONE_SHARE, "Oracle"),
        "NVIDIA": (ONE_SHARE, "NVIDIA"),
        CIRCLE: (SECTOR, "the circle's shares"),
        ALL_SHARES: (MARKET, "the technology index"),
        THE_ETF: (BY_ETF, "the technology index"),
    },
}
"""Case of the sweep -> target of its flows -> level and target as the study calls them."""
RUNS_WITHOUT = 2
"""Runs of every seed that others are compared with: without a flow, and with what is held through the ETF."""

METHOD = (
    "An investor from outside brings cash and buys, or sells what it holds, in the closing auctions of a day (by the "
    f"ETF: of {ETF_DAYS} days): real orders against the funds' ladders, no price is edited. Each run is paired with "
    "the same seed without it. M is the least-squares slope of price changes on executed flows, both relative to "
    "market value; intervals redraw seeds (95 %). The bands come from data of months and quarters, so the impact that "
    "lasts is what they speak of; a little more on the day is the concession for trading at once.",
    "The bands hold for sixty shares in six sectors, a market wide enough to have small shares and small sectors. In "
    "ai-2025 all shares are of one sector and NVIDIA is a fifth of the index: a flow into it moves the market too, "
    "and M must lie above that of a small share.",
)


def pairs_of(tables: SweepTables) -> pd.DataFrame:
    """A row for each flow: its market, level, target, seed and size, what was bought, and price changes.

    Raises: NoRuns if no run of the generated market succeeded.
    """
    if not tables.good["case"].eq(MANY_SECTORS).any():
        raise NoRuns(f"flow-multiplier in {MANY_SECTORS}", failed_of(tables))
    columns = set(tables.outcomes)
    found = []
    for run in tables.good.sort_values("run", kind="stable").to_dict("records"):
        for own, (level, target) in TARGETS[run["case"]].items():
            for points in ETF_BASIS_POINTS if level == BY_ETF else BASIS_POINTS:
                stem = f"impact.{own}.{points}"
                if f"{stem}.{FLOW}" in columns:
                    flow, *moves = (float(run[f"{stem}.{what}"]) for what in (FLOW, ON_THE_DAY, LATER))
                    found.append((run["case"], level, target, run["seed"], points / 1e4, flow, *moves))
    pairs = pd.DataFrame(
        found, columns=["market", "level", "target", "seed", "size", "flow_share", "move_day_0", "move_day_20"]
    )
    for day in ("day_0", "day_20"):
        pairs[f"multiplier_{day}"] = pairs[f"move_{day}"] / pairs["flow_share"]
    return pairs


def slope(pairs: pd.DataFrame, column: str) -> float:
    """M of many pairs: the least-squares slope through zero of price changes on flows, so that small flows, whose
    pairs differ by luck as much as by the flow, weigh little."""
    flow = pairs["flow_share"].to_numpy(dtype=float)
    return float(flow @ pairs[column].to_numpy(dtype=float) / (flow @ flow))


def slope_interval(pairs: pd.DataFrame, column: str) -> tuple[float, float]:
    """95 % interval of that slope, seeds redrawn whole."""
    flow = pairs["flow_share"].to_numpy(dtype=float)
    frame = pd.DataFrame({"seed": pairs["seed"], "a": flow * pairs[column].to_numpy(dtype=float), "b": flow**2})
    sums = frame.groupby("seed")[["a", "b"]].sum().to_numpy()
    if len(sums) < 2:
        return float("nan"), float("nan")
    drawn = sums[resamples(len(sums))].sum(axis=1)
    return bounds(drawn[:, 0] / drawn[:, 1])


def by_level(pairs: pd.DataFrame) -> pd.DataFrame:
    """M of each target, on the day of the flow and a month after, with intervals over seeds."""
    rows = []
    for (name, level, target), group in pairs.groupby(["market", "level", "target"], sort=False):
        row: dict[str, Any] = {"market": name, "level": level, "target": target, "seeds": int(group["seed"].nunique())}
        for day in ("day_0", "day_20"):
            low, high = slope_interval(group, f"move_{day}")
            row |= {f"M_{day}": slope(group, f"move_{day}"), f"low_{day}": low, f"high_{day}": high}
        rows.append(row)
    return pd.DataFrame(rows)


def by_size(pairs: pd.DataFrame) -> pd.DataFrame:
    """Mean M of each size in the generated market: is impact proportional to the flow?"""
    rows = []
    own = pairs[pairs["market"] == MANY_SECTORS]
    for (level, size), group in own.groupby(["level", "size"], sort=False):
        row: dict[str, Any] = {"level": level, "size": float(size), "flow_share": float(group["flow_share"].mean())}
        for day in ("day_0", "day_20"):
            values = group[f"multiplier_{day}"].to_numpy(dtype=float)
            low, high = mean_interval(values)
            row |= {f"M_{day}": float(values.mean()), f"low_{day}": low, f"high_{day}": high}
        rows.append(row)
    return pd.DataFrame(rows)


def level_checks(pairs: pd.DataFrame) -> list[Check]:
    """The literature's multipliers against those of the generated market, a month after the flow and on its day.

    A fit: the elasticities of demand are inputs near the inverse of the literature's multipliers.
    """
    table = by_level(pairs[pairs["market"] == MANY_SECTORS])
    checks = []
    for row in table.itertuples(index=False):
        low, high = BANDS[row.level]
        for suffix, day in (("", "day_20"), (".day_0", "day_0")):
            when = "20 days after the flow" if day == "day_20" else "on the day of the flow"
            checks.append(
                Check(
                    key=KEYS[row.level] + suffix,
                    claim=f"market value moved per dollar that flows into {_of(row.level)}, {when}",
                    measured=float(getattr(row, f"M_{day}")),
                    low=low,
                    high=high,
                    unit="USD per USD",
                    source=SOURCE,
                    interval=(float(getattr(row, f"low_{day}")), float(getattr(row, f"high_{day}"))),
                    note=f"{row.seeds} paired seeds, sixty shares in six sectors",
                    kind=ClaimKind.FITTED,
                )
            )
    return checks


def _of(level: str) -> str:
    return {ONE_SHARE: "one share", SECTOR: "one sector", MARKET: "all shares by weight"}.get(level, "the ETF")


def claims(tables: SweepTables) -> list[Check]:
    """What the study claims, from its generated market alone."""
    return level_checks(pairs_of(tables))


def report(tables: SweepTables) -> StudyResult:
    """Flows of several sizes and both signs at three levels of aggregation, in two markets."""
    pairs = pairs_of(tables)
    levels, sizes = by_level(pairs), by_size(pairs)
    found = level_checks(pairs)
    own = levels[levels["market"] == MANY_SECTORS]
    findings = [
        f"{row.level[0].upper()}{row.level[1:]}: M = {row.M_day_20:.2f} ({row.low_day_20:.2f} to "
        f"{row.high_day_20:.2f}) after 20 days, {row.M_day_0:.2f} on the day; the literature says "
        f"{LITERATURE[row.level]}."
        for row in own.itertuples(index=False)
    ]
    return StudyResult(
        title="Flow multiplier: what a dollar that flows in does to market value",
        findings=findings,
        sections=_sections(),
        tables={"levels": levels, "sizes": sizes, "pairs": pairs},
        measures={"levels": levels.to_dict("records"), "sizes": sizes.to_dict("records")},
        figures={"multipliers": draw_multipliers(levels, sizes, BANDS)},
        captions={"multipliers": "Flow multiplier by level of aggregation, and by size of the flow"},
        checks=found,
        runs=len(pairs) + RUNS_WITHOUT * len(tables.runs),
        failed=failed_of(tables),
    )


def _sections() -> list[Section]:
    return [
        Section(
            "What was done",
            [
                *METHOD,
            ],
        ),
        Section("By level", [], ["levels"], ["multipliers"]),
        Section(
            "Is impact proportional to the flow?",
            [
                "Means over seeds for each size in the generated market. For the smallest flows the two runs of a pair "
                "also differ by rounding of whole shares and its consequences: the intervals are wider.",
            ],
            ["sizes"],
        ),
    ]


def _smaller(words: dict[str, Any]) -> None:
    words["replications"] = {**words["replications"], "number": QUICK_SEEDS}
    words["outcomes"] = QUICK_OUTCOMES


def _generated_market(words: dict[str, Any]) -> None:
    words["case"] = tuple(case for case in words["case"] if case["name"] == MANY_SECTORS)


STUDY = Swept(name="flow-multiplier", report=report, claims=claims, smaller=_smaller, claimed=_generated_market)
checks = STUDY.checks
