"""The auction price: the one price at which most shares change hands.

Demand D(p) counts the shares that buyers take at p or more, supply S(p) those that sellers give at p or less; both may
come from single orders and from a crowd known only by its histogram. Executed volume is min(D, S). As excess demand
D - S never rises with the price, a bisection over whole cents finds the best prices without sorting an order.

Rule: largest executed volume; then the smaller |D - S|; then the nearest to the reference price. Prices between two
limits are candidates too. The best prices are always neighbours, so the nearest one is unique.

Packed arguments, plain tuples: `book` (sides, quantities, limits), int64[orders] each (sides +1 buy, -1 sell;
quantities > 0); `crowd` (low_cents, demand, supply), int64[levels] each, cumulated by `cumulate`, for the limits
low_cents, low_cents + 1, ...; [0] where there is no crowd.

Source: the closing call auction as in Euronext, Harmonised Rulebook I, 4401/3, and Xetra, Market Model Equities, s. 10.
"""

from __future__ import annotations

import numpy as np

from ..engine.kernels import njit
from .auction_rules import advantage_of_lower

Ints = np.ndarray
Book = tuple[Ints, Ints, Ints]
Crowd = tuple[int, Ints, Ints]
NOBODY: Ints = np.zeros(0, np.int64)
NO_CROWD: Crowd = (0, NOBODY, NOBODY)
"""Demand and supply of nobody."""
ABOVE_ALL = 2**62
"""A price above all limits."""


@njit(cache=True)
def has_negative(buy_hist: Ints, sell_hist: Ints) -> bool:
    """Whether any of the int64[levels] histograms has less than no shares somewhere."""
    signs = 0
    for k in range(buy_hist.size):
        signs |= buy_hist[k] | sell_hist[k]
    return signs < 0


@njit(cache=True)
def cumulate(buy_hist: Ints, sell_hist: Ints) -> tuple[Ints, Ints]:
    """Shares demanded at each level or above, and supplied at each level or below, from int64[levels] histograms."""
    levels = buy_hist.size
    demand = np.empty(levels, np.int64)
    supply = np.empty(levels, np.int64)
    total = 0
    for k in range(levels):
        total += sell_hist[k]
        supply[k] = total
    total = 0
    for k in range(levels - 1, -1, -1):
        total += buy_hist[k]
        demand[k] = total
    return demand, supply


@njit(cache=True)
def demand_at(price: int, book: Book, crowd: Crowd) -> int:
    """Shares that buyers take at this price."""
    sides, quantities, limits = book
    low_cents, demand, _ = crowd
    total = 0
    for k in range(limits.size):
        total += quantities[k] if (sides[k] > 0) & (limits[k] >= price) else 0
    level = max(price - low_cents, 0)
    return total + demand[level] if level < demand.size else total


@njit(cache=True)
def supply_at(price: int, book: Book, crowd: Crowd) -> int:
    """Shares that sellers give at this price."""
    sides, quantities, limits = book
    low_cents, _, supply = crowd
    total = 0
    for k in range(limits.size):
        total += quantities[k] if (sides[k] < 0) & (limits[k] <= price) else 0
    level = min(price - low_cents, supply.size - 1)
    return total + supply[level] if level >= 0 else total


@njit(cache=True)
def excess_at(price: int, book: Book, crowd: Crowd) -> int:
    """Excess demand D - S at this price: never rises with the price."""
    sides, quantities, limits = book
    low_cents, demand, supply = crowd
    total = 0
    for k in range(limits.size):
        # a buyer at its limit or below, a seller at its limit or above: one comparison of both sides' signed distance
        total += sides[k] * quantities[k] if sides[k] * (limits[k] - price) >= 0 else 0
    level = max(price - low_cents, 0)
    if level < demand.size:
        total += demand[level]
    level = min(price - low_cents, supply.size - 1)
    return total - supply[level] if level >= 0 else total


@njit(cache=True)
def last_with_excess(excess: int, low: int, high: int, book: Book, crowd: Crowd) -> int:
    """The highest price with at least this excess demand, given that `low` has it and `high` > low has not."""
    while high - low > 1:
        middle = low + (high - low) // 2
        if excess_at(middle, book, crowd) >= excess:
            low = middle
        else:
            high = middle
    return low


@njit(cache=True)
def best_quotes(book: Book, crowd: Crowd) -> tuple[int, int]:
    """(highest buy limit, lowest sell limit); 0 and a price above all others where a side is empty."""
    sides, _, limits = book
    low_cents, demand, supply = crowd
    bid, ask = 0, ABOVE_ALL
    for k in range(limits.size):
        if sides[k] > 0:
            bid = max(bid, limits[k])
        else:
            ask = min(ask, limits[k])
    level = demand.size - 1
    while level >= 0 and demand[level] == 0:
        level -= 1
    if level >= 0:
        bid = max(bid, low_cents + level)
    level = 0
    while level < supply.size and supply[level] == 0:
        level += 1
    if level < supply.size:
        ask = min(ask, low_cents + level)
    return bid, ask


@njit(cache=True)
def nearest_below(top: int, reference: int, book: Book, crowd: Crowd) -> int:
    """The price nearest the reference among those up to `top` with the same demand and supply as `top`."""
    if reference >= top:
        return top
    excess = excess_at(top, book, crowd)
    if excess_at(reference, book, crowd) == excess:
        return reference
    return 1 + last_with_excess(excess + 1, reference, top, book, crowd)


@njit(cache=True)
def nearest_above(bottom: int, reference: int, book: Book, crowd: Crowd) -> int:
    """The price nearest the reference among those from `bottom` on with the same demand and supply as `bottom`."""
    if reference <= bottom:
        return bottom
    excess = excess_at(bottom, book, crowd)
    if excess_at(reference, book, crowd) == excess:
        return reference
    return last_with_excess(excess, bottom, reference, book, crowd)


@njit(cache=True)
def clearing_price(book: Book, crowd: Crowd, reference_cents: int) -> tuple[int, int]:
    """(price_cents, volume) by the rule above; (reference_cents, 0) if nobody meets anybody."""
    bid, ask = best_quotes(book, crowd)
    if bid < ask:
        return reference_cents, 0
    # only the two neighbours of the crossing can be best
    below = last_with_excess(0, ask - 1, bid + 1, book, crowd)
    above = below + 1
    supplied, demanded = supply_at(below, book, crowd), demand_at(above, book, crowd)
    surplus = demand_at(below, book, crowd) - supplied
    shortage = supply_at(above, book, crowd) - demanded
    advantage = advantage_of_lower(supplied, demanded, surplus, shortage)
    if advantage > 0 or (advantage == 0 and reference_cents <= below):
        price = nearest_below(below, reference_cents, book, crowd)
    else:
        price = nearest_above(above, reference_cents, book, crowd)
    return price, max(supplied, demanded)
