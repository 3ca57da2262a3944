"""How much a dollar that flows in moves market value: real cash orders into one share, a sector, the whole market.

M = (relative price change of the target) / (flow / market value of the target), from pairs of runs that differ by the
flow alone. The flow is what was executed, at closing prices; the price change is against the same day of the run
without it.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from ...agents.outside_flows import OutsideFlow
from ...model import CarouselModel
from ..runner.intervals import bounds, mean_interval, resamples
from ..runner.runs import Tell, map_runs, quiet
from ..validation.checks import Check
from .flow_markets import MANY_SECTORS, OUTSIDER, SECTORS, market
from .study import Request, Section, StudyResult, case_of, split_failed
from .study_figures import draw_multipliers

FLOW_DAY = 15
LATER_DAYS = 20
ETF_DAYS = 5
"""Days over which a flow through the ETF is spread: its participant sells from a small inventory."""
DAYS = FLOW_DAY + ETF_DAYS + LATER_DAYS + 2
SIZES = (-0.02, -0.01, -0.005, -0.001, 0.001, 0.005, 0.01, 0.02)
QUICK_SIZES = (-0.01, 0.01)
ETF_SIZES = (-0.002, -0.001, 0.001, 0.002)
ETF_HELD = 0.0025
"""Part of the market that the outside investor buys through the ETF in both runs, so that it can also sell."""
SEEDS, QUICK_SEEDS = 24, 5
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


@cache
def _scenario(name: str) -> Any:
    return market(name, DAYS)


def _run(name: str, seed: int, flows: list[OutsideFlow]) -> tuple[np.ndarray, np.ndarray, CarouselModel]:
    """Closing prices and the outsider's holdings (ETF last), float[days + 1, F] and float[days + 1, F + 1]."""
    model = CarouselModel(_scenario(name), rng=seed)
    model.cast.outside_flows.extend(flows)
    account = next(v.account for v in model.cast.venture_investors if v.name == OUTSIDER)
    assert model.cast.etf is not None
    securities = [*model.prices.securities.tolist(), model.cast.etf.security]
    prices, held = [model.prices.price_cents.copy()], [model.books.registers.holdings[account, securities].copy()]
    while model.running:
        model.step()
        prices.append(model.prices.price_cents.copy())
        held.append(model.books.registers.holdings[account, securities].copy())
    return np.array(prices, dtype=float), np.array(held, dtype=float), model


def _targets(name: str, model: CarouselModel, seed: int) -> dict[tuple[str, str], list[int]]:
    """(level, target) and the members of each target; in the generated market each seed draws its share and sector."""
    names = model.prices.names
    everything = list(range(len(names)))
    if name == MANY_SECTORS:
        share, sector = (seed * 7) % len(names), seed % SECTORS
        members = [i for i in everything if model.prices.sector[i] == sector]
        return {
            (ONE_SHARE, "one of sixty"): [share],
            (SECTOR, "one of six"): members,
            (MARKET, "all sixty"): everything,
            (BY_ETF, "all sixty"): everything,
        }
    circle = [f.index for f in (*model.cast.clouds, *model.cast.chip_makers)]
    singles: dict[tuple[str, str], list[int]] = {(ONE_SHARE, names[i]): [i] for i in circle}
    return singles | {
        (SECTOR, "the circle's shares"): circle,
        (MARKET, "the technology index"): everything,
        (BY_ETF, "the technology index"): everything,
    }


def measure_pairs(name: str, seed: int, sizes: list[float], etf_sizes: list[float]) -> list[dict[str, Any]]:
    """One seed of one market: the run without a flow, and one run for each target and size."""
    prices, held, model = _run(name, seed, [])
    caps = prices[FLOW_DAY - 1] * model.books.registers.outstanding[model.prices.securities]
    rows = []
    for (level, target), members in _targets(name, model, seed).items():
        if level == BY_ETF:
            rows += _etf_pairs(name, seed, target, etf_sizes, caps)
            continue
        weights = caps[members] / caps[members].sum()
        for size in sizes:
            flows = [OutsideFlow(FLOW_DAY, OUTSIDER, model.prices.names[i], int(size * caps[i])) for i in members]
            moved_prices, moved_held, _ = _run(name, seed, flows)
            bought = (moved_held - held)[FLOW_DAY, members] @ moved_prices[FLOW_DAY, members]
            moves = (moved_prices / prices - 1)[:, members] @ weights
            rows.append(_row(name, level, target, seed, size, bought / caps[members].sum(), moves, FLOW_DAY))
    return rows


def _etf_pairs(name: str, seed: int, target: str, sizes: list[float], caps: np.ndarray) -> list[dict[str, Any]]:
    """Flows into all shares through the ETF: households' own road, by participant, creation and hedges."""
    total = caps.sum()
    before = [
        OutsideFlow(d, OUTSIDER, _etf_name(name), int(ETF_HELD * total / ETF_DAYS)) for d in range(2, 2 + ETF_DAYS)
    ]
    prices, held, _ = _run(name, seed, before)
    weights = caps / total
    rows = []
    for size in sizes:
        days = range(FLOW_DAY, FLOW_DAY + ETF_DAYS)
        flows = [OutsideFlow(d, OUTSIDER, _etf_name(name), int(size * total / ETF_DAYS)) for d in days]
        moved_prices, moved_held, moved_model = _run(name, seed, [*before, *flows])
        last = FLOW_DAY + ETF_DAYS - 1
        bought = (moved_held - held)[last, -1] * moved_model.prices.etf_price_cents
        moves = (moved_prices / prices - 1) @ weights
        rows.append(_row(name, BY_ETF, target, seed, size, bought / total, moves, last))
    return rows


def _etf_name(name: str) -> str:
    return str(_scenario(name).etf.name)


def _row(
    name: str, level: str, target: str, seed: int, size: float, flow_share: float, moves: np.ndarray, last: int
) -> dict[str, Any]:
    if flow_share == 0:
        raise ValueError(f"a flow of {size:g} into {target} found nobody to trade with")
    return {
        "market": name,
        "level": level,
        "target": target,
        "seed": seed,
        "size": size,
        "flow_share": float(flow_share),
        "move_day_0": float(moves[last]),
        "move_day_20": float(moves[last + LATER_DAYS]),
        "multiplier_day_0": float(moves[last] / flow_share),
        "multiplier_day_20": float(moves[last + LATER_DAYS] / flow_share),
    }


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


def _measure(request: Request, markets: tuple[str, ...]) -> tuple[pd.DataFrame, list[Any], int]:
    seeds = request.seeds or (QUICK_SEEDS if request.quick else SEEDS)
    sizes = list(QUICK_SIZES if request.quick else SIZES)
    etf_sizes = list(ETF_SIZES[1:3] if request.quick else ETF_SIZES)
    cases = [case_of(name=m, seed=s, sizes=sizes, etf_sizes=etf_sizes) for m in markets for s in range(seeds)]
    good, failed = split_failed(
        "flow-multiplier", map_runs(measure_pairs, cases, workers=request.workers, tell=request.tell)
    )
    pairs = pd.DataFrame([row for rows in good for row in rows])
    return pairs, failed, len(pairs) + 2 * len(good)


def level_checks(pairs: pd.DataFrame) -> list[Check]:
    """The literature's multipliers against those of the generated market, a month after the flow and on its day."""
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
                )
            )
    return checks


def _of(level: str) -> str:
    return {ONE_SHARE: "one share", SECTOR: "one sector", MARKET: "all shares by weight"}.get(level, "the ETF")


def checks(*, quick: bool = True, workers: int | None = None, tell: Tell = quiet) -> list[Check]:
    """What the study claims, from its generated market alone."""
    pairs, _, _ = _measure(Request(workers=workers, quick=quick, tell=tell), (MANY_SECTORS,))
    return level_checks(pairs)


def study(request: Request) -> StudyResult:
    """Flows of several sizes and both signs at three levels of aggregation, in two markets."""
    pairs, failed, runs = _measure(request, (MANY_SECTORS, "ai-2025"))
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
        runs=runs,
        failed=failed,
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
