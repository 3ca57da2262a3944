"""Whose money each flow of the circle was, over time."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from matplotlib.figure import Figure

from ..history.sinks import Tables
from ..history.tables import TRACED_CLASSES
from ..ledger.flows import Flow
from .figure_style import color_of, date_axis, legend_below, new_figure, nothing_to_show, percent_axis
from .measures_origin import receivers
from .wording import CHIPS, EQUIPMENT, cast_of, cut, label, listed

TITLE_CHARACTERS = 36
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
    """Whose money it was, cumulative, over time: one panel per flow."""
    figure = new_figure(5.6)
    origins = tables["origins"]
    origins = origins[origins["rule"] == rule]
    titles = FLOW_TITLES[cast_of(tables["commitments"]["kind"])]
    shown = [flow for flow in titles if receivers(origins, flow)]
    if not shown:
        return nothing_to_show(figure, "No money of the circle has moved yet.")
    classes = origins[origins["flow"].isin([str(f) for f in shown])].groupby("origin_class")["cents"].sum()
    names = list(classes.sort_values(ascending=False, kind="stable").index)
    colors = color_of(str(c) for c in TRACED_CLASSES)
    panels = figure.subplots(1, len(shown), sharey=True, squeeze=False)[0]
    for axes, flow in zip(panels, shown, strict=True):
        rows = origins[origins["flow"] == str(flow)]
        table = rows.pivot_table(index="date", columns="origin_class", values="cents", aggfunc="sum", fill_value=0)
        table = table.reindex(columns=names, fill_value=0)
        share = table.div(table.sum(axis=1), axis=0)
        if len(share) == 1:
            share = pd.concat([share, share.rename(index=lambda d: d + pd.Timedelta(days=1).to_pytimedelta())])
        axes.stackplot(
            list(share.index),
            *(share[n] for n in names),
            labels=[label(n) for n in names],
            colors=[colors[n] for n in names],
        )
        axes.set_title(_panel_title(titles[flow], receivers(origins, flow)), fontsize=13)
        axes.set_ylim(0, 1)
        axes.margins(x=0)
        axes.grid(False)
        date_axis(axes)
        percent_axis(axes.yaxis)
    legend_below(figure, panels[0], 5 if len(names) <= 7 else 4)
    return figure


def _panel_title(words: str, names: Sequence[str]) -> str:
    """The flow and whose it is: by name where that fits, else how many they are."""
    text = words.format(listed(list(names)))
    if len(text) <= TITLE_CHARACTERS or len(names) == 1:
        return cut(text, TITLE_CHARACTERS)
    return words.format(f"{len(names)} firms")
