"""How a story spreads from firm to firm: along sales, stakes, loans and the index, decaying day by day.

x(t+1) = (1 - d) x(t) + a W x(t) + u(t), with the shock u = (I + b W) u0 felt by neighbours on the same day.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from ..engine.kernels import njit

FloatArray = np.ndarray

ITERATIONS_MAX, TOLERANCE, SETTLED_STEPS = 2000, 1e-13, 5
"""Power iteration: at most so many steps; settled when the growth stays within the tolerance for so many."""


class Unstable(ValueError):
    """Narrative multipliers would grow for ever: the spread a * rho(W) is not below the decay d."""

    def __init__(self, spectral_radius: float, spread_per_day: float, decay_per_day: float) -> None:
        super().__init__(
            f"narrative network is unstable: spread {spread_per_day} x spectral radius {spectral_radius:.6g} "
            f"must be below the decay {decay_per_day} per day"
        )
        self.spectral_radius = spectral_radius
        self.spread_per_day = spread_per_day
        self.decay_per_day = decay_per_day


class Link(NamedTuple):
    """One firm depends on another by `amount_usd` out of `whole_usd`: both are facts of the books, the share follows.

    For a sale the receiver is the seller, the source its customer, the whole the seller's revenue; for a stake or a
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
    index_weights: Sequence[float] | FloatArray | None = None,
) -> FloatArray:
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


@njit(cache=True, inline="always")
def _listen(weights, told, heard):  # type: ignore[no-untyped-def]
    """Adds W told to heard float[n] in place, source by source: one source's column at a time, silent ones not at all.

    Each receiver adds up its sources in their order, so that the last bit is that of the sum by rows.
    """
    for source in range(told.size):
        if told[source] != 0.0:
            for receiver in range(heard.size):
                heard[receiver] += weights[receiver, source] * told[source]


@njit(cache=True)
def step(log_multiple, weights, spread_per_day, decay_per_day, shock):  # type: ignore[no-untyped-def]
    """Tomorrow's narrative log-multiples: (1 - d) x + a W x + u. All float[n], weights float[n, n]."""
    heard = np.zeros(log_multiple.size)
    _listen(weights, log_multiple, heard)
    return (1.0 - decay_per_day) * log_multiple + spread_per_day * heard + shock


@njit(cache=True)
def spillover(shock, weights, spillover_share):  # type: ignore[no-untyped-def]
    """The shock of a day after neighbours have felt it: u = (I + b W) u0."""
    heard = np.zeros(shock.size)
    _listen(weights, shock, heard)
    return shock + spillover_share * heard


@njit(cache=True)
def spread(log_multiple, shock, weights, spread_per_day, decay_per_day, spillover_share):  # type: ignore[no-untyped-def]
    """One day of the story, in place: `spillover`, then `step`; the shock is used up.

    All float[n], weights float[n, n].

    Returns the day's news: the sum of the sizes of the shocks.
    """
    news = np.abs(shock).sum()
    log_multiple[:] = step(
        log_multiple, weights, spread_per_day, decay_per_day, spillover(shock, weights, spillover_share)
    )
    shock[:] = 0.0
    return news


def spectral_radius(weights: FloatArray) -> float:
    """rho(W): the largest modulus of an eigenvalue; 0 for no firms.

    W has no negative entries, so rho(W) is an eigenvalue itself (Perron & Frobenius) and power iteration on I + W finds
    it in n^2 a step, the same to the last bit whatever the number of threads; where two classes of firms with nothing
    between them make it slow, all eigenvalues are computed.
    """
    if weights.size == 0 or not weights.any():
        return 0.0
    radius = _perron_root(np.asfortranarray(weights, dtype=np.float64), ITERATIONS_MAX, TOLERANCE)
    return radius if radius >= 0 else float(np.abs(np.linalg.eigvals(weights)).max())


@njit(cache=True)
def _perron_root(weights, iterations_max, tolerance):  # type: ignore[no-untyped-def]
    """Perron root of W >= 0 by power iteration on I + W; -1 if the growth of the vector has not settled."""
    n = weights.shape[0]
    vector = np.full(n, 1.0 / n)
    following = np.empty(n)
    last, settled = -1.0, 0
    for _ in range(iterations_max):
        following[:] = vector
        _listen(weights, vector, following)
        total = 0.0
        for i in range(n):
            total += following[i]
        for i in range(n):
            vector[i] = following[i] / total
        settled = settled + 1 if abs(total - last) <= tolerance * total else 0
        if settled == SETTLED_STEPS:
            return total - 1.0
        last = total
    return -1.0


def spectral_margin(weights: FloatArray, spread_per_day: float, decay_per_day: float) -> float:
    """d - a rho(W): how far, per day, the network is from feeding its own story for ever.

    Raises: Unstable if it is not above zero.
    """
    radius = spectral_radius(weights)
    margin = decay_per_day - spread_per_day * radius
    if not margin > 0:
        raise Unstable(radius, spread_per_day, decay_per_day)
    return margin


def check_stable(weights: FloatArray, spread_per_day: float, decay_per_day: float) -> None:
    """Make sure that no story feeds itself for ever; the spectral radius is sought only where the largest row sum,
    which bounds it (Gershgorin), leaves a doubt.

    Raises: Unstable.
    """
    if weights.size and not spread_per_day * float(weights.sum(axis=1).max()) < decay_per_day:
        spectral_margin(weights, spread_per_day, decay_per_day)


def cumulative_response(
    weights: FloatArray, spread_per_day: float, decay_per_day: float, shock: FloatArray
) -> FloatArray:
    """Sum over all days of the log-multiples that one shock causes: (d I - a W)^-1 u (log points x days).

    Raises: Unstable if the sum does not converge.
    """
    spectral_margin(weights, spread_per_day, decay_per_day)
    system = decay_per_day * np.eye(len(weights)) - spread_per_day * weights
    return np.linalg.solve(system, shock)
