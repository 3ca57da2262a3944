"""Which places would most likely be taken for the wrong side of a line, given shares of few runs.

A plane is fitted around every place to the shares nearby, over as short a way as holds enough of them. With what the
shares scatter about it, that gives the chance that a place which was not measured would come out on the other side.

Source: Bryan et al. (2005), Active learning for identifying function threshold boundaries, NIPS 18 (measure where the
fit is near the level and unsure); Bect et al. (2012), Statistics and Computing 22(3) (expected volume on the wrong
side as the measure); Fan & Gijbels (1996), Local Polynomial Modelling, chapter 3 (the fit).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

WRONG_MAX = 0.008
"""Part of all places that may be expected on the wrong side when no more are asked for."""
MEASURED_MAX = 0.28
"""Part of all places above which doubt asks for no more; what it finds may have a line followed somewhat further."""
BATCH_MAX = 0.04
"""Part of all places that doubt asks for at once: the next are chosen with what these have shown."""
WEIGHT_MIN = 4.0
"""Measured places that a fit is of, each counted by its nearness."""
LONGEST = 8.0
"""Steps of the finest grid over which a fit may reach: farther from all that was measured, sides are agreed upon."""
STEEPNESS_CURBED = 0.05
"""How much of each neighbour's distance counts against steepness: where few lie around, the plane is flatter."""
SCATTER_WEIGHT = 10.0
"""Places whose scatter is taken to be that of independent runs before any has been looked at."""
DIGITS = 6
"""Of a chance, that decide which place is asked for: last bits do not."""


@dataclass(frozen=True, slots=True)
class Fit:
    """Planes fitted around every place: the share there, of how many places it tells, what the place itself weighs."""

    share: np.ndarray
    places: np.ndarray
    own: np.ndarray


def doubtful(
    values: Mapping[tuple[int, ...], float], shape: Sequence[int], level: float, runs: float
) -> list[tuple[int, ...]]:
    """The places to be measured next because their side is in doubt; none once so few are expected on
    the wrong side that it does not matter, or so many were measured that no more are worth it.

    `values` are shares of `runs` runs each, not numbers where every run failed.
    """
    size = int(np.prod(shape))
    left = min(int(MEASURED_MAX * size) - len(values), int(BATCH_MAX * size) + 1)
    if left <= 0 or not np.isfinite(runs):
        return []
    measured, shares = _tables(values, shape)
    chance = chances_of_wrong(fitted(measured, shares), measured, shares, level, runs)
    chance[tuple(np.array(list(values)).T)] = 0.0
    order = np.argsort(-np.round(chance, DIGITS), axis=None, kind="stable")
    remain = chance.sum() - np.cumsum(chance.ravel()[order])
    needed = 0 if chance.sum() <= WRONG_MAX * size else int((remain > WRONG_MAX * size).sum()) + 1
    chosen = np.sort(order[: min(needed, left)])
    return [tuple(place) for place in np.transpose(np.unravel_index(chosen, tuple(shape))).tolist()]


def chances_of_wrong(fit: Fit, measured: np.ndarray, shares: np.ndarray, level: float, runs: float) -> np.ndarray:
    """Chance of every place that its share of so many runs lies on the other side than the fit says."""
    from scipy.special import ndtr

    likely = np.clip(fit.share, 0.5 / runs, 1 - 0.5 / runs)
    variance = likely * (1 - likely) / runs
    with np.errstate(divide="ignore"):
        spread = np.sqrt(_scatter(fit, measured, shares, variance) * variance * (1 + 1 / fit.places))
    first_above = (np.ceil(runs * level - 1e-9) - 0.5) / runs
    return np.where(fit.places > 0, ndtr(-np.abs(fit.share - first_above) / spread), 0.0)


def _scatter(fit: Fit, measured: np.ndarray, shares: np.ndarray, variance: np.ndarray) -> float:
    """How the shares scatter about the fit, of how independent runs would: near 0 if luck is common, else near 1."""
    looked = (measured > 0) & (fit.share > 0) & (fit.share < 1) & (fit.own < 0.9)
    squares = (shares[looked] - fit.share[looked]) ** 2 / (1 - fit.own[looked]) / variance[looked]
    return float(np.clip((squares.sum() + SCATTER_WEIGHT) / (len(squares) + SCATTER_WEIGHT), 1e-6, 1.0))


def fitted(measured: np.ndarray, shares: np.ndarray) -> Fit:
    """A plane around every place, over the shortest way that holds enough measured places; none where the longest
    does not: there `places` is 0.

    `measured` is 1 where a share is known, else 0; `shares` is 0 where none is.
    """
    fit = Fit(np.zeros(measured.shape), np.zeros(measured.shape), np.zeros(measured.shape))
    sigma = 1.0
    while sigma <= LONGEST and not fit.places.all():
        weight, share, unsure = _planes(measured, shares, sigma)
        found = (fit.places == 0) & (weight >= WEIGHT_MIN)
        fit.share[found] = np.clip(share[found], 0.0, 1.0)
        fit.places[found] = 1 / unsure[found]
        fit.own[found] = unsure[found]
        sigma *= np.sqrt(2.0)
    return fit


def _planes(measured: np.ndarray, shares: np.ndarray, sigma: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(measured places, each counted by its nearness; height of the plane; what a place itself would weigh in it)."""
    from scipy.ndimage import gaussian_filter

    axes = range(measured.ndim)
    at = np.indices(measured.shape, dtype=float)
    scale = (2 * np.pi * sigma**2) ** (measured.ndim / 2)

    def around(values: np.ndarray) -> np.ndarray:
        smooth: np.ndarray = gaussian_filter(values, sigma, mode="constant", truncate=3.0)
        return smooth * scale

    weight, height = around(measured), around(shares)
    first = [around(measured * at[i]) for i in axes]
    left = np.zeros((*measured.shape, measured.ndim + 1, measured.ndim + 1))
    right = np.zeros((*measured.shape, measured.ndim + 1))
    left[..., 0, 0], right[..., 0] = weight, height
    for i in axes:
        left[..., 0, i + 1] = left[..., i + 1, 0] = first[i] - at[i] * weight
        right[..., i + 1] = around(shares * at[i]) - at[i] * height
        for j in axes:
            second = around(measured * at[i] * at[j])
            left[..., i + 1, j + 1] = second - at[i] * first[j] - at[j] * first[i] + at[i] * at[j] * weight
        left[..., i + 1, i + 1] += STEEPNESS_CURBED * sigma**2 * weight
    left[..., range(len(axes) + 1), range(len(axes) + 1)] += 1e-9
    row = np.linalg.inv(left)[..., 0, :]
    return weight, (row * right).sum(-1), np.maximum(row[..., 0], 1e-9)


def _tables(values: Mapping[tuple[int, ...], float], shape: Sequence[int]) -> tuple[np.ndarray, np.ndarray]:
    """(1 where a share is known, else 0; the shares, 0 where none is known)."""
    measured, shares = np.zeros(tuple(shape)), np.zeros(tuple(shape))
    for place, value in values.items():
        if value == value:
            measured[place], shares[place] = 1.0, value
    return measured, shares
