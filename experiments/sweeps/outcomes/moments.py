"""Moments of several return series at once: rows are series, columns days."""

from __future__ import annotations

import numpy as np

Floats = np.ndarray


def volatility(returns: Floats) -> Floats:
    """Standard deviation of each row."""
    return np.asarray(returns.std(axis=1))


def skewness(returns: Floats) -> Floats:
    """Third central moment over the cube of the standard deviation; nan for a row that does not vary."""
    return _central(returns, 3)


def excess_kurtosis(returns: Floats) -> Floats:
    """Fourth central moment over the squared variance, less 3; nan for a row that does not vary."""
    return _central(returns, 4) - 3


def absolute(returns: Floats) -> Floats:
    """|r - mean r|."""
    return np.asarray(np.abs(returns - returns.mean(axis=1, keepdims=True)))


def autocorrelation(series: Floats, lag: int) -> Floats:
    """Autocorrelation of each row at a lag of 1 or more, with whole-sample moments; nan where there is none."""
    gap = series - series.mean(axis=1, keepdims=True)
    return _ratio((gap[:, :-lag] * gap[:, lag:]).sum(axis=1), (gap * gap).sum(axis=1))


def _central(returns: Floats, power: int) -> Floats:
    gap = returns - returns.mean(axis=1, keepdims=True)
    return _ratio((gap**power).mean(axis=1), (gap * gap).mean(axis=1) ** (power / 2))


def _ratio(top: Floats, bottom: Floats) -> Floats:
    return np.divide(top, bottom, out=np.full(len(top), np.nan), where=bottom > 0)
