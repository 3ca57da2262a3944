"""Fans: a panel for each point or case, all on the same scale."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from matplotlib.figure import Figure

from ....report.figure_style import PALETTE, new_figure, nothing_to_show
from ....report.wording import how_many
from .figure_bars import folded, with_edge
from .intervals import Interval
from .said import Words

COLUMNS_MAX = 3


class Fan(NamedTuple):
    """A point's name and runs, days, and float[5, days]: quantiles .05, .25, .5, .75, .95."""

    name: str
    runs: int
    days: np.ndarray
    quantiles: np.ndarray

    @property
    def last(self) -> Interval:
        """Median of the last day, with its 5 and 95 % quantiles."""
        low, _, median, _, high = (float(v) for v in self.quantiles[:, -1])
        return Interval(median, low, high, self.runs)


def draw_fans(words: Words, fans: Sequence[Fan], *, title: str) -> Figure:
    """Small panels where there are many points; one key to the bands below them."""
    columns = min(len(fans), COLUMNS_MAX)
    rows = -(-len(fans) // COLUMNS_MAX)
    figure = new_figure(2.0 + (3.9 if rows == 1 else 2.75) * max(1, rows))
    if not fans:
        return nothing_to_show(figure, "No run has this series.")
    panels = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False).ravel()
    width = {1: 90, 2: 50}.get(columns, 32)
    for panel, fan in zip(panels, fans, strict=False):
        for low, high, alpha, label in ((0, 4, 0.18, "nine in ten runs"), (1, 3, 0.35, "half of the runs")):
            panel.fill_between(
                fan.days,
                fan.quantiles[low],
                fan.quantiles[high],
                color=PALETTE[0],
                alpha=alpha,
                linewidth=0,
                label=label,
            )
        marker = "o" if len(fan.days) == 1 else None
        panel.plot(fan.days, fan.quantiles[2], color=PALETTE[0], marker=marker, label="median")
        panel.set_title(_title(fan, width), fontsize=12)
    words.axis(panels[0].yaxis)
    for spare in panels[len(fans) :]:
        spare.remove()
    for place in range(max(0, len(fans) - columns), len(fans)):
        panels[place].tick_params(labelbottom=True)
    figure.supxlabel("trading day", fontsize=12)
    figure.supylabel(folded(words.label, 44), fontsize=12)
    handles, labels = panels[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower left", ncols=3)
    figure.suptitle(folded(title, 85), x=0.01, ha="left", fontsize=15, fontweight="bold")
    return with_edge(figure)


def _title(fan: Fan, width: int) -> str:
    """The name and how many runs it has, which stay on one line."""
    runs = f"({how_many(fan.runs, 'run')})"
    whole = f"{fan.name} {runs}"
    return whole if len(whole) <= width else f"{folded(fan.name, width, 2)}\n{runs}"
