"""A fork: what two runs have in common until a day, and their two futures."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ..engine.legible import legible
from ..history.kinds import CIRCLE_LISTED, FirmKind
from ..history.open_run import Run
from ..history.sinks import Tables
from .figure_style import (
    GREY,
    INK,
    PALETTE,
    TITLE,
    date_axis,
    dollar_axis,
    legend_below,
    new_figure,
    nothing_to_show,
    save,
    styled,
)
from .run_tables import tables_of
from .wording import cut, signed_percent, spoken_date

FIRMS_MAX, COLUMNS = 7, 3
AS_IT_WAS, BRANCH = PALETTE[0], PALETTE[1]
SUMS = (("committed_cents", "Promises made binding"), ("paid_cents", "Paid under promises"))


def draw_fork(run: Run, branch: Tables, day: int, folder: Path) -> Path:
    """Draw the fork of a run and its branch, which differ from `day` on, into a folder; returns the file."""
    folder.mkdir(parents=True, exist_ok=True)
    with styled():
        return save(fork(tables_of(run), branch, day), folder / "fork.png")


def fork(run: Tables, branch: Tables, day: int) -> Figure:
    """One panel for each firm whose values part most, then what is promised and what is paid."""
    panels = _values(run, branch) + _promises(run, branch)
    rows = -(-len(panels) // COLUMNS)
    figure = new_figure(3.1 * max(1, rows) + 1.0)
    if not panels:
        return nothing_to_show(figure, "There is nothing in both runs that could part.")
    axes = figure.subplots(rows, min(COLUMNS, len(panels)), squeeze=False).ravel()
    for place, (name, was, now) in zip(axes, panels, strict=False):
        _panel(place, name, was, now, day)
    for place in axes[len(panels) :]:
        place.axis("off")
    until = panels[0][1]
    parts = spoken_date(until[until["day"] == day]["date"].iloc[0])
    figure.suptitle(f"Two futures from {parts} on: market values, promises and payments", **TITLE)
    legend_below(figure, axes[0], 3)
    return figure


def _panel(axes: Axes, name: str, was: pd.DataFrame, now: pd.DataFrame, day: int) -> None:
    """The common past, and both futures from the evening before they part."""
    past = was[was["day"] < day]
    axes.plot(past["date"], past["cents"], color=INK, label="the same in both")
    for rows, color, width, said in ((was, AS_IT_WAS, 4.0, "as it was"), (now, BRANCH, 1.6, "the branch")):
        future = rows[rows["day"] >= day - 1]
        axes.plot(future["date"], future["cents"], color=color, linewidth=width, label=said)
    axes.axvline(past["date"].iloc[-1], color=GREY, linewidth=1, linestyle=":")
    last = min(was["day"].iloc[-1], now["day"].iloc[-1])
    one, two = (float(rows.loc[rows["day"] == last, "cents"].iloc[0]) for rows in (was, now))
    moved = "the same" if one == two else signed_percent(two / one - 1) if one else "new"
    moved = "nearly the same" if moved == signed_percent(0.0) else moved
    axes.set_title(f"{cut(legible(name), 28)}: {moved}", fontsize=11.5)
    dollar_axis(axes.yaxis)
    axes.tick_params(labelsize=9.5)
    date_axis(axes)
    axes.xaxis.get_offset_text().set_fontsize(9.5)


def _values(run: Tables, branch: Tables) -> list[tuple[str, pd.DataFrame, pd.DataFrame]]:
    """(name, values as they were, values of the branch) of the circle's firms, the widest parted first."""
    kinds = (FirmKind.LAB, *CIRCLE_LISTED)
    found = []
    for name, kind in dict(zip(run["firms"]["firm"], run["firms"]["kind"], strict=True)).items():
        was, now = (_of_firm(tables["firms"], name) for tables in (run, branch))
        if kind in kinds and len(was) and len(now):
            found.append((name, was, now))
    return sorted(found, key=lambda each: -_gap(*each[1:]))[:FIRMS_MAX]


def _of_firm(firms: pd.DataFrame, name: str) -> pd.DataFrame:
    rows = firms[firms["firm"] == name]
    return rows[["day", "date"]].assign(cents=rows["valuation_cents"].to_numpy(float))


def _gap(was: pd.DataFrame, now: pd.DataFrame) -> float:
    """By how much two values part at most, as a share of the larger."""
    days = min(len(was), len(now))
    one, two = was["cents"].to_numpy()[:days], now["cents"].to_numpy()[:days]
    return float(np.max(np.abs(one - two) / np.maximum(1.0, np.maximum(one, two))))


def _promises(run: Tables, branch: Tables) -> list[tuple[str, pd.DataFrame, pd.DataFrame]]:
    """(what, as it was, the branch) of what is promised and of what is paid, all promises together."""
    found = []
    for column, title in SUMS:
        sums = []
        for tables in (run, branch):
            daily = tables["commitments_daily"]
            rows = daily if len(daily) else tables["commitments"]
            sums.append(rows.groupby(["day", "date"], as_index=False)[column].sum().rename(columns={column: "cents"}))
        if all(len(rows) and rows["cents"].any() for rows in sums):
            found.append((title, sums[0].astype({"cents": float}), sums[1].astype({"cents": float})))
    return found
