"""Loops over all households that the recorder needs: who has changed, and what each tenth has together."""

from __future__ import annotations

import numpy as np

from ..engine.kernels import njit

Ints = np.ndarray
Money = tuple[Ints, Ints, Ints]
"""Cash int64, ETF shares int32 and story state uint8 of every row."""


@njit(cache=True)
def list_changed(now: Money, before: Money, changed: Ints) -> int:
    """Writes to `changed` int32[rows + 1] which rows are not as before, and to `before` how they are now; returns how
    many rows have changed. If none has, the first that is written is the last row."""
    cash, shares, state = now
    cash_before, shares_before, state_before = before
    count = 0
    for row in range(cash.size):
        # written whether it has changed or not: without a branch, which would be guessed wrong
        changed[count] = row
        is_changed = (
            (cash[row] != cash_before[row]) | (shares[row] != shares_before[row]) | (state[row] != state_before[row])
        )
        count += is_changed
    for k in range(count):
        row = changed[k]
        cash_before[row], shares_before[row], state_before[row] = cash[row], shares[row], state[row]
    return count


@njit(cache=True)
def place_in_tenths(cash: Ints, shares: Ints, price_cents: int, edges: Ints, tenths: Ints) -> None:
    """Writes to `tenths` uint8[rows] how many of the nine `edges` (cents, ascending) a row's wealth reaches."""
    for row in range(cash.size):
        wealth = cash[row] + shares[row] * price_cents
        place = 0
        for k in range(edges.size):
            place += wealth >= edges[k]
        tenths[row] = place


@njit(cache=True)
def sums_of_tenths(money: Money, tenths: Ints, sums: Ints) -> None:
    """Adds to `sums` int64[tenths, 5] rows' cash, shares, and how many are in each of three states."""
    cash, shares, state = money
    for row in range(cash.size):
        tenth = tenths[row]
        sums[tenth, 0] += cash[row]
        sums[tenth, 1] += shares[row]
        sums[tenth, 2 + state[row]] += 1
