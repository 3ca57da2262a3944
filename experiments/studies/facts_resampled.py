"""The nine stylised facts of a real series with resampled bands."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ..sweeps.outcomes.stylised_facts import Fact, FloatArray, absolute, checked, facts_on, log_volume
from .optional import needs

RESAMPLES = 500


@dataclass(frozen=True, slots=True)
class Measured:
    """One fact of one series and the range of its resampled values; (nan, nan) where none was asked for."""

    value: float
    low: float = math.nan
    high: float = math.nan


def stylised_facts_resampled(
    returns: FloatArray,
    volume: FloatArray | None = None,
    *,
    seed: int,
    resamples: int = RESAMPLES,
    coverage: float = 0.9,
    block_days: float | None = None,
) -> dict[Fact, Measured]:
    """The nine facts with percentile bands of the stationary bootstrap (needs the package arch, extra `test`).

    `block_days` is the mean length of a block; None takes the automatic choice for |r|. Sources: Politis & Romano
    (1994), J. American Statistical Association 89; block length: Politis & White (2004), Econometric Reviews 23(1),
    corrected by Patton, Politis & White (2009).

    Raises: ValueError as `stylised_facts`; MissingData without arch.
    """
    bootstrap = needs("arch.bootstrap")
    series = checked(returns)
    logs = None if volume is None else log_volume(series, volume)
    if block_days is None:
        block_days = float(bootstrap.optimal_block_length(absolute(series))["stationary"].iloc[0])
    days = np.arange(series.size)
    draws = bootstrap.StationaryBootstrap(math.ceil(block_days), days, seed=np.random.default_rng(seed))
    drawn = [facts_on(series, logs, data[0][0]) for data in draws.bootstrap(resamples)]
    edge = 100 * (1 - coverage) / 2
    whole = facts_on(series, logs, None)
    bands = {fact: np.percentile([one[fact] for one in drawn], (edge, 100 - edge)) for fact in Fact}
    return {fact: Measured(whole[fact], float(low), float(high)) for fact, (low, high) in bands.items()}
