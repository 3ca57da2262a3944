"""Rows in blocks: which of them have a draw below a bound, found with few branches and little memory.

A kernel goes through a crowd in blocks of rows, in a few small loops each, over what fits the nearest memory.
"""

from __future__ import annotations

import math

import numpy as np

from .chance import word
from .kernels import njit

Bytes = np.ndarray
Ints = np.ndarray

DRAWS = 2.0**53
"""Number of different values a uniform draw can take."""
BLOCK = 1024
"""Rows per block."""


@njit(cache=True, inline="always")
def as_limit(probability: float) -> np.int64:
    """The whole number L with: unit(word) < probability exactly if the top 53 bits of the word are below L.

    Scaling by a power of two is exact, so comparing whole numbers decides as comparing floats does.
    """
    return np.int64(math.ceil(probability * DRAWS))


@njit(cache=True, inline="always")
def top_bits(bits: np.uint64) -> np.int64:
    """The 53 bits of a word that make its uniform draw, as a whole number."""
    return np.int64(bits >> np.uint64(11))


@njit(cache=True, inline="always")
def scratch() -> tuple[Bytes, Ints, Ints]:
    """Marks uint8[BLOCK], groups int64[BLOCK / 8 + 1] and rows int64[BLOCK + 1] for the lists below."""
    return np.zeros(BLOCK, np.uint8), np.empty(BLOCK // 8 + 1, np.int64), np.empty(BLOCK + 1, np.int64)


@njit(cache=True, inline="always")
def list_marked(marks: Bytes, n: int, groups: Ints, rows: Ints) -> int:
    """Write each i < n whose mark is 1 to `rows`, ascending, without a branch; returns how many.

    `marks` are 0 beyond n. Eight marks at once are looked at first: most of them are empty, and a wrong guess costs
    more than a look.
    """
    wide = marks.view(np.uint64)
    kept = 0
    for group in range((n + 7) // 8):
        groups[kept] = group * 8
        kept += wide[group] != 0
    count = 0
    for k in range(kept):
        for i in range(groups[k], groups[k] + 8):
            rows[count] = i
            count += marks[i]
    return count


@njit(cache=True, inline="always")
def list_below(key: np.uint64, start: int, n: int, limit: int, space: tuple) -> int:
    """Write to the rows of `space` which i < n have a draw of slot start + i below a limit; returns how many."""
    marks, groups, rows = space
    marks[n:] = 0
    for i in range(n):
        marks[i] = top_bits(word(key, start + i)) < limit
    return list_marked(marks, n, groups, rows)
