"""The study of stylised facts: one table and one figure with real series, their bands, the simulated market and the
Franke-Westerhoff baseline side by side."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ...report.figure_style import GREY, PALETTE, new_figure, styled
from ..sweeps.analysis.tables import SweepTables
from ..sweeps.outcomes.stylised_facts import MEANING, Fact
from ..validation.checks import Check, Verdict
from .facts_resampled import RESAMPLES, Measured, stylised_facts_resampled
from .facts_study import (
    BANDS,
    MARKET,
    SEEDS,
    WITH_DEALS,
    YEARS,
    baseline_facts,
    checks_of_facts,
    claims,
    facts_of,
    few_histories,
    market_alone,
    of_index,
    of_shares,
)
from .market_data import Kind, real_series
from .optional import MissingData
from .study import Section, StudyFailed, StudyResult
from .swept import Swept

SPREAD = (5.0, 95.0)
"""Percentiles between which nine of ten simulated histories lie."""
FIGURE = "stylised_facts"
QUICK_RESAMPLES = 100
KURTOSIS_SHOWN = 30
"""Excess kurtosis where the panel's axis ends: a single day can bring a share far beyond."""
BASELINE = "Franke-Westerhoff"
SIMULATED = {"index": "simulated index", "ETF": "simulated ETF", "shares": "simulated shares"}
"""What a group of simulated series is called beside real ones."""
DIGITS = {Fact.EXCESS_KURTOSIS: 1, Fact.HILL: 2}
Facts = Mapping[Fact, float]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Everything the report shows: simulated facts by seed, the baseline's, and real series with bootstrap bands."""

    market: Sequence[Mapping[str, Facts]]
    with_circle: Sequence[Mapping[str, Facts]]
    baseline: Sequence[Facts]
    real: Mapping[tuple[Kind, str], Mapping[Fact, Measured]]


def compare(tables: SweepTables) -> Comparison:
    """The runs, the baseline with as many seeds, and the real series' bands.

    Raises: MissingData without the packages that carry real series; StudyFailed if a run failed.
    """
    market = facts_of(tables, MARKET)
    resamples = RESAMPLES if len(market) >= SEEDS else QUICK_RESAMPLES
    real = {
        (one.kind, one.name): stylised_facts_resampled(one.returns, one.volume, seed=1, resamples=resamples)
        for one in real_series()
    }
    seeds = range(1, len(market) + 1)
    return Comparison(market, facts_of(tables, WITH_DEALS), baseline_facts(seeds), real)


def number(fact: Fact, value: float) -> str:
    """A fact's value as text, `-` where there is none."""
    return f"{value:.{DIGITS.get(fact, 3)}f}" if math.isfinite(value) else "-"


def band_words(kind: Kind, fact: Fact) -> str:
    """The band of real series as text."""
    low, high = BANDS[kind][fact]
    return "below 0" if fact is Fact.LEVERAGE else f"{number(fact, low)} to {number(fact, high)}"


def spread(facts: Sequence[Facts], fact: Fact) -> tuple[float, float, float]:
    """Median, and the percentiles between which nine of ten histories lie; nan where it is not known."""
    values = np.array([one[fact] for one in facts])
    if not np.isfinite(values).all():
        return math.nan, math.nan, math.nan
    low, high = np.percentile(values, SPREAD)
    return float(np.median(values)), float(low), float(high)


def groups(found: Comparison, kind: Kind) -> dict[str, Sequence[Facts]]:
    """What stands beside the real series of a kind."""
    if kind is Kind.INDEX:
        etf = [run["ETF"] for run in found.market if "ETF" in run]
        return {
            "index": of_index(found.market),
            "ETF": etf,
            "index with the deals": of_index(found.with_circle),
            BASELINE: found.baseline,
        }
    return {"shares": of_shares(found.market), "shares with the deals": of_shares(found.with_circle)}


def table(found: Comparison, kind: Kind) -> str:
    """A Markdown table: the band, the median of each group with the range of nine of ten histories, the real series."""
    beside = {name: facts for name, facts in groups(found, kind).items() if facts}
    real = {name: facts for (which, name), facts in found.real.items() if which is kind}
    lines = [
        "| fact | real band | " + " | ".join([*beside, *real]) + " |",
        "|---" * (2 + len(beside) + len(real)) + "|",
    ]
    verdicts = {name: _inside(kind, facts) for name, facts in beside.items()}
    for fact in BANDS[kind]:
        cells = []
        for name, facts in beside.items():
            median, least, most = spread(facts, fact)
            text = f"{number(fact, median)} ({number(fact, least)} to {number(fact, most)})"
            cells.append(f"**{text}**" if verdicts[name][fact] else text)
        cells += [
            f"{number(fact, m[fact].value)} ({number(fact, m[fact].low)} to {number(fact, m[fact].high)})"
            for m in real.values()
        ]
        meaning = MEANING[fact].replace("|", "\\|")
        lines.append("| " + " | ".join((meaning, band_words(kind, fact), *cells)) + " |")
    counts = [f"{sum(v.values())} of 9" for v in verdicts.values()] + [
        f"{sum(BANDS[kind][f][0] <= m[f].value <= BANDS[kind][f][1] for f in Fact)} of 9" for m in real.values()
    ]
    lines.append("| inside | | " + " | ".join(counts) + " |")
    return "\n".join(lines)


def _inside(kind: Kind, facts: Sequence[Facts]) -> dict[Fact, bool]:
    """Whether the median of each fact lies in the band."""
    found: list[Check] = checks_of_facts(kind, facts)
    return {fact: check.verdict is Verdict.HOLDS for fact, check in zip(Fact, found, strict=False)}


def draw(numbers: pd.DataFrame, histories: int) -> Figure:
    """Nine panels, one a fact: real bands shaded, real series with bootstrap bars, simulated histories beside.

    `numbers` is the long table; runs with the deals are left to the tables.
    """
    shown = numbers[~numbers["series"].str.contains("deals")]
    with styled():
        figure = new_figure(11.5)
        figure.suptitle(
            "Stylised facts of daily returns: simulated and real", x=0.01, ha="left", fontsize=15, fontweight="bold"
        )
        for axis, fact in zip(figure.subplots(3, 3).ravel(), Fact, strict=True):
            _panel(axis, fact, shown[shown["fact"] == str(fact)])
        figure.supxlabel(
            f"shaded: band of real series. dot: median of {histories} histories of {YEARS} years, bar: nine of "
            "ten of them; real series: value and 90 % block bootstrap",
            fontsize=10.5,
            color=GREY,
        )
    return figure


def _panel(axis: Axes, fact: Fact, rows: pd.DataFrame) -> None:
    """One fact: a line for each series, index first, simulated ones before real ones."""
    for place, row in enumerate(rows.itertuples(index=False)):
        if math.isfinite(row.value):
            colour = PALETTE[0] if row.is_real else PALETTE[2] if row.series == BASELINE else PALETTE[1]
            axis.plot([row.low, row.high], [place, place], color=colour, linewidth=2, zorder=2)
            axis.plot([row.value], [place], "o", color=colour, markersize=6, zorder=3)
        else:
            axis.annotate("no volume", (0.02, place), xycoords=("axes fraction", "data"), va="center", color=GREY)
    axis.set_title(MEANING[fact].partition(" (")[0].replace("autocorrelation", "acf"), fontsize=11)
    axis.locator_params(axis="x", nbins=3 if fact is Fact.LEVERAGE else 5)
    names = [SIMULATED.get(name, name) for name in rows["series"]]
    axis.set_yticks(range(len(rows)), names, fontsize=10)
    axis.set_ylim(len(rows) - 0.5, -0.5)
    axis.grid(False)
    if fact in (Fact.ACF_1, Fact.LEVERAGE):
        axis.axvline(0, color=GREY, linewidth=1, zorder=0)
    if fact is Fact.EXCESS_KURTOSIS:
        axis.set_xlim(0, KURTOSIS_SHOWN)
        for place, value in enumerate(rows["value"]):
            if value > KURTOSIS_SHOWN:
                axis.annotate(f"{value:.0f} →", (0.98, place - 0.3), xycoords=("axes fraction", "data"), ha="right")
    # a band may reach far beyond what was measured: shaded as far as the axis goes
    left, right = axis.get_xlim()
    for place, (low, high) in enumerate(zip(rows["band_low"], rows["band_high"], strict=True)):
        start, end = max(low, left), min(high, right)
        axis.barh(place, end - start, left=start, height=0.9, color="#DDE8F0", zorder=-1)
    axis.set_xlim(left, right)


METHOD = (
    "The same functions measure real series (S&P 500, Nasdaq, four shares) and simulated histories of "
    f"{YEARS} years: the default scenario without the circle's deals, because the claim is about the market's own "
    "behaviour, and with them beside it. Bands were fixed before anything was simulated.",
    "Bold: the median lies in the band. In brackets: nine of ten histories, or the 90 % stationary block bootstrap "
    "of a real series.",
)


def long_table(found: Comparison) -> pd.DataFrame:
    """Every number of the two tables, a row each: of simulated groups median and spread, of real series value and
    bootstrap."""
    rows = []
    for kind in Kind:
        simulated = {name: facts for name, facts in groups(found, kind).items() if facts}
        real = {name: facts for (which, name), facts in found.real.items() if which is kind}
        for fact, (low, high) in BANDS[kind].items():
            values = {name: spread(facts, fact) for name, facts in simulated.items()}
            values |= {name: (m[fact].value, m[fact].low, m[fact].high) for name, m in real.items()}
            edge = 0.0 if fact is Fact.LEVERAGE else high
            rows += [
                (str(kind), str(fact), name, name in real, *numbers, low, edge, low <= numbers[0] <= high)
                for name, numbers in values.items()
            ]
    names = ("kind", "fact", "series", "is_real", "value", "low", "high", "band_low", "band_high", "is_inside")
    return pd.DataFrame(rows, columns=list(names))


def findings(found: Comparison) -> list[str]:
    """How many facts of index, shares and baseline lie in the bands of real series, and which do not."""
    lines = []
    for who, kind, facts in (
        ("Simulated index", Kind.INDEX, of_index(found.market)),
        ("Simulated shares", Kind.SHARE, of_shares(found.market)),
        ("The published Franke-Westerhoff process", Kind.INDEX, found.baseline),
    ):
        inside = _inside(kind, facts)
        missed = [
            f"{MEANING[fact]} {number(fact, spread(facts, fact)[0])} (band {band_words(kind, fact)})"
            for fact, is_inside in inside.items()
            if not is_inside
        ]
        outside = f"; outside: {'; '.join(missed)}" if missed else ""
        count = f"{len(inside) - len(missed)} of {len(inside)}"
        lines.append(f"{who}: {count} medians in the bands of real series{outside}.")
    return lines


def report(tables: SweepTables) -> StudyResult:
    """Simulated and real returns side by side.

    Raises: StudyFailed without the packages that carry real series, or if a run failed.
    """
    try:
        return report_of(compare(tables))
    except MissingData as fault:
        raise StudyFailed("after its last run", str(fault)) from fault


def report_of(found: Comparison) -> StudyResult:
    """The study's report of what was measured."""
    checked = checks_of_facts(Kind.INDEX, of_index(found.market)) + checks_of_facts(Kind.SHARE, of_shares(found.market))
    numbers = long_table(found)
    return StudyResult(
        title="Stylised facts of daily returns: does the market behave like one?",
        findings=findings(found),
        sections=[
            Section("What was done", list(METHOD), figures=[FIGURE]),
            Section("Index", [table(found, Kind.INDEX)]),
            Section("Shares", [table(found, Kind.SHARE)]),
        ],
        tables={"facts": numbers},
        measures={"facts": numbers.to_dict("records")},
        figures={FIGURE: draw(numbers, len(found.market))},
        captions={FIGURE: "Stylised facts of simulated and real returns"},
        checks=checked,
        runs=len(found.market) + len(found.with_circle),
        failed=[],
    )


def _has_real_series() -> None:
    """Raises: StudyFailed without the packages that carry real series."""
    try:
        real_series()
    except MissingData as fault:
        raise StudyFailed("before its first run", str(fault)) from fault


STUDY = Swept(
    name="stylised-facts",
    report=report,
    claims=claims,
    smaller=few_histories,
    claimed=market_alone,
    prepare=_has_real_series,
)
checks = STUDY.checks
