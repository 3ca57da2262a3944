"""Does the circle carry what its story says: worlds with it and without it, against the record of autumn 2025."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from ...history.kinds import SAVERS, Channel
from ..runner.runs import FailedRun, Tell, map_runs, quiet
from .checks import Check
from .circle_horizon import five_years
from .circle_regimes import WORLDS, boom_checks, regime_checks
from .circle_worlds import CHRISTMAS_DAY, CONTRACT_DAY, LETTER_DAY, NO_CLAIMS, NO_MOODS, autumn, years
from .turn_checks import wilson

SEEDS, QUICK_SEEDS = tuple(range(100, 140)), tuple(range(100, 108))
YEARS_SEEDS, QUICK_YEARS_SEEDS = tuple(range(100, 120)), tuple(range(100, 104))
"""None of the seeds at which the forms and sizes of doubt were chosen (0 to 19)."""
HORIZON_SEEDS = {
    "circle": tuple(range(100, 200)), "slower": tuple(range(100, 200)), "slow": tuple(range(100, 200)),
    "twin": tuple(range(100, 140)), "calm": tuple(range(100, 140)), "boom": tuple(range(100, 120)),
}  # fmt: skip
"""Worlds of five years and their seeds; shares of a few seeds would say nothing, so a quick validation leaves them
out."""
LENDERS = (Channel.BOND_FUNDS, Channel.BANKS, Channel.PRIVATE_CREDIT)
RECORD = "the record to the end of 2025 (docs/facts.md); band fixed before it was measured"
FAST = ("cloud.*.build_gw_per_year_max*=1.3", "chip_maker.*.supply_gw_per_year_max*=3")
SLOW = ("cloud.*.build_gw_per_year_max*=0.7", "chip_maker.*.supply_gw_per_year_max*=3")
MORE_CHIPS, FEWER_CHIPS = ("supply.*.chips_usd_per_gw*=1.3",), ("supply.*.chips_usd_per_gw*=0.7",)
AUTUMNS: dict[str, tuple[tuple[str, ...], bool]] = {
    "circle": ((), True), "twin": ((), False), "calm": (NO_MOODS, True), "calm twin": (NO_MOODS, False),
    "no claims": (NO_CLAIMS, True), "no claims twin": (NO_CLAIMS, False),
}  # fmt: skip
LATER: dict[str, tuple[tuple[str, ...], bool]] = {
    "circle": ((), True), "twin": ((), False), "fast": (FAST, True), "slow": (SLOW, True),
    "more chips": (MORE_CHIPS, True), "fewer chips": (FEWER_CHIPS, True),
}  # fmt: skip


def seeds(quick: bool) -> Sequence[int]:
    """Seeds of the runs behind these checks."""
    return QUICK_SEEDS if quick else SEEDS


def checks(*, quick: bool = False, workers: int | None = None, tell: Tell = quiet) -> list[Check]:
    """The claims about the circle: six autumns a seed, six runs of three years for half of the seeds, and the regimes
    of five years."""
    short = _run(autumn, AUTUMNS, seeds(quick), workers, tell)
    long = _run(years, LATER, QUICK_YEARS_SEEDS if quick else YEARS_SEEDS, workers, tell)
    whole = {} if quick else _horizons(workers, tell)
    failed = [
        run for runs in (*short.values(), *long.values(), *whole.values()) for run in runs if isinstance(run, FailedRun)
    ]
    if failed:
        why = f"{len(failed)} runs failed: {failed[0].error}"
        return [Check("circle.runs", "All worlds run", math.nan, 0, 0, "runs", RECORD, None, why)]
    return [*autumn_checks(short), *years_checks(long), *(regime_checks(whole) + boom_checks(whole) if whole else [])]


def _horizons(workers: int | None, tell: Tell) -> dict[str, list[Any]]:
    """Worlds of five years, in the order of their seeds."""
    cases = [
        {"changes": list(world.changes), "seed": seed, "without": list(world.without), "boom": world.boom}
        for world, luck in ((WORLDS[name], luck) for name, luck in HORIZON_SEEDS.items())
        for seed in luck
    ]
    runs = iter(map_runs(five_years, cases, workers=workers, tell=tell))
    return {name: [next(runs) for _ in luck] for name, luck in HORIZON_SEEDS.items()}


def _run(
    one: Callable[..., Any],
    worlds: dict[str, tuple[tuple[str, ...], bool]],
    luck: Sequence[int],
    workers: int | None,
    tell: Tell,
) -> dict[str, list[Any]]:
    """Every world at every seed: runs by world, in the order of the seeds."""
    cases = [{"changes": list(c), "seed": seed, "has_circle": h} for c, h in worlds.values() for seed in luck]
    runs = map_runs(one, cases, workers=workers, tell=tell)
    return {name: runs[k * len(luck) : (k + 1) * len(luck)] for k, name in enumerate(worlds)}


def autumn_checks(runs: dict[str, list[dict[str, Any]]]) -> list[Check]:
    """What the autumn of 2025 says."""
    effect = _effect(runs["circle"], runs["twin"], "oracle")
    calm = _effect(runs["calm"], runs["calm twin"], "oracle")
    mute = _effect(runs["no claims"], runs["no claims twin"], "oracle")
    spread = 1e4 * np.array([run["spread"] for run in runs["circle"]])
    revenue = np.array([run["revenue"][CHRISTMAS_DAY] for run in runs["circle"]]) / 1e9
    mark = np.array([run["value"][CONTRACT_DAY + 24] for run in runs["circle"]]) / 1e9
    letter = 100 * np.expm1(effect[:, LETTER_DAY] - effect[:, LETTER_DAY - 1])
    muted = 100 * np.expm1(mute[:, LETTER_DAY] - mute[:, LETTER_DAY - 1])
    drift = 100 * np.expm1(effect[:, CONTRACT_DAY + 60] - effect[:, CONTRACT_DAY])
    low, high = np.percentile(calm[:, 100], [5, 95])
    wider = int((spread[:, CHRISTMAS_DAY] > spread[:, CONTRACT_DAY]).sum())
    return [
        _median("fades", "The circle's effect on Oracle's log price after 100 days, over that of the first",
                effect[:, 100] / effect[:, CONTRACT_DAY], -math.inf, 0.5, "of the first day's"),
        Check("circle.width", "With moods off in both worlds that effect is wide, 5 to 95 % of seeds", high - low, 0.2,
              math.inf, "log points", RECORD, None, f"{low:.3f} to {high:.3f}, median {np.median(calm[:, 100]):.3f}"),
        _median("letter", "NVIDIA's letter moves Oracle on 22 September 2025 (record: 5.7)", letter, 2, 9, "percent"),
        _median("letter_alone", "With neither claims nor spreads in belief it does not", muted, -1, 1, "percent"),
        _median("drift", "Oracle over the 60 days after its jump (mean of 14 jumps above 8 % in the record: -12.8)",
                drift, -20, -6, "percent"),
        _holds("spread", "Oracle's spread on 29 December 2025: the fan holds 151 bp", spread[:, CHRISTMAS_DAY], 151,
               "bp"),
        Check("circle.spread_up", "It is above that of September", wider / len(spread), 0.7, 1.0, "share", RECORD,
              wilson(wider, len(spread)), f"{wider} of {len(spread)} worlds"),
        _holds("revenue", "OpenAI's annualised revenue at the end of 2025: the fan holds 20 bn", revenue, 20, "bn USD"),
        _holds("mark", "OpenAI's value in October 2025: the fan holds 500 bn as a mark", mark, 500, "bn USD"),
    ]  # fmt: skip


def years_checks(runs: dict[str, list[dict[str, float]]]) -> list[Check]:
    """What compute earns and sales are worth."""
    own, twin = runs["circle"], runs["twin"]
    gain = np.array([a["revenue"] - b["revenue"] for a, b in zip(own, twin, strict=True)]) / 1e9
    bound = [run["revenue"] / run["served"] for run in own if run["demand"] > run["served"]]
    fast = [pair for pair in zip(runs["fast"], runs["slow"], strict=True) if pair[0]["delivered_mw"]]
    chips = list(zip(runs["more chips"], runs["fewer chips"], strict=True))
    oracle = np.array([100 * math.log(a["oracle"] / b["oracle"]) for a, b in fast])
    return [
        _median("compute_earns", "By year 3 the lab earns more with the circle's compute than without", gain, 0,
                math.inf, "bn USD a year"),
        Check("circle.capacity_bound", "Where demand is above what capacity serves it earns capacity x yield",
              float(np.mean(bound)) if bound else math.nan, 0.9, 1.1, "of it", RECORD, None,
              f"{len(bound)} of {len(own)} worlds are capacity-bound"),
        _pairs("sells_faster", "The chip maker is worth more when its customers build faster: +30 against -30 %", fast),
        _pairs("sells_more", "and when a GW takes more chips: +30 against -30 %", chips),
        _median("builds_more", "Oracle is not worth less for building faster", oracle, -1, math.inf, "percent"),
        *payers_checks(own, twin),
    ]  # fmt: skip


def payers_checks(own: list[dict[str, float]], twin: list[dict[str, float]]) -> list[Check]:
    """Who pays in: by channel, in expansions and against the twin."""
    grows = [run for run in own if run["is_expansion"]] or own
    savers = np.array([sum(run[channel] for channel in SAVERS) for run in grows])
    more = [{c: a[c] - b[c] for c in Channel} for a, b in zip(own, twin, strict=True)]
    lent = np.array([sum(pair[c] for c in LENDERS) for pair in more])
    by_channel = ", ".join(
        f"{c.value} {np.median([run[c] for run in grows]):+.1f} ({np.median([pair[c] for pair in more]):+.1f})"
        for c in Channel
    )
    paid = _median("savers_pay", "In expansions households and savers put in more cash than they take out", savers, 0,
                   math.inf, "bn USD")  # fmt: skip
    note = f"{len(grows)} of {len(own)} worlds; by channel, and beyond the twin: {by_channel}; {paid.note}"
    return [
        replace(paid, note=note),
        _median("lenders_pay", "With the circle those behind lenders put in more than without", lent, 0, math.inf,
                "bn USD"),
    ]  # fmt: skip


def _effect(worlds: Sequence[dict[str, Any]], twins: Sequence[dict[str, Any]], firm: str) -> np.ndarray:
    """Log price beyond that of the twin, float[seeds, days]."""
    return np.array([world[firm] for world in worlds]) - np.array([twin[firm] for twin in twins])


def _median(key: str, claim: str, values: np.ndarray, low: float, high: float, unit: str) -> Check:
    """A median over seeds, with the interval of its order statistics."""
    ordered, n = np.sort(values), len(values)
    half = 0.98 * math.sqrt(n)
    below, above = (min(n - 1, max(0, round(n / 2 + s * half - 0.5))) for s in (-1, 1))
    interval = float(ordered[below]), float(ordered[above])
    note = f"5 to 95 % of {n} seeds: {np.percentile(values, 5):.3g} to {np.percentile(values, 95):.3g}"
    return Check(f"circle.{key}", claim, float(np.median(values)), low, high, unit, RECORD, interval, note)


def _holds(key: str, claim: str, values: np.ndarray, record: float, unit: str) -> Check:
    """Whether the record lies in the 90 % fan: its distance from the nearer end, 0 inside."""
    low, high = (float(x) for x in np.percentile(values, [5, 95]))
    outside = max(0.0, low - record, record - high)
    note = f"fan {low:.4g} to {high:.4g}, median {np.median(values):.4g} {unit}"
    return Check(f"circle.{key}", claim, outside, 0, 0, f"{unit} outside", RECORD, None, note)


def _pairs(key: str, claim: str, pairs: Sequence[tuple[dict[str, float], dict[str, float]]]) -> Check:
    """In which share of the pairs NVIDIA is worth more in the first world."""
    right, n = sum(a["nvidia"] > b["nvidia"] for a, b in pairs), len(pairs)
    change = np.median([math.expm1(math.log(a["nvidia"] / b["nvidia"])) for a, b in pairs]) if pairs else math.nan
    note = f"{right} of {n} pairs; median {100 * change:+.1f} %"
    share, interval = (right / n, wilson(right, n)) if n else (math.nan, None)
    return Check(f"circle.{key}", claim, share, 0.9, 1.0, "share", RECORD, interval, note)
