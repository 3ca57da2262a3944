"""Who gets how much at the auction price: best limits first, then pro rata in whole shares at the marginal limit.

On each side every order with a better limit than the marginal one is filled, orders at the marginal limit share what
is left, worse ones get nothing. Shares at the margin are cut by cumulative rounding: with T shares waiting there, E of
them executed and C_k the running total up to order k, order k gets floor((C_k E + u) / T) - floor((C_{k-1} E + u) / T).
The parts sum to E, each is within one share of its exact part, and over the T equally likely starts u its mean is
exactly that part. Single orders come first in the running total, then the rows of the crowd: both see one margin.

Packed arguments as in `auction_price_kernels`; `at` is an `auction.Margin`.
"""

from __future__ import annotations

import numpy as np
from numba import int64

from ..engine.kernels import njit
from .auction_price_kernels import ABOVE_ALL, Book, Crowd, Ints, clearing_price, demand_at, supply_at
from .auction_rules import executed_up_to

At = tuple[int, int, int, int, int, int, int, int]
"""`auction.Margin` as a plain tuple."""

BLOCK = 1024
"""Rows of a crowd looked through at once."""


@njit(cache=True)
def waiting_at(limit: int, side: int, book: Book) -> int:
    """Shares of single orders of one side at exactly this limit."""
    sides, quantities, limits = book
    total = 0
    for k in range(limits.size):
        total += quantities[k] if (sides[k] == side) & (limits[k] == limit) else 0
    return total


@njit(cache=True)
def buy_margin(price: int, volume: int, book: Book, crowd: Crowd) -> tuple[int, int, int]:
    """(limit, shares waiting, shares executed) at the buyers' margin for a volume > 0 that they demand at `price`."""
    low, step = price, 1
    high = price + step
    while demand_at(high, book, crowd) >= volume:
        low = high
        step *= 2
        high = low + step
    while high - low > 1:
        middle = low + (high - low) // 2
        if demand_at(middle, book, crowd) >= volume:
            low = middle
        else:
            high = middle
    better = demand_at(low + 1, book, crowd)
    return low, demand_at(low, book, crowd) - better, volume - better


@njit(cache=True)
def sell_margin(price: int, volume: int, book: Book, crowd: Crowd) -> tuple[int, int, int]:
    """(limit, shares waiting, shares executed) at the sellers' margin for a volume > 0 that they supply at `price`."""
    high, step = price, 1
    low = price - step
    while supply_at(low, book, crowd) >= volume:
        high = low
        step *= 2
        low = high - step
    while high - low > 1:
        middle = low + (high - low) // 2
        if supply_at(middle, book, crowd) >= volume:
            high = middle
        else:
            low = middle
    better = supply_at(high - 1, book, crowd)
    return high, supply_at(high, book, crowd) - better, volume - better


@njit(cache=True)
def margin_parts(price: int, volume: int, book: Book, crowd: Crowd) -> At:
    """The `Margin` at a clearing price as a plain tuple; with no volume one that nobody reaches."""
    if volume <= 0:
        return ABOVE_ALL, 1, 0, 0, 0, 1, 0, 0
    bid, bid_waiting, bid_executed = buy_margin(price, volume, book, crowd)
    ask, ask_waiting, ask_executed = sell_margin(price, volume, book, crowd)
    return (
        bid, bid_waiting, bid_executed, waiting_at(bid, 1, book),
        ask, ask_waiting, ask_executed, waiting_at(ask, -1, book),
    )  # fmt: skip


@njit(cache=True)
def fill_orders(book: Book, at: At, start: int, out: Ints) -> tuple[int, int]:
    """Fill `out` int64[orders] with the shares each single order trades; `start` >= 0 is a keyed random integer.

    Returns (shares bought, shares sold).
    """
    sides, quantities, limits = book
    buy_limit, buy_total, buy_executed, _, sell_limit, sell_total, sell_executed, _ = at
    buy_start, sell_start = start % buy_total, start % sell_total
    bought_all, sold_all = 0, 0
    bought, given = 0, 0
    sold, taken = 0, 0
    for k in range(limits.size):
        fill = 0
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
def fill_crowd(signed_shares: Ints, limit_cents: Ints, at: At, start: int, out: Ints) -> tuple[int, int]:
    """Fill `out` (zeros before, any integer type) with what each row of a crowd buys (+) or sells (-).

    `signed_shares` and `limit_cents` are integers[rows], + to buy, - to sell, 0 for no order. Only rows that trade are
    written. Returns (shares bought, shares sold).
    """
    buy_limit, buy_total, buy_executed, buy_orders, sell_limit, sell_total, sell_executed, sell_orders = at
    buy_start, sell_start = start % buy_total, start % sell_total
    bought, sold = buy_orders, sell_orders
    given = executed_up_to(bought, buy_executed, buy_total, buy_start)
    taken = executed_up_to(sold, sell_executed, sell_total, sell_start)
    bought_all, sold_all = 0, 0
    rows = np.empty(BLOCK + 1, np.int64)
    for first in range(0, signed_shares.size, BLOCK):
        count = 0
        # without a branch: most rows have no order, and a wrong guess costs more than a look
        for row in range(first, min(first + BLOCK, signed_shares.size)):
            rows[count] = row
            count += signed_shares[row] != 0
        for i in range(count):
            row = rows[i]
            shares, limit = int64(signed_shares[row]), int64(limit_cents[row])
            fill = 0
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
def clear_and_fill(
    book: Book, crowd: Crowd, reference_cents: int, start: int, out: Ints
) -> tuple[int, int, At, int, int]:
    """One whole auction in one call, every single order's fill into `out`.

    Returns (price_cents, volume, margin as a plain tuple, shares of single orders bought, sold).
    """
    price, volume = clearing_price(book, crowd, reference_cents)
    at = margin_parts(price, volume, book, crowd)
    bought, sold = fill_orders(book, at, start, out)
    return price, volume, at, bought, sold
