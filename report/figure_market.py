"""Market value of every firm of the circle over time, with the announcements that moved it numbered."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.dates import date2num
from matplotlib.figure import Figure

from ..engine.legible import legible
from ..history.kinds import CIRCLE_LISTED, FirmKind, ListingKind
from ..history.sinks import Tables
from ..narrative.announcements import Instrument
from . import measures_market as market
from .figure_colors import look_of_firms
from .figure_style import GREY, INK, date_axis, in_legend, levels, log_axis, new_figure, nothing_to_show
from .measures_promises import PROMISES
from .wording import cut, dollars, signed_percent, spoken_date

MARKED_MAX = 9
NOTE_INCHES = 0.24
REST = "Rest of the index"


def market_values(tables: Tables) -> Figure:
    """Market value of each firm of the circle and the rest of the index, 100 at the start, on a log axis;
    announcements numbered."""
    values = market.circle_value(tables["daily"], tables["firms"])
    lines = _value_lines(tables, values)
    chosen = _marked_announcements(tables)
    figure = new_figure(6.6 + NOTE_INCHES * len(chosen))
    if not lines:
        return nothing_to_show(figure, "There is no market in this scenario.")
    axes, foot = figure.subplots(2, 1, height_ratios=(6.0, 0.05 + NOTE_INCHES * len(chosen)))
    foot.axis("off")
    kinds = dict(zip(tables["firms"]["firm"], tables["firms"]["kind"], strict=True))
    looks = look_of_firms((name, kinds[name]) for name in lines if name != REST)
    for name, series in lines.items():
        label = in_legend(f"{name} ({dollars(series[0])} to {dollars(series[-1])})")
        look = looks.get(name, {"color": GREY, "linestyle": "--"})
        axes.plot(values["date"], 100 * series / series[0], label=label, **look)
    log_axis(axes.yaxis)
    axes.set_title("Market value, 100 at the start, log axis; announcements are numbered")
    notes = _mark_announcements(axes, chosen, set(tables["daily"]["security"]))
    foot.text(0, 1, "\n".join(notes), fontsize=10.5, va="top", linespacing=1.45, transform=foot.transAxes)
    date_axis(axes)
    axes.legend(loc="upper left", bbox_to_anchor=(0, -0.09), ncols=2, borderaxespad=0)
    return figure


def _value_lines(tables: Tables, values: pd.DataFrame) -> dict[str, np.ndarray]:
    kinds = dict(zip(tables["firms"]["firm"], tables["firms"]["kind"], strict=True))
    daily = tables["daily"][tables["daily"]["kind"] == ListingKind.SHARE]
    out = {}
    for name, kind in kinds.items():
        if kind in CIRCLE_LISTED:
            out[name] = daily.loc[daily["security"] == name, "market_value_cents"].to_numpy(dtype=float)
        elif kind == FirmKind.LAB:
            rows = tables["firms"][tables["firms"]["firm"] == name]
            out[name] = rows["valuation_cents"].to_numpy(dtype=float)
    if len(values):
        out[REST] = values["rest_cents"].to_numpy(dtype=float)
    return {name: series for name, series in out.items() if len(series) == len(values) and (series > 0).all()}


def _marked_announcements(tables: Tables) -> pd.DataFrame:
    """The announcements to mark, in order of time: promises first, then rounds, then the reports that moved most."""
    said = tables["announcements"]
    firms = dict(zip(tables["firms"]["firm"], tables["firms"]["kind"], strict=True))
    said = said[said["firm"].map(firms).isin([FirmKind.LAB, *CIRCLE_LISTED])]
    routine = said["direction"] == 0
    rank = np.select(
        [routine, said["instrument"].isin(PROMISES), said["instrument"] == Instrument.EQUITY], [2, 0, 1], 2
    )
    size = np.where(rank == 2, said["value_gained_cents"].fillna(0).astype(float).abs(), said["announced_cents"])
    order = sorted(range(len(said)), key=lambda i: (rank[i], -size[i]))[:MARKED_MAX]
    return said.iloc[order].sort_values(["day", "number"])


def _mark_announcements(axes: Axes, chosen: pd.DataFrame, listed_firms: set[str]) -> list[str]:
    """Numbers at the top of the axes, bad news white on black; returns the numbered notes."""
    if not len(chosen):
        return []
    places = [float(date2num(d)) for d in chosen["date"]]  # type: ignore[no-untyped-call]
    low, high = axes.get_xlim()
    rows = levels(places, (high - low) * 0.022)
    notes = []
    for i, (place, row, item) in enumerate(zip(places, rows, chosen.itertuples(), strict=True), start=1):
        axes.axvline(place, color="#CFCFCF", linewidth=1, zorder=0)
        axes.text(
            place, 0.985 - 0.052 * row, str(i), transform=axes.get_xaxis_transform(), ha="center", va="top",
            fontsize=10, color=INK if item.direction >= 0 else "white", bbox={"boxstyle": "circle,pad=0.22",
            "facecolor": "white" if item.direction >= 0 else INK, "edgecolor": INK},
        )  # fmt: skip
        moved = ""
        if item.firm in listed_firms and item.day0_return == item.day0_return:
            moved = f" ({item.firm} {signed_percent(item.day0_return)}, {dollars(item.value_gained_cents)})"
        notes.append(f"{i}  {spoken_date(item.date)}: {cut(legible(item.text), 88)}{moved}")
    bottom, top = axes.get_ylim()
    axes.set_ylim(bottom, top * (top / bottom) ** (0.06 + 0.06 * max(rows)))
    return notes
