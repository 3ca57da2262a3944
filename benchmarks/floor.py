"""The least a day can cost: every byte of every holder read once and written once, by compiled code in one thread."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numba import njit

DESIGN_BYTES = 56
"""Bytes per holder that the design's prototype touched."""


@njit(cache=True)
def touch(words):  # type: ignore[no-untyped-def]
    """Read and write every element of an unsigned array once."""
    for i in range(words.size):
        words[i] ^= 1


class Floor:
    """Columns to touch: copies of the holders' own, or 64-bit ones of so many bytes per holder."""

    def __init__(self, columns: Iterable[np.ndarray]) -> None:
        self._words = [column.copy().view(f"u{column.itemsize}") for column in columns]
        self.bytes_per_holder = sum(words.itemsize for words in self._words)

    @classmethod
    def of_bytes(cls, holders: int, bytes_each: int = DESIGN_BYTES) -> Floor:
        """Made-up columns of 8 bytes each."""
        return cls(np.zeros(holders, np.int64) for _ in range(bytes_each // 8))

    def day(self) -> None:
        """Touch everything once."""
        for words in self._words:
            touch(words)
