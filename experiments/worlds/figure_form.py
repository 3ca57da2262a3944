"""The form of pictures of many worlds: a wide one and one for a phone, fans over worlds, bars with their range."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from ...report.figure_style import DPI, INK, styled
from .pairs import HIGH, LOW, Middle

MIDDLE_HALF = (25, 75)
"""Percentiles of the darker band."""
WORLD, TWIN = "#004488", "#BB5566"
"""Tol (2021), Colour schemes, high contrast: a world, and the one beside it."""


class Size(Enum):
    """How wide a picture is, in inches of 100 pixels: for a page, and for a phone."""

    WIDE = 9.0
    NARROW = 3.7

    @property
    def is_narrow(self) -> bool:
        """Whether panels stand one above the other."""
        return self is Size.NARROW

    def figure(self, height_inches: float) -> Figure:
        """An empty figure; make it and its axes inside `styled()`."""
        figure = Figure(figsize=(self.value, height_inches), dpi=DPI, layout="constrained")
        FigureCanvasAgg(figure)
        return figure

    def styled(self) -> Any:
        """The style, as a context: no text below 9 points."""
        small = 9.0 if self.is_narrow else 10.0
        sizes = {
            "font.size": small,
            "axes.titlesize": small + 1,
            "axes.titlepad": 8,
            "axes.labelsize": small,
            "legend.fontsize": small,
            "legend.handlelength": 1.6,
        }
        return styled(sizes)


def fan(axes: Axes, dates: Sequence[Any], values: np.ndarray, color: str, name: str, *, dashes: str = "-") -> None:
    """Median of worlds over time, the middle half and 10 to 90 % of them, from float[worlds, days]."""
    low, first, median, third, high = np.percentile(values, [LOW, MIDDLE_HALF[0], 50, MIDDLE_HALF[1], HIGH], axis=0)
    if len(values) > 1:
        axes.fill_between(dates, low, high, color=color, alpha=0.16, linewidth=0)
        axes.fill_between(dates, first, third, color=color, alpha=0.26, linewidth=0)
    axes.plot(dates, median, color=color, linestyle=dashes, label=name)


def ranges(axes: Axes, places: Any, middles: Sequence[Middle]) -> None:
    """A whisker from 10 to 90 % of worlds through the end of each lying bar."""
    medians = np.array([m.median for m in middles])
    below = medians - np.array([m.low for m in middles])
    above = np.array([m.high for m in middles]) - medians
    axes.errorbar(medians, places, xerr=[below, above], fmt="none", ecolor=INK, elinewidth=1.2, capsize=3)


def beyond_ranges(axes: Axes, places: Any, middles: Sequence[Middle], texts: Sequence[str]) -> None:
    """The text of each bar, outside of its whisker."""
    for place, middle, text in zip(places, middles, texts, strict=True):
        is_left = middle.median < 0
        end = min(middle.low, 0.0) if is_left else max(middle.high, 0.0)
        axes.annotate(
            text, (end, place), xytext=(-5 if is_left else 5, 0), textcoords="offset points",
            ha="right" if is_left else "left", va="center", fontsize=9, annotation_clip=False,
        )  # fmt: skip


def lying(axes: Axes, places: Any, texts: Sequence[str]) -> None:
    """Axes of bars that lie: their names, a line at nothing, no lines across."""
    axes.set_yticks(places, list(texts))
    axes.axvline(0, color=INK, linewidth=0.8)
    axes.grid(axis="x")
    axes.grid(visible=False, axis="y")
