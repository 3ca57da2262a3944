"""Curves along an axis, a line with its band for each case."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from matplotlib.figure import Figure

from ....report.figure_style import PALETTE, date_ticks, new_figure, nothing_to_show
from .asked import AxisFacts
from .figure_bars import folded, with_edge
from .said import Words

MARKERS = "osD^vP*X<>hp"


class Curve(NamedTuple):
    """A case's means along an axis, with the ends of their intervals."""

    name: str
    at: np.ndarray
    mean: np.ndarray
    low: np.ndarray
    high: np.ndarray


def draw_curves(words: Words, axis: AxisFacts, curves: Sequence[Curve], *, title: str) -> Figure:
    """Every case in one panel; its legend stands below."""
    drawn = [curve for curve in curves if len(curve.at)]
    figure = new_figure(5.6 + 0.28 * ((len(drawn) + 1) // 2))
    if not drawn:
        return nothing_to_show(figure, "No run says anything about this.")
    axes = figure.add_subplot()
    is_log = axis.is_log and all((curve.at > 0).all() for curve in drawn)
    low, high = min(c.at.min() for c in drawn), max(c.at.max() for c in drawn)
    for i, curve in enumerate(drawn):
        shift = (i - (len(drawn) - 1) / 2) * 0.012 / max(1, len(drawn) / 4)
        at = curve.at * (high / low) ** shift if is_log else curve.at + shift * (high - low)
        color = PALETTE[i % len(PALETTE)]
        error = np.nan_to_num(np.abs(np.array([curve.mean - curve.low, curve.high - curve.mean])))
        axes.errorbar(
            at, curve.mean, yerr=error, color=color, marker=MARKERS[i % len(MARKERS)], markersize=7, elinewidth=1.5,
            capsize=3, linewidth=1.8, linestyle="-" if i < len(PALETTE) else "--", label=folded(curve.name, 60, 2),
        )  # fmt: skip
    if is_log:
        axes.set_xscale("log")
        plain_log(axes.xaxis)
    if axis.is_dated:
        date_ticks(axes.xaxis)
    axes.margins(y=0.08)
    words.axis(axes.yaxis)
    axes.set_xlabel(folded(axis.words, 100))
    axes.set_ylabel(folded(words.label, 44))
    if len(drawn) > 1:
        figure.legend(*axes.get_legend_handles_labels(), loc="outside lower left", ncols=2)
    figure.suptitle(folded(title, 85), x=0.01, ha="left", fontsize=15, fontweight="bold")
    return with_edge(figure)


def plain_log(axis: Any) -> None:
    """Ticks of an axis of ratios as plain numbers."""
    from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

    low, high = sorted(axis.get_view_interval())
    subs = (1.0, 2.0, 5.0) if high / low < 300 else (1.0,)
    axis.set_major_locator(LogLocator(subs=subs))
    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axis.set_minor_formatter(NullFormatter())
