"""The picture of a validation card: the share of worlds inside each band, with its bounds, and what is accepted."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ...report.figure_style import GREY, INK, PALETTE, TITLE, new_figure, percent_axis, styled
from .card import Card
from .card_lines import TITLES, Line, label_of, lines_of
from .checks import ClaimKind
from .report import spoken

COLOUR = {
    ClaimKind.PREDICTION: PALETTE[0], ClaimKind.FITTED: PALETTE[1], ClaimKind.IDENTITY: PALETTE[2],
    ClaimKind.REPORTED: GREY,
}  # fmt: skip
ACCEPTED = "#E6EAEE"


def draw(card: Card) -> Figure:
    """A row for each band, kind by kind."""
    lines = list(lines_of(card))
    with styled():
        figure = new_figure(1.8 + 0.36 * len(lines))
        axis = figure.add_subplot()
        for place, line in enumerate(lines):
            _row(axis, place, line)
        _frame(axis, lines)
        handles, labels = axis.get_legend_handles_labels()
        figure.legend(handles, labels, loc="outside lower left", ncols=len(labels))
        figure.suptitle("Share of worlds inside each band, with its exact 95 % bounds\n", **TITLE)
    return figure


def _row(axis: Axes, place: int, line: Line) -> None:
    """One band: what is accepted behind, the share with its bounds before it, in words at the right."""
    colour = COLOUR[line.band.kind]
    if line.accepted is not None:
        low, high = line.accepted
        axis.barh(place, high - low, left=low, height=0.8, color=ACCEPTED, zorder=0)
    axis.plot(line.bounds, (place, place), color=colour, linewidth=3, solid_capstyle="butt", zorder=2)
    axis.plot([line.share], [place], "o", color=colour, markersize=7, zorder=3, clip_on=False)
    axis.annotate(
        f"{spoken(line.share, 'share')} of {len(line.worlds.said):,}", (1.02, place), va="center", fontsize=10,
        xycoords=("axes fraction", "data"), color=INK, annotation_clip=False,
    )  # fmt: skip


def _frame(axis: Axes, lines: Sequence[Line]) -> None:
    """Names at the left in the colour of their kind, shares along the bottom, and what the colours mean."""
    axis.set_yticks(range(len(lines)), [label_of(line.band) for line in lines], fontsize=10)
    for tick, line in zip(axis.get_yticklabels(), lines, strict=True):
        tick.set_color(COLOUR[line.band.kind])
    axis.set_ylim(len(lines) - 0.4, -0.6)
    axis.set_xlim(0, 1)
    axis.grid(True, axis="x")
    axis.grid(False, axis="y")
    percent_axis(axis.xaxis)
    for kind, title in TITLES.items():
        if any(line.band.kind is kind for line in lines):
            axis.plot([], [], "o", color=COLOUR[kind], label=title)
    axis.barh([0], [0], color=ACCEPTED, label="Accepted, where a share decides")
