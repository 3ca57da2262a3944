"""Proportional ("haircut") tracing: a payment carries the same mix of origins and laps as the payer's whole balance.

An account has one tranche of each origin and lap, in rising order.
"""

from __future__ import annotations

import numpy as np

from ..engine.kernels import njit
from .slices import laps_later

Ints = np.ndarray
Payment = tuple[int, int, int]


@njit(cache=True, inline="always")
def share_up_to(running: int, cents: int, balance: int, ratio: float) -> int:
    """running * cents / balance to the nearest whole number, halves up, exactly: as `units.muldiv`, with the float
    ratio cents / balance worked out once."""
    quotient = int(float(running) * ratio)
    remainder = int(np.int64(np.uint64(running) * np.uint64(cents) - np.uint64(quotient) * np.uint64(balance)))
    while remainder < 0:
        quotient -= 1
        remainder += balance
    while remainder >= balance:
        quotient += 1
        remainder -= balance
    if remainder >= balance - remainder:
        quotient += 1
    return quotient


@njit(cache=True, inline="always")
def mix_of(amounts: Ints, start: int, end: int) -> int:
    """Cents in all tranches of an account."""
    total = 0
    for at in range(start, end):
        total += amounts[at]
    return total


@njit(cache=True, inline="always")
def take_mix(
    kinds: Ints, amounts: Ints, start: int, end: int, payment: Payment, cells: Ints, shares: Ints, used: int
) -> tuple[int, int]:
    """Takes cents out of every tranche from `start` to `end`, and notes the parts from place `used` on.

    `payment` is (cents, balance, lap step). With the tranches c_1..c_K in order and C_k their running sum, tranche k
    gives round(C_k x / B) - round(C_{k-1} x / B) of a payment x out of a balance B = C_K: the parts sum to x exactly
    and none exceeds its tranche. Returns the new ends of the tranches and of the parts.
    """
    cents, balance, step = payment
    ratio = float(cents) / float(balance)
    running = given = 0
    left = start
    for at in range(start, end):
        kind, amount = kinds[at], amounts[at]
        running += amount
        upto = share_up_to(running, cents, balance, ratio)
        part = upto - given
        given = upto
        if part < amount:
            kinds[left] = kind
            amounts[left] = amount - part
            left += 1
        if part > 0:
            cells[used], shares[used] = laps_later(kind, step), part
            used += 1
    return left, used


@njit(cache=True, inline="always")
def put_in_order(
    kinds: Ints, amounts: Ints, start: int, stop: int, cells: Ints, shares: Ints, first: int, used: int
) -> int:
    """Adds the parts from `first` to `used`, whose kinds do not fall, to the tranches from `start` to `stop`, in rising
    order; returns the new stop."""
    place = start
    for part in range(first, used):
        kind = cells[part]
        while place < stop and kinds[place] < kind:
            place += 1
        if place < stop and kinds[place] == kind:
            amounts[place] += shares[part]
        else:
            for at in range(stop, place, -1):
                kinds[at] = kinds[at - 1]
                amounts[at] = amounts[at - 1]
            kinds[place] = kind
            amounts[place] = shares[part]
            stop += 1
    return stop
