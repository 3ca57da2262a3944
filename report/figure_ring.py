"""A ring of debts as a picture: who owes whom, and that one dollar pays them all."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from pathlib import Path

from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch

from ..ledger.units import cents
from ..scenarios.schema import Obligation
from .figure_foot import signed
from .figure_style import INK, PALETTE, TITLE, Form, new_figure, save, styled
from .wording import cut, dollars

FIRMS_MAX = 12
"""Most firms of a ring that is drawn: the names of more would lie upon each other."""
RADIUS = 1.0


def draw_ring(ring: Sequence[Obligation], line: str, folder: Path, *, foot: str) -> list[Path]:
    """Write the ring's picture with its foot into a folder (made if needed); nothing of a ring too large to be read."""
    if len(ring) > FIRMS_MAX:
        return []
    folder.mkdir(parents=True, exist_ok=True)
    with styled():
        figure = signed(ring_figure(ring, line), foot)
        return [save(figure, folder / f"ring.{form}") for form in Form]


def ring_figure(ring: Sequence[Obligation], line: str) -> Figure:
    """Draw the firms on a circle, each with an arrow to whom it pays; `line` stands above."""
    figure = new_figure(8.2)
    figure.suptitle("\n".join(textwrap.wrap(line, 92)), **TITLE)
    axes = figure.add_subplot()
    axes.set_aspect("equal")
    axes.axis("off")
    axes.set_xlim(-1.9, 1.9)
    axes.set_ylim(-1.35, 1.35)
    n = len(ring)
    places = [_place(math.pi / 2 - 2 * math.pi * i / n) for i in range(n)]
    for i, debt in enumerate(ring):
        here, there = places[i], places[(i + 1) % n]
        bend = 0.18 if n > 2 else 0.5
        axes.add_patch(
            FancyArrowPatch(
                here, there, connectionstyle=f"arc3,rad=-{bend}", arrowstyle="-|>,head_length=10,head_width=6",
                shrinkA=62, shrinkB=62, linewidth=4, color=PALETTE[0],
            )
        )  # fmt: skip
        x, y = ((a + b) / 2 for a, b in zip(here, there, strict=True))
        far = math.hypot(x, y) or 1.0
        out = 1 + 0.34 / far if n > 2 else 1.0
        side = 0.45 if n == 2 and i == 0 else -0.45 if n == 2 else 0.0
        text = f"{cut(debt.name, 22)}\n{dollars(cents(debt.amount_usd))}"
        axes.text(x * out + side, y * out, text, ha="center", va="center", fontsize=12, color=INK)
    for debt, (x, y) in zip(ring, places, strict=True):
        axes.text(
            x, y, cut(debt.payer, 20), ha="center", va="center", fontsize=13, fontweight="bold", color=INK, zorder=4,
            bbox={"boxstyle": "round,pad=0.7", "facecolor": "white", "edgecolor": PALETTE[1], "linewidth": 2.5},
        )  # fmt: skip
    return figure


def _place(angle: float) -> tuple[float, float]:
    return RADIUS * math.cos(angle) * 1.25, RADIUS * math.sin(angle) - 0.05
