"""Whether the narrative network feeds its own story for ever: the spectral radius against decay and spread."""

from __future__ import annotations

import numpy as np

from .network_kernels import Floats, perron_root

ITERATIONS_MAX, TOLERANCE = 2000, 1e-13
"""Power iteration: at most so many steps, settled when the growth stays within the tolerance."""


class Unstable(ValueError):
    """Narrative multipliers would grow for ever: the spread a * rho(W) is not below the decay d."""

    def __init__(self, spectral_radius: float, spread_per_day: float, decay_per_day: float) -> None:
        super().__init__(
            f"narrative network is unstable: spread {spread_per_day} x spectral radius {spectral_radius:.6g} "
            f"must be below the decay {decay_per_day} per day"
        )
        self.spectral_radius = spectral_radius
        self.spread_per_day = spread_per_day
        self.decay_per_day = decay_per_day


def spectral_radius(weights: Floats) -> float:
    """rho(W): the largest modulus of an eigenvalue; 0 for no firms.

    W has no negative entries, so rho(W) is an eigenvalue itself (Perron & Frobenius) and power iteration on I + W finds
    it in n^2 a step, the same to the last bit whatever the number of threads; where two classes of firms with nothing
    between them make it slow, all eigenvalues are computed.
    """
    if weights.size == 0 or not weights.any():
        return 0.0
    radius = perron_root(np.asfortranarray(weights, dtype=np.float64), ITERATIONS_MAX, TOLERANCE)
    return radius if radius >= 0 else float(np.abs(np.linalg.eigvals(weights)).max())


def spectral_margin(weights: Floats, spread_per_day: float, decay_per_day: float) -> float:
    """d - a rho(W): how far, per day, the network is from feeding its own story for ever.

    Raises: Unstable if it is not above zero.
    """
    radius = spectral_radius(weights)
    margin = decay_per_day - spread_per_day * radius
    if not margin > 0:
        raise Unstable(radius, spread_per_day, decay_per_day)
    return margin


def check_stable(weights: Floats, spread_per_day: float, decay_per_day: float) -> None:
    """Make sure that no story feeds itself for ever; the spectral radius is sought only where the largest row sum,
    which bounds it (Gershgorin), leaves a doubt.

    Raises: Unstable.
    """
    if weights.size and not spread_per_day * float(weights.sum(axis=1).max()) < decay_per_day:
        spectral_margin(weights, spread_per_day, decay_per_day)
