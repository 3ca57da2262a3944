"""Figure of the Shapley study: what each class of payers made possible, on both outcomes side by side."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from ...report.figure_style import INK, PALETTE, new_figure, percent_axis, styled

RESIDUAL = "none of them"


def draw_shares(table: pd.DataFrame, outcomes: Mapping[str, str]) -> Figure:
    """One panel for each outcome: bars of shares with intervals, the same classes in the same rows."""
    first = table[(table["outcome"] == next(iter(outcomes))) & (table["class"] != "whole")]
    order = [c for c in first.sort_values("added_share")["class"] if c != RESIDUAL]
    names = order
    with styled():
        figure = new_figure(6.0)
        panels = figure.subplots(1, len(outcomes), sharey=True)
        for axes, (outcome, words) in zip(panels, outcomes.items(), strict=True):
            all_rows = table[table["outcome"] == outcome].set_index("class")
            rows, none = all_rows.loc[names], float(all_rows.loc[RESIDUAL, "share"])
            share = np.nan_to_num(rows["added_share"].to_numpy(dtype=float))
            error = np.abs(np.array([share - rows["added_low"], rows["added_high"] - share], dtype=float))
            axes.barh(range(len(names)), share, color=PALETTE[0], height=0.62)
            axes.errorbar(
                share, range(len(names)), xerr=np.nan_to_num(error), fmt="none", ecolor=INK, capsize=3, elinewidth=1.2
            )
            for place, (value, high) in enumerate(zip(share, np.nan_to_num(rows["added_high"], nan=-1.0), strict=True)):
                end = max(value, float(high), 0.0)
                axes.text(end + 0.015, place, f"{round(value * 100) + 0} %", va="center", fontsize=11)
            axes.axvline(0, color=INK, linewidth=0.8)
            axes.grid(True, axis="x")
            axes.grid(False, axis="y")
            axes.set_yticks(range(len(names)), names)
            percent_axis(axes.xaxis)
            axes.set_xlim(right=max(axes.get_xlim()[1], 1.15 * float(share.max()) + 0.05))
            axes.set_title(words.split(",")[0].capitalize(), fontsize=14)
            axes.set_xlabel(f"share of what all add ({none * 100:.0f} % is there without any)", fontsize=11)
        return figure
