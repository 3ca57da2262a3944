"""How sure a number from a sweep is: Wilson's interval for shares, the bootstrap over replications and points."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.stats import norm, t

from ....engine.chance import uniforms
from ...runner.intervals import LEVEL, resamples
from ..stopping import wilson as score_interval

DRAWS_MAX, NUMBERS_MAX = 2000, 2_000_000
"""Redraws, and the numbers drawn for them: many clusters need fewer redraws."""
POINTS_STREAM = 1_002
"""Decision number of redrawn points; no agent's draw has it."""


class Interval(NamedTuple):
    """A number with the ends of its 95 % interval (not a number where there is none), from `of` independent units."""

    value: float
    low: float
    high: float
    of: int


def wilson(count: int, of: int, *, level: float = LEVEL) -> Interval:
    """A share with Wilson's interval; all not a number for none of none.

    Source: Wilson (1927), JASA 22(158); Brown, Cai & DasGupta (2001), Statistical Science 16(2).
    """
    if not of:
        return Interval(float("nan"), float("nan"), float("nan"), 0)
    low, high = score_interval(count, of, level)
    return Interval(count / of, low, high, of)


def tails(clusters: int, level: float = LEVEL) -> tuple[float, float]:
    """Quantiles of redrawn statistics between which the interval lies: wider than 2.5 and 97.5 % for few clusters.

    Source: Hesterberg (2015), The American Statistician 69(4), section 5.3: the expanded percentile interval.
    """
    if clusters < 2:
        return float("nan"), float("nan")
    reach = np.sqrt(clusters / (clusters - 1)) * t.ppf((1 + level) / 2, clusters - 1)
    return float(norm.cdf(-reach)), float(norm.cdf(reach))


def bounds(draws: np.ndarray, clusters: int) -> tuple[float, float]:
    """Ends of the interval from redrawn statistics that are numbers."""
    draws = draws[np.isfinite(draws)]
    if clusters < 2 or not len(draws):
        return float("nan"), float("nan")
    low, high = np.quantile(draws, tails(clusters))
    return float(low), float(high)


def mean_over(values: np.ndarray, clusters: np.ndarray) -> Interval:
    """Mean of values, whole clusters redrawn; what is not a number does not count.

    Source: Davison & Hinkley (1997), Bootstrap Methods and their Application, section 3.8.
    """
    is_there = np.isfinite(values)
    values, clusters = values[is_there], clusters[is_there]
    if not len(values):
        return Interval(float("nan"), float("nan"), float("nan"), 0)
    names, which = np.unique(clusters, return_inverse=True)
    sums, counts = np.bincount(which, weights=values), np.bincount(which).astype(float)
    rows = resamples(len(names), count=_redraws(len(names)))
    drawn = sums[rows].sum(axis=1) / counts[rows].sum(axis=1)
    return Interval(float(values.mean()), *bounds(drawn, len(names)), len(names))


def mean_over_both(values: np.ndarray, points: np.ndarray, clusters: np.ndarray) -> Interval:
    """Mean of values, points and replications redrawn independently: both were a sample.

    Source: Owen (2007), Annals of Applied Statistics 1(2): the pigeonhole bootstrap.
    """
    is_there = np.isfinite(values)
    values, points, clusters = values[is_there], points[is_there], clusters[is_there]
    if len(np.unique(points)) < 2:
        return mean_over(values, clusters)
    if len(np.unique(clusters)) < 2:
        return mean_over(values, points)
    places, at = np.unique(points, return_inverse=True)
    names, which = np.unique(clusters, return_inverse=True)
    shape = (len(places), len(names))
    sums, counts = np.zeros(shape), np.zeros(shape)
    np.add.at(sums, (at, which), values)
    np.add.at(counts, (at, which), 1.0)
    of_names = _weights(resamples(len(names), count=_redraws(max(shape))), len(names))
    of_places = _weights(_point_rows(len(places), len(of_names)), len(places))
    top = ((of_places @ sums) * of_names).sum(axis=1)
    bottom = ((of_places @ counts) * of_names).sum(axis=1)
    drawn = np.divide(top, bottom, out=np.full_like(top, np.nan), where=bottom > 0)
    return Interval(float(values.mean()), *bounds(drawn, min(shape)), min(shape))


def _redraws(clusters: int) -> int:
    return int(min(DRAWS_MAX, max(200, NUMBERS_MAX // max(1, clusters))))


def _point_rows(n: int, count: int) -> np.ndarray:
    slots = np.arange(count * n, dtype=np.int64)
    return (uniforms(0, POINTS_STREAM, n, slots) * n).astype(np.int64).reshape(count, n)


def _weights(rows: np.ndarray, n: int) -> np.ndarray:
    """float[redraws, n]: how often each was drawn."""
    flat = rows + n * np.arange(len(rows))[:, None]
    return np.bincount(flat.ravel(), minlength=len(rows) * n).reshape(len(rows), n).astype(float)
