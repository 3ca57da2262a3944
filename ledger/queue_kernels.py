"""First-in-first-out and last-in-first-out tracing: cash leaves in the order it came, or in the opposite order.

What arrives is put behind an account's tranches; neighbours of equal origin and lap are merged. First in, first out
pays from the front, last in, first out from behind.
"""

from __future__ import annotations

import numpy as np

from ..engine.kernels import njit
from .slices import laps_later

Ints = np.ndarray
Payment = tuple[int, int, int]


@njit(cache=True, inline="always")
def front_of(amounts: Ints, start: int, end: int, cents: int, way: int) -> tuple[int, int]:
    """Cents in the tranches from `start` to `end` that leave first, as far as a payment needs them, and how many they
    are. `way` is 1 from the front, -1 from behind."""
    at = start if way > 0 else end - 1
    total = count = 0
    while total < cents and count < end - start:
        total += amounts[at]
        count += 1
        at += way
    return total, count


@njit(cache=True, inline="always")
def take_front(
    kinds: Ints, amounts: Ints, at: int, payment: Payment, way: int, cells: Ints, shares: Ints, used: int
) -> tuple[int, int]:
    """Takes whole tranches from place `at` on, and what is needed of the last; notes the parts from place `used` on.

    `payment` is (cents, tranches that cover them, lap step). Returns the place of the first tranche that is left, which
    is none if all were taken, and the new end of the parts.
    """
    left, count, step = payment
    for _ in range(count - 1):
        cells[used], shares[used] = laps_later(kinds[at], step), amounts[at]
        left -= amounts[at]
        used += 1
        at += way
    cells[used], shares[used] = laps_later(kinds[at], step), left
    if left < amounts[at]:
        amounts[at] -= left
    else:
        at += way
    return at, used + 1


@njit(cache=True, inline="always")
def put_behind(
    kinds: Ints, amounts: Ints, start: int, stop: int, cells: Ints, shares: Ints, first: int, used: int
) -> int:
    """Adds the parts from `first` to `used` behind the tranches from `start` to `stop`; returns the new stop."""
    for part in range(first, used):
        if stop > start and kinds[stop - 1] == cells[part]:
            amounts[stop - 1] += shares[part]
        else:
            kinds[stop], amounts[stop] = cells[part], shares[part]
            stop += 1
    return stop
