"""Loops over the owners behind an omnibus account: what their columns add up to, what trades have moved.

Shapes: cash_cents int64[owners], shares of any whole kind [owners]; seal int64[1], the keyed sum of the columns.
"""

from __future__ import annotations

import numpy as np

from ..engine.kernels import njit
from .keyed_sums import weight

Ints = np.ndarray


@njit(cache=True, inline="always")
def holding_key(cash_cents: int, shares: int) -> int:
    """Cash and shares of an owner in one number, modulo 2**64: no cents that exist make up for a share."""
    return int(np.int64(np.uint64(cash_cents) + np.uint64(shares) * np.uint64(0xD1B54A32D192ED03)))


@njit(cache=True, inline="always")
def keyed_change(row: int, cash_cents: int, shares: int) -> int:
    """What the keyed sum of the owners changes by when one of them gets cash and shares (negative: gives)."""
    return weight(row) * holding_key(cash_cents, shares)


@njit(cache=True)
def owners_sums(cash_cents: Ints, shares: Ints) -> tuple[int, int, int]:
    """(cents, shares, keyed sum) of all owners' columns."""
    cents = units = keyed = 0
    for row in range(cash_cents.size):
        cents += cash_cents[row]
        units += shares[row]
        keyed += keyed_change(row, cash_cents[row], shares[row])
    return cents, units, keyed


@njit(cache=True)
def seal_trades(seal: Ints, rows: Ints, bought: Ints, price_cents: int) -> None:
    """Adds to the seal that the owners of these rows have bought shares (negative: sold) at a price."""
    for at in range(rows.size):
        seal[0] += keyed_change(rows[at], -np.int64(bought[at]) * price_cents, np.int64(bought[at]))
