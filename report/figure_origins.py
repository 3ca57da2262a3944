"""Whose money each flow of the circle was, quarter by quarter."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ..engine.calendar import DAYS_PER_MONTH, DAYS_PER_YEAR
from ..history.sinks import Tables
from ..ledger.flows import Flow
from .figure_colors import color_of_class
from .figure_style import GREY, date_axis, dollar_axis, legend_below, new_figure, nothing_to_show, percent_axis
from .measures_origin import origins_per_quarter, receivers
from .wording import CHIPS, EQUIPMENT, cast_of, cut, label, listed

TITLE_CHARACTERS = 36
CALENDAR_DAYS = 365.25 / DAYS_PER_YEAR
"""For each trading day."""
FLOW_TITLES = {
    CHIPS: {
        Flow.CHIP_REVENUE: "Chip sales of {}",
        Flow.COMPUTE_REVENUE: "Compute sales of {}",
        Flow.LAB_SPENDING: "Spending of {}",
    },
    EQUIPMENT: {
        Flow.CHIP_REVENUE: "Sales of {}",
        Flow.VENDOR_LOANS: "Loans drawn by {}",
        Flow.BUILDING: "Building by {}",
    },
}


def origin_shares(tables: Tables, rule: str) -> Figure:
    """Whose money it was, quarter by quarter: one pair of panels per flow, how much above whose."""
    figure = new_figure(6.4)
    origins = tables["origins"]
    origins = origins[origins["rule"] == rule]
    titles = FLOW_TITLES[cast_of(tables["commitments"]["kind"])]
    shown = [flow for flow in titles if receivers(origins, flow)]
    if not shown:
        return nothing_to_show(figure, "No money of the circle has moved yet.")
    quarters = {flow: origins_per_quarter(origins, flow=flow, rule=rule) for flow in shown}
    sums = pd.concat(list(quarters.values())).groupby("origin_class")["cents"].sum()
    names = [str(name) for name in sums[sums > 0].sort_values(ascending=False, kind="stable").index]
    upper, lower = figure.subplots(2, len(shown), sharex=True, sharey="row", squeeze=False, height_ratios=(1, 3))
    for above, below, flow in zip(upper, lower, shown, strict=True):
        _quarters(above, below, quarters[flow], names)
        above.set_title(_panel_title(titles[flow], receivers(origins, flow)), fontsize=13)
    dollar_axis(upper[0].yaxis)
    upper[0].set_ylabel("a quarter", fontsize=10.5)
    percent_axis(lower[0].yaxis)
    lower[0].set_ylabel("whose money", fontsize=10.5)
    legend_below(figure, lower[0], 5 if len(names) <= 7 else 4)
    return figure


def _quarters(above: Axes, below: Axes, quarters: pd.DataFrame, names: Sequence[str]) -> None:
    """How much a flow was in each quarter, and below it whose."""
    table = quarters.pivot_table(index=["first_day", "last_day", "date"], columns="origin_class", values="cents")
    table = table.reindex(columns=names, fill_value=0)
    totals = table.sum(axis=1)
    share = table.div(totals.where(totals > 0), axis=0).fillna(0.0)
    widths = [CALENDAR_DAYS * (end - begin or DAYS_PER_MONTH) for begin, end, _ in table.index]
    middles = [end - timedelta(days=width / 2) for (_, _, end), width in zip(table.index, widths, strict=True)]
    bars = [0.9 * width for width in widths]
    above.bar(middles, totals.to_numpy(dtype=float), bars, color=GREY)
    floor = np.zeros(len(table))
    for name in names:
        below.bar(middles, share[name], bars, bottom=floor, label=label(name), color=color_of_class(name), linewidth=0)
        floor += share[name].to_numpy()
    below.set_ylim(0, 1)
    below.margins(x=0.01)
    below.grid(False)
    date_axis(below)


def _panel_title(words: str, names: Sequence[str]) -> str:
    """The flow and whose it is: by name where that fits, else how many they are."""
    text = words.format(listed(list(names)))
    if len(text) <= TITLE_CHARACTERS or len(names) == 1:
        return cut(text, TITLE_CHARACTERS)
    return words.format(f"{len(names)} firms")
