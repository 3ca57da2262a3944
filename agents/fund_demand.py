"""What institutions want to hold at which price: the demand system behind every fund's ladder of limit orders.

Demand is nested: between the shares of a sector, between sectors, between equity and cash. With P_g = sum N P and V_g =
sum N V over sector g, P_m and V_m the same over the market, S_g = sum over g of N P (V / P)^eta and S_m = sum over
sectors of P_g (V_g / P_g)^eta_sector, fund i wants of share f in sector g

    q_if(P) = Q_i N_f (V_f / P_f)^eta x [P_g (V_g / P_g)^eta_sector / S_g] x [P_m (V_m / P_m)^eta_macro / S_m].

At P = V it holds its benchmark share Q_i of every share. All prices together move demand with elasticity eta_macro,
those of a small sector with eta_sector, that of a small share with eta: the price impact of a flow grows with
aggregation by itself, while news that moves V passes through to P one for one. With one sector eta_sector drops out.

Source: Gabaix & Koijen (2021), NBER 28967, s. 2-3; Koijen & Yogo (2019), JPE 127(4), for characteristics-based weights;
nests as in Koijen & Yogo (2020), NBER 27342, for asset classes.
"""

from __future__ import annotations

import math

from ..engine.kernels import njit

Elasticities = tuple[float, float, float]
"""(eta, eta_sector, eta_macro), exponents."""
STEP_MAX = 0.5
"""Largest log step of a price in the search for the anchor."""
ABSORBED_MAX = 0.2
"""A guard of the search, no behaviour, so no row of its table: what is left to hold stays above zero, where its
logarithm is sought, and within reach of the steps. No day of the bundled scenarios comes near half of it."""


@njit(cache=True)
def tilt(value: float, price: float, elasticity: float) -> float:
    """(V / P)^eta: how much more than its benchmark weight a fund wants of what it values at V and can buy at P > 0."""
    return math.exp(elasticity * math.log(value / price))


@njit(cache=True)
def own_price_elasticity(weight: float, of_market: float, elasticities: Elasticities) -> float:
    """Minus the log slope of demand in the own price: eta (1 - w) + w [eta_sector (1 - s) + eta_macro s].

    `weight` w is the share's part of its sector by value, `of_market` s the sector's of the market.
    """
    eta, eta_sector, eta_macro = elasticities
    return eta * (1.0 - weight) + weight * (eta_sector * (1.0 - of_market) + eta_macro * of_market)


@njit(cache=True)
def left_to_hold(held_shares: float, net_bought: float) -> float:
    """Shares that funds keep once they have taken the other side of all other orders: what they hold less the
    imbalance, within `ABSORBED_MAX` of what they hold."""
    most = ABSORBED_MAX * held_shares
    return held_shares - min(max(net_bought, -most), most)


@njit(cache=True)
def log_price_step(gap: float, gap_of_sector: float, gap_of_market: float, elasticities: Elasticities) -> float:
    """Newton step of a log price that closes the log gap between shares wanted and left.

    g_m / eta_macro + (g_g - g_m) / eta_sector + (g - g_g) / eta, within 0.5: the market's level, the sectors' and the
    relative prices move demand with their own elasticities.
    """
    eta, eta_sector, eta_macro = elasticities
    step = gap_of_market / eta_macro + (gap_of_sector - gap_of_market) / eta_sector + (gap - gap_of_sector) / eta
    return max(-STEP_MAX, min(STEP_MAX, step))
