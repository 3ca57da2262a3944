"""Who gained and who lost, by class of holders."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from ..history.sinks import Tables
from . import measures_market as market
from .figure_style import GREY, PALETTE, TITLE, dollar_axis, legend_below, new_figure, nothing_to_show
from .wording import dollars, label, spoken_date


def gain_and_loss(tables: Tables) -> Figure:
    """Gain or loss of every class of holders since the start, at the peak of market value and at the end."""
    figure = new_figure(6.4)
    positions = tables["positions"]
    values = market.circle_value(tables["daily"], tables["firms"])
    ever = market.holding_classes(positions, tables["firms"])
    if not ever or not len(values):
        return nothing_to_show(figure, "Nobody holds securities in this scenario.")
    peak_day = int(values["day"][int(values["circle_cents"].argmax())])
    end = market.gain_and_loss_per_class(positions)
    peak = market.gain_and_loss_per_class(positions, peak_day)
    end, peak = (t[t["group"].isin(ever)].set_index("group") for t in (end, peak))
    order = list(end["gain_cents"].sort_values(kind="stable").index)
    axes = figure.add_subplot()
    dates = dict(zip(positions["day"], positions["date"], strict=True))
    places = np.arange(len(order))
    for table, shift, color, name in ((peak, 0.2, PALETTE[5], "at the peak"), (end, -0.2, PALETTE[0], "at the end")):
        gains = [float(table["gain_cents"].get(group, 0)) for group in order]
        day = int(table.attrs["day"])
        bars = axes.barh(places + shift, gains, height=0.38, color=color, label=f"{name}, {spoken_date(dates[day])}")
        axes.bar_label(bars, [dollars(g) for g in gains], padding=4, fontsize=10)
    axes.set_yticks(places, [label(group) for group in order])
    axes.axvline(0, color=GREY, linewidth=1)
    axes.margins(x=0.16)
    axes.grid(axis="x")
    axes.grid(visible=False, axis="y")
    figure.suptitle("Who is left holding: cash taken out plus change of holdings, since the start", **TITLE)
    dollar_axis(axes.xaxis)
    legend_below(figure, axes, 2)
    return figure
