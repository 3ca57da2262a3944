"""Figures of the named studies: multipliers against the literature, maps of regimes, leads and lags, Shapley shares."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from ...report.figure_style import GREY, PALETTE, new_figure, styled

BAND = "#DDE8F2"


def draw_multipliers(levels: pd.DataFrame, sizes: pd.DataFrame, bands: Mapping[str, tuple[float, float]]) -> Figure:
    """M by level with intervals and the literature's bands (left), and M by size of the flow (right)."""
    with styled():
        figure = new_figure(6.4)
        left, right = figure.subplots(1, 2, width_ratios=(3, 2))
        names = list(bands)
        colors = dict(zip(names, PALETTE, strict=False))
        for place, name in enumerate(names):
            low, high = bands[name]
            left.bar(place, high - low, bottom=low, width=0.86, color=BAND, zorder=0)
        offsets: dict[str, list[int]] = {name: list(levels.index[levels["level"] == name]) for name in names}
        for place, name in enumerate(names):
            rows = levels.loc[offsets[name]]
            spread = np.linspace(-0.3, 0.3, len(rows)) if len(rows) > 1 else [0.0]
            for x, row in zip(spread, rows.itertuples(index=False), strict=True):
                is_own = row.market != "ai-2025"
                for day, shift, face in (("day_0", -0.05, "white"), ("day_20", 0.05, None)):
                    middle = getattr(row, f"M_{day}")
                    error = [[middle - getattr(row, f"low_{day}")], [getattr(row, f"high_{day}") - middle]]
                    left.errorbar(
                        place + x + shift, middle, yerr=np.nan_to_num(np.abs(error)), fmt="o" if is_own else "s",
                        color=PALETTE[0] if is_own else PALETTE[1], markerfacecolor=face, capsize=3, markersize=7,
                    )  # fmt: skip
                if not is_own and name == "one share":
                    left.annotate(
                        row.target, (place + x, row.M_day_20), xytext=(0, 16), textcoords="offset points",
                        ha="center", fontsize=10, color=PALETTE[1],
                    )  # fmt: skip
        left.set_xticks(range(len(names)), [n.replace(", through", ",\nthrough") for n in names])
        left.set_ylabel("M = price change / (flow / market value)")
        left.set_ylim(0, max(8.4, 1.05 * float(levels["high_day_0"].max(skipna=True) or 0)))
        left.set_title("Impact grows with aggregation")
        handles = [
            left.plot([], [], "o", color=PALETTE[0], label="sixty shares, six sectors")[0],
            left.plot([], [], "s", color=PALETTE[1], label="ai-2025")[0],
            left.plot([], [], "o", color=GREY, label="20 days after")[0],
            left.plot([], [], "o", color=GREY, markerfacecolor="white", label="on the day")[0],
            left.bar([0], [0], color=BAND, label="literature"),
        ]
        left.legend(handles=handles, loc="upper left")
        for name in names:
            rows = sizes[sizes["level"] == name].sort_values("flow_share")
            x = 100 * rows["flow_share"].to_numpy(dtype=float)
            right.plot(x, rows["M_day_20"], "o-", color=colors[name], markersize=4)
            right.fill_between(
                x, rows["low_day_20"].to_numpy(float), rows["high_day_20"].to_numpy(float), color=colors[name],
                alpha=0.15, linewidth=0,
            )  # fmt: skip
            if len(x) and name != "market, through the ETF":
                right.annotate(
                    name, (x[-1], rows["M_day_20"].iloc[-1]), xytext=(0, 9), textcoords="offset points", ha="right",
                    color=colors[name],
                )  # fmt: skip
        right.set_ylim(0, left.get_ylim()[1])
        right.set_xlabel("flow, % of market value")
        right.set_title("Sizes and signs, 20 days after")
        return figure
