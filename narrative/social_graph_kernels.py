"""Loops that draw a social graph's links and lay them out as neighbours in compressed rows."""

from __future__ import annotations

import math

import numpy as np

from ..engine.chance import Decision, mix, normal_of, stream_key, unit, word
from ..engine.kernels import njit
from ..engine.row_blocks import as_limit, top_bits

Bytes = np.ndarray
Floats = np.ndarray
Ints = np.ndarray

LINKS = int(Decision.HOLDER_LINKS)
RING_DAY, STUBS_DAY, ENDS_DAY = 0, 1, 2
"""Links are drawn once: the day of their key is what they draw."""
LINKS_MAX = 1 << 20
"""Links that one holder may start: the low bits of a draw's slot."""


@njit(cache=True)
def expected_links(mean_links: float, sigma: float, draw: float) -> float:
    """Links that a holder is expected to start: log-normal around the mean, mean x exp(sigma eps - sigma^2 / 2)."""
    return mean_links * math.exp(sigma * draw - 0.5 * sigma * sigma)


@njit(cache=True)
def ring_links(n: int, half: int, rewired_share: float, seed: int, targets: Ints) -> None:
    """Fill targets int32[n x half]: where each holder's links lead."""
    key = stream_key(seed, LINKS, RING_DAY)
    rewired = as_limit(rewired_share)
    for row in range(n):
        for k in range(half):
            bits = word(key, row * LINKS_MAX + k)
            away = np.int64(k + 1)
            if top_bits(bits) < rewired:
                away = 1 + np.int64(unit(mix(bits)) * (n - 1))
            targets[row * half + k] = (row + away) % n


@njit(cache=True)
def count_stubs(by_block: Ints, mean_links: float, degree_sigma: float, seed: int, starts: Ints) -> None:
    """Fill starts int64[n + 1]: holder by_block[j] starts the links starts[j] to starts[j + 1] - 1."""
    key = stream_key(seed, LINKS, STUBS_DAY)
    rounding_key = stream_key(seed, LINKS, ENDS_DAY + 1)
    for j in range(by_block.size):
        row = by_block[j]
        expected = expected_links(mean_links, degree_sigma, normal_of(key, row))
        links = np.int64(math.floor(min(expected, LINKS_MAX - 2.0) + unit(word(rounding_key, row))))
        starts[j + 1] = starts[j] + links


@njit(cache=True)
def block_links(stubs: tuple, block: Bytes, firsts: Ints, up_to: Floats, seed: int, targets: Ints) -> None:
    """Fill targets int32[links]: a holder of the drawn block, in proportion to its links; -1 for a dropped link.

    `stubs` are the starters of the links, in the order of blocks, where each holder's links start, and the holders in
    that order; block b has the links firsts[b] to firsts[b + 1] - 1; `up_to` float[B, B] is the mixing cumulated over
    each row.
    """
    owners, starts, by_block = stubs
    key = stream_key(seed, LINKS, ENDS_DAY)
    for j in range(by_block.size):
        row = np.int64(by_block[j])
        own = block[row]
        for link in range(starts[j], starts[j + 1]):
            bits = word(key, row * LINKS_MAX + (link - starts[j]))
            u = unit(bits)
            there = 0
            while there < up_to.shape[1] - 1 and u >= up_to[own, there]:
                there += 1
            size = firsts[there + 1] - firsts[there]
            target = owners[firsts[there] + np.int64(unit(mix(bits)) * size)] if size > 0 else -1
            targets[link] = target if target != row else -1


@njit(cache=True)
def compressed(starts: Ints, sources: Ints, targets: Ints) -> tuple[Ints, Ints]:
    """(indptr, indices) of the links, both ways: sources[j] starts the links starts[j] to starts[j + 1] - 1."""
    n = sources.size
    indptr = np.zeros(n + 1, np.int64)
    for j in range(n):
        for link in range(starts[j], starts[j + 1]):
            if targets[link] >= 0:
                indptr[sources[j] + 1] += 1
                indptr[targets[link] + 1] += 1
    for row in range(n):
        indptr[row + 1] += indptr[row]
    indices = np.empty(indptr[n], np.int32)
    at = indptr[:n].copy()
    for j in range(n):
        source = sources[j]
        for link in range(starts[j], starts[j + 1]):
            target = targets[link]
            if target >= 0:
                indices[at[source]] = target
                at[source] += 1
                indices[at[target]] = source
                at[target] += 1
    return indptr, indices
