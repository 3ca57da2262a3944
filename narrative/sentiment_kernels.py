"""Loops over the rows of sentiment, one per share and the market's last: draws, memory, feedback, switching, views."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..engine.chance import Decision, normal_of, stream_key
from ..engine.kernels import njit
from .switching import mixed_noise, neutral_share, next_sentiment, next_share
from .valuation import disagreement, next_view
from .volatility_feedback import concession, felt_size, joint_feedback, noise_of_day, own_feedback

Floats = np.ndarray
Ints = np.ndarray
Parameters = tuple[float, ...]

SHARE_FUNDAMENTAL = int(Decision.SHARE_FUNDAMENTAL_NOISE)
SHARE_TREND = int(Decision.SHARE_TREND_NOISE)
MARKET_FUNDAMENTAL = int(Decision.MARKET_FUNDAMENTAL_NOISE)
MARKET_TREND = int(Decision.MARKET_TREND_NOISE)
PRIVATE_NOISE = int(Decision.FUND_PRIVATE_NOISE)


class Rows(NamedTuple):
    """Facts of the R rows; loops read them as a plain tuple, in this order."""

    slots: Ints
    """Keys of the rows' draws, int64[R]."""
    usual: Floats
    """Long-run standard deviation of a day's change, float[R]."""
    scale: Floats
    """Noise over that of the published process, float[R]."""


class Crowds(NamedTuple):
    """What a day changes, float[R] each but for `seen`; loops read it as a plain tuple, in this order."""

    level: Floats
    """Sentiment, log points."""
    fundamentalist_share: Floats
    seen: Floats
    """Sizes of moves, float[R, longest horizon], a column a day, over and over."""
    last: Floats
    """Yesterday's returns."""
    before: Floats
    """Returns of the day before that."""
    first_noise: Floats
    """Fundamentalists' draws of today, times the feedback."""
    second_noise: Floats
    """Trend followers' draws of today, times the feedback."""
    feedback: Floats
    """Volatility feedback, 1 on a usual day."""
    noise_today: Floats
    """Standard deviation of today's noise."""


@njit(cache=True)
def draw_noise(seed: int, day: int, slots: Ints, first_noise: Floats, second_noise: Floats) -> None:
    """Standard normal draws of a day, in place: rows 0 to F-1 keyed by the shares' slots, row F the market's."""
    market = slots.size - 1
    fundamental_key = stream_key(seed, SHARE_FUNDAMENTAL, day)
    trend_key = stream_key(seed, SHARE_TREND, day)
    for f in range(market):
        first_noise[f] = normal_of(fundamental_key, slots[f])
        second_noise[f] = normal_of(trend_key, slots[f])
    first_noise[market] = normal_of(stream_key(seed, MARKET_FUNDAMENTAL, day), slots[market])
    second_noise[market] = normal_of(stream_key(seed, MARKET_TREND, day), slots[market])


@njit(cache=True)
def watch(day: int, rows: tuple, crowds: tuple, feedback: tuple) -> None:
    """Remember in today's column of `seen` how much the returns `before` count; rows with no noise see nothing."""
    _, usual, _ = rows
    _, _, seen, _, before, _, _, _, noise_today = crowds
    _, losses, _, jump_limit, _, _, _ = feedback
    for f in range(before.size):
        if usual[f] > 0.0:
            seen[f, day % seen.shape[1]] = felt_size(before[f], usual[f], noise_today[f], losses, jump_limit)


@njit(cache=True)
def feed_back(day: int, seen: Floats, feedback: tuple, out: Floats) -> None:
    """Fill `out` float[R] with each row's volatility feedback: mean size seen within each horizon up to `day`."""
    share, _, common, _, least, most, horizons = feedback
    last = out.size - 1
    for f in range(last, -1, -1):
        felt = 0.0
        total = 0.0
        back = 0
        for horizon in horizons:
            while back < horizon:
                total += seen[f, (day - back) % seen.shape[1]]
                back += 1
            felt += total / horizon
        own = own_feedback(felt / len(horizons), share)
        if f != last:
            own = joint_feedback(own, out[last], common)
        out[f] = min(max(own, least), most)


@njit(cache=True)
def switch(crowds: tuple, scale: Floats, fw: Parameters) -> None:
    """One day of every row's sentiment and switching, in place, at the day's draws and yesterday's returns; the
    misalignment is the sentiment itself."""
    level, share, _, last, _, first_noise, second_noise, _, _ = crowds
    for f in range(level.size):
        sentiment, fundamentalists = level[f], share[f]
        noise = mixed_noise(fundamentalists, first_noise[f], second_noise[f], fw)
        level[f] = next_sentiment(sentiment, fundamentalists, last[f], scale[f], noise, fw)
        share[f] = next_share(fundamentalists, sentiment, fw)


@njit(cache=True)
def turn(seed: int, day: int, rows: tuple, crowds: tuple, fw: Parameters, feedback: tuple) -> None:
    """One day of sentiment, switching and volatility feedback, in place.

    Trend followers answer yesterday's returns at once. Volatility feedback and switching know those of the day before:
    crowds form overnight on what was known a day earlier, as in Franke & Westerhoff (2012).
    """
    slots, _, scale = rows
    level, share, seen, _, _, first_noise, second_noise, felt, noise_today = crowds
    watch(day, rows, crowds, feedback)
    feed_back(day, seen, feedback, felt)
    for f in range(level.size):
        noise_today[f] = noise_of_day(share[f], scale[f], felt[f], fw)
    draw_noise(seed, day, slots, first_noise, second_noise)
    first_noise *= felt
    second_noise *= felt
    switch(crowds, scale, fw)


@njit(cache=True)
def remember_close(close: tuple, before: Floats, last: Floats) -> None:
    """Put a close's returns into `last` float[F + 1], what was there into `before`: each share's above the market's,
    then the market's, weighted by value. `close` is price_cents int64[F], shares float[F], log_return float[F]."""
    price_cents, shares, log_return = close
    market = last.size - 1
    before[:] = last
    worth = shares * price_cents
    moved = (worth * log_return).sum() / max(worth.sum(), 1.0)
    for f in range(market):
        last[f] = log_return[f] - moved
    last[market] = moved


@njit(cache=True)
def turn_views(today: tuple, usual: Floats, noise_today: Floats, views: tuple, private_noise: tuple) -> None:
    """One day of every fund's private views, in place.

    `views` are slots int64[I, F] and the views float[I, F], `private_noise` persistence and size per day.
    """
    seed, day = today
    slots, private = views
    persistence, per_day = private_noise
    key = stream_key(seed, PRIVATE_NOISE, day)
    market = usual.size - 1
    for f in range(market):
        size = disagreement(noise_today[f], noise_today[market], usual[f], usual[market])
        for i in range(private.shape[0]):
            private[i, f] = next_view(private[i, f], normal_of(key, slots[i, f]) * size, persistence, per_day)


@njit(cache=True)
def turn_after_close(
    close: tuple, today: tuple, rows: tuple, crowds: tuple, in_values: tuple, views: tuple, parameters: tuple
) -> None:
    """`remember_close`, `turn`, and what of it funds put into their values: the sentiment above the opening's with the
    overshoot of the day, and the private views.

    `today` is seed and day, `in_values` the sentiment at the opening and that in the values, float[R] each,
    `parameters` those of switching, of feedback, the overshoot, and those of the private views.
    """
    seed, day = today
    fw, feedback, overshoot, private_noise = parameters
    level, _, _, last, before, _, _, _, noise_today = crowds
    at_start, felt = in_values
    remember_close(close, before, last)
    yesterday = level.copy()
    turn(seed, day, rows, crowds, fw, feedback)
    for f in range(level.size):
        felt[f] = concession(level[f], yesterday[f], at_start[f], overshoot)
    turn_views(today, rows[1], noise_today, views, private_noise)


@njit(cache=True)
def live_alone(seed: int, rows: tuple, crowds: tuple, fw: Parameters, feedback: tuple, path: Floats) -> None:
    """Days -len(path) to -1 with nobody trading, the change of sentiment taken for the return; `path` keeps it."""
    level, _, _, last, before, _, _, _, _ = crowds
    days = path.shape[0]
    for day in range(days):
        start = level.copy()
        turn(seed, day - days, rows, crowds, fw, feedback)
        before[:] = last
        last[:] = level - start
        path[day] = last


@njit(cache=True)
def simulate(seed: int, fw: Parameters, log_price: Floats, fundamentalist_share: Floats) -> None:
    """The published recursion on one row, fundamental value 0, filling both arrays of length days + 1."""
    level, share, last = 0.0, neutral_share(fw), 0.0
    slots, first_noise, second_noise = np.zeros(1, dtype=np.int64), np.empty(1), np.empty(1)
    log_price[0], fundamentalist_share[0] = level, share
    for day in range(log_price.size - 1):
        draw_noise(seed, day, slots, first_noise, second_noise)
        before = level
        noise = mixed_noise(share, first_noise[0], second_noise[0], fw)
        level = next_sentiment(before, share, last, 1.0, noise, fw)
        share = next_share(share, before, fw)
        last = level - before
        log_price[day + 1], fundamentalist_share[day + 1] = level, share
