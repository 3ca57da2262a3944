"""A picture of a vendor's boom and bust over many worlds: lines and draws, its price, customers that have failed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ...report.figure_style import PALETTE, TITLE, new_figure, styled
from .vendor_worlds import Month

PERCENTILES = (5, 50, 95)
Worlds = Sequence[Sequence[Month]]


def draw_vendors(worlds: Worlds, others: dict[str, Worlds]) -> Figure:
    """Four panels over the years of a run: what is promised and what is drawn of it; draws a quarter; the vendor's
    price, with medians of other worlds by their words; customers that have failed."""
    with styled():
        figure = new_figure(9.0)
        (lines, draws), (price, failed) = figure.subplots(2, 2)
        fan(lines, _of(worlds, "lines"), PALETTE[0], "promised and not cut")
        fan(lines, _of(worlds, "owed"), PALETTE[1], "owed")
        lines.set_ylabel("bn USD")
        lines.set_title("Lines are cut while they are drawn")
        fan(draws, _quarters(_of(worlds, "drawn")), PALETTE[1], "drawn in a quarter", months=3)
        fan(draws, _quarters(_of(worlds, "cut")), PALETTE[0], "cut in a quarter", months=3)
        draws.set_ylabel("bn USD a quarter")
        draws.set_title("The run")
        fan(price, _of(worlds, "price_usd"), PALETTE[2], "vendor-boom")
        for (words, some), colour in zip(others.items(), PALETTE[3:], strict=False):
            years = np.arange(1, 1 + len(some[0])) / 12
            price.plot(years, np.median(_of(some, "price_usd"), axis=0), color=colour, linestyle="--", label=words)
        price.set_ylabel("USD a share")
        price.set_title("The vendor's price")
        fan(failed, _of(worlds, "failed"), PALETTE[6], "of fifteen customers")
        failed.set_ylabel("customers")
        failed.set_title("Customers that have failed")
        for axes in (lines, draws, price, failed):
            axes.set_xlabel("years since the start")
            axes.set_xlim(0, len(worlds[0]) / 12)
            axes.set_ylim(0, 1.3 * axes.get_ylim()[1])
            axes.legend(loc="upper left" if axes is failed else "upper right")
        figure.suptitle(f"A vendor's boom and bust in {len(worlds)} worlds: median, 5 to 95 %", **TITLE)
        return figure


def fan(axes: Axes, found: np.ndarray, colour: str, words: str, *, months: int = 1) -> None:
    """Median and 5 to 95 % of worlds, float[worlds, periods of so many months]."""
    years = np.arange(1, 1 + found.shape[1]) * months / 12
    low, middle, high = np.percentile(found, PERCENTILES, axis=0)
    axes.fill_between(years, low, high, color=colour, alpha=0.2, linewidth=0)
    axes.plot(years, middle, color=colour, label=words)


def _of(worlds: Worlds, name: str) -> np.ndarray:
    """One number of every month, float[worlds, months]."""
    return np.array([[getattr(month, name) for month in months] for months in worlds], dtype=float)


def _quarters(found: np.ndarray) -> np.ndarray:
    """Sums of three months each, float[worlds, quarters]."""
    quarters: np.ndarray = found.reshape(len(found), -1, 3).sum(axis=2)
    return quarters
