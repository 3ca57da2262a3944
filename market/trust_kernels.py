"""The cash of an exchange-traded fund's trust, worked out from what its units and its basket have done in a day."""

from __future__ import annotations

import numpy as np

from ..engine.kernels import njit

Ints = np.ndarray


@njit(cache=True, inline="always")
def entry_fee_cents(cash_cents: int, created: int, units: int) -> int:
    """What new units pay into a trust's cash: their part of what it has, rounded up."""
    return -(-cash_cents * created // units) if units > 0 else 0


@njit(cache=True, inline="always")
def exit_pay_cents(cash_cents: int, redeemed: int, units: int) -> int:
    """What units that leave are paid from a trust's cash: their part of it, rounded down."""
    return cash_cents * redeemed // units if units > 0 else 0


@njit(cache=True)
def cash_after(movements: Ints, fund: tuple[int, int], held: Ints, prices: Ints, basket: Ints, state: Ints) -> int:
    """The trust's cash at the end of a day in which units were redeemed first, the basket was swapped at the closing
    prices then, and units were created last.

    `movements` int64[n, 4] of the registers; `fund` (number of the fund's shares, shares a unit); `held` and `prices`
    int64[F] of the constituents; `basket` int64[F] and `state` int64[2] (cash, units) of the day before, brought up to
    date.
    """
    security, creation_unit = fund
    cash, units = state[0], state[1]
    created = 0
    for k in range(movements.shape[0]):
        if movements[k, 0] != security:
            continue
        moved = movements[k, 3] // creation_unit
        if movements[k, 2] < 0:
            cash -= exit_pay_cents(cash, moved, units)
            units -= moved
        elif movements[k, 1] < 0:
            created += moved
    if units + created > 0:
        for f in range(basket.size):
            now = held[f] // (units + created)
            cash += units * (basket[f] - now) * prices[f]
            basket[f] = now
    cash += entry_fee_cents(cash, created, units)
    state[0], state[1] = cash, units + created
    return cash
