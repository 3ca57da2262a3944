"""Loops over the firms of the narrative network: what each hears of the others, day by day."""

from __future__ import annotations

import numpy as np

from ..engine.kernels import njit
from .network import felt_shock, next_log_multiple

Floats = np.ndarray

SETTLED_STEPS = 5
"""Steps for which the growth of a vector must stay within the tolerance."""


@njit(cache=True, inline="always")
def listen(weights: Floats, told: Floats, heard: Floats) -> None:
    """Adds W told to heard float[n] in place, source by source: one source's column at a time, silent ones not at all.

    Each receiver adds up its sources in their order, so that the last bit is that of the sum by rows.
    """
    for source in range(told.size):
        if told[source] != 0.0:
            for receiver in range(heard.size):
                heard[receiver] += weights[receiver, source] * told[source]


@njit(cache=True)
def step(log_multiple: Floats, weights: Floats, spread_per_day: float, decay_per_day: float, shock: Floats) -> Floats:
    """Tomorrow's narrative log-multiples, float[n]; weights float[n, n]."""
    heard = np.zeros(log_multiple.size)
    listen(weights, log_multiple, heard)
    for i in range(heard.size):
        heard[i] = next_log_multiple(log_multiple[i], heard[i], shock[i], spread_per_day, decay_per_day)
    return heard


@njit(cache=True)
def spillover(shock: Floats, weights: Floats, spillover_share: float) -> Floats:
    """The shocks of a day after neighbours have felt them, float[n]."""
    heard = np.zeros(shock.size)
    listen(weights, shock, heard)
    for i in range(heard.size):
        heard[i] = felt_shock(shock[i], heard[i], spillover_share)
    return heard


@njit(cache=True)
def spread(
    log_multiple: Floats,
    shock: Floats,
    weights: Floats,
    spread_per_day: float,
    decay_per_day: float,
    spillover_share: float,
) -> float:
    """One day of the story, in place: `spillover`, then `step`; the shock is used up. Weights float[n, n], others [n].

    Returns the day's news: the sum of the sizes of the shocks.
    """
    news = np.abs(shock).sum()
    felt = spillover(shock, weights, spillover_share)
    log_multiple[:] = step(log_multiple, weights, spread_per_day, decay_per_day, felt)
    shock[:] = 0.0
    return news


@njit(cache=True)
def perron_root(weights: Floats, iterations_max: int, tolerance: float) -> float:
    """Perron root of W >= 0 by power iteration on I + W; -1 if the growth of the vector has not settled."""
    n = weights.shape[0]
    vector = np.full(n, 1.0 / n)
    following = np.empty(n)
    last, settled = -1.0, 0
    for _ in range(iterations_max):
        following[:] = vector
        listen(weights, vector, following)
        total = 0.0
        for i in range(n):
            total += following[i]
        for i in range(n):
            vector[i] = following[i] / total
        settled = settled + 1 if abs(total - last) <= tolerance * total else 0
        if settled == SETTLED_STEPS:
            return total - 1.0
        last = total
    return -1.0
