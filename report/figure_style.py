"""How every figure looks: size, fonts, colours that colour-blind readers can tell apart, writing without a screen."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter
from matplotlib.figure import Figure
from matplotlib.ticker import Formatter, FuncFormatter

from .wording import dollars

PALETTE = (
    "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#8C6D31", "#882255", "#DDCC77",
    "#9A9A9A",
)  # fmt: skip
"""Okabe & Ito (2008), Color Universal Design, without its yellow, too pale on white; brown, the wine and the sand of
Tol (2021), and grey at the end."""
INK, GREY = "#222222", "#8A8A8A"
TITLE: dict[str, Any] = {"x": 0.01, "ha": "left", "fontsize": 15, "fontweight": "bold"}
"""A title above all panels of a figure."""
WIDTH_INCHES, DPI = 12.0, 100
STYLE: dict[str, Any] = {
    "font.family": "DejaVu Sans",
    "font.size": 12,
    "axes.titlesize": 15,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.titlepad": 12,
    "axes.labelsize": 12,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": GREY,
    "axes.grid": True,
    "axes.grid.axis": "y",
    "grid.color": "#E4E4E4",
    "axes.axisbelow": True,
    "legend.frameon": False,
    "legend.fontsize": 11,
    "text.color": INK,
    "text.parse_math": False,
    "lines.linewidth": 2.0,
}


def new_figure(height_inches: float) -> Figure:
    """A figure 1200 pixels wide, for the Agg canvas only; make it and its axes inside `styled()`."""
    figure = Figure(figsize=(WIDTH_INCHES, height_inches), dpi=DPI, layout="constrained")
    FigureCanvasAgg(figure)
    return figure


def styled() -> Any:
    """The style, as a context."""
    return rc_context(STYLE)  # type: ignore[arg-type]


def save(figure: Figure, path: Path) -> Path:
    """Write a PNG without a date in it, so that the same run gives the same file.

    A sign that the font does not have is an empty box, and nobody is warned of each.
    """
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        warnings.filterwarnings("ignore", message="Matplotlib currently does not support")
        figure.savefig(path, dpi=DPI, metadata={"Software": None})
    return path


def in_legend(name: str) -> str:
    """A name as a legend takes it: one that begins with an underscore would be left out."""
    return f" {name}" if name.startswith("_") else name


def color_of(names: Iterable[str]) -> dict[str, str]:
    """A colour for each name, in order; beyond the palette they begin again."""
    return {name: PALETTE[i % len(PALETTE)] for i, name in enumerate(names)}


def dollar_axis(axis: Any) -> None:
    """Ticks of an axis that counts cents, said in dollars."""
    axis.set_major_formatter(FuncFormatter(lambda cents, _: re.sub(r"\.0+(?= |$)", "", dollars(cents))))


def percent_axis(axis: Any) -> None:
    """Ticks of an axis that counts shares, said in percent, with as many digits as tell them apart."""
    axis.set_major_formatter(_Percent())


class _Percent(Formatter):
    def __call__(self, share: float, place: int | None = None) -> str:
        return f"{share * 100:.0f} %"

    def format_ticks(self, values: Sequence[float]) -> list[str]:
        percents = [100 * value for value in values]
        digits = next((n for n in range(2) if all(abs(x - round(x, n)) < 1e-6 for x in percents)), 2)
        return [f"{x:.{digits}f} %" for x in percents]


def legend_below(figure: Figure, axes: Axes, columns: int) -> None:
    """One legend for the figure, below the axes."""
    handles, labels = axes.get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower left", ncols=columns)


def nothing_to_show(figure: Figure, text: str) -> Figure:
    """A figure that says why it is empty: better than none."""
    axes = figure.add_subplot()
    axes.axis("off")
    axes.text(0.5, 0.5, text, ha="center", va="center", fontsize=16, color=GREY)
    return figure


def levels(places: Sequence[float], width: float) -> list[int]:
    """The lowest row for each label so that labels of one row are at least `width` apart; places ascend."""
    last: list[float] = []
    rows = []
    for place in places:
        row = next((i for i, x in enumerate(last) if place - x >= width), len(last))
        if row == len(last):
            last.append(place)
        else:
            last[row] = place
        rows.append(row)
    return rows


def date_axis(axes: Axes) -> None:
    """Few dates along the bottom, said once where they repeat."""
    date_ticks(axes.xaxis)


def date_ticks(axis: Any) -> None:
    """The same on any axis."""
    locator = _Days(minticks=3, maxticks=9)  # type: ignore[no-untyped-call]
    axis.set_major_locator(locator)
    axis.set_major_formatter(ConciseDateFormatter(locator))  # type: ignore[no-untyped-call]


class _Days(AutoDateLocator):
    """No hours, however few the days."""

    def get_locator(self, first: Any, last: Any) -> Any:
        self.minticks = 3 if (last - first).days >= 3 else 1
        return super().get_locator(first, last)  # type: ignore[no-untyped-call]
