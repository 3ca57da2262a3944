"""The points of a design's first round: a table with one column for each axis, in the order of the file."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from .sweep import Axis, DesignKind, Scale, Sweep

if TYPE_CHECKING:
    import pandas as pd


DIGITS = {Scale.LINEAR: 15, Scale.LOG: 12}
"""Digits to which the inner values of a grid are rounded: the middle of 0.1 and 10 in ratios is 1, and is met."""


def first_points(sweep: Sweep) -> pd.DataFrame:
    """A row for each point; a sweep without axes has one point without coordinates.

    Sobol and Morris designs are in the order that SALib's analyses expect, with `problem_of` as their problem.
    """
    import pandas as pd

    axes = sweep.vary
    if not axes:
        return pd.DataFrame(index=range(1))
    columns = LAYOUTS[sweep.design.kind](sweep)
    return pd.DataFrame({name: np.asarray(columns[place]) for place, name in enumerate(axes)})


def problem_of(sweep: Sweep) -> dict[str, Any]:
    """The axes as SALib's problem: the unit cube, because ranges are stretched, and their scales heeded, here."""
    return {"num_vars": len(sweep.vary), "names": list(sweep.vary), "bounds": [[0.0, 1.0]] * len(sweep.vary)}


def levels(axis: Axis, count: int) -> list[Any]:
    """The values along an axis that a grid of `count` steps knows: given ones, or a range divided by its scale."""
    if axis.given:
        return list(axis.given)
    places = stretch(axis, np.linspace(0, 1, count) if count > 1 else np.zeros(1)).tolist()
    inner = [float(f"{value:.{DIGITS[axis.scale]}g}") for value in places[1:-1]]
    return [places[0], *(min(max(value, places[0]), places[-1]) for value in inner), *places[1:][-1:]]


def stretch(axis: Axis, unit: np.ndarray) -> np.ndarray:
    """Numbers from 0 to 1 as values between an axis's low and high; both ends are met exactly.

    Raises: ValueError if the axis has no range.
    """
    if axis.low is None or axis.high is None:
        raise ValueError("an axis without a range")
    if axis.scale is Scale.LOG:
        inner = np.exp(np.log(axis.low) + unit * (np.log(axis.high) - np.log(axis.low)))
    else:
        inner = axis.low * (1 - unit) + axis.high * unit
    return np.where(unit <= 0, axis.low, np.where(unit >= 1, axis.high, np.clip(inner, axis.low, axis.high)))


def lattice(sweep: Sweep, counts: Sequence[int]) -> list[list[Any]]:
    """The values along each axis of a grid with that many points along them."""
    return [levels(axis, count) for axis, count in zip(sweep.vary.values(), counts, strict=True)]


def _product(columns: Sequence[Sequence[Any]]) -> list[list[Any]]:
    """Every combination, the last axis fastest, column by column."""
    return [list(column) for column in zip(*itertools.product(*columns), strict=True)]


def _grid(sweep: Sweep) -> list[list[Any]]:
    return _product(lattice(sweep, [axis.steps or sweep.design.steps or 1 for axis in sweep.vary.values()]))


def _boundary(sweep: Sweep) -> list[list[Any]]:
    """Every so many-th point of the finest grid."""
    design = sweep.design
    strides = [(f - 1) // (s - 1) for s, f in zip(design.start, design.finest, strict=True)]
    return _product([v[::stride] for v, stride in zip(lattice(sweep, design.finest), strides, strict=True)])


def _list(sweep: Sweep) -> list[list[Any]]:
    return [list(axis.values) for axis in sweep.vary.values()]


def _stretched(sweep: Sweep, unit: np.ndarray) -> list[np.ndarray]:
    return [stretch(axis, unit[:, place]) for place, axis in enumerate(sweep.vary.values())]


def _latin_hypercube(sweep: Sweep) -> list[np.ndarray]:
    """Source: McKay, Beckman & Conover (1979), Technometrics 21(2); scipy.stats.qmc."""
    from scipy.stats import qmc

    drawn = qmc.LatinHypercube(len(sweep.vary), rng=np.random.default_rng(sweep.design.seed))
    return _stretched(sweep, drawn.random(sweep.design.points or 0))


def _sobol(sweep: Sweep) -> list[np.ndarray]:
    """Base points A and, for each, a point for each axis in which A has that axis from B, then B.

    Source: Saltelli et al. (2010), Computer Physics Communications 181(2); SALib.
    """
    from SALib.sample import sobol

    design = sweep.design
    unit = sobol.sample(problem_of(sweep), design.points, calc_second_order=False, seed=design.seed)
    return _stretched(sweep, unit)


def _morris(sweep: Sweep) -> list[np.ndarray]:
    """Paths through the unit cube, one axis moved at a time.

    Source: Morris (1991), Technometrics 33(2); SALib.
    """
    from SALib.sample import morris

    design = sweep.design
    unit = morris.sample(problem_of(sweep), design.trajectories, num_levels=design.levels, seed=design.seed)
    return _stretched(sweep, unit)


LAYOUTS: dict[DesignKind, Callable[[Sweep], Sequence[Any]]] = {
    DesignKind.GRID: _grid,
    DesignKind.LATIN_HYPERCUBE: _latin_hypercube,
    DesignKind.SOBOL: _sobol,
    DesignKind.MORRIS: _morris,
    DesignKind.LIST: _list,
    DesignKind.BOUNDARY: _boundary,
}
