"""Exact integer arithmetic for compiled code."""

from __future__ import annotations

import numpy as np

from ..engine.kernels import njit


@njit(cache=True, inline="always")
def muldiv(a: int, b: int, c: int) -> int:
    """floor(a * b / c) exactly, for 0 <= a, b < 2**53, 0 < c < 2**53 and a quotient below 2**53.

    The float quotient is a few units off at most; the remainder, computed modulo 2**64, corrects it.
    """
    quotient = int(float(a) * float(b) / float(c))
    remainder = int(np.int64(np.uint64(a) * np.uint64(b) - np.uint64(quotient) * np.uint64(c)))
    while remainder < 0:
        quotient -= 1
        remainder += c
    while remainder >= c:
        quotient += 1
        remainder -= c
    return quotient
