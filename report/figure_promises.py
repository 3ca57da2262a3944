"""What was promised, committed and paid, and how far it is believed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ..engine.legible import legible
from ..history.kinds import CIRCLE_LISTED, ListingKind
from ..history.sinks import Tables
from .figure_colors import look_of_firms
from .figure_style import (
    GREY,
    INK,
    TITLE,
    color_of,
    date_axis,
    dollar_axis,
    in_legend,
    legend_below,
    new_figure,
    nothing_to_show,
    percent_axis,
)
from .measures_promises import StandingPromise, announced_committed_paid, standing_promises
from .wording import cut, dollars, percent, spoken_date

STANDING_MAX = 8
BELIEFS_MAX = 8
ANNOUNCED, COMMITTED, PAID, GAINED = "Announced", "Committed", "Paid in cash", "Market value gained on the day"
ACCOUNTS = {ANNOUNCED: "announced_cents", COMMITTED: "committed_cents", PAID: "paid_cents"}
LOOKS: dict[str, dict[str, Any]] = {
    ANNOUNCED: {"color": "#D2D2D2"},
    COMMITTED: {"color": GREY},
    PAID: {"color": INK},
    GAINED: {"facecolor": "white", "edgecolor": INK, "hatch": "////"},
}
"""Shades of grey, from word to cash, and hatched for paper: colours are kept for classes."""
STILL = 1e-6
"""Belief that moved by less in the whole run stood still."""


def promised_and_paid(tables: Tables) -> Figure:
    """The largest promises: announced, committed, paid, and the market value they made on their day."""
    figure = new_figure(6.8)
    accounts = [a for a in announced_committed_paid(tables["announcements"]) if a[0]["direction"] > 0]
    accounts = sorted(
        sorted(accounts, key=lambda a: -a[1].announced_cents)[:6], key=lambda a: (a[0]["day"], a[0]["number"])
    )
    if not accounts:
        standing = standing_promises(tables["commitments"])
        return _standing(figure, standing) if standing else nothing_to_show(figure, "Nothing was promised.")
    left, right = figure.subplots(1, 2, sharey=True, width_ratios=(3, 1))
    places = np.arange(len(accounts))[::-1]
    for (name, field), shift in zip(ACCOUNTS.items(), (0.27, 0.0, -0.27), strict=True):
        values = [float(getattr(account, field)) for _, account in accounts]
        bars = left.barh(places + shift, values, height=0.25, label=name, **LOOKS[name])
        left.bar_label(bars, [dollars(v) if v else "0" for v in values], padding=4, fontsize=10)
    told = [f"{spoken_date(facts['date'])}\n{_wrapped(str(facts['text']))}" for facts, _ in accounts]
    left.set_yticks(places, told, fontsize=10.5)
    shares = set(tables["daily"]["security"])
    gained = [float(account.value_gained_cents) if facts["firm"] in shares else None for facts, account in accounts]
    bars = right.barh(places, [value or 0.0 for value in gained], height=0.5, **LOOKS[GAINED])
    right.bar_label(bars, ["no share" if v is None else dollars(v) for v in gained], padding=4, fontsize=10)
    right.set_title("Market value gained\non the day", fontsize=11, fontweight="normal")
    figure.suptitle("Promised, committed, paid", **TITLE)
    for axes, room in ((left, 0.15), (right, 0.45)):
        _along(axes, room)
    right.locator_params(axis="x", nbins=3)
    legend_below(figure, left, 3)
    return figure


def _along(axes: Axes, room: float) -> None:
    """An axis of dollars for bars that lie, with room for their labels."""
    axes.axvline(0, color=GREY, linewidth=1)
    axes.margins(x=room)
    axes.grid(axis="x")
    axes.grid(visible=False, axis="y")
    dollar_axis(axes.xaxis)


def _standing(figure: Figure, standing: Sequence[StandingPromise]) -> Figure:
    """Loans and guarantees promised before the start, and what has been drawn or paid of each."""
    axes = figure.add_subplot()
    shown = sorted(standing, key=lambda p: -p.promised_cents)[:STANDING_MAX]
    places = np.arange(len(shown))[::-1]
    sums = {"Promised": [p.promised_cents for p in shown], "Drawn or paid in cash": [p.paid_cents for p in shown]}
    for (name, cents), shift, look in zip(sums.items(), (0.2, -0.2), (ANNOUNCED, PAID), strict=True):
        bars = axes.barh(places + shift, [float(c) for c in cents], height=0.38, label=name, **LOOKS[look])
        axes.bar_label(bars, [dollars(c) for c in cents], padding=4, fontsize=10)
    axes.set_yticks(places, [_wrapped(p.name) for p in shown], fontsize=10.5)
    figure.suptitle("Promised before the start, and paid since: loans and guarantees", **TITLE)
    _along(axes, 0.12)
    legend_below(figure, axes, 2)
    return figure


def credibility_and_multipliers(tables: Tables) -> Figure:
    """How far each promise is believed, and how far the story lifts each firm."""
    figure = new_figure(7.6)
    commitments, firms = tables["commitments"], tables["firms"]
    daily = tables["daily"][tables["daily"]["kind"] == ListingKind.SHARE]
    circle = [f for f, k in dict(zip(firms["firm"], firms["kind"], strict=True)).items() if k in CIRCLE_LISTED]
    if not len(commitments) and not circle:
        return nothing_to_show(figure, "Nothing was promised, and nobody believes anything.")
    upper, lower = figure.subplots(2, 1, sharex=True)
    moving, still = _moving_and_still(commitments)
    for name, color in color_of(moving[:BELIEFS_MAX]).items():
        rows = commitments[commitments["commitment"] == name]
        upper.plot(
            rows["date"], rows["credibility"], marker="o", markersize=4, label=in_legend(cut(name, 44)), color=color
        )
    upper.set_title("Public belief that a promise is honoured")
    upper.set_ylim(0, 1)
    percent_axis(upper.yaxis)
    if still:
        below = _wrapped(f"Not drawn, for nothing moved it: {'; '.join(still)}.", width=44, lines=8)
        upper.text(1.015, 0.0, below, transform=upper.transAxes, va="bottom", fontsize=9.5)
    kinds = dict(zip(firms["firm"], firms["kind"], strict=True))
    for name, look in look_of_firms((name, kinds[name]) for name in circle).items():
        rows = daily[daily["security"] == name]
        added = np.expm1(rows["narrative_log_multiple"].to_numpy(dtype=float))
        lower.plot(rows["date"], added, label=in_legend(name), **look)
    lower.axhline(0, color=GREY, linewidth=1)
    lower.set_title("What the story adds to the value of a firm")
    percent_axis(lower.yaxis)
    date_axis(lower)
    for axes in (upper, lower):
        if axes.get_legend_handles_labels()[0]:
            axes.legend(loc="upper left", bbox_to_anchor=(1.01, 1.0), borderaxespad=0)
    return figure


def _moving_and_still(commitments: pd.DataFrame) -> tuple[list[str], list[str]]:
    """Promises whose belief is drawn, and in words those that were believed alike in every month of several; where
    none moved, all are drawn."""
    by_name = commitments.groupby("commitment", sort=False)["credibility"]
    months, low, high = by_name.size(), by_name.min(), by_name.max()
    stood = (months > 1) & (high - low < STILL)
    if stood.all():
        return list(months.index), []
    return list(months.index[~stood]), [f"{cut(name, 44)}, {percent(low[name])}" for name in months.index[stood]]


def _wrapped(text: str, width: int = 34, lines: int = 3) -> str:
    """A text on a few short lines."""
    out = [""]
    for word in legible(text).split():
        if out[-1] and len(out[-1]) + len(word) + 1 > width:
            out.append("")
        out[-1] = f"{out[-1]} {word}".strip()
    return "\n".join(out[:lines]) + ("…" if len(out) > lines else "")
