"""Who talks to whom, when a scenario asks for a drawn social graph: built once, kept as neighbours in compressed rows.

Two kinds. *Small world*: a ring on which everybody knows the nearest neighbours, and a share of the links leads
anywhere instead. *Degree-corrected blocks*: some know many and some few, and most contacts lie in the own block. Links
go both ways; two holders may share more than one, and then hear each other so much more. Every draw is keyed by (seed,
HOLDER_LINKS, holder and number of the link).

Source: Watts & Strogatz (1998), Nature 393; Karrer & Newman (2011), Physical Review E 83, 016107.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from ..engine.chance import Decision, mix, normal_of, stream_key, unit, word
from ..engine.kernels import njit
from .contagion import (
    BLOCK,
    CATCH_PER_DAY,
    ENTHUSIASTIC,
    LOSS_PER_DAY,
    LOSS_RETURN,
    NEWS_CATCH,
    RECOVER_PER_DAY,
    RETURN_CATCH,
    STORY,
    SUSCEPTIBLE,
    TIRED,
    as_limit,
    chance_of,
    list_marked,
)  # fmt: skip

LINKS = int(Decision.HOLDER_LINKS)
RING_DAY, STUBS_DAY, ENDS_DAY = 0, 1, 2
"""Links are drawn once: the day of their key is what they draw."""
LINKS_MAX = 1 << 20
"""Links that one holder may start: the low bits of a draw's slot."""
ROUNDING = 16
"""Slack, in steps of a draw, on a bound that comes from another rounding of the same formula."""


class SocialGraph(NamedTuple):
    """Neighbours of row i: indices[indptr[i] : indptr[i + 1]]; int64[n + 1] and int32[two per link]."""

    indptr: np.ndarray
    indices: np.ndarray

    @property
    def mean_degree(self) -> float:
        """Contacts per holder."""
        return len(self.indices) / max(1, len(self.indptr) - 1)

    @property
    def bytes_per_holder(self) -> float:
        """Memory that the graph keeps per holder."""
        return (self.indptr.nbytes + self.indices.nbytes) / max(1, len(self.indptr) - 1)


def small_world(n: int, mean_degree: int, rewired_share: float, seed: int) -> SocialGraph:
    """A ring of n holders, each linked to the `mean_degree` nearest, with a share of the links led anywhere.

    Raises: ValueError unless the degree is even, 2 or more and below n, and the share from 0 to 1.
    """
    if not 2 <= mean_degree < n or mean_degree % 2 or not 0 <= rewired_share <= 1:
        came = f"{n} holders, mean degree {mean_degree}, rewired share {rewired_share}"
        raise ValueError(f"small world of {came}; allowed: an even degree from 2 to below the holders, a share")
    targets = np.empty(n * (mean_degree // 2), np.int32)
    ring_links(n, mean_degree // 2, float(rewired_share), seed, targets)
    starts = np.arange(n + 1, dtype=np.int64) * (mean_degree // 2)
    return SocialGraph(*compressed(starts, np.arange(n, dtype=np.int32), targets))


def degree_corrected(
    block: np.ndarray, mixing: np.ndarray, mean_degree: float, degree_sigma: float, seed: int
) -> SocialGraph:
    """Links between holders of the blocks uint8[n], by the shares of contacts `mixing` float[B, B].

    A holder's expected number of contacts is log-normal around the mean; each link ends at a holder of the drawn block
    with a chance in proportion to the links that one starts. Links to oneself or into an empty block are dropped.

    Raises: ValueError if the mean is not positive or the dispersion not from 0 to 2.
    """
    if not 0 < mean_degree <= 1000 or not 0 <= degree_sigma <= 2:
        raise ValueError(f"mean degree {mean_degree}, sigma {degree_sigma}; allowed: up to 1000, and 0 to 2")
    by_block = np.argsort(block, kind="stable").astype(np.int32)
    starts = np.zeros(len(block) + 1, np.int64)
    count_stubs(by_block, 0.5 * mean_degree, float(degree_sigma), seed, starts)
    owners = np.repeat(by_block, np.diff(starts))
    firsts = starts[np.searchsorted(block[by_block], np.arange(len(mixing) + 1))]
    targets = np.empty(len(owners), np.int32)
    block_links(owners, starts, by_block, block, firsts, np.cumsum(mixing, axis=1), seed, targets)
    return SocialGraph(*compressed(starts, by_block, targets))


@njit(cache=True)
def ring_links(n, half, rewired_share, seed, targets):  # type: ignore[no-untyped-def]
    """Fill targets int32[n x half]: where each holder's links lead."""
    key = stream_key(seed, LINKS, RING_DAY)
    rewired = as_limit(rewired_share)
    for row in range(n):
        for k in range(half):
            bits = word(key, row * LINKS_MAX + k)
            away = np.int64(k + 1)
            if np.int64(bits >> np.uint64(11)) < rewired:
                away = 1 + np.int64(unit(mix(bits)) * (n - 1))
            targets[row * half + k] = (row + away) % n


@njit(cache=True)
def count_stubs(by_block, mean_links, degree_sigma, seed, starts):  # type: ignore[no-untyped-def]
    """Fill starts int64[n + 1]: holder by_block[j] starts the links starts[j] to starts[j + 1] - 1."""
    key = stream_key(seed, LINKS, STUBS_DAY)
    rounding_key = stream_key(seed, LINKS, ENDS_DAY + 1)
    for j in range(by_block.size):
        row = by_block[j]
        expected = mean_links * math.exp(degree_sigma * normal_of(key, row) - 0.5 * degree_sigma * degree_sigma)
        links = np.int64(math.floor(min(expected, LINKS_MAX - 2.0) + unit(word(rounding_key, row))))
        starts[j + 1] = starts[j] + links


@njit(cache=True)
def block_links(owners, starts, by_block, block, firsts, up_to, seed, targets):  # type: ignore[no-untyped-def]
    """Fill targets int32[links]: a holder of the drawn block, in proportion to its links; -1 for a dropped link.

    `owners` are the starters of the links, in the order of blocks: those of block b are firsts[b] to firsts[b + 1] - 1;
    `up_to` float[B, B] is the mixing cumulated over each row.
    """
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
def compressed(starts, sources, targets):  # type: ignore[no-untyped-def]
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


@njit(cache=True, nogil=True)
def graph_rows(  # type: ignore[no-untyped-def]
    state, indptr, indices, seed, day, news, extrapolated_return, parameters, first, last, leaving
):
    """List in `leaving` int32[last - first + 1] which of the rows first to last - 1 leave their state today.

    The pressure on a holder is the enthusiastic share of its neighbours (0 without any); rates and draws are those of
    the mixing blocks. Nothing else is written, so all rows see the same moment. Returns how many leave.
    """
    key = stream_key(seed, STORY, day)
    outside = parameters[NEWS_CATCH] * max(news, 0.0) + parameters[RETURN_CATCH] * max(extrapolated_return, 0.0)
    lose = as_limit(chance_of(parameters[LOSS_PER_DAY] + parameters[LOSS_RETURN] * max(-extrapolated_return, 0.0)))
    recover = as_limit(chance_of(parameters[RECOVER_PER_DAY]))
    highest = max(lose, recover, as_limit(chance_of(parameters[CATCH_PER_DAY] + outside)) + ROUNDING)
    marks = np.zeros(BLOCK, np.uint8)
    groups, rows = np.empty(BLOCK // 8 + 1, np.int64), np.empty(BLOCK + 1, np.int64)
    count = 0
    for start in range(first, last, BLOCK):
        n = min(BLOCK, last - start)
        marks[n:] = 0
        for i in range(n):
            marks[i] = np.int64(word(key, start + i) >> np.uint64(11)) < highest
        near = list_marked(marks, n, groups, rows)
        for k in range(near):
            row = start + rows[k]
            limit = lose if state[row] == ENTHUSIASTIC else recover
            if state[row] == SUSCEPTIBLE:
                enthusiastic, degree = 0, indptr[row + 1] - indptr[row]
                for link in range(indptr[row], indptr[row + 1]):
                    enthusiastic += state[indices[link]] == ENTHUSIASTIC
                pressure = enthusiastic / degree if degree > 0 else 0.0
                limit = as_limit(chance_of(parameters[CATCH_PER_DAY] * pressure + outside))
            leaving[count] = row
            count += np.int64(word(key, row) >> np.uint64(11)) < limit
    return count


@njit(cache=True)
def leave_states(state, block, leaving, counts):  # type: ignore[no-untyped-def]
    """Move the listed rows to their next state, and keep `counts` int64[B, 3] up to date."""
    for k in range(leaving.size):
        row = leaving[k]
        before, here = state[row], block[row]
        after = before + 1 if before < TIRED else SUSCEPTIBLE
        state[row] = after
        counts[here, before] -= 1
        counts[here, after] += 1
