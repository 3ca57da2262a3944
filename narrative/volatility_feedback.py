"""How wildly traders trade: they watch how wild the market has been over a week, a month, a quarter and a year, and
answer in kind; losses count more than gains, and the whole market's volatility is felt in every share.

The crowds of `switching.py` switch between rules; here the size of what they do answers what they have seen. Without
it the noise of a day has two levels, whose mixture cannot have an excess kurtosis above 4.3 with the published sigmas.
Sources: heterogeneous horizons: Mueller et al. (1997), J. Empirical Finance 4; Corsi (2009), J. Financial Econometrics
7(2). Losses: Zakoian (1994), J. Economic Dynamics and Control 18(5). Common part: Herskovic, Kelly, Lustig & Van
Nieuwerburgh (2016), J. Financial Economics 119(2).
"""

from __future__ import annotations

import math
from typing import NamedTuple

from ..engine.kernels import njit
from ..scenarios.behaviour_funds import FundRules
from .switching import MU, SIGMA_CHARTIST, SIGMA_FUNDAMENTAL

MEAN_SIZE = math.sqrt(2.0 / math.pi)
"""Mean absolute value of a standard normal draw."""


class Feedback(NamedTuple):
    """Parameters of volatility feedback; loops read them as a plain tuple, in this order."""

    feedback: float
    losses: float
    common: float
    jump_limit: float
    least: float
    most: float
    horizons_days: tuple[int, int, int, int]
    """Memories of the four kinds of traders, ascending; each has the same weight."""


def feedback_parameters(rules: FundRules) -> Feedback:
    """What volatility feedback reads of the behaviour table."""
    week, month_to_quarter, half_year, year = sorted(
        (
            rules.volatility_memory_week_days,
            rules.volatility_memory_quarter_days,
            rules.volatility_memory_half_year_days,
            rules.volatility_memory_year_days,
        )
    )
    return Feedback(
        feedback=rules.volatility_feedback,
        losses=rules.volatility_feedback_of_losses,
        common=rules.volatility_feedback_common,
        jump_limit=rules.volatility_feedback_jump_limit,
        least=rules.volatility_feedback_min,
        most=max(rules.volatility_feedback_min, rules.volatility_feedback_max),
        horizons_days=(week, month_to_quarter, half_year, year),
    )


@njit(cache=True)
def felt_size(log_return: float, usual: float, today: float, losses: float, jump_limit: float) -> float:
    """How much a day's move counts: (|u| - losses u) over the mean size of a normal draw, u = return / usual.

    `usual` is the row's long-run standard deviation, `today` the one that was to be expected of the day: a usual day
    counts 1, a loss 1 + losses, a gain 1 - losses. Moves beyond `jump_limit` times today's standard deviation count as
    that: what has a known reason makes nobody wilder beyond the day.
    """
    limit = jump_limit * today
    move = min(max(log_return, -limit), limit) / usual
    return (abs(move) - losses * move) / MEAN_SIZE


@njit(cache=True)
def own_feedback(felt: float, feedback: float) -> float:
    """Volatility feedback of a row alone, 1 on a usual day: v = 1 - g + g x mean size felt over the horizons."""
    return 1.0 - feedback + feedback * felt


@njit(cache=True)
def joint_feedback(own: float, market: float, common: float) -> float:
    """A share's volatility feedback with the market's in it: v x v_market ^ common."""
    return own * market**common


@njit(cache=True)
def noise_of_day(share: float, scale: float, feedback: float, fw: tuple[float, ...]) -> float:
    """Standard deviation of a row's noise today, log points: mu s v sqrt((n sigma_f)^2 + ((1 - n) sigma_c)^2).

    The structural stochastic volatility of Franke & Westerhoff (2012) times the volatility feedback v.
    """
    fundamental = share * fw[SIGMA_FUNDAMENTAL]
    trend = (1.0 - share) * fw[SIGMA_CHARTIST]
    return fw[MU] * scale * feedback * math.sqrt(fundamental * fundamental + trend * trend)


@njit(cache=True)
def concession(sentiment: float, yesterday: float, at_start: float, overshoot: float) -> float:
    """Sentiment in a fund's value, log points: e - e_0 + overshoot x (e - e_yesterday).

    A day's change of sentiment asks for a concession that is gone the day after. Source: Campbell, Grossman & Wang
    (1993), QJE 108(4).
    """
    return sentiment - at_start + overshoot * (sentiment - yesterday)
