"""How sure a number from a few seeds is: percentile bootstrap over seeds, with keyed draws."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ...engine.chance import uniforms

RESAMPLES = 2000
LEVEL = 0.95
BOOTSTRAP_STREAM = 1_001
"""Decision number of resampling draws; above every number that an agent's draw uses."""


def resamples(n: int, *, count: int = RESAMPLES, key: int = 0) -> np.ndarray:
    """int64[count, n]: row numbers drawn with replacement; the same key draws the same rows."""
    slots = np.arange(count * n, dtype=np.int64)
    return (uniforms(key, BOOTSTRAP_STREAM, n, slots) * n).astype(np.int64).reshape(count, n)


def mean_interval(values: np.ndarray) -> tuple[float, float]:
    """95 % interval of the mean over independent values; not a number for fewer than two."""
    return interval(values, lambda rows: np.asarray(rows.mean(axis=1)))


def median_interval(values: np.ndarray) -> tuple[float, float]:
    """95 % interval of the median over independent values; not a number for fewer than two."""
    return interval(values, lambda rows: np.asarray(np.median(rows, axis=1)))


def interval(values: np.ndarray, statistic: Callable[[np.ndarray], np.ndarray]) -> tuple[float, float]:
    """95 % percentile bootstrap interval of a statistic, which maps float[resamples, n] to float[resamples].

    Source: Efron & Tibshirani (1993), An Introduction to the Bootstrap, ch. 13.
    """
    values = np.asarray(values, dtype=float)
    values = values[np.isfinite(values)]
    if len(values) < 2:
        return float("nan"), float("nan")
    return bounds(statistic(values[resamples(len(values))]))


def exact_bounds(inside: int, n: int, *, confidence: float = LEVEL) -> tuple[float, float]:
    """Lower and upper bound of a share, each of which holds with this confidence or more, whatever the share is.

    Raises: ValueError for n = 0.  Source: Clopper & Pearson (1934), Biometrika 26(4).
    """
    from scipy.stats import binomtest

    found = binomtest(inside, n).proportion_ci(2 * confidence - 1, method="exact")
    return float(found.low), float(found.high)


def bounds(draws: np.ndarray) -> tuple[float, float]:
    """The middle 95 % of resampled statistics that are numbers."""
    draws = draws[np.isfinite(draws)]
    if not len(draws):
        return float("nan"), float("nan")
    low, high = np.quantile(draws, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(low), float(high)
