"""The figures of a run: market values, origins, promises against payments, beliefs, and who gained."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter, date2num
from matplotlib.figure import Figure

from ..history.sinks import Tables
from ..history.tables import TRACED_CLASSES, Flow
from . import measures_market as market
from .figure_style import (
    GREY,
    PALETTE,
    color_of,
    dollar_axis,
    legend_below,
    levels,
    new_figure,
    nothing_to_show,
    percent_axis,
    save,
    styled,
)
from .figures_flow import money_flow
from .measures_origin import receivers
from .measures_promises import (
    PROMISES,
    StandingPromise,
    announced_committed_paid,
    listed_moves_only,
    standing_promises,
)
from .wording import CHIPS, EQUIPMENT, cast_of, cut, dollars, label, listed, signed_percent, spoken_date

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MARKED_MAX = 9
STANDING_MAX = 8
TITLE_CHARACTERS = 36
NOTE_INCHES = 0.24
LINES = PALETTE[:-1]
REST = "Rest of the index"
TITLE: dict[str, Any] = {"x": 0.01, "ha": "left", "fontsize": 15, "fontweight": "bold"}
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


def draw_all(tables: Tables, folder: Path, *, rule: str) -> list[Path]:
    """Draw every figure into a folder (made if needed); returns the files."""
    folder.mkdir(parents=True, exist_ok=True)
    tables = {**tables, "announcements": listed_moves_only(tables["announcements"], tables["daily"])}
    figures: dict[str, Callable[[], Figure]] = {
        "market_values": lambda: market_values(tables),
        "money_flow": lambda: money_flow(tables),
        "origin_shares": lambda: origin_shares(tables, rule),
        "promised_and_paid": lambda: promised_and_paid(tables),
        "credibility_and_multipliers": lambda: credibility_and_multipliers(tables),
        "gain_and_loss": lambda: gain_and_loss(tables),
    }
    written = []
    for name, draw in figures.items():
        with styled():
            written.append(save(draw(), folder / f"{name}.png"))
    return written


def market_values(tables: Tables) -> Figure:
    """Market value of each firm of the circle and the rest of the index, 100 at the start; announcements numbered."""
    values = market.circle_value(tables["daily"], tables["firms"])
    lines = _value_lines(tables, values)
    chosen = _marked_announcements(tables)
    figure = new_figure(6.6 + NOTE_INCHES * len(chosen))
    if not lines:
        return nothing_to_show(figure, "There is no market in this scenario.")
    axes, foot = figure.subplots(2, 1, height_ratios=(6.0, 0.05 + NOTE_INCHES * len(chosen)))
    foot.axis("off")
    for i, (name, series) in enumerate(lines.items()):
        is_rest = name == REST
        axes.plot(
            values["date"],
            100 * series / series[0],
            label=f"{name} ({dollars(series[0])} to {dollars(series[-1])})",
            color=GREY if is_rest else LINES[i % len(LINES)],
            linestyle="--" if is_rest else "-" if i < len(LINES) else "-.",
        )
    axes.set_title("Market value, 100 at the start; announcements are numbered")
    notes = _mark_announcements(axes, chosen, set(tables["daily"]["security"]))
    foot.text(0, 1, "\n".join(notes), fontsize=10.5, va="top", linespacing=1.45, transform=foot.transAxes)
    _date_axis(axes)
    axes.legend(loc="upper left", bbox_to_anchor=(0, -0.09), ncols=2, borderaxespad=0)
    return figure


def _value_lines(tables: Tables, values: pd.DataFrame) -> dict[str, np.ndarray]:
    kinds = dict(zip(tables["firms"]["firm"], tables["firms"]["kind"], strict=True))
    daily = tables["daily"][tables["daily"]["kind"] == "share"]
    out = {}
    for name, kind in kinds.items():
        if kind in ("cloud", "chip_maker"):
            out[name] = daily.loc[daily["security"] == name, "market_value_cents"].to_numpy(dtype=float)
        elif kind == "lab":
            rows = tables["firms"][tables["firms"]["firm"] == name]
            out[name] = rows["valuation_cents"].to_numpy(dtype=float)
    if len(values) and (values["rest_cents"] > 0).all():
        out[REST] = values["rest_cents"].to_numpy(dtype=float)
    return {name: series for name, series in out.items() if len(series) == len(values) and (series > 0).all()}


def _marked_announcements(tables: Tables) -> pd.DataFrame:
    """The announcements to mark, in order of time: promises first, then rounds, then the reports that moved most."""
    said = tables["announcements"]
    firms = dict(zip(tables["firms"]["firm"], tables["firms"]["kind"], strict=True))
    said = said[said["firm"].map(firms).isin(["lab", "cloud", "chip_maker"])]
    routine = said["direction"] == 0
    rank = np.select([routine, said["instrument"].isin(PROMISES), said["instrument"] == "equity"], [2, 0, 1], 2)
    size = np.where(rank == 2, said["value_gained_cents"].fillna(0).astype(float).abs(), said["announced_cents"])
    order = sorted(range(len(said)), key=lambda i: (rank[i], -size[i]))[:MARKED_MAX]
    return said.iloc[order].sort_values(["day", "number"])


def _mark_announcements(axes: Axes, chosen: pd.DataFrame, listed_firms: set[str]) -> list[str]:
    """Numbers at the top of the axes; returns the numbered notes."""
    if not len(chosen):
        return []
    places = [float(date2num(d)) for d in chosen["date"]]  # type: ignore[no-untyped-call]
    low, high = axes.get_xlim()
    rows = levels(places, (high - low) * 0.022)
    notes = []
    for i, (place, row, item) in enumerate(zip(places, rows, chosen.itertuples(), strict=True), start=1):
        axes.axvline(place, color="#CFCFCF", linewidth=1, zorder=0)
        edge = PALETTE[2] if item.direction >= 0 else PALETTE[1]
        axes.text(
            place, 0.985 - 0.052 * row, str(i), transform=axes.get_xaxis_transform(), ha="center", va="top",
            fontsize=10, bbox={"boxstyle": "circle,pad=0.22", "facecolor": "white", "edgecolor": edge},
        )  # fmt: skip
        moved = ""
        if item.firm in listed_firms and item.day0_return == item.day0_return:
            moved = f" ({item.firm} {signed_percent(item.day0_return)}, {dollars(item.value_gained_cents)})"
        notes.append(f"{i}  {spoken_date(item.date)}: {cut(item.text, 88)}{moved}")
    bottom, top = axes.get_ylim()
    axes.set_ylim(bottom, top + (top - bottom) * (0.06 + 0.06 * max(rows)))
    return notes


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
        _date_axis(axes)
        percent_axis(axes.yaxis)
    legend_below(figure, panels[0], 5)
    return figure


def _panel_title(words: str, names: Sequence[str]) -> str:
    """The flow and whose it is: by name where that fits, else how many they are."""
    text = words.format(listed(list(names)))
    if len(text) <= TITLE_CHARACTERS or len(names) == 1:
        return cut(text, TITLE_CHARACTERS)
    return words.format(f"{len(names)} firms")


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
    axes = figure.add_subplot()
    measures = {
        "Announced": ("announced_cents", PALETTE[5]),
        "Committed": ("committed_cents", PALETTE[0]),
        "Paid in cash": ("paid_cents", PALETTE[1]),
        "Market value gained on the day": ("value_gained_cents", PALETTE[2]),
    }
    shares = set(tables["daily"]["security"])
    places = np.arange(len(accounts))[::-1]
    for i, (name, (field, color)) in enumerate(measures.items()):
        values = [float(getattr(account, field)) for _, account in accounts]
        bars = axes.barh(places + 0.3 - 0.2 * i, values, height=0.19, label=name, color=color)
        said = [dollars(v) if v else "0" for v in values]
        if field == "value_gained_cents":
            said = [text if facts["firm"] in shares else "" for text, (facts, _) in zip(said, accounts, strict=True)]
        axes.bar_label(bars, said, padding=4, fontsize=10)
    axes.set_yticks(
        places,
        [f"{spoken_date(facts['date'])}\n{_wrapped(str(facts['text']))}" for facts, _ in accounts],
        fontsize=10.5,
    )
    figure.suptitle("Promised, committed, paid", **TITLE)
    axes.axvline(0, color=GREY, linewidth=1)
    axes.margins(x=0.12)
    axes.grid(axis="x")
    axes.grid(visible=False, axis="y")
    dollar_axis(axes.xaxis)
    legend_below(figure, axes, 4)
    return figure


def _standing(figure: Figure, standing: Sequence[StandingPromise]) -> Figure:
    """Loans and guarantees promised before the start, and what has been drawn or paid of each."""
    axes = figure.add_subplot()
    shown = sorted(standing, key=lambda p: -p.promised_cents)[:STANDING_MAX]
    places = np.arange(len(shown))[::-1]
    sums = {"Promised": [p.promised_cents for p in shown], "Drawn or paid in cash": [p.paid_cents for p in shown]}
    for (name, cents), shift, color in zip(sums.items(), (0.2, -0.2), (PALETTE[5], PALETTE[1]), strict=True):
        bars = axes.barh(places + shift, [float(c) for c in cents], height=0.38, label=name, color=color)
        axes.bar_label(bars, [dollars(c) for c in cents], padding=4, fontsize=10)
    axes.set_yticks(places, [_wrapped(p.name) for p in shown], fontsize=10.5)
    figure.suptitle("Promised before the start, and paid since: loans and guarantees", **TITLE)
    axes.margins(x=0.12)
    axes.grid(axis="x")
    axes.grid(visible=False, axis="y")
    dollar_axis(axes.xaxis)
    legend_below(figure, axes, 2)
    return figure


def credibility_and_multipliers(tables: Tables) -> Figure:
    """How far each promise is believed, and how far the story lifts each firm."""
    figure = new_figure(7.6)
    commitments, firms = tables["commitments"], tables["firms"]
    daily = tables["daily"][tables["daily"]["kind"] == "share"]
    circle = [
        f for f, k in dict(zip(firms["firm"], firms["kind"], strict=True)).items() if k in ("cloud", "chip_maker")
    ]
    if not len(commitments) and not circle:
        return nothing_to_show(figure, "Nothing was promised, and nobody believes anything.")
    upper, lower = figure.subplots(2, 1, sharex=True)
    names = list(dict.fromkeys(commitments["commitment"]))[:8]
    for name, color in color_of(names).items():
        rows = commitments[commitments["commitment"] == name]
        upper.plot(rows["date"], rows["credibility"], marker="o", markersize=4, label=cut(name, 44), color=color)
    upper.set_title("Public belief that a promise is honoured")
    upper.set_ylim(0, 1)
    percent_axis(upper.yaxis)
    for name, color in color_of(circle).items():
        rows = daily[daily["security"] == name]
        lower.plot(
            rows["date"], np.expm1(rows["narrative_log_multiple"].to_numpy(dtype=float)), label=name, color=color
        )
    lower.axhline(0, color=GREY, linewidth=1)
    lower.set_title("What the story adds to the value of a firm")
    percent_axis(lower.yaxis)
    _date_axis(lower)
    for axes in (upper, lower):
        if axes.get_legend_handles_labels()[0]:
            axes.legend(loc="upper left", bbox_to_anchor=(1.01, 1.0), borderaxespad=0)
    return figure


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


def _date_axis(axes: Axes) -> None:
    locator = AutoDateLocator(minticks=3, maxticks=9)  # type: ignore[no-untyped-call]
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(ConciseDateFormatter(locator))  # type: ignore[no-untyped-call]


def _wrapped(text: str, width: int = 34, lines: int = 3) -> str:
    """A text on a few short lines."""
    out = [""]
    for word in text.split():
        if out[-1] and len(out[-1]) + len(word) + 1 > width:
            out.append("")
        out[-1] = f"{out[-1]} {word}".strip()
    return "\n".join(out[:lines]) + ("…" if len(out) > lines else "")
