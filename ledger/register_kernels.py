"""Loops over the registers' holdings, int64[accounts, securities]."""

from __future__ import annotations

import numpy as np

from ..engine.kernels import njit

Ints = np.ndarray

UNITS_LIMIT = 2**53
MOVED = -1


@njit(cache=True)
def hand_over(holdings: Ints, giver: int, taker: int, securities: Ints, units: Ints) -> int:
    """Moves units of several securities from one row of holdings to another; or writes nothing and returns the first
    position that is short, or (from -2 on, downwards) that is none."""
    for k in range(securities.size):
        if not (0 <= securities[k] < holdings.shape[1] and 0 <= units[k] < UNITS_LIMIT):
            return -2 - k
        if holdings[giver, securities[k]] < units[k]:
            return k
    for k in range(securities.size):
        holdings[giver, securities[k]] -= units[k]
        holdings[taker, securities[k]] += units[k]
        if holdings[giver, securities[k]] < 0:  # the same security twice
            for done in range(k + 1):
                holdings[giver, securities[done]] += units[done]
                holdings[taker, securities[done]] -= units[done]
            return k
    return MOVED


@njit(cache=True)
def note_movements(buffer: Ints, count: int, giver: int, taker: int, securities: Ints, units: Ints) -> int:
    """Notes units of several securities that have moved from giver to taker, one row each from row `count` on; returns
    the new count."""
    for k in range(securities.size):
        if units[k] != 0:
            buffer[count, 0], buffer[count, 1], buffer[count, 2] = securities[k], giver, taker
            buffer[count, 3] = units[k]
            count += 1
    return count


@njit(cache=True)
def without_taker(movements: Ints) -> Ints:
    """The movements by which units were taken out of the world."""
    out = np.empty_like(movements)
    count = 0
    for k in range(movements.shape[0]):
        if movements[k, 2] < 0:
            out[count] = movements[k]
            count += 1
    return out[:count]


@njit(cache=True)
def units_held(holdings: Ints, accounts: Ints, securities: Ints) -> Ints:
    """Units that each account (int64[I]) holds of each security (int64[F]), int64[I, F]."""
    out = np.empty((accounts.size, securities.size), np.int64)
    for i in range(accounts.size):
        for f in range(securities.size):
            out[i, f] = holdings[accounts[i], securities[f]]
    return out
