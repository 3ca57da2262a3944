"""A map over two axes: the share at every point, the line of a level and its band."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

from ....report.figure_style import GREY, INK, PALETTE, date_ticks, new_figure
from .asked import AxisFacts
from .figure_bars import folded, with_edge
from .figure_curves import plain_log
from .line import Line

COLORS = LinearSegmentedColormap.from_list("share", ["#F4F7FA", "#F0C9A8", "#B5420A"])


class Cells(NamedTuple):
    """Points of a map and the share at each."""

    x: np.ndarray
    y: np.ndarray
    share: np.ndarray


def draw_map(
    cells: Cells, axes_facts: tuple[AxisFacts, AxisFacts], line: Line | None, *, level: float, title: str
) -> Figure:
    """Squares for a full grid of few points, else dots."""
    figure = new_figure(6.8)
    axes = figure.add_subplot()
    axes.grid(visible=False)
    columns, rows = len(np.unique(cells.x)), len(np.unique(cells.y))
    size = float(np.clip(5200 / max(columns, rows, 5) ** 1.75, 14, 420))
    drawn = axes.scatter(
        cells.x, cells.y, c=cells.share, s=size, cmap=COLORS, vmin=0, vmax=1, edgecolors=GREY, linewidths=0.7,
        marker="s" if columns * rows == len(cells.x) else "o", zorder=3,
    )  # fmt: skip
    if size > 330:
        for x, y, share in zip(*cells, strict=True):
            color = "white" if share > 0.7 else INK
            axes.annotate(f"{share:.0%}", (x, y), ha="center", va="center", fontsize=9, color=color, zorder=4)
    for axis, facts, values in ((axes.xaxis, axes_facts[0], cells.x), (axes.yaxis, axes_facts[1], cells.y)):
        _scale(axes, axis, facts, values)
    if line is not None:
        _draw_line(axes, line, is_upright=line.along.name == axes_facts[1].name, level=level)
        axes.legend(loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=2)
    axes.set_xlabel(folded(axes_facts[0].words, 90))
    axes.set_ylabel(folded(axes_facts[1].words, 50))
    figure.colorbar(drawn, ax=axes, label="share of runs", pad=0.02, format=lambda share, _: f"{share * 100:.0f} %")
    figure.suptitle(folded(f"Where: {title}", 85), x=0.01, ha="left", fontsize=15, fontweight="bold")
    return with_edge(figure)


def _scale(axes: Any, axis: Any, facts: AxisFacts, values: np.ndarray) -> None:
    """Ends of an axis around its points, in ratios or dates where they are."""
    places = facts.log_or_plain(values)
    room = 0.07 * (float(np.ptp(places)) or 1.0)
    ends = facts.plain(np.array([places.min() - room, places.max() + room]))
    is_x = axis is axes.xaxis
    if facts.is_log:
        (axes.set_xscale if is_x else axes.set_yscale)("log")
    (axes.set_xlim if is_x else axes.set_ylim)(*ends)
    if facts.is_log:
        plain_log(axis)
    if facts.is_dated:
        date_ticks(axis)


def _draw_line(axes: Any, line: Line, *, is_upright: bool, level: float) -> None:
    label, band = f"share {level:.0%}", "its 95 % band"
    color = PALETTE[0]
    if is_upright:
        axes.fill_betweenx(line.at, line.low, line.high, color=color, alpha=0.18, linewidth=0, label=band)
        axes.plot(line.middle, line.at, color=color, linewidth=2.5, label=label, zorder=5)
    else:
        axes.fill_between(line.at, line.low, line.high, color=color, alpha=0.18, linewidth=0, label=band)
        axes.plot(line.at, line.middle, color=color, linewidth=2.5, label=label, zorder=5)
