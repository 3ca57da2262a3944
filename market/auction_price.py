"""The auction price: the one price at which most shares change hands.

Demand D(p) counts the shares that buyers take at p or more, supply S(p) those that sellers give at p or less; both may
come from single orders and from a crowd known only by its histogram. Executed volume is min(D, S). As excess demand
D - S never rises with the price, a bisection over whole cents finds the best prices without sorting an order.

Rule: largest executed volume; then the smaller |D - S|; then the nearest to the reference price. Prices between two
limits are candidates too. The best prices are always neighbours, so the nearest one is unique.

Shapes: limits, quantities, sides int64[orders] (sides +1 buy, -1 sell; quantities > 0); crowd_demand, crowd_supply
int64[levels], cumulated by `cumulate`, for the limits low_cents, low_cents + 1, ...; [0] where there is no crowd.

Source: the closing call auction as in Euronext, Harmonised Rulebook I, 4401/3, and Xetra, Market Model Equities, s. 10.
"""

from __future__ import annotations

import numpy as np

from ..engine.kernels import njit

NO_CROWD: np.ndarray = np.zeros(0, np.int64)
"""Demand or supply of nobody."""


@njit(cache=True)
def has_negative(buy_hist, sell_hist):  # type: ignore[no-untyped-def]
    """Whether any of the int64[levels] histograms has less than no shares somewhere."""
    signs = np.int64(0)
    for k in range(buy_hist.size):
        signs |= buy_hist[k] | sell_hist[k]
    return signs < 0


@njit(cache=True)
def cumulate(buy_hist, sell_hist):  # type: ignore[no-untyped-def]
    """Shares demanded at each level or above, and supplied at each level or below, from int64[levels] histograms."""
    levels = buy_hist.size
    demand = np.empty(levels, np.int64)
    supply = np.empty(levels, np.int64)
    total = np.int64(0)
    for k in range(levels):
        total += sell_hist[k]
        supply[k] = total
    total = np.int64(0)
    for k in range(levels - 1, -1, -1):
        total += buy_hist[k]
        demand[k] = total
    return demand, supply


@njit(cache=True)
def demand_at(price, limits, quantities, sides, low_cents, crowd_demand):  # type: ignore[no-untyped-def]
    """Shares that buyers take at this price."""
    total = np.int64(0)
    for k in range(limits.size):
        total += quantities[k] if (sides[k] > 0) & (limits[k] >= price) else 0
    level = max(price - low_cents, 0)
    return total + crowd_demand[level] if level < crowd_demand.size else total


@njit(cache=True)
def supply_at(price, limits, quantities, sides, low_cents, crowd_supply):  # type: ignore[no-untyped-def]
    """Shares that sellers give at this price."""
    total = np.int64(0)
    for k in range(limits.size):
        total += quantities[k] if (sides[k] < 0) & (limits[k] <= price) else 0
    level = min(price - low_cents, crowd_supply.size - 1)
    return total + crowd_supply[level] if level >= 0 else total


@njit(cache=True)
def excess_at(price, limits, quantities, sides, low_cents, crowd_demand, crowd_supply):  # type: ignore[no-untyped-def]
    """Excess demand D - S at this price: never rises with the price."""
    total = np.int64(0)
    for k in range(limits.size):
        # a buyer at its limit or below, a seller at its limit or above: one comparison of both sides' signed distance
        total += sides[k] * quantities[k] if sides[k] * (limits[k] - price) >= 0 else 0
    level = max(price - low_cents, 0)
    if level < crowd_demand.size:
        total += crowd_demand[level]
    level = min(price - low_cents, crowd_supply.size - 1)
    return total - crowd_supply[level] if level >= 0 else total


@njit(cache=True)
def last_with_excess(excess, low, high, limits, quantities, sides, low_cents, crowd_demand, crowd_supply):  # type: ignore[no-untyped-def]
    """The highest price with at least this excess demand, given that `low` has it and `high` > low has not."""
    while high - low > 1:
        middle = low + (high - low) // 2
        if excess_at(middle, limits, quantities, sides, low_cents, crowd_demand, crowd_supply) >= excess:
            low = middle
        else:
            high = middle
    return low


@njit(cache=True)
def best_quotes(limits, sides, low_cents, crowd_demand, crowd_supply):  # type: ignore[no-untyped-def]
    """(highest buy limit, lowest sell limit); 0 and a price above all others where a side is empty."""
    bid = np.int64(0)
    ask = np.int64(2**62)
    for k in range(limits.size):
        if sides[k] > 0:
            bid = max(bid, limits[k])
        else:
            ask = min(ask, limits[k])
    level = crowd_demand.size - 1
    while level >= 0 and crowd_demand[level] == 0:
        level -= 1
    if level >= 0:
        bid = max(bid, low_cents + level)
    level = 0
    while level < crowd_supply.size and crowd_supply[level] == 0:
        level += 1
    if level < crowd_supply.size:
        ask = min(ask, low_cents + level)
    return bid, ask


@njit(cache=True)
def nearest_below(top, reference, limits, quantities, sides, low_cents, crowd_demand, crowd_supply):  # type: ignore[no-untyped-def]
    """The price nearest the reference among those up to `top` with the same demand and supply as `top`."""
    if reference >= top:
        return top
    excess = excess_at(top, limits, quantities, sides, low_cents, crowd_demand, crowd_supply)
    if excess_at(reference, limits, quantities, sides, low_cents, crowd_demand, crowd_supply) == excess:
        return reference
    return 1 + last_with_excess(
        excess + 1, reference, top, limits, quantities, sides, low_cents, crowd_demand, crowd_supply
    )


@njit(cache=True)
def nearest_above(bottom, reference, limits, quantities, sides, low_cents, crowd_demand, crowd_supply):  # type: ignore[no-untyped-def]
    """The price nearest the reference among those from `bottom` on with the same demand and supply as `bottom`."""
    if reference <= bottom:
        return bottom
    excess = excess_at(bottom, limits, quantities, sides, low_cents, crowd_demand, crowd_supply)
    if excess_at(reference, limits, quantities, sides, low_cents, crowd_demand, crowd_supply) == excess:
        return reference
    return last_with_excess(excess, bottom, reference, limits, quantities, sides, low_cents, crowd_demand, crowd_supply)


@njit(cache=True)
def clearing_price(limits, quantities, sides, low_cents, crowd_demand, crowd_supply, reference_cents):  # type: ignore[no-untyped-def]
    """(price_cents, volume) by the rule above; (reference_cents, 0) if nobody meets anybody."""
    bid, ask = best_quotes(limits, sides, low_cents, crowd_demand, crowd_supply)
    if bid < ask:
        return np.int64(reference_cents), np.int64(0)
    # below the crossing supply is what trades, above it demand: only its two neighbours can be best
    below = last_with_excess(0, ask - 1, bid + 1, limits, quantities, sides, low_cents, crowd_demand, crowd_supply)
    above = below + 1
    supplied = supply_at(below, limits, quantities, sides, low_cents, crowd_supply)
    demanded = demand_at(above, limits, quantities, sides, low_cents, crowd_demand)
    advantage = supplied - demanded
    if advantage == 0:
        surplus = demand_at(below, limits, quantities, sides, low_cents, crowd_demand) - supplied
        shortage = supply_at(above, limits, quantities, sides, low_cents, crowd_supply) - demanded
        advantage = shortage - surplus
    if advantage > 0 or (advantage == 0 and reference_cents <= below):
        price = nearest_below(below, reference_cents, limits, quantities, sides, low_cents, crowd_demand, crowd_supply)
    else:
        price = nearest_above(above, reference_cents, limits, quantities, sides, low_cents, crowd_demand, crowd_supply)
    return np.int64(price), max(supplied, demanded)


@njit(cache=True)
def clear_orders(limits, quantities, sides, reference_cents):  # type: ignore[no-untyped-def]
    """(price_cents, volume) of a book of single orders."""
    nobody = np.zeros(0, np.int64)
    return clearing_price(limits, quantities, sides, 0, nobody, nobody, reference_cents)


@njit(cache=True)
def clear_grid(buy_hist, sell_hist, low_cents, reference_cents):  # type: ignore[no-untyped-def]
    """(price_cents, volume) of orders known only by their histograms, int64[levels] from the limit low_cents on."""
    none = np.zeros(0, np.int64)
    demand, supply = cumulate(buy_hist, sell_hist)
    return clearing_price(none, none, none, low_cents, demand, supply, reference_cents)
