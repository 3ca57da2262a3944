"""The shapes of the circle's picture: where things stand, bands that bend, labels that do not overlap."""

from __future__ import annotations

from itertools import groupby

from matplotlib.axes import Axes
from matplotlib.patches import PathPatch
from matplotlib.path import Path

WIDTH, HEIGHT = 1200.0, 820.0
"""The drawing's own units: pixels."""
MIDDLE, TOP, BOTTOM, LOOP = 440.0, 700.0, 205.0, 48.0


def way_back(axes: Axes, right: float, left: float, half: float, *, outer: float, color: str) -> None:
    """A band from the chip makers' right side, down, along the bottom, and up to the labs' left side."""
    turn = 46.0 + half
    far_right, far_left = min(right + 40 + turn, WIDTH - 14 - half), max(outer - 40 - turn, 14 + half)

    def edge(offset: float) -> list[tuple[float, float]]:
        """The path shifted outward by `offset`: points of straight, bent and straight pieces."""
        r, lft, top, low = far_right + offset, far_left - offset, MIDDLE + offset, LOOP - offset
        bend = turn + offset
        return [
            (right, top), (r - bend, top), (r, top), (r, top - bend), (r, low + bend), (r, low), (r - bend, low),
            (lft + bend, low), (lft, low), (lft, low + bend), (lft, top - bend), (lft, top), (lft + bend, top),
            (left, top),
        ]  # fmt: skip

    codes = [Path.MOVETO, Path.LINETO, Path.CURVE3, Path.CURVE3, Path.LINETO, Path.CURVE3, Path.CURVE3]
    codes += [Path.LINETO, Path.CURVE3, Path.CURVE3, Path.LINETO, Path.CURVE3, Path.CURVE3, Path.LINETO]
    inner = edge(-half)[::-1]
    # the same pieces read backwards: straight, bent, straight ...
    back = [Path.LINETO, Path.LINETO, Path.CURVE3, Path.CURVE3, Path.LINETO, Path.CURVE3, Path.CURVE3]
    back += [Path.LINETO, Path.CURVE3, Path.CURVE3, Path.LINETO, Path.CURVE3, Path.CURVE3, Path.LINETO]
    axes.add_patch(PathPatch(Path([*edge(half), *inner], [*codes, *back]), facecolor=color, alpha=0.8, linewidth=0))


def ribbon(
    axes: Axes, far: tuple[float, float], near: tuple[float, float], width: float, color: str, alpha: float
) -> None:
    """A vertical Bezier band between two points."""
    half, middle = width / 2, (far[1] + near[1]) / 2
    (fx, fy), (nx, ny) = far, near
    points = [
        (fx - half, fy), (fx - half, middle), (nx - half, middle), (nx - half, ny),
        (nx + half, ny), (nx + half, middle), (fx + half, middle), (fx + half, fy),
    ]  # fmt: skip
    codes = [Path.MOVETO, Path.CURVE4, Path.CURVE4, Path.CURVE4, Path.LINETO, Path.CURVE4, Path.CURVE4, Path.CURVE4]
    axes.add_patch(PathPatch(Path(points, codes), facecolor=color, alpha=alpha, linewidth=0))


def spread(wanted: list[float], gap: float) -> list[float]:
    """Places in order, at least `gap` apart, inside the drawing, near the wanted ones; equal wishes are centred."""
    places: list[float] = []
    for wish, alike in groupby(wanted):
        number = len(list(alike))
        places += [wish + (k - (number - 1) / 2) * gap for k in range(number)]
    for i in range(1, len(places)):
        places[i] = max(places[i], places[i - 1] + gap)
    last = WIDTH - 30 - gap / 2
    for i in range(len(places))[::-1]:
        places[i] = min(places[i], last)
        last = places[i] - gap
    return places
