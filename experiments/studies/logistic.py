"""The boundary between two kinds of outcome: logistic regression, its uncertainty by redrawing seeds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import expit

from ..runner.intervals import bounds, resamples

RIDGE = 0.1
"""Penalty on slopes of standardised variables: keeps them finite where the outcomes are separated without overlap."""
STEPS_MAX = 100
TOLERANCE = 1e-9
REDRAWS = 400


class NoFit(ArithmeticError):
    """The regression did not settle."""


@dataclass(frozen=True, slots=True)
class Boundary:
    """P(turned) = logistic(constant + slope_x x + slope_y y); redrawn coefficients float[n, 3] beside the estimate."""

    coefficients: np.ndarray
    redrawn: np.ndarray

    def slope_interval(self, which: int) -> tuple[float, float]:
        """95 % interval of slope 1 (x) or 2 (y)."""
        return bounds(self.redrawn[:, which])

    def x_at_half(self, y: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """x at which both outcomes are as likely, for each y: estimate, low, high."""
        middle = _half(self.coefficients[None, :], y)[0]
        drawn = _half(self.redrawn, y)
        low, high = np.quantile(drawn, [0.025, 0.975], axis=0)
        return middle, low, high


def _half(coefficients: np.ndarray, y: np.ndarray) -> np.ndarray:
    slope = coefficients[:, 1:2]
    slope = np.where(np.abs(slope) < 1e-9, np.where(slope < 0, -1e-9, 1e-9), slope)
    return -(coefficients[:, :1] + coefficients[:, 2:3] * y[None, :]) / slope


def fit(x: np.ndarray, y: np.ndarray, turned: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """float[3]: constant and slopes, by penalised Newton steps on standardised variables.

    Raises: NoFit. Source: le Cessie & van Houwelingen (1992), Applied Statistics 41(1): ridge estimators.
    """
    centre, scale = np.array([x.mean(), y.mean()]), np.array([x.std() or 1.0, y.std() or 1.0])
    design = np.column_stack([np.ones(len(x)), (x - centre[0]) / scale[0], (y - centre[1]) / scale[1]])
    penalty = np.array([1e-6, RIDGE, RIDGE])
    b = np.zeros(3)
    for _ in range(STEPS_MAX):
        p = expit(design @ b)
        gradient = design.T @ (weights * (turned - p)) - penalty * b
        curvature = (design * (weights * p * (1 - p))[:, None]).T @ design + np.diag(penalty)
        step = np.linalg.solve(curvature, gradient)
        b = b + step * min(1.0, 4.0 / max(1e-12, float(np.abs(step).max())))
        if np.abs(step).max() < TOLERANCE:
            slopes = b[1:] / scale
            return np.array([b[0] - slopes @ centre, *slopes])
    raise NoFit(f"logistic regression: not settled after {STEPS_MAX} steps")


def boundary(runs: pd.DataFrame, x: str, y: str) -> Boundary:
    """Fit P(turned) over runs with columns x, y, seed and turned; whole seeds are redrawn: their runs share luck."""
    table = runs.pivot_table(index=[x, y], columns="seed", values="turned", aggfunc="mean")
    xs = table.index.get_level_values(0).to_numpy(dtype=float)
    ys = table.index.get_level_values(1).to_numpy(dtype=float)
    outcomes = table.to_numpy(dtype=float)

    def of(columns: np.ndarray) -> np.ndarray:
        chosen = outcomes[:, columns]
        count = np.isfinite(chosen).sum(axis=1).astype(float)
        share = np.where(count > 0, np.nansum(chosen, axis=1) / np.maximum(count, 1.0), 0.0)
        return fit(xs, ys, share, count)

    seeds = outcomes.shape[1]
    estimate = of(np.arange(seeds))
    return Boundary(estimate, np.array([of(row) for row in resamples(seeds, count=REDRAWS)]))
