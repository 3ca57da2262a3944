"""The boundary between two kinds of outcome: logistic regression, its uncertainty by redrawing seeds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import expit, logit

from ...runner.intervals import bounds, resamples

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
    seeds: int

    def slope_interval(self, which: int) -> tuple[float, float]:
        """95 % interval of slope 1 (x) or 2 (y); what a computer's rounding leaves of a slope of zero is zero."""
        return bounds(self.redrawn[:, which].round(9))

    def x_at(
        self, y: np.ndarray, *, level: float = 0.5, tails: tuple[float, float] = (0.025, 0.975)
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """x at which the share is `level`, for each y: estimate, and the quantiles `tails` of the redrawn lines."""
        middle = _crossing(self.coefficients[None, :], y, level)[0]
        low, high = np.quantile(_crossing(self.redrawn, y, level), tails, axis=0)
        return middle, low, high


def _crossing(coefficients: np.ndarray, y: np.ndarray, level: float) -> np.ndarray:
    slope = coefficients[:, 1:2]
    slope = np.where(np.abs(slope) < 1e-9, np.where(slope < 0, -1e-9, 1e-9), slope)
    return -(coefficients[:, :1] - float(logit(level)) + coefficients[:, 2:3] * y[None, :]) / slope


def fit(x: np.ndarray, y: np.ndarray, turned: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """float[3]: constant and slopes of one set of outcomes; see `fits`.  Raises: NoFit."""
    return fits(x, y, turned[None, :], weights[None, :])[0]


def fits(x: np.ndarray, y: np.ndarray, turned: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """float[n, 3]: constant and slopes for each of n sets of outcomes and weights float[n, points].

    By penalised Newton steps on standardised variables, all sets at once.

    Raises: NoFit. Source: le Cessie & van Houwelingen (1992), Applied Statistics 41(1): ridge estimators.
    """
    centre, scale = np.array([x.mean(), y.mean()]), np.array([x.std() or 1.0, y.std() or 1.0])
    design = np.column_stack([np.ones(len(x)), (x - centre[0]) / scale[0], (y - centre[1]) / scale[1]])
    products = (design[:, :, None] * design[:, None, :]).reshape(len(x), 9)
    penalty = np.array([1e-6, RIDGE, RIDGE])
    b = np.zeros((len(turned), 3))
    for _ in range(STEPS_MAX):
        p = expit(b @ design.T)
        gradient = (weights * (turned - p)) @ design - penalty * b
        curvature = ((weights * p * (1 - p)) @ products).reshape(-1, 3, 3) + np.diag(penalty)
        step = np.linalg.solve(curvature, gradient[:, :, None])[:, :, 0]
        largest = np.abs(step).max(axis=1, keepdims=True)
        b = b + step * np.minimum(1.0, 4.0 / np.maximum(1e-12, largest))
        if largest.max() < TOLERANCE:
            slopes = b[:, 1:] / scale
            return np.column_stack([b[:, 0] - slopes @ centre, slopes])
    raise NoFit(f"logistic regression: not settled after {STEPS_MAX} steps")


def boundary(runs: pd.DataFrame, x: str, y: str, *, luck: str = "seed") -> Boundary:
    """Fit P(turned) over runs with columns x, y, `luck` and turned; runs of one luck are redrawn together.

    Raises: NoFit.
    """
    table = runs.pivot_table(index=[x, y], columns=luck, values="turned", aggfunc="mean")
    xs = table.index.get_level_values(0).to_numpy(dtype=float)
    ys = table.index.get_level_values(1).to_numpy(dtype=float)
    outcomes = table.to_numpy(dtype=float)
    is_there = np.isfinite(outcomes).astype(float)
    outcomes = np.nan_to_num(outcomes)

    def of(columns: np.ndarray) -> np.ndarray:
        drawn = np.zeros((len(columns), outcomes.shape[1]))
        np.add.at(drawn, (np.arange(len(columns))[:, None], columns), 1.0)
        count = drawn @ is_there.T
        share = (drawn @ outcomes.T) / np.maximum(count, 1.0)
        return fits(xs, ys, share, count)

    seeds = outcomes.shape[1]
    return Boundary(of(np.arange(seeds)[None, :])[0], of(resamples(seeds, count=REDRAWS)), seeds)
