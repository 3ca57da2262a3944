"""Figures of the monetisation study: maps of regimes with their boundary, and what turned first."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

from ...report.figure_style import INK, PALETTE, new_figure, styled
from ...report.measures_turn import RegimeName
from ..sweeps.analysis.logistic import Boundary
from .monetisation_runs import LAGS

MAP = LinearSegmentedColormap.from_list("turned", ["#F4F7FA", "#F0C9A8", "#B5420A"])
LETTERS = {
    RegimeName.EXPANSION: "E", RegimeName.STALL: "S", RegimeName.REVERSAL: "R", RegimeName.DEFAULT: "D",
}  # fmt: skip


def draw_map(cells: pd.DataFrame, fitted: Boundary | None, label: str) -> Figure:
    """Share of runs that turned per cell, counts of regimes in words, the line of even odds and its band."""
    growth, values = sorted(set(cells["growth"])), sorted(set(cells["value"]))
    share = cells.pivot(index="value", columns="growth", values="turned_share").to_numpy()
    with styled():
        figure = new_figure(6.6)
        axes = figure.add_subplot()
        axes.grid(False)
        image = axes.imshow(share, origin="lower", aspect="auto", cmap=MAP, vmin=0, vmax=1)
        for row in cells.itertuples(index=False):
            told = [f"{getattr(row, name)} {letter}" for name, letter in LETTERS.items() if getattr(row, name)]
            axes.text(
                growth.index(row.growth), values.index(row.value),
                f"{row.turned_share * 100:.0f} %\n" + "  ".join(told), ha="center", va="center", fontsize=10,
                color="white" if row.turned_share > 0.7 else INK,
            )  # fmt: skip
        if fitted is not None:
            fine = np.linspace(0, len(values) - 1, 60)
            y = np.interp(fine, range(len(values)), np.log2(values))
            lines = [_place(x, growth) for x in fitted.x_at(y)]
            axes.fill_betweenx(fine, lines[1], lines[2], color=PALETTE[0], alpha=0.18, linewidth=0)
            axes.plot(lines[0], fine, color=PALETTE[0], linewidth=2.5, label="even odds, with 95 % band")
            axes.legend(loc="lower left", bbox_to_anchor=(0.0, 1.0), frameon=False)
        axes.set_xlim(-0.5, len(growth) - 0.5)
        axes.set_ylim(-0.5, len(values) - 0.5)
        axes.set_xticks(range(len(growth)), [f"{g * 100:+.0f} %" for g in growth])
        axes.set_yticks(range(len(values)), [f"{v:g}" for v in values])
        axes.set_xlabel("growth of AI revenue in the first year")
        axes.set_ylabel(label)
        axes.set_title("Where the circle turns   (runs: E expansion, S stall, R reversal, D default)", pad=34)
        figure.colorbar(image, ax=axes, label="share of runs that reversed or defaulted", pad=0.02)
        return figure


def _place(x: np.ndarray, growth: list[float]) -> np.ndarray:
    """Growth as a place on the axis of cells, which are equally wide; far outside is just outside."""
    places = np.interp(x, growth, np.arange(len(growth)))
    return np.where(x < growth[0], -0.6, np.where(x > growth[-1], len(growth) - 0.4, places))


def draw_leads(runs: pd.DataFrame, pairs: pd.DataFrame) -> Figure:
    """Left: correlation of spreads with the chip share's later falls. Right: days between turns, run by run."""
    turned = runs[runs["turned"]]
    with styled():
        figure = new_figure(6.2)
        left, right = figure.subplots(1, 2)
        if len(turned):
            lags = np.arange(-LAGS, LAGS + 1)
            by_seed = turned.assign(row=list(turned["lagged"])).groupby("seed")["row"]
            curves = np.array([np.mean(np.array(list(rows)), axis=0) for _, rows in by_seed])
            mean = curves.mean(axis=0)
            error = 1.96 * curves.std(axis=0, ddof=1) / np.sqrt(len(curves)) if len(curves) > 1 else 0 * mean
            left.fill_between(lags, mean - error, mean + error, color=PALETTE[0], alpha=0.2, linewidth=0)
            left.plot(lags, mean, color=PALETTE[0])
        left.axvline(0, color=INK, linewidth=0.8)
        left.axhline(0, color=INK, linewidth=0.8)
        left.set_xlabel("days by which the spread leads (right) or follows (left)")
        left.set_ylabel("correlation of weekly changes")
        left.set_title("Spread rises with the chip share's fall")
        gaps = [
            ("spread, then\nchip share", turned["chip_turn_day"] - turned["spread_turn_day"]),
            ("equity, then\ncommitments", turned["commitments_peak_day"] - turned["equity_peak_day"]),
        ]
        for name, first, second in (("spread, then\nchip share\n(paired)", "spread", "chip"),
                                    ("equity, then\ncommitments\n(paired)", "equity", "commitments")):  # fmt: skip
            both = pairs[(pairs[first] >= 0) & (pairs[second] >= 0)]
            gaps.append((name, both[second] - both[first]))
        for place, (_, days) in enumerate(gaps):
            if len(days):
                jitter = np.linspace(-0.22, 0.22, len(days))
                right.plot(place + jitter, days, "o", color=PALETTE[place], markersize=4, alpha=0.45)
                right.plot([place - 0.32, place + 0.32], [np.median(days)] * 2, color=INK, linewidth=2.5)
        right.axhline(0, color=INK, linewidth=0.8)
        right.set_xticks(range(len(gaps)), [name for name, _ in gaps], fontsize=10)
        right.set_xlim(-0.5, len(gaps) - 0.5)
        right.set_ylabel("trading days from the first to the second turn")
        right.set_title("Days between turns (bar: median)")
        return figure
