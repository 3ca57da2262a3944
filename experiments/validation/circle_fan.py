"""The autumn of 2025 over many seeds: day by day between which bounds the model lies, and where the record went."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

import numpy as np
from matplotlib.figure import Figure

from ...model import CarouselModel
from ...narrative.chronicle import Happening
from ...report.figure_style import GREY, PALETTE, date_axis, new_figure, styled
from .circle_horizon import spread_of
from .circle_worlds import LETTER_DAY, world

DAYS = 79
"""Trading days from 9 September to 31 December 2025."""
PERCENTILES = 5, 50, 95


class Panel(NamedTuple):
    """One quantity: its name, what its title says, and the record by date."""

    name: str
    title: str
    record: Mapping[date, float]
    given: frozenset[date] = frozenset()
    """Points that are facts of the scenario or were in view when forms and sizes were chosen."""


ORACLE = {
    date(2025, 9, 9): 241.51, date(2025, 9, 10): 328.33, date(2025, 10, 31): 262.6, date(2025, 11, 7): 239.3,
    date(2025, 12, 31): 194.9,
}  # fmt: skip
CREDIT = {date(2025, 10, 24): 76, date(2025, 11, 26): 120, date(2025, 12, 2): 128, date(2025, 12, 29): 151}
NVIDIA = {date(2025, 9, 29): -0.1, date(2025, 10, 20): -2.8, date(2025, 12, 16): -5.6}
REVENUE, RAISED, MARK = {date(2025, 12, 31): 20}, {date(2025, 12, 26): 22.5}, {date(2025, 10, 15): 500}
PANELS = (
    Panel("oracle", "Oracle, USD a share", ORACLE, frozenset(ORACLE)),
    Panel("nvidia", "NVIDIA beyond the index since 22 September, %", NVIDIA),
    Panel("spread", "Oracle's spread over five years, bp", CREDIT, frozenset({date(2025, 12, 29)})),
    Panel("revenue", "OpenAI's revenue, bn USD a year", REVENUE, frozenset(REVENUE)),
    Panel("raised", "Cash OpenAI raised since 9 September, bn USD", RAISED, frozenset(RAISED)),
    Panel("value", "OpenAI's value, bn USD", MARK, frozenset(MARK)),
)
"""The record: closes, abnormal returns, prices of credit default swaps, press (docs/facts.md)."""


def path(seed: int) -> dict[str, list[float]]:
    """Every quantity on every day of one autumn, from the opening on."""
    model = CarouselModel(world((), days=DAYS), rng=seed)
    lab, cloud = model.cast.labs[0], model.cast.clouds[0]
    chips, circle = model.cast.listed_by_name["NVIDIA"], {firm.name for firm in model.cast.circle}
    rest = [firm for firm in model.cast.listed if firm.name not in circle]
    found: dict[str, list[float]] = {panel.name: [] for panel in PANELS}
    raised = 0
    while True:
        index = sum(firm.market_value_cents for firm in rest)
        now = (
            cloud.price_cents / 100, math.log(chips.price_cents / index), 1e4 * spread_of(model, cloud),
            lab.sales_usd_per_year / 1e9, raised / 1e11, lab.value_usd() / 1e9,
        )  # fmt: skip
        for name, value in zip(found, now, strict=True):
            found[name].append(value)
        if not model.running:
            break
        model.step()
        paid = Happening.CAPITAL_CALLED, Happening.MILESTONE_PAID
        raised += sum(event.cents for event in model.chronicle.events if event.kind in paid)
    since = found["nvidia"][LETTER_DAY]
    found["nvidia"] = [100 * math.expm1(value - since) for value in found["nvidia"]]
    return found


def fan(paths: Sequence[dict[str, list[float]]]) -> dict[str, Any]:
    """Percentiles over seeds, by quantity: a list of days for each."""
    return {
        panel.name: np.percentile([run[panel.name] for run in paths], PERCENTILES, axis=0).round(4).tolist()
        for panel in PANELS
    }


def draw_fan(percentiles: dict[str, Any], dates: Sequence[date], seeds: int) -> Figure:
    """Six panels: the fan of the model and the points of the record."""
    with styled():
        figure = new_figure(11)
        shown: dict[str, Any] = {}
        for axis, panel in zip(figure.subplots(3, 2).flat, PANELS, strict=True):
            _draw_panel(axis, panel, dates, percentiles[panel.name])
            handles, labels = axis.get_legend_handles_labels()
            shown |= dict(zip(labels, handles, strict=True))
        figure.legend(shown.values(), shown.keys(), loc="outside lower center", ncol=4)
        title = f"Autumn 2025: {seeds} worlds and the record\n"
        figure.suptitle(title, x=0.01, ha="left", fontsize=16, fontweight="bold")
        return figure


def _draw_panel(axis: Any, panel: Panel, dates: Sequence[date], fan_of_days: Sequence[Sequence[float]]) -> None:
    """One quantity: its fan, and its points of the record."""
    low, middle, high = fan_of_days
    axis.fill_between(dates, low, high, color=PALETTE[0], alpha=0.2, linewidth=0, label="5 to 95 % of seeds")
    axis.plot(dates, middle, color=PALETTE[0], label="median")
    for day, value in panel.record.items():
        is_given = day in panel.given
        words = "record, in view when sizes were chosen" if is_given else "record, not used"
        axis.scatter(
            [day], [value], s=60, color="white" if is_given else PALETTE[1], edgecolors=PALETTE[1], linewidths=2,
            zorder=5, clip_on=False, label=words,
        )  # fmt: skip
    axis.set_title(panel.title, fontsize=13)
    date_axis(axis)
    axis.set_xlim(dates[0] - timedelta(days=1), dates[-1] + timedelta(days=2))
    axis.tick_params(colors=GREY)
