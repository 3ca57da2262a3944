"""How a story spreads from firm to firm: along sales, stakes, loans and the index, decaying day by day.

x(t+1) = (1 - d) x(t) + a W x(t) + u(t), with the shock u = (I + b W) u0 felt by neighbours on the same day.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from ..engine.kernels import njit

Floats = np.ndarray


class Link(NamedTuple):
    """One firm depends on another by `amount_usd` out of `whole_usd`: both are facts of the books, the share follows.

    For a sale the receiver is the seller, the source its customer, the amount what it brings (profit to a listed firm,
    whose old business is netted, cash to a lab), the whole the seller's income; for a stake or a
    loan the receiver is the owner or lender, the source the firm owned or lent to, the whole the receiver's own value.
    """

    receiver: int
    source: int
    amount_usd: float
    whole_usd: float


def build_weights(
    n: int,
    *,
    sales: Iterable[Link] = (),
    stakes: Iterable[Link] = (),
    loans: Iterable[Link] = (),
    index_weights: Sequence[float] | Floats | None = None,
) -> Floats:
    """W float[n, n] >= 0, columns contiguous: how much of the source's (column) story reaches the receiver (row).

    W = sales shares + stake shares + loan shares + index part; each share is amount / whole, at most 1. Two members of
    the index reach each other with the source's index weight (weights are normalised to sum to 1, 0 = no member).

    Raises: ValueError for a firm out of range, a link to itself, a negative amount or weight, a whole not above zero.
    """
    weights = np.zeros((n, n), order="F")  # it is read source by source
    for kind, links in (("sale", sales), ("stake", stakes), ("loan", loans)):
        for link in links:
            _check(kind, link, n)
            weights[link.receiver, link.source] += min(1.0, link.amount_usd / link.whole_usd)
    if index_weights is not None:
        index = np.asarray(index_weights, dtype=np.float64)
        if index.shape != (n,) or not np.isfinite(index).all() or (index < 0).any():
            raise ValueError(f"index_weights is {index_weights!r}, allowed: {n} finite numbers, 0 or more")
        if index.sum() > 0:
            shared = np.outer(index > 0, index / index.sum())
            np.fill_diagonal(shared, 0.0)
            weights += shared
    return weights


def _check(kind: str, link: Link, n: int) -> None:
    """Refuse a link that is no share of anything."""
    if not (0 <= link.receiver < n and 0 <= link.source < n) or link.receiver == link.source:
        raise ValueError(f"{kind} {link}: allowed are two different firms out of 0 to {n - 1}")
    if not 0 <= link.amount_usd < np.inf:
        raise ValueError(f"{kind} {link}: amount_usd is {link.amount_usd}, allowed: 0 or more, finite")
    if not 0 < link.whole_usd < np.inf:
        raise ValueError(f"{kind} {link}: whole_usd is {link.whole_usd}, allowed: above 0, finite")


@njit(cache=True)
def next_log_multiple(
    log_multiple: float, heard: float, shock: float, spread_per_day: float, decay_per_day: float
) -> float:
    """Tomorrow's narrative log-multiple of a firm: x' = (1 - d) x + a h + u, with h = W x what it hears of others."""
    return (1.0 - decay_per_day) * log_multiple + spread_per_day * heard + shock


@njit(cache=True)
def felt_shock(shock: float, heard: float, spillover_share: float) -> float:
    """The shock of a day after neighbours have felt it: u = u0 + b h, with h = W u0 what others are shocked by."""
    return shock + spillover_share * heard
