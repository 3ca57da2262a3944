"""The figure of growth: a day against the size of the world, and lines of slope 1 to hold it against."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

from matplotlib.figure import Figure

TITLES = {"holders": "Households", "listed": "Listed firms", "contracts": "Compute contracts"}
COLOUR, GUIDE = "#1f4e79", "#b0b0b0"


class Point(Protocol):
    """One measured size of one axis."""

    @property
    def axis(self) -> str: ...
    @property
    def size(self) -> int: ...
    @property
    def seconds_per_day(self) -> float: ...


def draw(points: Sequence[Point], fitted: Mapping[str, Mapping[str, float | None]], path: Path) -> None:
    """Write one panel per axis: measured days, a line of slope 1 through the last, and the slopes in words."""
    figure = Figure(figsize=(10.5, 3.6), layout="constrained")
    axes = figure.subplots(1, len(fitted), sharey=True, squeeze=False)[0]
    for panel, (name, slopes) in zip(axes, fitted.items(), strict=True):
        sizes = [p.size for p in points if p.axis == name]
        days = [1e3 * p.seconds_per_day for p in points if p.axis == name]
        panel.loglog(sizes, [days[-1] * size / sizes[-1] for size in sizes], color=GUIDE, linewidth=1, linestyle="--")
        panel.loglog(sizes, days, color=COLOUR, marker="o", markersize=4)
        for size, day in zip(sizes, days, strict=True):
            panel.annotate(f"{day:.3g}", (size, day), (-2, 6), textcoords="offset points", ha="right", fontsize=8)
        added = slopes["added"]
        last = "" if added is None else f", of what growth adds {added:.2f}"
        panel.set_title(f"{TITLES[name]}\nslope {slopes['all']:.2f}{last}", fontsize=10)
        panel.set_xlabel("number", fontsize=9)
        panel.tick_params(labelsize=8)
        panel.margins(x=0.18)
        panel.spines[["top", "right"]].set_visible(False)
    least = min(1e3 * p.seconds_per_day for p in points)
    axes[0].set_ylim(bottom=least / 3, top=max(1e3 * p.seconds_per_day for p in points) * 3)
    axes[0].set_ylabel("a day, ms of processor time", fontsize=9)
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=150)
