"""Whose money it was: who put up the promised equity, by three rules of tracing; sources and uses of builders."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ...engine.legible import legible
from ...history.kinds import FirmKind
from ...history.tables import TRACED_CLASSES
from ...ledger.causes import OriginClass
from ...report.figure_colors import OF_CLASS, OF_KIND, color_of_class
from ...report.figure_style import GREY, INK, dollar_axis, percent_axis
from ...report.wording import cut, dollars, label
from ...scenarios.schema import Scenario
from .answers_money import FIRST, RULES, SHARE_SAID, SOURCES_OF_BUILDER, USES_OF_BUILDER, net
from .figure_form import Size, beyond_ranges, lying, ranges
from .pairs import Middle, Worlds

MARKS = dict(zip(RULES, ("", "D", "s"), strict=True))
"""Of the rules beside the one that the bars show."""
AGAIN = "had been round the circle"
NAME_CHARACTERS = 44
COLORS = {
    "Labs": OF_KIND[FirmKind.LAB],
    "Own business": OF_CLASS[OriginClass.OTHER_CUSTOMERS],
    "Vendors": OF_KIND[FirmKind.CHIP_MAKER],
    "Cash from before the start": OF_CLASS[OriginClass.LEGACY],
}
"""Of sources that are one class, by how they begin; lenders and buyers of shares are several, and grey."""


def put_up_shares(worlds: Worlds) -> dict[str, dict[str, Middle]]:
    """Of what firms put into labs, by class of new money and rule its part; what had been round is ""."""
    found: dict[str, dict[str, Middle]] = {}
    for rule in RULES:
        parts = {str(c): worlds.sums([f"firms_new.{rule}.{c}"]) for c in TRACED_CLASSES}
        parts[""] = worlds.sums([f"firms_again.{rule}"])
        whole = [sum(each) for each in zip(*parts.values(), strict=True)]
        for name, cents in parts.items():
            shares = [part / of if of else float("nan") for part, of in zip(cents, whole, strict=True)]
            found.setdefault(name, {})[rule] = Middle.of(shares)
    return {name: by_rule for name, by_rule in found.items() if any(m.high >= SHARE_SAID for m in by_rule.values())}


def put_up(worlds: Worlds, size: Size) -> Figure | None:
    """Who put up the promised equity: bars by the first rule with their range, marks by the two others."""
    shares = put_up_shares(worlds)
    if not shares:
        return None
    order = sorted(shares, key=lambda name: (name != "", shares[name][FIRST].median))
    figure = size.figure(1.5 + 0.42 * len(order))
    axes = figure.add_subplot()
    places = np.arange(len(order))
    middles = [shares[name][FIRST] for name in order]
    for place, name, middle in zip(places, order, middles, strict=True):
        look: dict[str, Any] = {"color": color_of_class(name)}
        if not name:
            look = {"facecolor": "white", "edgecolor": INK, "hatch": "////"}
        axes.barh(place, middle.median, 0.62, **look)
    ranges(axes, places, middles)
    for rule, mark in MARKS.items():
        if mark:
            medians = [shares[name][rule].median for name in order]
            axes.plot(medians, places, mark, color="white", markeredgecolor=INK, markersize=6, label=f"by {rule}")
    axes.barh([0], [0], color=GREY, label=f"by {FIRST}")
    lying(axes, places, [_named(label(name) if name else AGAIN, size) for name in order])
    percent_axis(axes.xaxis)
    axes.set_xlim(left=0)
    figure.suptitle("Whose new money firms put into labs", x=0.01, ha="left", fontweight="bold")
    figure.legend(*axes.get_legend_handles_labels(), loc="outside lower left", ncols=3)
    return figure


def built(scenario: Scenario, worlds: Worlds, size: Size) -> Figure | None:
    """Sources and uses of builders' money, net, each with its range."""
    clouds = [cloud.name for cloud in scenario.cloud]
    sources = {name: Middle.of(worlds.sums(net(clouds, causes))) for name, causes in SOURCES_OF_BUILDER.items()}
    uses = {name: Middle.of(worlds.sums(net(clouds, causes, "-"))) for name, causes in USES_OF_BUILDER.items()}
    sources, uses = ({n: m for n, m in found.items() if m.high > 0 or m.low < 0} for found in (sources, uses))
    if not uses:
        return None
    figure = size.figure(1.9 + (0.5 if size.is_narrow else 0.4) * (len(sources) + len(uses)))
    above, below = figure.subplots(2, 1, sharex=True, height_ratios=(len(sources), len(uses)))
    for axes, title, found in ((above, "Where the money came from, net", sources), (below, "What it was for", uses)):
        _bars(axes, found, [_color(name) for name in found], size)
        axes.set_title(title, loc="left", **_above(size))
    below.set_xlim(right=(1.5 if size.is_narrow else 1.2) * max(m.high for m in (*sources.values(), *uses.values())))
    dollar_axis(below.xaxis)
    below.locator_params(axis="x", nbins=3 if size.is_narrow else 6)
    return figure


def _bars(axes: Axes, found: dict[str, Middle], colors: Sequence[str], size: Size) -> None:
    places = np.arange(len(found))[::-1]
    middles = list(found.values())
    axes.barh(places, [m.median for m in middles], 0.62, color=list(colors))
    ranges(axes, places, middles)
    beyond_ranges(axes, places, middles, [dollars(m.median) for m in middles])
    lying(axes, places, [_named(name, size) for name in found])


def _color(name: str) -> str:
    return next((color for start, color in COLORS.items() if name.startswith(start)), GREY)


def _named(name: str, size: Size) -> str:
    """A name beside a bar, on two lines on a phone."""
    text = cut(legible(name), NAME_CHARACTERS)
    text = text[:1].upper() + text[1:]
    if not size.is_narrow or len(text) < 16:
        return text
    middle = min((i for i, c in enumerate(text) if c == " "), key=lambda i: abs(i - len(text) / 2), default=0)
    return f"{text[:middle]}\n{text[middle + 1 :]}" if middle else text


def _above(size: Size) -> dict[str, Any]:
    """Where the title of a panel with long names stands: over them too on a phone."""
    return {"x": -0.75, "ha": "left"} if size.is_narrow else {}
