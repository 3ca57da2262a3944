"""The logistic curve: from log-odds to a probability."""

from __future__ import annotations

import math

from ..engine.kernels import njit

LOGIT_MAX = 700.0
"""Beyond it the logistic is 0 or 1 in double precision and exp would overflow."""


@njit(cache=True)
def logistic(log_odds: float) -> float:
    """1 / (1 + exp(-log_odds)), safe for any finite number."""
    return 1.0 / (1.0 + math.exp(-min(max(log_odds, -LOGIT_MAX), LOGIT_MAX)))
