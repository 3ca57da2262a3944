"""The line over two axes at which a share crosses a level, with its band."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from ....report.wording import how_many
from .asked import AxisFacts
from .intervals import tails
from .logistic import Boundary, NoFit, boundary

POINTS_MIN, SEEDS_MIN = 6, 2
PLACES = 41
"""Places at which the line is told."""


class Line(NamedTuple):
    """Where the share is at a level: `across` as a function of `along`, with the ends of its band."""

    along: AxisFacts
    across: AxisFacts
    at: np.ndarray
    middle: np.ndarray
    low: np.ndarray
    high: np.ndarray
    wrong: int
    points: int
    seeds: int


def line_between(runs: pd.DataFrame, axes: tuple[AxisFacts, AxisFacts], *, level: float) -> Line | str:
    """The line from runs with columns x, y, replication and turned; in words why there is none.

    It is told along the axis that it crosses the more slowly, so that it is a function.
    """
    if runs["turned"].nunique() < 2:
        return "all runs agree, so that there is no line"
    points, seeds = len(runs[["x", "y"]].drop_duplicates()), runs["replication"].nunique()
    if points < POINTS_MIN or seeds < SEEDS_MIN:
        return f"{how_many(points, 'point')} and {how_many(seeds, 'replication')} are too few for a line"
    placed = runs.assign(**{k: axis.log_or_plain(runs[k].to_numpy()) for k, axis in zip("xy", axes, strict=True)})
    try:
        found = boundary(placed, "x", "y", luck="replication")
        reach = [abs(found.coefficients[1 + i]) * np.ptp(placed[k]) for i, k in enumerate("xy")]
        along = 1 if reach[0] >= reach[1] else 0
        if along == 0:
            found = boundary(placed, "y", "x", luck="replication")
    except NoFit as fault:
        return str(fault)
    return _line(found, placed, axes, along=along, level=level)


def _line(
    found: Boundary, placed: pd.DataFrame, axes: tuple[AxisFacts, AxisFacts], *, along: int, level: float
) -> Line:
    mine, other = axes[along], axes[1 - along]
    key = "xy"[along]
    at = np.linspace(placed[key].min(), placed[key].max(), PLACES)
    middle, low, high = found.x_at(at, level=level, tails=tails(found.seeds))
    cells = placed.groupby(["x", "y"])["turned"].mean().reset_index()
    there, _, _ = found.x_at(cells[key].to_numpy(dtype=float), level=level)
    above = cells["xy"[1 - along]].to_numpy(dtype=float) > there
    rises = found.coefficients[1] > 0
    share = cells["turned"].to_numpy(dtype=float)
    wrong = int(((share > level) & (above != rises) | (share < level) & (above == rises)).sum())
    plain = other.plain
    return Line(mine, other, mine.plain(at), plain(middle), plain(low), plain(high), wrong, len(cells), found.seeds)
