"""The published baseline alone: one row of sentiment against a fundamental value of zero, nobody trading.

Source: Franke & Westerhoff (2012), Journal of Economic Dynamics and Control 36(8), 1193-1211.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np

from .sentiment_kernels import simulate
from .switching import PUBLISHED, Floats, FwParameters


class FwRun(NamedTuple):
    """One run of the baseline: `log_price` and `fundamentalist_share` float[days + 1], from day 0 on."""

    log_price: Floats
    fundamentalist_share: Floats

    @property
    def returns(self) -> Floats:
        """Daily log returns, float[days]."""
        return np.diff(self.log_price)


def simulate_fw(days: int, seed: int, parameters: FwParameters = PUBLISHED) -> FwRun:
    """The stand-alone baseline of the paper: log price against a fundamental value of 0, one noise pair per day.

    Raises: ValueError if `days` is below 1.
    """
    if days < 1:
        raise ValueError(f"days is {days}, allowed: 1 or more")
    log_price, share = np.empty(days + 1), np.empty(days + 1)
    simulate(seed, tuple(parameters), log_price, share)
    return FwRun(log_price, share)


@cache
def baseline_volatility(parameters: FwParameters = PUBLISHED, *, days: int = 200_000, seed: int = 0) -> float:
    """Standard deviation of the baseline's daily log returns, from one long keyed run (a tenth of it discarded)."""
    return float(simulate_fw(days + days // 10, seed, parameters).returns[days // 10 :].std())
