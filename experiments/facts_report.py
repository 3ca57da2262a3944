"""The report on stylised facts: one table and one figure with real series, their bands, the simulated market and the
Franke-Westerhoff baseline side by side."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from ..history.figure_style import GREY, PALETTE, new_figure, save, styled
from .checks import Check, Verdict
from .facts_study import (
    BANDS,
    SEEDS,
    YEARS,
    baseline_facts,
    checks_of_facts,
    of_index,
    of_shares,
    simulated_facts,
)
from .market_data import Kind, real_series
from .runs import Tell, quiet
from .stylised_facts import MEANING, Fact, Measured, stylised_facts_resampled

SPREAD = (5.0, 95.0)
"""Percentiles between which nine of ten simulated histories lie."""
FIGURE = "stylised_facts.png"
DIGITS = {Fact.EXCESS_KURTOSIS: 1, Fact.HILL: 2}
Facts = Mapping[Fact, float]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Everything the report shows: simulated facts by seed, the baseline's, and real series with bootstrap bands."""

    market: Sequence[Mapping[str, Facts]]
    with_circle: Sequence[Mapping[str, Facts]]
    baseline: Sequence[Facts]
    real: Mapping[tuple[Kind, str], Mapping[Fact, Measured]]


def compare(
    seeds: Sequence[int] = SEEDS,
    *,
    years: int = YEARS,
    resamples: int = 500,
    workers: int | None = None,
    tell: Tell = quiet,
) -> Comparison:
    """Run everything: the market without and with the circle's deals, the baseline, and the real series' bands.

    Raises: MissingData without the packages that carry real series; RuntimeError if a run failed.
    """
    real = {
        (one.kind, one.name): stylised_facts_resampled(one.returns, one.volume, seed=1, resamples=resamples)
        for one in real_series()
    }
    total = 2 * len(seeds)
    return Comparison(
        market=simulated_facts(seeds, years=years, workers=workers, tell=lambda done, of: tell(done, total)),
        with_circle=simulated_facts(
            seeds, years=years, circle=True, workers=workers, tell=lambda done, of: tell(of + done, total)
        ),
        baseline=baseline_facts(seeds, years=years),
        real=real,
    )


def number(fact: Fact, value: float) -> str:
    """A fact's value as text, `-` where there is none."""
    return f"{value:.{DIGITS.get(fact, 3)}f}" if math.isfinite(value) else "-"


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
            "Franke-Westerhoff": found.baseline,
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
    for fact, (low, high) in BANDS[kind].items():
        band = "below 0" if fact is Fact.LEVERAGE else f"{number(fact, low)} to {number(fact, high)}"
        cells = []
        for name, facts in beside.items():
            median, least, most = spread(facts, fact)
            text = f"{number(fact, median)} ({number(fact, least)} to {number(fact, most)})"
            cells.append(f"**{text}**" if verdicts[name][fact] else text)
        cells += [
            f"{number(fact, m[fact].value)} ({number(fact, m[fact].low)} to {number(fact, m[fact].high)})"
            for m in real.values()
        ]
        lines.append(f"| {MEANING[fact].replace(chr(124), chr(92) + chr(124))} | {band} | " + " | ".join(cells) + " |")
    counts = [f"{sum(v.values())} of 9" for v in verdicts.values()] + [
        f"{sum(BANDS[kind][f][0] <= m[f].value <= BANDS[kind][f][1] for f in Fact)} of 9" for m in real.values()
    ]
    lines.append("| inside | | " + " | ".join(counts) + " |")
    return "\n".join(lines)


def _inside(kind: Kind, facts: Sequence[Facts]) -> dict[Fact, bool]:
    """Whether the median of each fact lies in the band."""
    found: list[Check] = checks_of_facts(kind, facts)
    return {fact: check.verdict is Verdict.HOLDS for fact, check in zip(Fact, found, strict=False)}


KURTOSIS_SHOWN = 30
"""Excess kurtosis where the panel's axis ends: a single day can bring a share far beyond."""


def draw(found: Comparison) -> Figure:
    """Nine panels, one a fact: real bands shaded, real series with bootstrap bars, simulated histories beside."""
    with styled():
        figure = new_figure(11.5)
        figure.suptitle(
            "Stylised facts of daily returns: simulated and real", x=0.01, ha="left", fontsize=15, fontweight="bold"
        )
        axes = figure.subplots(3, 3).ravel()
        for axis, fact in zip(axes, Fact, strict=True):
            rows = _rows(found, fact)
            for place, (_, kind, colour, value, low, high) in enumerate(rows):
                edge = BANDS[kind][fact]
                if fact is not Fact.LEVERAGE:
                    axis.barh(place, edge[1] - edge[0], left=edge[0], height=0.9, color="#DDE8F0", zorder=1)
                if math.isfinite(value):
                    axis.plot([low, high], [place, place], color=colour, linewidth=2, zorder=2)
                    axis.plot([value], [place], "o", color=colour, markersize=6, zorder=3)
                else:
                    axis.annotate(
                        "no volume", (0.02, place), xycoords=("axes fraction", "data"), va="center", color=GREY
                    )
            axis.set_title(MEANING[fact].partition(" (")[0].replace("autocorrelation", "acf"), fontsize=11)
            axis.locator_params(axis="x", nbins=3 if fact is Fact.LEVERAGE else 5)
            axis.set_yticks(range(len(rows)), [row[0] for row in rows], fontsize=10)
            axis.set_ylim(len(rows) - 0.5, -0.5)
            axis.grid(False)
            if fact is Fact.EXCESS_KURTOSIS:
                axis.set_xlim(0, KURTOSIS_SHOWN)
                for place, row in enumerate(rows):
                    if row[3] > KURTOSIS_SHOWN:
                        axis.annotate(
                            f"{row[3]:.0f} →", (0.98, place - 0.3), xycoords=("axes fraction", "data"), ha="right"
                        )
            if fact in (Fact.ACF_1, Fact.LEVERAGE):
                axis.axvline(0, color=GREY, linewidth=1, zorder=0)
        figure.supxlabel(
            "shaded: band of real series. dot: median of 20 histories of 20 years, bar: nine of ten of them; "
            "real series: value and 90 % block bootstrap",
            fontsize=10.5,
            color=GREY,
        )
    return figure


def _rows(found: Comparison, fact: Fact) -> list[tuple[str, Kind, str, float, float, float]]:
    """Label, kind, colour, value, low, high of every row of a panel, simulated first within its kind."""
    rows = []
    for kind in Kind:
        for name, facts in groups(found, kind).items():
            if facts and "deals" not in name:
                colour = PALETTE[2] if name == "Franke-Westerhoff" else PALETTE[1]
                label = {"index": "simulated index", "ETF": "simulated ETF", "shares": "simulated shares"}.get(
                    name, name
                )
                rows.append((label, kind, colour, *spread(facts, fact)))
        for (which, name), measured in found.real.items():
            if which is kind:
                one = measured[fact]
                rows.append((name, kind, PALETTE[0], one.value, one.low, one.high))
    return rows


def write_report(folder: Path, *, seeds: Sequence[int] = SEEDS, workers: int | None = None, tell: Tell = quiet) -> Path:
    """Figure and `stylised-facts.md` with both tables into a folder (made if needed); returns the text's path."""
    found = compare(seeds, workers=workers, tell=tell)
    folder.mkdir(parents=True, exist_ok=True)
    save(draw(found), folder / FIGURE)
    text = folder / "stylised-facts.md"
    parts = [f"![Stylised facts of simulated and real returns]({FIGURE})"]
    parts += [f"{title}\n\n{table(found, kind)}" for title, kind in (("Index", Kind.INDEX), ("Shares", Kind.SHARE))]
    text.write_text("\n\n".join(parts) + "\n")
    return text
