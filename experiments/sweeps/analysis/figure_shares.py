"""Figure of Shapley shares: what each switch adds, a panel for each outcome, the same rows in each."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from ....report.figure_style import INK, PALETTE, new_figure, percent_axis, styled
from .figure_bars import folded

OTHERS = ("none of them", "whole")
"""Rows of a table of shares that are no switch."""


def draw_shares(tables: Mapping[str, pd.DataFrame]) -> Figure:
    """One panel for each outcome (its meaning -> its table of shares): bars with intervals."""
    first = next(iter(tables.values()))
    order = [name for name in first.sort_values("added_share")["class"] if name not in OTHERS]
    with styled():
        figure = new_figure(6.0)
        panels = figure.subplots(1, len(tables), sharey=True, squeeze=False)[0]
        for axes, (meaning, table) in zip(panels, tables.items(), strict=True):
            by_class = table.set_index("class")
            rows, none = by_class.loc[order], float(by_class.loc[OTHERS[0], "share"])
            share = np.nan_to_num(rows["added_share"].to_numpy(dtype=float))
            error = np.abs(np.array([share - rows["added_low"], rows["added_high"] - share], dtype=float))
            places = range(len(order))
            axes.barh(places, share, color=PALETTE[0], height=0.62)
            axes.errorbar(share, places, xerr=np.nan_to_num(error), fmt="none", ecolor=INK, capsize=3, elinewidth=1.2)
            for place, (value, high) in enumerate(zip(share, np.nan_to_num(rows["added_high"], nan=-1.0), strict=True)):
                end = max(value, float(high), 0.0)
                axes.text(end + 0.015, place, f"{round(value * 100) + 0} %", va="center", fontsize=11)
            axes.axvline(0, color=INK, linewidth=0.8)
            axes.grid(True, axis="x")
            axes.grid(False, axis="y")
            axes.set_yticks(places, order)
            percent_axis(axes.xaxis)
            axes.set_xlim(right=max(axes.get_xlim()[1], 1.15 * float(share.max()) + 0.05))
            axes.set_title(folded(meaning[0].upper() + meaning[1:], 80 // len(tables)), fontsize=13)
            axes.set_xlabel(f"share of what all add ({none * 100:.0f} % is there without any)", fontsize=11)
        return figure
