"""Who talks to whom, when a scenario asks for a drawn social graph: built once, kept as neighbours in compressed rows.

Two kinds. *Small world*: a ring on which everybody knows the nearest neighbours, and a share of the links leads
anywhere instead. *Degree-corrected blocks*: some know many and some few, and most contacts lie in the own block. Links
go both ways; two holders may share more than one, and then hear each other so much more. Every draw is keyed by (seed,
HOLDER_LINKS, holder and number of the link).

Source: Watts & Strogatz (1998), Nature 393; Karrer & Newman (2011), Physical Review E 83, 016107.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from .social_graph_kernels import block_links, compressed, count_stubs, ring_links

Bytes = np.ndarray
Floats = np.ndarray
Ints = np.ndarray


class SocialGraph(NamedTuple):
    """Neighbours of row i: indices[indptr[i] : indptr[i + 1]]; int64[n + 1] and int32[two per link]."""

    indptr: Ints
    indices: Ints


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


def degree_corrected(block: Bytes, mixing: Floats, mean_degree: float, degree_sigma: float, seed: int) -> SocialGraph:
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
    block_links((owners, starts, by_block), block, firsts, np.cumsum(mixing, axis=1), seed, targets)
    return SocialGraph(*compressed(starts, by_block, targets))
