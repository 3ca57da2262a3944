"""Paths of many worlds as fans: the circle's market value beside its twin, promises, a lab's revenue and bill."""

from __future__ import annotations

from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from ...engine.legible import legible
from ...history.kinds import FirmKind
from ...ledger.causes import OriginClass
from ...report.figure_colors import OF_CLASS, OF_KIND
from ...report.figure_style import GREY, INK, date_axis, dollar_axis, in_legend, log_axis, round_dollars
from .figure_form import TWIN, WORLD, Size, fan
from .pairs import Worlds
from .paths import ANNOUNCED, BILL, COMMITTED, PAID, REVENUE, VALUE, dates_of, path, per_quarter, quarter_ends

DOLLARS = FuncFormatter(lambda cents, _: round_dollars(cents))


def value_fan(worlds: Worlds, beside: str, size: Size) -> Figure:
    """Market value of the circle on a log axis beside the same luck otherwise, and the difference of each pair.

    `beside` says in words what is otherwise: "without the circle's deals".
    """
    figure = size.figure(6.0)
    upper, lower = figure.subplots(2, 1, height_ratios=(3, 2))
    own, twins = path(worlds.own, VALUE), path(worlds.twins, VALUE)
    dates = dates_of(worlds.own)
    fan(upper, dates, own, WORLD, "as it is")
    fan(upper, dates_of(worlds.twins), twins, TWIN, in_legend(legible(beside)), dashes="--")
    log_axis(upper.yaxis, DOLLARS)
    upper.set_title("Market value of the circle, log axis")
    upper.legend(loc="best", frameon=True, framealpha=0.8, edgecolor="none")
    if own.shape == twins.shape:
        fan(lower, dates, own - twins, INK, "difference")
    lower.axhline(0, color=GREY, linewidth=1)
    lower.set_title("Difference of each pair")
    dollar_axis(lower.yaxis)
    for axes in (upper, lower):
        date_axis(axes)
    return figure


def promised_fan(worlds: Worlds, size: Size) -> Figure:
    """Promised, committed and paid over all promises: medians, and 10 to 90 % of worlds."""
    figure = size.figure(3.4)
    axes = figure.add_subplot()
    dates = dates_of(worlds.own)
    looks = ((ANNOUNCED, "promised", GREY, ":"), (COMMITTED, "binding", GREY, "--"), (PAID, "paid in cash", INK, "-"))
    for name, said, color, dashes in looks:
        fan(axes, dates, path(worlds.own, name), color, said, dashes=dashes)
    axes.set_title("Promised, binding, paid so far")
    axes.set_ylim(bottom=0)
    dollar_axis(axes.yaxis)
    date_axis(axes)
    axes.legend(loc="best")
    return figure


def lab_fan(worlds: Worlds, lab: str, size: Size) -> Figure:
    """What customers pay a lab in each quarter, and what it pays for compute."""
    figure = size.figure(3.4)
    axes = figure.add_subplot()
    revenue, bill = (path(worlds.own, f"{name}{lab}") for name in (REVENUE, BILL))
    dates = dates_of(worlds.own)
    ends = [dates[place] for place in quarter_ends(len(dates))][1:]
    fan(axes, ends, per_quarter(revenue), OF_CLASS[OriginClass.AI_CUSTOMERS], "from customers")
    fan(axes, ends, per_quarter(bill), OF_KIND[FirmKind.CLOUD], "for compute", dashes="--")
    axes.set_title(legible(f"{lab}: cash in each quarter"))
    axes.set_ylim(bottom=0)
    dollar_axis(axes.yaxis)
    date_axis(axes)
    axes.legend(loc="best")
    return figure
