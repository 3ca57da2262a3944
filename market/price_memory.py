"""What is remembered of a day's trading: how much is usually traded, how much a price usually moves."""

from __future__ import annotations

from ..engine.kernels import njit


@njit(cache=True)
def next_usual_volume(usual: float, traded: float, weight: float) -> float:
    """Usual volume after a day: usual + weight (traded - usual), in shares."""
    return usual + weight * (traded - usual)


@njit(cache=True)
def next_variance(variance: float, log_return: float, memory: float, jump_limit: float) -> float:
    """Variance of daily log returns after a day: v + (1 - memory) (min(r^2, jump_limit^2 v) - v).

    A day counts at most `jump_limit` standard deviations: a jump on news is no lasting volatility.

    Source: RiskMetrics Technical Document (1996); robust exponential smoothing: Gelper, Fried & Croux (2010), J.
    Forecasting 29(3).
    """
    squared = min(log_return * log_return, jump_limit * jump_limit * variance)
    return variance + (1 - memory) * (squared - variance)
