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

import numpy as np

from ..engine.kernels import njit
from ..ledger.registers import units_held

ITERATIONS_MAX = 60
TOLERANCE = 1e-9
ABSORBED_MAX = 0.2
"""Part of what they hold that funds plan to sell or add on one published imbalance."""


class NoAnchor(ArithmeticError):
    """The funds' common estimate of today's prices did not settle."""

    def __init__(self, *, day: int, gap: float) -> None:
        self.day, self.gap = day, gap
        super().__init__(f"day {day}: funds' anchor prices did not settle, largest log gap of demand {gap:.3g}")


@njit(cache=True)
def wanted_shares(prices, values, benchmark, shares, sector, elasticities, out):  # type: ignore[no-untyped-def]
    """Fill `out` (I, F) with the shares each fund wants at `prices` (F,), in cents, given its `values` (I, F), in
    cents.

    `benchmark` (I,) is each fund's part of the institutions' float, `shares` (F,) that float, `sector` int64 (F,) the
    number of each share's sector, `elasticities` (eta, eta_sector, eta_macro).
    """
    eta, eta_sector, eta_macro = elasticities
    sectors = sector.max() + 1
    price_sums = np.zeros(sectors)
    for f in range(prices.size):
        price_sums[sector[f]] += shares[f] * prices[f]
    price_sum = price_sums.sum()
    value_sums, tilted, nest = np.empty(sectors), np.empty(sectors), np.empty(sectors)
    for i in range(values.shape[0]):
        value_sums[:] = 0.0
        tilted[:] = 0.0
        for f in range(values.shape[1]):
            tilt = math.exp(eta * math.log(values[i, f] / prices[f]))
            value_sums[sector[f]] += shares[f] * values[i, f]
            tilted[sector[f]] += shares[f] * prices[f] * tilt
            out[i, f] = shares[f] * tilt
        weights = 0.0
        for g in range(sectors):
            nest[g] = 0.0
            if price_sums[g] > 0.0:
                nest[g] = price_sums[g] * math.exp(eta_sector * math.log(value_sums[g] / price_sums[g]))
            weights += nest[g]
        scale = benchmark[i] * price_sum * math.exp(eta_macro * math.log(value_sums.sum() / price_sum)) / weights
        for f in range(values.shape[1]):
            out[i, f] *= scale * nest[sector[f]] / tilted[sector[f]]


@njit(cache=True)
def anchor_prices(start, values, benchmark, shares, held, net_bought, sector, elasticities, prices, wanted):  # type: ignore[no-untyped-def]
    """Prices at which the funds together want exactly what they hold less `net_bought` (F,), the imbalance of all other
    orders: the market's view before the close.

    `start` (F,) cents is the first guess, `held` (I, F) int64; writes `prices` (F,) and `wanted` (I, F); returns the
    largest remaining log gap between wanted and left. Newton steps that treat the market's level, the sectors' and the
    relative prices with their own elasticities.
    """
    eta, eta_sector, eta_macro = elasticities
    n, sectors = start.size, sector.max() + 1
    gaps, left = np.empty(n), np.empty(n)
    levels, totals = np.empty(sectors), np.empty(sectors)
    for f in range(n):
        have = 0.0
        for i in range(wanted.shape[0]):
            have += held[i, f]
        left[f] = have - min(max(net_bought[f], -ABSORBED_MAX * have), ABSORBED_MAX * have)
    prices[:] = start
    worst = 1e300
    for _ in range(ITERATIONS_MAX):
        wanted_shares(prices, values, benchmark, shares, sector, elasticities, wanted)
        levels[:] = 0.0
        totals[:] = 0.0
        worst = 0.0
        for f in range(n):
            want = 0.0
            for i in range(wanted.shape[0]):
                want += wanted[i, f]
            gaps[f] = math.log(want / left[f]) if want > 0.0 and left[f] > 0.0 else 0.0
            worst = max(worst, abs(gaps[f]))
            levels[sector[f]] += left[f] * prices[f] * gaps[f]
            totals[sector[f]] += left[f] * prices[f]
        if worst < TOLERANCE:
            break
        level = levels.sum() / totals.sum()
        for f in range(n):
            g = sector[f]
            of_sector = levels[g] / totals[g] if totals[g] > 0.0 else level
            step = level / eta_macro + (of_sector - level) / eta_sector + (gaps[f] - of_sector) / eta
            prices[f] *= math.exp(max(-0.5, min(0.5, step)))
    return worst


@njit(cache=True)
def own_price_elasticities(prices, shares, sector, elasticities, out):  # type: ignore[no-untyped-def]
    """Fill `out` (F,) with eta (1 - w_f) + w_f [eta_sector (1 - s_g) + eta_macro s_g]: minus the log slope of demand in
    the own price, w_f the share's weight in its sector, s_g the sector's in the market."""
    eta, eta_sector, eta_macro = elasticities
    totals = np.zeros(sector.max() + 1)
    for f in range(prices.size):
        totals[sector[f]] += prices[f] * shares[f]
    total = totals.sum()
    for f in range(prices.size):
        g = sector[f]
        weight, of_market = prices[f] * shares[f] / totals[g], totals[g] / total
        out[f] = eta * (1.0 - weight) + weight * (eta_sector * (1.0 - of_market) + eta_macro * of_market)


@njit(cache=True)
def anchor_on_imbalance(  # type: ignore[no-untyped-def]
    start, values, benchmark, shares, holdings, accounts, securities, sent, sector, elasticities, prices, wanted, out,
    indicative_cents,
):  # fmt: skip
    """`anchor_prices` at the imbalance of the orders `sent` int64[k, 4] (row, account, signed shares, limit), then
    `own_price_elasticities` there into `out`; returns the gap that is left.

    `indicative_cents` int64 (F,) become the prices in whole cents, at least one. `holdings` int64[all accounts, all
    securities] are read at the funds' `accounts` (I,) and `securities` (F,).
    """
    net_bought = np.zeros(start.size, np.int64)
    for k in range(sent.shape[0]):
        net_bought[sent[k, 0]] += sent[k, 2]
    held = units_held(holdings, accounts, securities)
    gap = anchor_prices(start, values, benchmark, shares, held, net_bought, sector, elasticities, prices, wanted)
    own_price_elasticities(prices, shares, sector, elasticities, out)
    for f in range(prices.size):
        indicative_cents[f] = max(np.int64(1), np.int64(np.rint(prices[f])))
    return gap
