"""What institutions want to hold at which price: the demand system behind every fund's ladder of limit orders.

A fund wants q_if(P) = Q_i N_f (V_if / P_f)^eta x [P_m (V_m / P_m)^eta_macro / S_i], with P_m = sum N P, V_m = sum N
V and S_i = sum N P (V / P)^eta. At P = V it holds its benchmark share Q_i of every share. A single price moves its
demand with elasticity eta (1 - s) + eta_macro s, where s is the share's weight; all prices together with elasticity
eta_macro: the price impact of a flow grows with aggregation by itself, while news that moves V passes through to P one
for one.

Source: Gabaix & Koijen (2021), NBER 28967, s. 2-3; Koijen & Yogo (2019), JPE 127(4), for characteristics-based weights.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

ITERATIONS_MAX = 60
TOLERANCE = 1e-9


class NoAnchor(ArithmeticError):
    """The funds' common estimate of today's prices did not settle."""

    def __init__(self, *, day: int, gap: float) -> None:
        self.day, self.gap = day, gap
        super().__init__(f"day {day}: funds' anchor prices did not settle, largest log gap of demand {gap:.3g}")


@njit(cache=True)
def wanted_shares(prices, values, benchmark, shares, eta, eta_macro, out):  # type: ignore[no-untyped-def]
    """Fill `out` (I, F) with the shares each fund wants at `prices` (F,), in cents, given its `values` (I, F), in
    cents.

    `benchmark` (I,) is each fund's part of the institutions' float, `shares` (F,) that float.
    """
    for i in range(values.shape[0]):
        price_sum = 0.0
        value_sum = 0.0
        tilted = 0.0
        for f in range(values.shape[1]):
            weight = shares[f] * prices[f]
            tilt = math.exp(eta * math.log(values[i, f] / prices[f]))
            price_sum += weight
            value_sum += shares[f] * values[i, f]
            tilted += weight * tilt
            out[i, f] = shares[f] * tilt
        scale = benchmark[i] * price_sum * math.exp(eta_macro * math.log(value_sum / price_sum)) / tilted
        for f in range(values.shape[1]):
            out[i, f] *= scale


@njit(cache=True)
def anchor_prices(start, values, benchmark, shares, held, eta, eta_macro, prices, wanted):  # type: ignore[no-untyped-def]
    """Prices at which the funds together want exactly what they hold: the market's view before today's flows arrive.

    `start` (F,) cents is the first guess, `held` (I, F) int64; writes `prices` (F,) and `wanted` (I, F); returns the
    largest remaining log gap between wanted and held. Newton steps that treat the market's level and the relative
    prices with their own elasticities.
    """
    n = start.size
    gaps = np.empty(n)
    prices[:] = start
    worst = 1e300
    for _ in range(ITERATIONS_MAX):
        wanted_shares(prices, values, benchmark, shares, eta, eta_macro, wanted)
        level = 0.0
        total = 0.0
        worst = 0.0
        for f in range(n):
            want = 0.0
            have = 0.0
            for i in range(wanted.shape[0]):
                want += wanted[i, f]
                have += held[i, f]
            gaps[f] = math.log(want / have) if want > 0.0 and have > 0.0 else 0.0
            worst = max(worst, abs(gaps[f]))
            level += have * prices[f] * gaps[f]
            total += have * prices[f]
        if worst < TOLERANCE:
            break
        level /= total
        for f in range(n):
            step = level / eta_macro + (gaps[f] - level) / eta
            prices[f] *= math.exp(max(-0.5, min(0.5, step)))
    return worst


@njit(cache=True)
def own_price_elasticities(prices, shares, eta, eta_macro, out):  # type: ignore[no-untyped-def]
    """Fill `out` (F,) with eta (1 - s_f) + eta_macro s_f: minus the log slope of demand in the own price."""
    total = 0.0
    for f in range(prices.size):
        total += prices[f] * shares[f]
    for f in range(prices.size):
        weight = prices[f] * shares[f] / total
        out[f] = eta * (1.0 - weight) + eta_macro * weight
