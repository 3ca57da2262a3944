"""What daily returns look like: nine stylised facts of one series, plain functions of numbers.

Conventions, the same for real and simulated series: log returns r; "absolute return" is |r - mean r|; the tails are
pooled (gains and losses together); volume is the log of shares or value traded less its own quadratic trend in time
(Gallant, Rossi & Tauchen 1992, Review of Financial Studies 5(2)). Source of the list: Cont (2001), Quantitative
Finance 1, 223-236.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

import numpy as np

FloatArray = np.ndarray
IntArray = np.ndarray

DAYS_MIN = 250
"""Shortest series that is measured: tails and slow clustering cannot be seen in less than a year."""
TAIL = 0.05
LEVERAGE_DAYS = 10


class Fact(StrEnum):
    """The nine facts, in the order in which they are reported."""

    ACF_1 = "acf_1"
    EXCESS_KURTOSIS = "excess_kurtosis"
    HILL = "hill"
    ABS_ACF_1 = "abs_acf_1"
    ABS_ACF_5 = "abs_acf_5"
    ABS_ACF_20 = "abs_acf_20"
    ABS_ACF_50 = "abs_acf_50"
    LEVERAGE = "leverage"
    VOLUME = "volume"


MEANING: Mapping[Fact, str] = MappingProxyType(
    {
        Fact.ACF_1: "autocorrelation of returns, 1 day",
        Fact.EXCESS_KURTOSIS: "excess kurtosis of returns",
        Fact.HILL: "Hill tail index, 5 % of |r|",
        Fact.ABS_ACF_1: "autocorrelation of |r|, 1 day",
        Fact.ABS_ACF_5: "autocorrelation of |r|, 5 days",
        Fact.ABS_ACF_20: "autocorrelation of |r|, 20 days",
        Fact.ABS_ACF_50: "autocorrelation of |r|, 50 days",
        Fact.LEVERAGE: "return with |r| of the next 10 days (leverage effect)",
        Fact.VOLUME: "|r| with log volume (rank correlation)",
    }
)
ABS_LAGS: Mapping[Fact, int] = MappingProxyType(
    {Fact.ABS_ACF_1: 1, Fact.ABS_ACF_5: 5, Fact.ABS_ACF_20: 20, Fact.ABS_ACF_50: 50}
)


def log_returns(prices: FloatArray) -> FloatArray:
    """float[days - 1] from prices float[days].

    Raises: ValueError if a price is not above zero.
    """
    prices = np.asarray(prices, dtype=float)
    if not (prices > 0).all():
        raise ValueError(f"smallest price {prices.min()}, allowed: above 0")
    return np.diff(np.log(prices))


def absolute(returns: FloatArray) -> FloatArray:
    """|r - mean r|, float[days]."""
    return np.abs(returns - returns.mean())


def autocorrelation(series: FloatArray, lag: int, at: IntArray | None = None) -> float:
    """Autocorrelation at a lag >= 1; `at` int64 are the days that count (default: all), for resampling.

    A resampled day t brings its own partner t + lag: otherwise the seams between blocks would pull every
    autocorrelation to zero (blocks of blocks: Kuensch 1989, Annals of Statistics 17(3)). Standard error for
    independent returns: 1 / sqrt(days).
    """
    return lagged_correlation(series, series, lag, at)


def lagged_correlation(first: FloatArray, later: FloatArray, lag: int, at: IntArray | None = None) -> float:
    """Correlation of `first` on day t with `later` on day t + lag, float[days] both, with whole-sample moments."""
    days = np.arange(first.size) if at is None else at
    x, y = first[days], later[days]
    spread = float(x.std() * y.std())
    if spread == 0.0:
        return math.nan
    pairs = days[days + lag < first.size]
    product = (first[pairs] - x.mean()) * (later[pairs + lag] - y.mean())
    return float(product.sum()) / (days.size * spread)


def excess_kurtosis(returns: FloatArray) -> float:
    """Fourth central moment over the squared second, less 3. Standard error for normal returns: sqrt(24 / days)."""
    from scipy.stats import kurtosis

    return float(kurtosis(returns))


def hill_index(sizes: FloatArray, tail: float = TAIL) -> float:
    """Tail index alpha of P(size > x) ~ x^-alpha from the largest `tail` of all sizes; standard error alpha / sqrt(k).

    Source: Hill (1975), Annals of Statistics 3(5): 1 / mean of log(x_i / x_(k+1)) over the k largest.
    """
    count = int(sizes.size * tail)
    largest = np.partition(sizes, sizes.size - count - 1)[sizes.size - count - 1 :]
    threshold = largest.min()
    if count < 1 or not threshold > 0:
        return math.nan
    mean = float(np.log(largest / threshold).sum()) / count
    return 1.0 / mean if mean > 0 else math.nan


def leverage_effect(returns: FloatArray, at: IntArray | None = None) -> float:
    """Mean correlation of a return with the absolute returns of the next 10 days: below 0 where losses make wild days.

    Absolute and not squared returns, so that one crash does not decide. Source: Bouchaud, Matacz & Potters (2001),
    Physical Review Letters 87, 228701 (there with squares, decaying over about 10 days for indices); Cont (2001), s. 2.
    """
    sizes = absolute(returns)
    return float(np.mean([lagged_correlation(returns, sizes, lag, at) for lag in range(1, LEVERAGE_DAYS + 1)]))


def detrended_log_volume(volume: FloatArray) -> FloatArray:
    """Log volume less its quadratic trend in time, float[days]; days without trade are nan.

    Raises: ValueError if fewer than `DAYS_MIN` days have trade.
    """
    traded = np.asarray(volume, dtype=float)
    there = np.isfinite(traded) & (traded > 0)
    if there.sum() < DAYS_MIN:
        raise ValueError(f"{int(there.sum())} days with volume, allowed: {DAYS_MIN} or more")
    time = np.linspace(-1.0, 1.0, traded.size)
    logs = np.log(np.where(there, traded, 1.0))
    trend = np.polynomial.polynomial.polyfit(time[there], logs[there], 2)
    return np.where(there, logs - np.polynomial.polynomial.polyval(time, trend), math.nan)


def rank_correlation(first: FloatArray, second: FloatArray) -> float:
    """Spearman's rank correlation over the days on which both are known. Standard error if unrelated: 1 / sqrt(days).

    Source for returns and volume: Karpoff (1987), J. Financial and Quantitative Analysis 22(1).
    """
    from scipy.stats import rankdata

    known = np.isfinite(first) & np.isfinite(second)
    x, y = rankdata(first[known]), rankdata(second[known])
    spread = float(x.std() * y.std())
    return float(((x - x.mean()) * (y - y.mean())).mean()) / spread if spread > 0 else math.nan


def facts_on(returns: FloatArray, logs: FloatArray | None, at: IntArray | None) -> dict[Fact, float]:
    """All facts over the days `at`; the trend of volume and the mean return are those of the whole series."""
    sizes = absolute(returns)
    days = slice(None) if at is None else at
    facts = {
        Fact.ACF_1: autocorrelation(returns, 1, at),
        Fact.EXCESS_KURTOSIS: excess_kurtosis(returns[days]),
        Fact.HILL: hill_index(sizes[days]),
    }
    facts |= {fact: autocorrelation(sizes, lag, at) for fact, lag in ABS_LAGS.items()}
    facts[Fact.LEVERAGE] = leverage_effect(returns, at)
    facts[Fact.VOLUME] = math.nan if logs is None else rank_correlation(sizes[days], logs[days])
    return facts


def checked(returns: FloatArray) -> FloatArray:
    """Returns as float[days].

    Raises: ValueError if they are too few, not finite or all the same.
    """
    series = np.asarray(returns, dtype=float)
    if series.ndim != 1 or series.size < DAYS_MIN:
        raise ValueError(f"returns of shape {series.shape}, allowed: one series of {DAYS_MIN} days or more")
    if not np.isfinite(series).all():
        raise ValueError(f"{int((~np.isfinite(series)).sum())} returns are not finite, allowed: none")
    if not series.std() > 0:
        raise ValueError("all returns are the same, allowed: returns that vary")
    return series


def stylised_facts(returns: FloatArray, volume: FloatArray | None = None) -> dict[Fact, float]:
    """The nine facts of daily log returns float[days] and volume float[days] traded on the same days (None: nan).

    Raises: ValueError if the series cannot be measured.
    """
    series = checked(returns)
    return facts_on(series, None if volume is None else log_volume(series, volume), None)


def log_volume(returns: FloatArray, volume: FloatArray) -> FloatArray:
    """Log volume less its trend.  Raises: ValueError if it is not of the same days, or too few have trade."""
    if np.shape(volume) != returns.shape:
        raise ValueError(f"volume of shape {np.shape(volume)}, allowed: as the returns, {returns.shape}")
    return detrended_log_volume(volume)
