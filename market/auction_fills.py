"""Who gets how much at the auction price: best limits first, then pro rata in whole shares at the marginal limit.

On each side every order with a better limit than the marginal one is filled, orders at the marginal limit share what
is left, worse ones get nothing. Shares at the margin are cut by cumulative rounding: with T shares waiting there, E of
them executed and C_k the running total up to order k, order k gets floor((C_k E + u) / T) - floor((C_{k-1} E + u) / T).
The parts sum to E, each is within one share of its exact part, and over the T equally likely starts u its mean is
exactly that part. Single orders come first in the running total, then the rows of the crowd: both see one margin.

Shapes as in auction_price.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..engine.kernels import njit
from ..ledger.units import muldiv
from .auction_price import clearing_price, demand_at, supply_at

IntArray = np.ndarray

BLOCK = 1024
"""Rows of a crowd looked through at once."""


class Margin(NamedTuple):
    """The marginal limit of each side: T shares wait there, E are executed, the first of them from single orders."""

    buy_limit_cents: int
    buy_total: int
    buy_executed: int
    buy_orders: int
    """Shares of single orders among `buy_total`."""
    sell_limit_cents: int
    sell_total: int
    sell_executed: int
    sell_orders: int


@njit(cache=True, inline="always")
def executed_up_to(cumulated, executed, total, start):  # type: ignore[no-untyped-def]
    """floor((cumulated * executed + start) / total) exactly, for start < total and cumulated, executed <= total."""
    whole = muldiv(cumulated, executed, total)
    # wraps around 2**64 in both products alike: the difference is the true remainder
    remainder = np.int64(cumulated) * np.int64(executed) - np.int64(whole) * np.int64(total)
    return whole + 1 if remainder >= total - start else whole


@njit(cache=True)
def waiting_at(limit, side, limits, quantities, sides):  # type: ignore[no-untyped-def]
    """Shares of single orders of one side at exactly this limit."""
    total = np.int64(0)
    for k in range(limits.size):
        total += quantities[k] if (sides[k] == side) & (limits[k] == limit) else 0
    return total


@njit(cache=True)
def buy_margin(price, volume, limits, quantities, sides, low_cents, crowd_demand):  # type: ignore[no-untyped-def]
    """(limit, shares waiting, shares executed) at the buyers' margin for a volume > 0 that they demand at `price`."""
    low = price
    step = np.int64(1)
    high = price + step
    while demand_at(high, limits, quantities, sides, low_cents, crowd_demand) >= volume:
        low = high
        step *= 2
        high = low + step
    while high - low > 1:
        middle = low + (high - low) // 2
        if demand_at(middle, limits, quantities, sides, low_cents, crowd_demand) >= volume:
            low = middle
        else:
            high = middle
    better = demand_at(low + 1, limits, quantities, sides, low_cents, crowd_demand)
    total = demand_at(low, limits, quantities, sides, low_cents, crowd_demand) - better
    return low, total, volume - better


@njit(cache=True)
def sell_margin(price, volume, limits, quantities, sides, low_cents, crowd_supply):  # type: ignore[no-untyped-def]
    """(limit, shares waiting, shares executed) at the sellers' margin for a volume > 0 that they supply at `price`."""
    high = price
    step = np.int64(1)
    low = price - step
    while supply_at(low, limits, quantities, sides, low_cents, crowd_supply) >= volume:
        high = low
        step *= 2
        low = high - step
    while high - low > 1:
        middle = low + (high - low) // 2
        if supply_at(middle, limits, quantities, sides, low_cents, crowd_supply) >= volume:
            high = middle
        else:
            low = middle
    better = supply_at(high - 1, limits, quantities, sides, low_cents, crowd_supply)
    total = supply_at(high, limits, quantities, sides, low_cents, crowd_supply) - better
    return high, total, volume - better


@njit(cache=True)
def margin_parts(price, volume, limits, quantities, sides, low_cents, crowd_demand, crowd_supply):  # type: ignore[no-untyped-def]
    """The `Margin` at a clearing price as a plain tuple; with no volume one that nobody reaches."""
    if volume <= 0:
        return (
            np.int64(2**62), np.int64(1), np.int64(0), np.int64(0), np.int64(0), np.int64(1), np.int64(0), np.int64(0)
        )  # fmt: skip
    bought = buy_margin(price, volume, limits, quantities, sides, low_cents, crowd_demand)
    sold = sell_margin(price, volume, limits, quantities, sides, low_cents, crowd_supply)
    return (
        np.int64(bought[0]), bought[1], bought[2], waiting_at(bought[0], 1, limits, quantities, sides),
        np.int64(sold[0]), sold[1], sold[2], waiting_at(sold[0], -1, limits, quantities, sides),
    )  # fmt: skip


def margin(
    price: int, volume: int, limits: IntArray, quantities: IntArray, sides: IntArray, low_cents: int,
    crowd_demand: IntArray, crowd_supply: IntArray,
) -> Margin:  # fmt: skip
    """The `Margin` at a clearing price."""
    return Margin(*margin_parts(price, volume, limits, quantities, sides, low_cents, crowd_demand, crowd_supply))


@njit(cache=True)
def fill_orders(limits, quantities, sides, at, start, out):  # type: ignore[no-untyped-def]
    """Fill `out` int64[orders] with the shares each single order trades; `start` >= 0 is a keyed random integer.

    `at` is the margin as a plain tuple. Returns (shares bought, shares sold).
    """
    buy_limit, buy_total, buy_executed, _, sell_limit, sell_total, sell_executed, _ = at
    buy_start, sell_start = start % buy_total, start % sell_total
    bought_all, sold_all = np.int64(0), np.int64(0)
    bought, given = np.int64(0), np.int64(0)
    sold, taken = np.int64(0), np.int64(0)
    for k in range(limits.size):
        fill = np.int64(0)
        if sides[k] > 0:
            if limits[k] > buy_limit:
                fill = quantities[k]
            elif limits[k] == buy_limit:
                bought += quantities[k]
                up_to = executed_up_to(bought, buy_executed, buy_total, buy_start)
                fill = up_to - given
                given = up_to
            bought_all += fill
        else:
            if limits[k] < sell_limit:
                fill = quantities[k]
            elif limits[k] == sell_limit:
                sold += quantities[k]
                up_to = executed_up_to(sold, sell_executed, sell_total, sell_start)
                fill = up_to - taken
                taken = up_to
            sold_all += fill
        out[k] = fill
    return bought_all, sold_all


@njit(cache=True)
def fill_crowd(signed_shares, limit_cents, at, start, out):  # type: ignore[no-untyped-def]
    """Fill `out` (zeros before, any integer type) with what each row of a crowd buys (+) or sells (-).

    `signed_shares` and `limit_cents` are integers[rows], + to buy, - to sell, 0 for no order. Only rows that trade are
    written; `at` is the margin as a plain tuple. Returns (shares bought, shares sold).
    """
    buy_limit, buy_total, buy_executed, buy_orders, sell_limit, sell_total, sell_executed, sell_orders = at
    buy_start, sell_start = start % buy_total, start % sell_total
    bought, sold = np.int64(buy_orders), np.int64(sell_orders)
    given = executed_up_to(bought, buy_executed, buy_total, buy_start)
    taken = executed_up_to(sold, sell_executed, sell_total, sell_start)
    bought_all, sold_all = np.int64(0), np.int64(0)
    rows = np.empty(BLOCK + 1, np.int64)
    for first in range(0, signed_shares.size, BLOCK):
        count = 0
        # without a branch: most rows have no order, and a wrong guess costs more than a look
        for row in range(first, min(first + BLOCK, signed_shares.size)):
            rows[count] = row
            count += signed_shares[row] != 0
        for i in range(count):
            row = rows[i]
            shares, limit = np.int64(signed_shares[row]), np.int64(limit_cents[row])
            fill = np.int64(0)
            if shares > 0:
                if limit > buy_limit:
                    fill = shares
                elif limit == buy_limit:
                    bought += shares
                    up_to = executed_up_to(bought, buy_executed, buy_total, buy_start)
                    fill = up_to - given
                    given = up_to
                bought_all += fill
            else:
                if limit < sell_limit:
                    fill = shares
                elif limit == sell_limit:
                    sold -= shares
                    up_to = executed_up_to(sold, sell_executed, sell_total, sell_start)
                    fill = taken - up_to
                    taken = up_to
                sold_all -= fill
            if fill != 0:
                out[row] = fill
    return bought_all, sold_all


@njit(cache=True)
def fills(limits, quantities, sides, price, volume, start):  # type: ignore[no-untyped-def]
    """int64[orders]: what every order of a book without a crowd trades at its clearing price and volume."""
    out = np.empty(limits.size, np.int64)
    nobody = np.zeros(0, np.int64)
    at = margin_parts(price, volume, limits, quantities, sides, 0, nobody, nobody)
    fill_orders(limits, quantities, sides, at, start, out)
    return out


@njit(cache=True)
def clear_and_fill(  # type: ignore[no-untyped-def]
    limits, quantities, sides, low_cents, crowd_demand, crowd_supply, reference_cents, start, out
):
    """One whole auction in one call, every single order's fill into `out`.

    Returns (price_cents, volume, margin as a plain tuple, shares of single orders bought, sold).
    """
    price, volume = clearing_price(limits, quantities, sides, low_cents, crowd_demand, crowd_supply, reference_cents)
    at = margin_parts(price, volume, limits, quantities, sides, low_cents, crowd_demand, crowd_supply)
    bought, sold = fill_orders(limits, quantities, sides, at, start, out)
    return price, volume, at, bought, sold
