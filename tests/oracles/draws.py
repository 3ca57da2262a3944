"""The keyed draws of engine/chance.py in plain NumPy: the same bits from the published constants of SplitMix64."""

from __future__ import annotations

import numpy as np


def mix(z: np.ndarray) -> np.ndarray:
    """One avalanche round of SplitMix64 on unsigned 64-bit words. Source: Steele, Lea & Flood (2014), fig. 15."""
    z = z + np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


def words(seed: int, decision: int, day: int, n: int) -> np.ndarray:
    """uint64[n]: the words of slots 0 to n - 1 under (seed, decision, day)."""
    return words_of(seed, decision, day, np.arange(n))


def words_of(seed: int, decision: int, day: int, slots: np.ndarray) -> np.ndarray:
    """The words of some slots under (seed, decision, day), uint64 each."""
    key = np.array([seed], dtype=np.uint64)
    for part in (None, int(decision), day):
        key = mix(key if part is None else key ^ np.uint64(part))
    return mix(key ^ mix(slots.astype(np.uint64)))


def unit(bits: np.ndarray) -> np.ndarray:
    """Floats in [0, 1) from the top 53 bits of words."""
    return (bits >> np.uint64(11)).astype(np.float64) * 2.0**-53
