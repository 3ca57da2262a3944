"""Who can pay whom when everybody owes everybody, in real numbers: the textbook form beside `ledger/dues.py`."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from carousel.ledger.exact_clearing import NonConvergence

FloatArray = np.ndarray
_ROUNDING = 1e-12
"""Shortfalls below this part of what is owed are rounding of floats, not defaults."""


@dataclass(frozen=True, slots=True)
class ClearingResult:
    """What each party pays in all, float[n], and whether it pays less than it owes, bool[n]."""

    paid: FloatArray
    defaulted: np.ndarray


def clearing_vector(liabilities: FloatArray, cash: FloatArray, alpha: float = 1.0, beta: float = 1.0) -> ClearingResult:
    """The greatest clearing vector of a network of debts, by the fictitious default algorithm.

    `liabilities[i, j]` is what i owes j, `cash[i]` what i has outside the network, both in the same unit. A
    defaulter pays its creditors in proportion out of `alpha` of its cash and `beta` of what it receives; at 1 and 1
    nothing is lost.

    Raises: ValueError on negative or wrongly shaped input, NonConvergence if n + 1 rounds do not settle who defaults.
    Source: Eisenberg & Noe (2001), Management Science 47(2), s. 3.1; with default costs Rogers & Veraart (2013),
    Management Science 59(4), s. 3.
    """
    owed = np.asarray(liabilities, float)
    means = np.asarray(cash, float)
    n = len(means)
    if owed.shape != (n, n) or not np.isfinite(owed).all() or not np.isfinite(means).all():
        raise ValueError(f"came liabilities {owed.shape} and cash {means.shape}, allowed: finite [n, n] and [n]")
    if (owed < 0).any() or (means < 0).any() or owed.diagonal().any() or not (0 <= alpha <= 1 and 0 <= beta <= 1):
        raise ValueError("came a negative amount, a debt to oneself or a part outside 0 to 1, allowed: none of these")
    total = owed.sum(axis=1)
    shares = np.divide(owed, total[:, None], out=np.zeros_like(owed), where=total[:, None] > 0)
    paid = total.copy()
    defaulted = np.zeros(n, bool)
    for _ in range(n + 1):
        now = defaulted | (means + shares.T @ paid < total * (1.0 - _ROUNDING))
        if (now == defaulted).all():
            return ClearingResult(paid, defaulted)
        defaulted = now
        solvent_part = shares[~defaulted].T @ total[~defaulted]
        system = np.eye(int(defaulted.sum())) - beta * shares[np.ix_(defaulted, defaulted)].T
        try:
            paid[defaulted] = np.linalg.solve(system, alpha * means[defaulted] + beta * solvent_part[defaulted])
        except np.linalg.LinAlgError as error:
            raise NonConvergence(rounds=n + 1) from error
    raise NonConvergence(rounds=n + 1)
