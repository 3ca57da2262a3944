"""Loops over funds, sectors and shares: shares wanted at given prices, and the prices at which they are wanted.

Shapes: `values` float[I, F] in cents, `benchmark` float[I] (each fund's part of the institutions' float), `shares`
float[F] (that float), `sector` int64[F] (the number of each share's sector), `prices` float[F] in cents, `wanted`
float[I, F] in shares.
"""

from __future__ import annotations

import math

import numpy as np

from ..engine.kernels import njit
from ..ledger.registers import units_held
from .fund_demand import Elasticities, left_to_hold, log_price_step, own_price_elasticity, tilt

Ints = np.ndarray
Floats = np.ndarray
ITERATIONS_MAX = 60
TOLERANCE = 1e-9


@njit(cache=True)
def sector_sums(shares: Floats, sector: Ints, prices: Floats) -> Floats:
    """Value of each sector's float at these prices, float[sectors]."""
    sums = np.zeros(sector.max() + 1)
    for f in range(prices.size):
        sums[sector[f]] += shares[f] * prices[f]
    return sums


@njit(cache=True)
def wanted_shares(
    prices: Floats,
    values: Floats,
    benchmark: Floats,
    shares: Floats,
    sector: Ints,
    elasticities: Elasticities,
    wanted: Floats,
) -> None:
    """Fill `wanted` with the shares each fund wants at `prices`."""
    eta, eta_sector, eta_macro = elasticities
    price_sums = sector_sums(shares, sector, prices)
    sectors = price_sums.size
    price_sum = price_sums.sum()
    value_sums, tilted, nest = np.empty(sectors), np.empty(sectors), np.empty(sectors)
    for i in range(values.shape[0]):
        value_sums[:] = 0.0
        tilted[:] = 0.0
        for f in range(values.shape[1]):
            of_share = tilt(values[i, f], prices[f], eta)
            value_sums[sector[f]] += shares[f] * values[i, f]
            tilted[sector[f]] += shares[f] * prices[f] * of_share
            wanted[i, f] = shares[f] * of_share
        weights = 0.0
        for g in range(sectors):
            nest[g] = 0.0
            if price_sums[g] > 0.0:
                nest[g] = price_sums[g] * tilt(value_sums[g], price_sums[g], eta_sector)
            weights += nest[g]
        scale = benchmark[i] * price_sum * tilt(value_sums.sum(), price_sum, eta_macro) / weights
        for f in range(values.shape[1]):
            wanted[i, f] *= scale * nest[sector[f]] / tilted[sector[f]]


@njit(cache=True)
def measure_gaps(left: Floats, prices: Floats, wanted: Floats, gaps: Floats) -> float:
    """Fill `gaps` (F,) with the log gaps between what all funds want and what is left; returns the largest."""
    worst = 0.0
    for f in range(left.size):
        want = 0.0
        for i in range(wanted.shape[0]):
            want += wanted[i, f]
        gaps[f] = math.log(want / left[f]) if want > 0.0 and left[f] > 0.0 else 0.0
        worst = max(worst, abs(gaps[f]))
    return worst


@njit(cache=True)
def step_prices(left: Floats, gaps: Floats, sector: Ints, elasticities: Elasticities, prices: Floats) -> None:
    """Move all `prices` by one Newton step; a level's gap is the mean of its shares' by value."""
    sectors = sector.max() + 1
    levels, totals = np.zeros(sectors), np.zeros(sectors)
    for f in range(prices.size):
        levels[sector[f]] += left[f] * prices[f] * gaps[f]
        totals[sector[f]] += left[f] * prices[f]
    level = levels.sum() / totals.sum()
    for f in range(prices.size):
        g = sector[f]
        of_sector = levels[g] / totals[g] if totals[g] > 0.0 else level
        prices[f] *= math.exp(log_price_step(gaps[f], of_sector, level, elasticities))


@njit(cache=True)
def anchor_prices(
    left: Floats,
    values: Floats,
    benchmark: Floats,
    shares: Floats,
    sector: Ints,
    elasticities: Elasticities,
    prices: Floats,
    wanted: Floats,
) -> float:
    """Prices at which the funds together want exactly what is `left` to them (F,): the market's view before the close.

    `prices` come as the first guess; writes them and `wanted`; returns the largest remaining log gap
    between wanted and left.
    """
    gaps = np.empty(prices.size)
    worst = 1e300
    for _ in range(ITERATIONS_MAX):
        wanted_shares(prices, values, benchmark, shares, sector, elasticities, wanted)
        worst = measure_gaps(left, prices, wanted, gaps)
        if worst < TOLERANCE:
            break
        step_prices(left, gaps, sector, elasticities, prices)
    return worst


@njit(cache=True)
def own_price_elasticities(
    prices: Floats, shares: Floats, sector: Ints, elasticities: Elasticities, out: Floats
) -> None:
    """Fill `out` (F,) with `own_price_elasticity` at these prices."""
    totals = sector_sums(shares, sector, prices)
    total = totals.sum()
    for f in range(prices.size):
        of_sector = totals[sector[f]]
        out[f] = own_price_elasticity(prices[f] * shares[f] / of_sector, of_sector / total, elasticities)


@njit(cache=True)
def shares_left(held: Ints, sent: Ints) -> Floats:
    """Shares left to all funds together, float[F], of what they hold, int64[I, F], after the orders `sent` int64[k, 4]
    (share, account, signed shares, limit)."""
    net_bought = np.zeros(held.shape[1], np.int64)
    for k in range(sent.shape[0]):
        net_bought[sent[k, 0]] += sent[k, 2]
    left = np.empty(held.shape[1])
    for f in range(left.size):
        have = 0.0
        for i in range(held.shape[0]):
            have += held[i, f]
        left[f] = left_to_hold(have, net_bought[f])
    return left


@njit(cache=True)
def anchor_on_imbalance(
    start: Floats,
    funds: tuple[Floats, Floats],
    listed: tuple[Floats, Ints],
    positions: tuple[Ints, Ints, Ints],
    sent: Ints,
    elasticities: Elasticities,
    out: tuple[Floats, Floats, Floats, Ints],
) -> float:
    """`anchor_prices` from the guess `start` at the imbalance of the orders `sent`, then `own_price_elasticities`
    there; returns the gap that is left.

    Packed arguments, plain tuples: `funds` (values, benchmark); `listed` (shares, sector); `positions` (holdings
    int64[all accounts, all securities], accounts int64[I], securities int64[F]), the funds' places among all; `out`
    (prices, wanted, own-price elasticities float[F], prices in whole cents int64[F]), to be written.
    """
    prices, wanted, own, whole_cents = out
    left = shares_left(units_held(*positions), sent)
    prices[:] = start
    values, benchmark = funds
    shares, sector = listed
    gap = anchor_prices(left, values, benchmark, shares, sector, elasticities, prices, wanted)
    own_price_elasticities(prices, shares, sector, elasticities, own)
    for f in range(prices.size):
        whole_cents[f] = max(1, int(np.rint(prices[f])))
    return gap
