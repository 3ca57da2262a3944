"""Figures of the named studies: multipliers against the literature, maps of regimes, leads and lags, Shapley shares."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from ...report.figure_style import GREY, PALETTE, new_figure, styled

BAND = "#DDE8F2"


Bands = Mapping[str, tuple[float, float]]
"""Level of aggregation -> the literature's bounds of M."""


def draw_multipliers(levels: pd.DataFrame, sizes: pd.DataFrame, bands: Bands) -> Figure:
    """M by level with intervals and the literature's bands (left), and M by size of the flow (right)."""
    with styled():
        figure = new_figure(6.4)
        left, right = figure.subplots(1, 2, width_ratios=(3, 2))
        _by_level(left, levels, bands)
        _by_size(right, sizes, list(bands))
        right.set_ylim(0, left.get_ylim()[1])
        return figure


def _by_level(axes: Any, levels: pd.DataFrame, bands: Bands) -> None:
    """M of every market at every level, over the bands."""
    for place, (name, (low, high)) in enumerate(bands.items()):
        axes.bar(place, high - low, bottom=low, width=0.86, color=BAND, zorder=0)
        rows = levels[levels["level"] == name]
        spread = np.linspace(-0.3, 0.3, len(rows)) if len(rows) > 1 else [0.0]
        for x, row in zip(spread, rows.itertuples(index=False), strict=True):
            is_own = row.market != "ai-2025"
            _two_days(axes, place + x, row, is_own=is_own)
            if not is_own and name == "one share":
                axes.annotate(
                    row.target, (place + x, row.M_day_20), xytext=(0, 16), textcoords="offset points",
                    ha="center", fontsize=10, color=PALETTE[1],
                )  # fmt: skip
    axes.set_xticks(range(len(bands)), [n.replace(", through", ",\nthrough") for n in bands])
    axes.set_ylabel("M = price change / (flow / market value)")
    axes.set_ylim(0, max(8.4, 1.05 * float(levels["high_day_0"].max(skipna=True) or 0)))
    axes.set_title("Impact grows with aggregation")
    handles = [
        axes.plot([], [], "o", color=PALETTE[0], label="sixty shares, six sectors")[0],
        axes.plot([], [], "s", color=PALETTE[1], label="ai-2025")[0],
        axes.plot([], [], "o", color=GREY, label="20 days after")[0],
        axes.plot([], [], "o", color=GREY, markerfacecolor="white", label="on the day")[0],
        axes.bar([0], [0], color=BAND, label="literature"),
    ]
    axes.legend(handles=handles, loc="upper left")


def _two_days(axes: Any, x: float, row: Any, *, is_own: bool) -> None:
    """One market's M on the day (open) and 20 days after (filled), with intervals."""
    for day, shift, face in (("day_0", -0.05, "white"), ("day_20", 0.05, None)):
        middle = getattr(row, f"M_{day}")
        error = [[middle - getattr(row, f"low_{day}")], [getattr(row, f"high_{day}") - middle]]
        axes.errorbar(
            x + shift, middle, yerr=np.nan_to_num(np.abs(error)), fmt="o" if is_own else "s",
            color=PALETTE[0] if is_own else PALETTE[1], markerfacecolor=face, capsize=3, markersize=7,
        )  # fmt: skip


def _by_size(axes: Any, sizes: pd.DataFrame, names: list[str]) -> None:
    """M 20 days after over the size of the flow, a line per level."""
    for name, color in zip(names, PALETTE, strict=False):
        rows = sizes[sizes["level"] == name].sort_values("flow_share")
        x = 100 * rows["flow_share"].to_numpy(dtype=float)
        low, high = rows["low_day_20"].to_numpy(float), rows["high_day_20"].to_numpy(float)
        axes.plot(x, rows["M_day_20"], "o-", color=color, markersize=4)
        axes.fill_between(x, low, high, color=color, alpha=0.15, linewidth=0)
        if len(x) and name != "market, through the ETF":
            axes.annotate(
                name, (x[-1], rows["M_day_20"].iloc[-1]), xytext=(0, 9), textcoords="offset points", ha="right",
                color=color,
            )  # fmt: skip
    axes.set_xlabel("flow, % of market value")
    axes.set_title("Sizes and signs, 20 days after")
