"""A day's closing prices and volumes onto the arrays of the price board."""

from __future__ import annotations

import math

import numpy as np

from ..engine.kernels import njit
from .price_memory import next_usual_volume, next_variance

Ints = np.ndarray
Floats = np.ndarray


@njit(cache=True)
def close_board(
    closing: tuple[Ints, Ints],
    last: tuple[Ints, Ints, Ints],
    memory: tuple[Floats, Floats, Floats],
    weights: tuple[float, float, float],
) -> None:
    """Record `closing` (prices in cents, volumes in shares) in place, all (F,).

    `last` (prices, those of the day before, volumes), `memory` (log returns, variances, usual volumes), `weights` (of
    today in the usual volume, of the past in the variance, standard deviations that one day counts at most).
    """
    closing_cents, traded_shares = closing
    price_cents, previous_cents, volume_shares = last
    log_return, variance_per_day, mean_volume_shares = memory
    of_today, of_past, jump_limit = weights
    for f in range(closing_cents.size):
        previous_cents[f] = price_cents[f]
        price_cents[f] = closing_cents[f]
        volume_shares[f] = traded_shares[f]
        log_return[f] = math.log(closing_cents[f] / previous_cents[f])
        variance_per_day[f] = next_variance(variance_per_day[f], log_return[f], of_past, jump_limit)
        mean_volume_shares[f] = next_usual_volume(mean_volume_shares[f], traded_shares[f], of_today)
