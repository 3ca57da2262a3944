"""Two measures of every axis side by side, the most important axis on top."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from ....report.figure_style import GREY, INK, PALETTE, legend_below, new_figure
from .asked import AxisFacts
from .figure_bars import folded
from .said import Words

HEIGHT = 0.36


def draw_indices(found: Sequence[Any], labels: tuple[str, str], *, title: str, words: Words | None) -> Figure:
    """Bars of (axis, first, second), in shares of variance, or in the unit of `words`."""
    order = sorted(found, key=lambda index: index.second.value if words is None else index.first.value)
    figure = new_figure(2.2 + 0.72 * len(order))
    axes = figure.add_subplot()
    places = np.arange(len(order))
    for shift, color, which, label in ((0.2, PALETTE[0], 1, labels[0]), (-0.2, PALETTE[4], 2, labels[1])):
        values = np.array([index[which].value for index in order])
        ends = np.array([[index[which].low, index[which].high] for index in order]).T
        axes.barh(places + shift, values, height=HEIGHT, color=color, label=label)
        error = np.nan_to_num(np.abs(np.array([values - ends[0], ends[1] - values])))
        if np.isfinite(ends).any():
            axes.errorbar(values, places + shift, xerr=error, fmt="none", ecolor=INK, elinewidth=1.4, capsize=3)
    axes.set_yticks(places, [folded(AxisFacts(index.axis).label, 34) for index in order])
    axes.axvline(0, color=GREY, linewidth=1)
    axes.grid(axis="x")
    axes.grid(visible=False, axis="y")
    axes.set_xlabel("share of variance" if words is None else f"change of {folded(words.label, 80)}")
    if words is not None:
        words.axis(axes.xaxis)
    figure.suptitle(folded(title, 85), x=0.01, ha="left", fontsize=15, fontweight="bold")
    legend_below(figure, axes, 2)
    return figure
