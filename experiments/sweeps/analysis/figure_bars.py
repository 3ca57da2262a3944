"""Points side by side: a value with its interval for each, long names folded."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine

from ....report.figure_style import GREY, INK, PALETTE, new_figure, nothing_to_show
from .said import Words

NAME_WIDTH, NAME_LINES = 34, 3


class Bar(NamedTuple):
    """One point or case: its name, value, ends of its interval, and what is written beside it."""

    name: str
    value: float
    low: float
    high: float
    note: str


def folded(name: str, width: int = NAME_WIDTH, lines: int = NAME_LINES) -> str:
    """A name over a few lines, broken behind commas where its parts fit."""
    first, *rest = name.split(", ")
    packed = [first]
    for part in rest:
        if len(f"{packed[-1]}, {part}") <= width:
            packed[-1] += f", {part}"
        else:
            packed[-1] += ","
            packed.append(part)
    if len(packed) <= lines and all(len(part) <= width for part in packed):
        return "\n".join(packed)
    return "\n".join(textwrap.wrap(name, width, max_lines=lines, placeholder=" …") or [name])


def with_edge(figure: Figure) -> Figure:
    """The same with air at its left and right edge."""
    engine = figure.get_layout_engine()
    if isinstance(engine, ConstrainedLayoutEngine):
        engine.set(rect=(0.008, 0.0, 0.984, 1.0))
    return figure


def draw_bars(words: Words, bars: Sequence[Bar], *, title: str, is_difference: bool = False) -> Figure:
    """A dot with its interval for each point or case, from the top down in their order."""
    names = [folded(bar.name) for bar in bars]
    height = 1.6 + sum(0.30 + 0.20 * (name.count("\n") + 1) for name in names)
    figure = new_figure(max(3.2, height))
    if not bars:
        return nothing_to_show(figure, "No run says anything about this.")
    axes = figure.add_subplot()
    places = np.arange(len(bars))[::-1]
    for place, bar in zip(places, bars, strict=True):
        if np.isfinite(bar.low):
            axes.plot([bar.low, bar.high], [place, place], color=PALETTE[0], linewidth=3, solid_capstyle="butt")
        axes.plot(bar.value, place, "o", color=PALETTE[0], markersize=9)
    axes.margins(x=0.08)
    if is_difference:
        axes.axvline(0, color=GREY, linewidth=1)
    for place, bar in zip(places, bars, strict=True):
        note = "  ".join(filter(None, (_said(words, bar.value, is_difference=is_difference), bar.note)))
        axes.annotate(note, (1.01, place), xycoords=("axes fraction", "data"), va="center", fontsize=11, color=INK)
    axes.set_yticks(places, names)
    axes.set_ylim(-0.6, len(bars) - 0.4)
    axes.grid(axis="x")
    axes.grid(visible=False, axis="y")
    words.axis(axes.xaxis)
    label = f"difference of {words.label}" if is_difference else words.label
    axes.set_xlabel(folded(label, 100))
    figure.suptitle(folded(title, 85), x=0.01, ha="left", fontsize=15, fontweight="bold")
    return with_edge(figure)


def _said(words: Words, value: float, *, is_difference: bool) -> str:
    if not is_difference:
        return words.say(value)
    return f"{'+' if value > 0 else '-' if value < 0 else ''}{words.say_difference(value)}"
