"""How agitated traders are: they watch how wild the market has been over a week, a month, a quarter and a year, and
trade as wildly themselves; losses agitate more than gains, and the whole market's volatility feedback is in every
share.

The crowds of `sentiment.py` switch between rules; here the size of what they do answers what they have seen. Without
it the noise of a day has two levels, whose mixture cannot have an excess kurtosis above 4.3 with the published sigmas.
Sources: heterogeneous horizons: Mueller et al. (1997), J. Empirical Finance 4; Corsi (2009), J. Financial Econometrics
7(2). Losses: Zakoian (1994), J. Economic Dynamics and Control 18(5). Common part: Herskovic, Kelly, Lustig & Van
Nieuwerburgh (2016), J. Financial Economics 119(2).
"""

from __future__ import annotations

import math

import numpy as np

from ..engine.kernels import njit
from .sentiment import (
    MU,
    SIGMA_CHARTIST,
    SIGMA_FUNDAMENTAL,
    FloatArray,
    FwParameters,
    draw_noise,
    neutral_share,
    sentiment_step,
)

HORIZONS_DAYS = (5, 63, 126, 252)
"""Memories of the four kinds of traders: a week, a month, a quarter, a year; each has the same weight."""
MEMORY_DAYS = HORIZONS_DAYS[-1]
MEAN_SIZE = math.sqrt(2.0 / math.pi)
"""Mean absolute value of a standard normal draw."""
LEAST, MOST = 0.1, 4.0
"""Bounds of volatility feedback: risk limits end what traders do. Highest close of the VIX (82.7, 16 March 2020) over
its mean (19.5; Cboe, 1990 to 2024)."""
JUMP_LIMIT = 4.0
"""Times today's own noise at which a move counts at most: what has a known reason agitates nobody beyond the day."""
PAST_DAYS = 1000
"""Days lived before the opening, so that a run starts on a day like any other and not at a sentiment of exactly zero,
where herding makes everybody a chartist."""


@njit(cache=True)
def watch(seen, day, returns, usual, today, losses):  # type: ignore[no-untyped-def]
    """Remember a day's `returns` float[R] in its column of `seen` float[R, MEMORY_DAYS], the longest horizon's days.

    A move counts by its size over `usual` float[R], the row's long-run standard deviation: (|u| - losses u) over the
    mean size of a normal draw, so that a usual day counts 1, a loss 1 + losses, a gain 1 - losses. Moves beyond
    `JUMP_LIMIT` standard deviations of `today` float[R] count as that. Rows with no noise see nothing.
    """
    for f in range(returns.size):
        if usual[f] > 0.0:
            limit = JUMP_LIMIT * today[f]
            move = min(max(returns[f], -limit), limit) / usual[f]
            seen[f, day % MEMORY_DAYS] = (abs(move) - losses * move) / MEAN_SIZE


@njit(cache=True)
def volatility_feedback(seen, day, feedback, common, out):  # type: ignore[no-untyped-def]
    """Fill `out` float[R] with each row's volatility_feedback, 1 on a usual day; the market is the last row.

    v = 1 - feedback + feedback (mean over horizons of the mean size seen within the horizon up to `day`); a share's is
    v times the market's v to the power `common`.
    """
    last = out.size - 1
    for f in range(last, -1, -1):
        felt = 0.0
        total = 0.0
        back = 0
        for horizon in HORIZONS_DAYS:
            while back < horizon:
                total += seen[f, (day - back) % MEMORY_DAYS]
                back += 1
            felt += total / horizon
        own = 1.0 - feedback + feedback * felt / len(HORIZONS_DAYS)
        if f != last:
            own *= out[last] ** common
        out[f] = min(max(own, LEAST), MOST)


@njit(cache=True)
def noise_of_day(agitated, fundamentalist_share, scale, parameters, out):  # type: ignore[no-untyped-def]
    """Fill `out` float[R] with the standard deviation of each row's noise today, log points a day.

    mu s v sqrt((n sigma_f)^2 + ((1 - n) sigma_c)^2): the structural stochastic volatility of Franke & Westerhoff
    (2012) times the volatility_feedback v.
    """
    for f in range(out.size):
        fundamental = fundamentalist_share[f] * parameters[SIGMA_FUNDAMENTAL]
        trend = (1.0 - fundamentalist_share[f]) * parameters[SIGMA_CHARTIST]
        out[f] = parameters[MU] * scale[f] * agitated[f] * math.sqrt(fundamental * fundamental + trend * trend)


@njit(cache=True)
def turn(  # type: ignore[no-untyped-def]
    seed, day, slots, sentiment, share, seen, before, last, usual, scale, parameters, feedback, losses, common,
    first_noise, second_noise, agitated, today,
):  # fmt: skip
    """One day of sentiment, switching and volatility_feedback, in place, all float[R] but `seen` float[R, MEMORY_DAYS].

    `last` are yesterday's returns: trend followers answer at once. `before` are the returns of the day before, which
    volatility feedback and switching know: crowds form overnight on what was known a day earlier, as in Franke &
    Westerhoff
    (2012). Leaves today's draws times volatility_feedback, volatility_feedback and noise in the last four arrays.
    """
    watch(seen, day, before, usual, today, losses)
    volatility_feedback(seen, day, feedback, common, agitated)
    noise_of_day(agitated, share, scale, parameters, today)
    draw_noise(seed, day, slots, first_noise, second_noise)
    first_noise *= agitated
    second_noise *= agitated
    sentiment_step(sentiment, share, last, sentiment.copy(), scale, first_noise, second_noise, parameters)


@njit(cache=True)
def remember_close(price_cents, shares, log_return, before, last):  # type: ignore[no-untyped-def]
    """Put a close's returns into `last` float[F + 1], what was there into `before`: each share's above the market's,
    then the market's, weighted by the value of `shares` float[F]."""
    market = last.size - 1
    before[:] = last
    worth = shares * price_cents
    moved = (worth * log_return).sum() / max(worth.sum(), 1.0)
    for f in range(market):
        last[f] = log_return[f] - moved
    last[market] = moved


@njit(cache=True)
def turn_after_close(  # type: ignore[no-untyped-def]
    price_cents, shares, log_return, overshoot, at_start, felt, seed, day, slots, sentiment, share, seen, before, last,
    usual, scale, parameters, feedback, losses, common, first_noise, second_noise, agitated, today,
):  # fmt: skip
    """`remember_close`, then `turn`; leaves in `felt` float[R] the sentiment above `at_start` and the overshoot of the
    day.

    A day's change of sentiment asks for a concession that is gone the day after. Source: Campbell, Grossman & Wang
    (1993), QJE 108(4).
    """
    remember_close(price_cents, shares, log_return, before, last)
    yesterday = sentiment.copy()
    turn(
        seed, day, slots, sentiment, share, seen, before, last, usual, scale, parameters, feedback, losses, common,
        first_noise, second_noise, agitated, today,
    )  # fmt: skip
    for f in range(sentiment.size):
        felt[f] = sentiment[f] - at_start[f] + overshoot * (sentiment[f] - yesterday[f])


@njit(cache=True)
def _live(  # type: ignore[no-untyped-def]
    seed, days, slots, sentiment, share, seen, usual, scale, parameters, feedback, losses, common, path
):
    rows = sentiment.size
    before, last = np.zeros(rows), np.zeros(rows)
    first_noise, second_noise, agitated = np.empty(rows), np.empty(rows), np.empty(rows)
    today = usual.copy()
    for day in range(days):
        start = sentiment.copy()
        turn(
            seed, day - days, slots, sentiment, share, seen, before, last, usual, scale, parameters, feedback, losses,
            common, first_noise, second_noise, agitated, today,
        )  # fmt: skip
        before[:] = last
        last[:] = sentiment - start
        path[day] = last


def live(
    *,
    seed: int,
    days: int,
    slots: np.ndarray,
    usual: FloatArray,
    scale: FloatArray,
    parameters: FwParameters,
    feedback: float,
    losses: float,
    common: float,
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Sentiment that live for themselves over days -`days` to -1, nobody trading: the sentiment float[R] and the
    shares of fundamentalists float[R] at the end, and every day's change of sentiment float[days, R]. Rows as in
    `sentiment_step`.

    Raises: ValueError if there is not at least one day.
    """
    if days < 1:
        raise ValueError(f"days is {days}, allowed: 1 or more")
    rows = scale.size
    sentiment, share = np.zeros(rows), np.full(rows, neutral_share(tuple(parameters)))
    seen, path = np.ones((rows, MEMORY_DAYS)), np.empty((days, rows))
    _live(
        seed, days, slots, sentiment, share, seen, usual, scale, tuple(parameters), feedback, losses, common, path
    )  # fmt: skip
    return sentiment, share, path
