"""Who gained and who lost, by class of holders: what is cash and what is paper."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import FixedLocator, NullLocator

from ..history.sinks import Tables
from . import measures_market as market
from .figure_colors import color_of_class
from .figure_style import GREY, INK, TITLE, dollar_axis, legend_below, new_figure, nothing_to_show, round_dollars
from .wording import dollars, label, spoken_date

DECADES = 3
"""Of the axis that grows by ratios, on either side of its linear middle."""


class Kind(NamedTuple):
    """What a bar shows, and how."""

    name: str
    hatch: str


CASH = Kind("cash taken out", "")
PAPER = Kind("paper: what is held now, less what was", "////")


def gain_and_loss(tables: Tables) -> Figure:
    """Gain or loss of every class of holders since the start: cash taken out, and change of the paper held."""
    figure = new_figure(6.4)
    positions = tables["positions"]
    ever = market.holding_classes(positions, tables["firms"])
    if not ever or not len(tables["daily"]):
        return nothing_to_show(figure, "Nobody holds securities in this scenario.")
    table = market.gain_and_loss_per_class(positions)
    day = int(table.attrs["day"])
    table = table[table["group"].isin(ever)].sort_values("gain_cents", kind="stable")
    axes = figure.add_subplot()
    groups = list(table["group"])
    paper = table["value_cents"] - table["value_start_cents"]
    places = np.arange(len(groups))
    paired_bars(axes, places, groups, table["net_cash_cents"].tolist(), paper.tolist())
    said = [f"{label(group)}\n{dollars(gain)}" for group, gain in zip(groups, table["gain_cents"], strict=True)]
    axes.set_yticks(places, said, fontsize=11)
    when = spoken_date(dict(zip(positions["day"], positions["date"], strict=True))[day])
    figure.suptitle(f"Who is left holding, since the start, on {when}", **TITLE)
    legend_below(figure, axes, 2)
    return figure


def paired_bars(axes: Axes, places: Any, groups: Sequence[str], cash: Sequence[float], paper: Sequence[float]) -> None:
    """Cash and paper of each class, in its colour, on an axis that no single class flattens."""
    along_ratios(axes, [*cash, *paper])
    for values, shift, kind in ((cash, 0.2, CASH), (paper, -0.2, PAPER)):
        for place, group, value in zip(places, groups, values, strict=True):
            bars = axes.barh(place + shift, value, 0.36, **look_of(group, kind))
            axes.bar_label(bars, [dollars(value)], padding=4, fontsize=10)
        face = "white" if kind.hatch else INK
        axes.add_patch(Rectangle((0, 0), 0, 0, fc=face, ec=INK, hatch=kind.hatch, label=kind.name))
    axes.axvline(0, color=GREY, linewidth=1)
    axes.margins(x=0.16)
    axes.grid(axis="x")
    axes.grid(visible=False, axis="y")


def look_of(group: str, kind: Kind) -> dict[str, Any]:
    """A bar of a class: full of its colour if it is cash, hatched with it if it is paper."""
    color = color_of_class(group)
    return {"facecolor": "white" if kind.hatch else color, "edgecolor": color, "hatch": kind.hatch, "linewidth": 1.2}


def along_ratios(axes: Axes, cents: Sequence[float]) -> None:
    """An axis of dollars along the bottom, straight round nothing and beyond that by ratios, as far as sums go."""
    largest = max((abs(value) for value in cents), default=0.0) or 1.0
    straight = 10.0 ** (math.ceil(math.log10(largest)) - DECADES)
    axes.set_xscale("symlog", linthresh=straight, linscale=0.8)
    ends = [straight * 10.0**n for n in range(DECADES + 1)]
    axes.xaxis.set_major_locator(FixedLocator([*(-end for end in ends), 0.0, *ends]))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.set_xlabel(f"log axis beyond {round_dollars(straight)}", fontsize=10)
    dollar_axis(axes.xaxis)
