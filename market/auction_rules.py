"""The rules of the closing auction that are formulas: which of two neighbouring prices, and who gets the odd share.

Source: the closing call auction as in Euronext, Harmonised Rulebook I, 4401/3, and Xetra, Market Model Equities, s. 10.
"""

from __future__ import annotations

import numpy as np

from ..engine.kernels import njit
from ..ledger.units_kernels import muldiv


@njit(cache=True, inline="always")
def advantage_of_lower(supplied: int, demanded: int, surplus: int, shortage: int) -> int:
    """How much better the highest price with excess demand is than the one above it: > 0 better, 0 as good, < 0 worse.

    Below the crossing supply is what trades, above it demand: `supplied` and `demanded` shares, of which the larger
    wins. Of equals that with the smaller imbalance wins: `surplus` = D - S at the lower price, `shortage` = S - D at
    the higher.
    """
    return supplied - demanded if supplied != demanded else shortage - surplus


@njit(cache=True, inline="always")
def executed_up_to(cumulated: int, executed: int, total: int, start: int) -> int:
    """floor((cumulated executed + start) / total) exactly, for start < total and cumulated, executed <= total: of
    `total` shares that wait at the margin, those executed among the first `cumulated`."""
    whole = muldiv(cumulated, executed, total)
    # wraps around 2**64 in both products alike: the difference is the true remainder
    remainder = np.int64(cumulated) * np.int64(executed) - np.int64(whole) * np.int64(total)
    return whole + 1 if remainder >= total - start else whole
