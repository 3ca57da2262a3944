"""A picture of a lab's commitments over many worlds: announced, committed after cuts, paid."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure

from ...report.figure_style import PALETTE, new_figure, styled
from .deal_worlds import Book

PERCENTILES = (5, 50, 95)
PANELS = (
    ("announced_cents", "Announced", "all that compute contracts ever promised"),
    ("committed_cents", "Committed", "what is left of it after cuts and ends"),
    ("paid_cents", "Paid", "what has been paid under them"),
)


def draw_commitments(books: Sequence[Sequence[Sequence[int]]]) -> Figure:
    """Three panels on one scale: the fan of each sum by quarter, bn USD. `books` are those of runs, by quarter."""
    found = np.array(books, dtype=float) / 1e11
    years = np.arange(1, found.shape[1] + 1) / 4
    with styled():
        figure = new_figure(5.2)
        axes = figure.subplots(1, 3, sharey=True)
        for axis, (name, title, words), colour in zip(axes, PANELS, PALETTE, strict=False):
            low, middle, high = np.percentile(found[:, :, Book._fields.index(name)], PERCENTILES, axis=0)
            axis.fill_between(years, low, high, color=colour, alpha=0.25, linewidth=0)
            axis.plot(years, middle, color=colour)
            axis.set_title(title)
            axis.set_xlabel(f"years since 9 September 2025\n{words}")
            axis.set_ylim(bottom=0)
            axis.set_xlim(0, years[-1])
        axes[0].set_ylabel("bn USD, median and 5 to 95 %")
        figure.suptitle(f"The lab's compute: promised and paid in {len(books)} worlds", x=0.01, ha="left", fontsize=16)
        return figure
