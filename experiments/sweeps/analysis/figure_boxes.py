"""A box among the runs: the two axes that bound it first, every run a dot, the box drawn around its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from ....report.figure_style import GREY, INK, PALETTE, new_figure
from .asked import AxisFacts
from .figure_bars import folded


class Range(NamedTuple):
    """What a box leaves of one axis: two ends, or words."""

    axis: str
    low: float
    high: float
    words: tuple[str, ...]

    @property
    def said(self) -> str:
        """In words."""
        limit = " or ".join(self.words) or f"{self.low:.3g} to {self.high:.3g}"
        return f"{self.axis.replace('_', ' ')}: {limit}"


def draw_boxes(
    placed: pd.DataFrame, happened: np.ndarray, ranges: Sequence[Range], *, title: str, label: str
) -> Figure:
    """Dots over two axes of numbers: those that bound the box, filled up with others."""
    figure = new_figure(6.4)
    axes = figure.add_subplot()
    numeric = [c for c in placed.columns if not isinstance(placed[c].dtype, pd.CategoricalDtype)]
    bounding = [r.axis for r in ranges if not r.words]
    shown = [*bounding, *(c for c in numeric if c not in bounding)][:2]
    x = placed[shown[0]].to_numpy(dtype=float) if shown else np.zeros(len(placed))
    y = placed[shown[1]].to_numpy(dtype=float) if len(shown) > 1 else np.zeros(len(placed))
    for is_it, color, marker, name in (
        (False, GREY, "o", f"not {label}"), (True, PALETTE[1], "D", label)
    ):  # fmt: skip
        rows = happened == is_it
        axes.scatter(
            x[rows], y[rows], s=22, color=color, marker=marker, alpha=0.55, linewidths=0, label=folded(name, 60)
        )
    limits = {r.axis: (r.low, r.high) for r in ranges if not r.words}
    low_x, high_x = limits.get(shown[0], (x.min(), x.max())) if shown else (-1, 1)
    low_y, high_y = limits.get(shown[1], (y.min(), y.max())) if len(shown) > 1 else (-1, 1)
    box = Rectangle(
        (low_x, low_y), high_x - low_x, high_y - low_y, fill=False, edgecolor=INK, linewidth=2.2, label="the box"
    )
    axes.add_patch(box)
    axes.set_xlabel(folded(AxisFacts(shown[0]).label, 90) if shown else "")
    axes.set_ylabel(folded(AxisFacts(shown[1]).label, 50) if len(shown) > 1 else "")
    rest = [r for r in ranges if r.axis not in shown]
    if rest:
        said = "; ".join(r.said for r in rest)
        axes.set_title(folded(f"also bounded by {said}", 120), fontsize=12, fontweight="normal")
    figure.legend(*axes.get_legend_handles_labels(), loc="outside lower left", ncols=3)
    figure.suptitle(folded(title, 85), x=0.01, ha="left", fontsize=15, fontweight="bold")
    return figure
