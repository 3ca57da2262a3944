"""Splits of a whole number by weights that sum to it exactly: cumulative rounding."""

from __future__ import annotations

import numpy as np

from .chance import word
from .kernels import njit


@njit(cache=True, inline="always")
def share_up_to(total: int, weight: int, whole: int, start: int) -> int:
    """floor((total x weight + start) / whole) for 0 <= weight <= whole < 2**53, total < 2**53, 0 <= start < whole.

    Exact. Differences of it along cumulative weights are a split that sums to the total. The float quotient is a few
    units off at most; the remainder, right in wrap-around arithmetic, corrects it.
    """
    quotient = int(float(total) * float(weight) / float(whole))
    remainder = total * weight - quotient * whole + start
    while remainder < 0:
        quotient -= 1
        remainder += whole
    while remainder >= whole:
        quotient += 1
        remainder -= whole
    return quotient


@njit(cache=True, inline="always")
def start_of(key: np.uint64, whole: int) -> np.int64:
    """A keyed start in [0, whole) for the rounding: nobody is always the one who gets the odd cent."""
    return np.int64(word(key, 0) % np.uint64(whole))
