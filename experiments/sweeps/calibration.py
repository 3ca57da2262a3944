"""Calibration by simulated moments: the parameters under which a model's moments come nearest to the user's.

Runs share their seeds at every point, so that the distance is a fixed function of the parameters. It still has steps
and small valleys (someone defaults or does not), which is why the search takes no derivative: differential evolution
over the whole box, then Nelder-Mead from the best place; then once more under the weights that count the noise of the
runs too.

Source: McFadden (1989), Econometrica 57(5); Franke & Westerhoff (2012), Journal of Economic Dynamics and Control 36(8).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import differential_evolution, minimize
from scipy.stats import chi2

from ...scenarios.errors import BadInput

Runs = Callable[[Sequence[Mapping[str, float]]], np.ndarray]
"""Points -> float[points, seeds, moments], not a number where a run failed; the same seeds at every call."""
POPULATION, GENERATIONS, POLISH = 8, 20, 120
"""Members a parameter, generations, and steps of Nelder-Mead."""
STEP = 0.02
"""Half the step of the derivative of moments, in parts of a parameter's range."""
FAR = 1e30
"""Distance of a point at which a run failed."""


class NotIdentified(BadInput):
    """Moments that cannot tell the parameters apart."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A number to be found: its name, its bounds, whether it is searched in ratios."""

    name: str
    low: float
    high: float
    is_log: bool = False

    def value(self, place: float) -> float:
        """The value at a place between the bounds, 0 to 1."""
        if self.is_log:
            return float(self.low * (self.high / self.low) ** place)
        return self.low + place * (self.high - self.low)

    def slope(self, place: float) -> float:
        """Change of the value by place."""
        return self.value(place) * float(np.log(self.high / self.low)) if self.is_log else self.high - self.low


@dataclass(frozen=True, slots=True)
class Moments:
    """The user's moments: names, targets float[k], covariance of their estimates float[k, k]."""

    names: tuple[str, ...]
    targets: np.ndarray
    covariance: np.ndarray


@dataclass(frozen=True, slots=True)
class Calibrated:
    """What was found: values and standard errors by parameter, simulated moments, J and its p value.

    `p_value` is not a number where there are as many parameters as moments: such a fit cannot fail.
    """

    values: Mapping[str, float]
    standard_errors: Mapping[str, float]
    simulated: np.ndarray
    j: float
    degrees: int
    p_value: float
    points: int
    at_bounds: tuple[str, ...]


class _Distance:
    """Weighted squares of moments less targets, over places in the unit cube."""

    def __init__(self, runs: Runs, parameters: Sequence[Parameter], moments: Moments) -> None:
        self.runs, self.parameters, self.moments = runs, parameters, moments
        self.weights = np.linalg.inv(moments.covariance)
        self.points = 0

    def simulated(self, places: np.ndarray) -> np.ndarray:
        """float[places, seeds, moments]."""
        self.points += len(places)
        pairs = [zip(self.parameters, np.clip(row, 0, 1), strict=True) for row in places]
        return self.runs([{p.name: p.value(float(at)) for p, at in pair} for pair in pairs])

    def gaps(self, places: np.ndarray) -> np.ndarray:
        """float[places, moments]: mean over seeds less the target; not a number where a run failed."""
        return np.asarray(self.simulated(places).mean(axis=1) - self.moments.targets)

    def of_many(self, columns: np.ndarray) -> np.ndarray:
        """float[places] for float[parameters, places]."""
        gaps = self.gaps(np.atleast_2d(columns.T))
        return np.nan_to_num(np.einsum("pi,ij,pj->p", gaps, self.weights, gaps), nan=FAR)

    def of_one(self, place: np.ndarray) -> float:
        """At one place."""
        return float(self.of_many(place[:, None])[0])

    def polished(self, start: np.ndarray) -> np.ndarray:
        """The place to which Nelder-Mead goes from a start, within the bounds."""
        cube = [(0.0, 1.0)] * len(start)
        inside = np.clip(start, 0.01, 0.99)
        simplex = np.vstack([inside, inside + 0.06 * np.eye(len(start)) * np.where(inside > 0.5, -1, 1)])
        options = {"maxfev": POLISH * len(start), "xatol": 1e-4, "fatol": 1e-6, "initial_simplex": simplex}
        found = minimize(self.of_one, inside, method="Nelder-Mead", bounds=cube, options=options)
        return np.asarray(found.x if found.fun <= self.of_one(start) else start)


def calibrate(
    runs: Runs, parameters: Sequence[Parameter], moments: Moments, *, generations: int = GENERATIONS, seed: int = 0
) -> Calibrated:
    """The parameters whose simulated moments come nearest to the targets.

    Raises: NotIdentified for fewer moments than parameters, one seed, runs that all fail, or parameters that change no
    moment.
    """
    many, of = len(moments.targets), len(parameters)
    if many < of:
        raise NotIdentified(f"calibration: came {many} moments for {of} parameters; allowed: as many or more")
    distance = _Distance(runs, parameters, moments)
    cube = [(0.0, 1.0)] * of
    found = differential_evolution(
        distance.of_many, cube, maxiter=generations, popsize=POPULATION, seed=seed, polish=False, vectorized=True,
        updating="deferred", init="sobol",
    )  # fmt: skip
    if found.fun >= FAR:
        raise NotIdentified("calibration: every point had a run that failed; allowed: bounds within which runs succeed")
    first = distance.polished(np.asarray(found.x))
    spread = _covariance_of_means(distance, first)
    distance.weights = np.linalg.inv(moments.covariance + spread)
    best = distance.polished(first)
    return _judged(distance, best, moments.covariance + _covariance_of_means(distance, best))


def _covariance_of_means(distance: _Distance, place: np.ndarray) -> np.ndarray:
    """float[k, k]: how unsure the mean over seeds is."""
    drawn = distance.simulated(place[None, :])[0]
    if len(drawn) < 2:
        raise NotIdentified("calibration: came 1 seed; allowed: 2 or more, to know the noise of the moments")
    return np.atleast_2d(np.cov(drawn, rowvar=False)) / len(drawn)


def _judged(distance: _Distance, place: np.ndarray, variance: np.ndarray) -> Calibrated:
    """Standard errors by the sandwich, and J.

    (G'WG)^-1 G'W V WG (G'WG)^-1 with V the variance of the gaps; J = g'Wg is chi-squared with as many degrees of
    freedom as there are moments more than parameters. Where a run fails on one side, the other side tells the slope.

    Source: Newey & McFadden (1994), Handbook of Econometrics 4,
    theorems 3.2 and 9.5.
    """
    weights, parameters = distance.weights, distance.parameters
    low, high = np.clip(place - STEP * np.eye(len(place)), 0, 1), np.clip(place + STEP * np.eye(len(place)), 0, 1)
    gaps = distance.gaps(np.vstack([low, high, place[None, :]]))
    for at, side in ((slice(0, len(place)), low), (slice(len(place), -1), high)):
        has_failed = np.isnan(gaps[at]).any(axis=1)
        gaps[at][has_failed], side[has_failed] = gaps[-1], place
    steps = (high - low).sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        slopes = ((gaps[len(place) : -1] - gaps[: len(place)]) / steps[:, None]).T
    bread = slopes.T @ weights @ slopes
    scale = np.sqrt(np.outer(np.diag(bread), np.diag(bread)))
    if not np.isfinite(slopes).all() or (scale == 0).any() or np.linalg.cond(bread / scale) > 1e10:
        raise NotIdentified("calibration: near the best point the moments do not tell the parameters apart")
    half = np.linalg.solve(bread, slopes.T @ weights)
    errors = np.sqrt(np.diag(half @ variance @ half.T))
    j, degrees = float(gaps[-1] @ weights @ gaps[-1]), len(variance) - len(place)
    pairs = list(zip(parameters, place, errors, strict=True))
    return Calibrated(
        values={p.name: p.value(float(at)) for p, at, _ in pairs},
        standard_errors={p.name: float(error) * abs(p.slope(float(at))) for p, at, error in pairs},
        simulated=gaps[-1] + distance.moments.targets,
        j=j,
        degrees=degrees,
        p_value=float(chi2.sf(j, degrees)) if degrees else float("nan"),
        points=distance.points,
        at_bounds=tuple(p.name for p, at, _ in pairs if not 0.002 < at < 0.998),
    )
