"""How every figure looks: size, fonts, colours that colour-blind readers can tell apart, writing without a screen."""

from __future__ import annotations

import math
import re
import warnings
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.ticker import Formatter, FuncFormatter, Locator, NullLocator
from matplotlib.transforms import Bbox

from .wording import dollars

PALETTE = (
    "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#8C6D31", "#882255", "#DDCC77",
    "#9A9A9A",
)  # fmt: skip
"""Okabe & Ito (2008), Color Universal Design, without its yellow, too pale on white; brown, the wine and the sand of
Tol (2021), and grey at the end."""
INK, DARK, GREY = "#222222", "#666666", "#8A8A8A"
TITLE: dict[str, Any] = {"x": 0.01, "ha": "left", "fontsize": 15, "fontweight": "bold"}
"""A title above all panels of a figure."""
WIDTH_INCHES, DPI = 12.0, 100
FOOT = "foot"
"""By what a figure's foot is known."""
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
    "svg.hashsalt": "carousel",
}


def new_figure(height_inches: float) -> Figure:
    """A figure 1200 pixels wide, for the Agg canvas only; make it and its axes inside `styled()`."""
    figure = Figure(figsize=(WIDTH_INCHES, height_inches), dpi=DPI, layout="constrained")
    FigureCanvasAgg(figure)
    return figure


def styled(changes: Mapping[str, Any] | None = None) -> Any:
    """The style, as a context, with changes to it."""
    return rc_context(STYLE | dict(changes or {}))  # type: ignore[arg-type]


def save(figure: Figure, path: Path) -> Path:
    """Write a picture of the format that the name ends in, without a date, so that the same run gives the same file."""
    path.write_bytes(picture(figure, Form(path.suffix.removeprefix("."))))
    return path


def laid_out(figure: Figure) -> Figure:
    """The figure with everything in its place, which is worked out once however often it is written.

    A legend beside the axes stays where it is when the strip of the foot is added.
    """
    if isinstance(figure.get_layout_engine(), ConstrainedLayoutEngine):
        figure.draw_without_rendering()
        figure.set_layout_engine("none")
        for legend in figure.legends:
            if legend.get_bbox_to_anchor() is figure.bbox:
                legend.set_bbox_to_anchor((0.0, 0.0, 1.0, 1.0), figure.transFigure)
    return figure


def foot_inches(lines: int) -> float:
    """How high the strip of a foot is."""
    return 0.19 + 0.15 * lines


class Form(StrEnum):
    """Formats of pictures."""

    PNG = "png"
    SVG = "svg"


def picture(figure: Figure, form: Form = Form.PNG) -> bytes:
    """A figure, with the strip of its foot if it has one.

    A sign that the font does not have is an empty box, and nobody is warned of each.
    """
    lines = sum(text.get_text().count("\n") + 1 for text in figure.texts if text.get_gid() == FOOT)
    width, height = figure.get_size_inches()
    size = Bbox([[0.0, -foot_inches(lines)], [width, height]]) if lines else None
    nothing = {"Date": None, "Creator": None} if form is Form.SVG else {"Software": None}
    written = BytesIO()
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        warnings.filterwarnings("ignore", message="Matplotlib currently does not support")
        laid_out(figure)
        figure.savefig(written, format=form.value, dpi=DPI, metadata=nothing, bbox_inches=size)
    return written.getvalue()


def in_legend(name: str) -> str:
    """A name as a legend takes it: one that begins with an underscore would be left out."""
    return f" {name}" if name.startswith("_") else name


def color_of(names: Iterable[str]) -> dict[str, str]:
    """A colour for each name, in order; beyond the palette they begin again."""
    return {name: PALETTE[i % len(PALETTE)] for i, name in enumerate(names)}


def dollar_axis(axis: Any) -> None:
    """Ticks of an axis that counts cents, said in dollars."""
    axis.set_major_formatter(FuncFormatter(lambda cents, _: round_dollars(cents)))


def round_dollars(cents: float) -> str:
    """A round sum as one says it: $10 bn."""
    return re.sub(r"\.0+(?= |$)", "", dollars(cents))


def log_axis(axis: Any, formatter: Formatter | None = None) -> None:
    """Equal steps for equal ratios, with as many ticks as one reads: round numbers, also within one decade."""
    getattr(axis.axes, f"set_{axis.axis_name}scale")("log")
    axis.set_major_locator(_Round())
    axis.set_major_formatter(formatter or FuncFormatter(lambda value, _: f"{value:g}"))
    axis.set_minor_locator(NullLocator())


class _Round(Locator):
    """Round numbers on a log axis, at least `FEWEST` of them."""

    FEWEST = 4
    STEPS = ((1.0,), (1.0, 3.0), (1.0, 2.0, 5.0), (1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 7.0), tuple(np.arange(1, 10, 0.2)))

    def __call__(self) -> Sequence[float]:
        assert self.axis is not None
        return self.tick_values(*self.axis.get_view_interval())

    def tick_values(self, vmin: float, vmax: float) -> Sequence[float]:
        low, high = sorted((vmin, vmax))
        if low <= 0:
            return []
        decades = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
        found: list[float] = []
        for steps in self.STEPS:
            ticks = (float(f"{step * 10.0**decade:.6g}") for decade in decades for step in steps)
            found = [tick for tick in ticks if low <= tick <= high]
            if len(found) >= self.FEWEST:
                break
        return found


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
