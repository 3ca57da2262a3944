"""Who is left holding beyond the world beside, cash and paper apart; how worlds went, and when strain began."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import FixedLocator

from ...engine.calendar import DAYS_PER_QUARTER, DAYS_PER_YEAR
from ...engine.legible import legible
from ...report.figure_gains import CASH, PAPER, along_ratios, look_of
from ...report.figure_style import GREY, INK, date_axis, in_legend
from ...report.measures_turn import RegimeName
from ...report.wording import dollars, label
from .figure_form import Size, beyond_ranges, lying, ranges
from .pairs import Worlds
from .turns import REGIME, STRAIN_DAY, TURN_DAY

QUARTER = timedelta(days=365.25 * DAYS_PER_QUARTER / DAYS_PER_YEAR)
SHADES = {
    RegimeName.NONE: "white", RegimeName.EXPANSION: "#D9D9D9", RegimeName.STALL: "#A6A6A6",
    RegimeName.REVERSAL: "#595959", RegimeName.DEFAULT: "black",
}  # fmt: skip
"""Regimes, the darker the graver."""


def holding(worlds: Worlds, beside: str, size: Size) -> Figure | None:
    """Cash and paper of each class of holders beyond the same luck otherwise: medians with their range."""
    groups = worlds.names("gain.")
    if not groups:
        return None
    gain = {group: worlds.effect(f"gain.{group}") for group in groups}
    order = sorted(groups, key=lambda group: gain[group].median)
    cash = [worlds.effect(f"net_cash.{group}") for group in order]
    paper = [worlds.effect(f"holds.{group}") for group in order]
    figure = size.figure(1.9 + (0.7 if size.is_narrow else 0.5) * len(order))
    axes = figure.add_subplot()
    places = np.arange(len(order))
    along_ratios(axes, [value for middle in (*cash, *paper) for value in middle])
    for middles, shift, kind in ((cash, 0.16, CASH), (paper, -0.16, PAPER)):
        for place, group, middle in zip(places, order, middles, strict=True):
            axes.barh(place + shift, middle.median, 0.28, **look_of(group, kind))
        ranges(axes, places + shift, middles)
        beyond_ranges(axes, places + shift, middles, [dollars(m.median) for m in middles])
        face = "white" if kind.hatch else INK
        axes.add_patch(Rectangle((0, 0), 0, 0, fc=face, ec=INK, hatch=kind.hatch, label=kind.name))
    lying(axes, places, [f"{label(group)}\n{dollars(gain[group].median)}" for group in order])
    axes.margins(x=0.2)
    if size.is_narrow:
        _for_a_phone(axes, [f"{label(group)}: {dollars(gain[group].median)}" for group in order])
    between = "\n" if size.is_narrow else " "
    title = f"Gain beyond the same luck{between}{legible(beside)}"
    figure.suptitle(title, x=0.01, ha="left", fontweight="bold")
    figure.legend(*axes.get_legend_handles_labels(), loc="outside lower left", ncols=1 if size.is_narrow else 2)
    return figure


def _for_a_phone(axes: Axes, names: Sequence[str]) -> None:
    """Names above their bars, and every other tick."""
    axes.set_yticks([])
    for place, name in enumerate(names):
        axes.annotate(name, (0, place + 0.42), xycoords=("axes fraction", "data"), va="center", fontsize=9)
    low, high = axes.get_xlim()
    axes.set_xlim(low * 30 if low < 0 else low, high * 30)
    ticks = axes.xaxis.get_major_locator().tick_values(low, high)
    axes.xaxis.set_major_locator(FixedLocator([ticks[n] for n in (1, 3, 4, 6, 8)]))


def turned(worlds: Worlds, start: date, end: date, size: Size) -> Figure:
    """In how many worlds what happened, and in which quarter their first strain and their first break came."""
    figure = size.figure(3.6)
    upper, lower = figure.subplots(2, 1, height_ratios=(1, 3))
    count = Counter(str(run[REGIME]) for run in worlds.own)
    left = 0
    for name, shade in SHADES.items():
        if many := count[name.value]:
            said = f"{name.value} in {many}"
            upper.barh([0], [many], left=left, color=shade, edgecolor=INK, linewidth=0.8, label=said)
            left += many
    upper.set_title(f"Of {left} world{'s' if left != 1 else ''}")
    upper.set_xlim(0, left)
    upper.axis("off")
    upper.legend(loc="upper left", bbox_to_anchor=(0, 0.05), ncols=2 if size.is_narrow else 4, borderaxespad=0)
    edges = [start + n * QUARTER for n in range(math.ceil((end - start) / QUARTER) + 1)]
    firsts = ((STRAIN_DAY, "first strain", GREY, 0.03), (TURN_DAY, "first broken promise", INK, 0.5))
    for column, said, color, shift in firsts:
        days = [run[column] for run in worlds.own if run[column] is not None]
        heights, _ = np.histogram(days, bins=[(edge - start).days for edge in edges])
        left_sides = [edge + shift * QUARTER for edge in edges[:-1]]
        lower.bar(left_sides, heights, 0.45 * QUARTER.days, color=color, align="edge", label=in_legend(said))
    lower.set_title("Worlds, by the quarter in which it came")
    lower.yaxis.get_major_locator().set_params(integer=True)
    lower.set_ylim(0, max(1.0, lower.get_ylim()[1]))
    lower.margins(x=0.01)
    date_axis(lower)
    lower.legend(loc="best")
    return figure
