"""Sums in which every place counts with a weight of its own: a move between two places changes them, although it
leaves the plain sum as it is.

The sum of weight x value over all places, modulo 2**64. Weights of different places differ, so one unit moved from one
place to another changes it by their difference, which is never 0. Whoever changes values says by how much at which
place; adding that up gives what the sum must be, without a look at the values.
"""

from __future__ import annotations

import numpy as np

from ..engine.kernels import njit


@njit(cache=True, inline="always")
def weight(place: int) -> int:
    """Weight of a place, counted from 0: a one-to-one map of 64-bit numbers. Source: Steele, Lea & Flood (2014), "Fast
    splittable pseudorandom number generators", whose mixing function begins with such a product and shift."""
    product = np.uint64(place + 1) * np.uint64(0x9E3779B97F4A7C15)
    return int(np.int64(product ^ (product >> np.uint64(32))))
