"""Whether the narrative network feeds its own story for ever: the spectral radius against decay and spread."""

from __future__ import annotations

import numpy as np

from .network_kernels import Floats, perron_root

ITERATIONS_MAX, TOLERANCE = 2000, 1e-13
"""Power iteration: at most so many steps, settled when the growth stays within the tolerance."""


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
    """d - a rho(W): how far, per day, the network is from feeding its own story for ever."""
    return decay_per_day - spread_per_day * spectral_radius(weights)


def carried(weights: Floats, spread_per_day: float, most: float) -> Floats:
    """W as it stands, or, where more than `most` of a story would come back in a day, W scaled so that a rho(W) is
    `most`; below the daily decay d, firms take over no more of each other's stories than they forget.

    The spectral radius is sought only where the largest row sum, which bounds it (Gershgorin), leaves a doubt.
    """
    if not weights.size or spread_per_day * float(weights.sum(axis=1).max()) <= most:
        return weights
    told = spread_per_day * spectral_radius(weights)
    return weights if told <= most else weights * (most / told)
