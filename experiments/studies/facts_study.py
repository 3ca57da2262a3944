"""Does the market behave like a market? Stylised facts of a simulated index, ETF and shares against real series.

The claim is about the market's own behaviour, so the scenario is the default one without the circle's deals: the same
firms, institutions, households and earnings, but no contract and no letter of intent that could be believed, broken or
defaulted on. Twenty years, because tails and clustering over months cannot be seen in less; many seeds, because one
real history is one draw. With the deals the same run is measured beside it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np
from scipy import stats

from ...narrative.baseline import simulate_fw
from ..sweeps.analysis.tables import SweepTables
from ..sweeps.outcomes.stylised_facts import ABS_LAGS, MEANING, Fact, stylised_facts
from ..validation.checks import Check, ClaimKind, Verdict
from .market_data import Kind
from .study import StudyFailed, failed_of

YEARS, DAYS_PER_YEAR = 20, 252
SEEDS, QUICK_SEEDS = 20, 6
"""Quick means fewer histories, not shorter ones: the facts of five years are other numbers than those of twenty."""
MARKET, WITH_DEALS = "the market alone", "with the deals"
"""Cases of the sweep."""
SERIES = {"index": "index", "ETF": "Technology ETF", "Oracle": "Oracle", "NVIDIA": "NVIDIA"}
"""Series that are measured, by what the study calls them."""
STEMS = {
    Fact.ACF_1: "autocorrelation_1",
    Fact.EXCESS_KURTOSIS: "excess_kurtosis",
    Fact.HILL: "hill",
    **{fact: f"abs_autocorrelation_{lag}" for fact, lag in ABS_LAGS.items()},
    Fact.LEVERAGE: "leverage",
    Fact.VOLUME: "volume_correlation",
}
"""The outcome of a run that measures each fact."""
COVERAGE = 0.9
BELOW_ZERO = math.nextafter(0.0, -1.0)
SOURCE = "real daily series, 1999-2018 and 2000-2013 (packages arch, bokeh_sampledata); list of Cont (2001)"
INSIDE_MIN = 7

Band = tuple[float, float]
BANDS: Mapping[Kind, Mapping[Fact, Band]] = MappingProxyType(
    {
        Kind.INDEX: MappingProxyType(
            {
                Fact.ACF_1: (-0.08, 0.0),
                Fact.EXCESS_KURTOSIS: (5.0, 11.5),
                Fact.HILL: (2.7, 3.4),
                Fact.ABS_ACF_1: (0.24, 0.30),
                Fact.ABS_ACF_5: (0.30, 0.35),
                Fact.ABS_ACF_20: (0.20, 0.27),
                Fact.ABS_ACF_50: (0.13, 0.23),
                Fact.LEVERAGE: (-1.0, BELOW_ZERO),
                Fact.VOLUME: (0.26, 0.47),
            }
        ),
        Kind.SHARE: MappingProxyType(
            {
                Fact.ACF_1: (-0.07, 0.04),
                Fact.EXCESS_KURTOSIS: (6.5, 14.0),
                Fact.HILL: (2.6, 3.6),
                Fact.ABS_ACF_1: (0.15, 0.31),
                Fact.ABS_ACF_5: (0.11, 0.29),
                Fact.ABS_ACF_20: (0.08, 0.28),
                Fact.ABS_ACF_50: (0.07, 0.23),
                Fact.LEVERAGE: (-1.0, BELOW_ZERO),
                Fact.VOLUME: (0.26, 0.47),
            }
        ),
    }
)
"""Fixed before anything was simulated."""


def facts_of(tables: SweepTables, case: str) -> list[dict[str, dict[Fact, float]]]:
    """Facts of "index", "ETF" and every single share (firms that stand for a whole index are none), one dict a seed.

    Raises: StudyFailed if a run failed: a median over the rest would be another number.
    """
    for failed in failed_of(tables):
        raise StudyFailed("in a run", f"seed {failed.case['seed']}: {failed.error} ({failed.where})")
    runs = tables.good[tables.good["case"] == case].sort_values("seed").to_dict("records")
    return [
        {
            name: {fact: _number(run[f"{stem}.{column}"]) for fact, stem in STEMS.items()}
            for name, column in SERIES.items()
        }
        for run in runs
    ]


def _number(value: float | None) -> float:
    return math.nan if value is None else float(value)


def of_index(runs: Sequence[Mapping[str, Mapping[Fact, float]]]) -> list[Mapping[Fact, float]]:
    """One index a run."""
    return [run["index"] for run in runs]


def of_shares(runs: Sequence[Mapping[str, Mapping[Fact, float]]]) -> list[Mapping[Fact, float]]:
    """Every single share of every run."""
    return [facts for run in runs for name, facts in run.items() if name not in ("index", "ETF")]


def baseline_facts(seeds: Sequence[int], *, years: int = YEARS) -> list[dict[Fact, float]]:
    """The published Franke-Westerhoff (2012) process at its own parameters; it has no volume.

    Every run begins after a thousand days, as the market's own sentiment does.
    """
    past = 1000
    return [stylised_facts(simulate_fw(past + years * DAYS_PER_YEAR, seed).returns[past:]) for seed in seeds]


def median_with_interval(values: Sequence[float]) -> tuple[float, Band | None]:
    """Median and its distribution-free interval (order statistics); none where there are fewer than two values."""
    finite = np.array([value for value in values if math.isfinite(value)])
    if finite.size == 0:
        return math.nan, None
    median = float(np.median(finite))
    if finite.size < 2:
        return median, None
    low, high = stats.quantile_test(finite, q=median).confidence_interval(COVERAGE)
    edges = np.nan_to_num([low, high], nan=math.nan)
    return median, (float(max(edges[0], finite.min())), float(min(edges[1], finite.max())))


def checks_of_facts(
    kind: Kind, facts: Sequence[Mapping[Fact, float]], *, intervals: Mapping[Fact, Band] | None = None
) -> list[Check]:
    """Each fact's median over all series of a kind against its real band; for shares, how many lie inside as well.

    They are a fit: `volatility_feedback` and its horizons were chosen by these bands.
    `intervals` replaces the interval of the median, for a single series with a bootstrap.
    """
    who = "index" if kind is Kind.INDEX else "shares"
    found = []
    for fact, (low, high) in BANDS[kind].items():
        median, interval = median_with_interval([one[fact] for one in facts])
        found.append(
            Check(
                key=f"facts.{who}.{fact}",
                claim=f"{who}: {MEANING[fact]}",
                measured=median,
                low=low,
                high=high,
                unit="-",
                source=SOURCE,
                interval=intervals[fact] if intervals is not None else interval,
                note=f"median over {len(facts)} series of {kind} returns" if len(facts) > 1 else "",
                kind=ClaimKind.FITTED,
            )
        )
    if kind is Kind.SHARE:
        inside = sum(check.verdict is Verdict.HOLDS for check in found)
        found.append(
            Check(
                key="facts.shares.inside",
                claim="shares: facts inside the real bands",
                measured=float(inside),
                low=float(INSIDE_MIN),
                high=float(len(Fact)),
                unit="of nine",
                source=SOURCE,
                kind=ClaimKind.FITTED,
            )
        )
    return found


def claims(tables: SweepTables) -> list[Check]:
    """What is claimed about the simulated market's returns: nine checks of the index, ten of the shares."""
    runs = facts_of(tables, MARKET)
    return checks_of_facts(Kind.INDEX, of_index(runs)) + checks_of_facts(Kind.SHARE, of_shares(runs))


def few_histories(words: dict[str, Any]) -> None:
    """The sweep of a quick study."""
    words["replications"] = {**words["replications"], "number": QUICK_SEEDS}


def market_alone(words: dict[str, Any]) -> None:
    """The case that claims are about."""
    words["case"] = tuple(case for case in words["case"] if case["name"] == MARKET)
