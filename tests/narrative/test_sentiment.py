"""Sentiment of the shares and the market: the published process at scale one, noisier but not more mispriced above,
each with luck of its own; and its owner, day by day."""

from __future__ import annotations

import math

import numpy as np
import pytest
from carousel.engine.chance import Decision, normal
from carousel.narrative.baseline import baseline_volatility, simulate_fw
from carousel.narrative.sentiment import PAST_DAYS, Sentiment, fresh_crowds, live
from carousel.narrative.sentiment_kernels import Rows, draw_noise, remember_close, switch, turn_views
from carousel.narrative.switching import PUBLISHED, fw_parameters
from carousel.narrative.volatility_feedback import feedback_parameters
from carousel.scenarios.behaviour import Behaviour

DEFAULT = Behaviour()
SLOTS = np.array([11, 22, 99])
VIEWS = np.array([[101, 102], [201, 202], [301, 302]])


def run(scale: np.ndarray, slots: np.ndarray, days: int, seed: int) -> np.ndarray:
    """Sentiment float[days, rows] of rows that follow nothing but their own process."""
    crowds = fresh_crowds(scale.size, PUBLISHED, scale, 1)
    path = np.empty((days, scale.size))
    for day in range(days):
        draw_noise(seed, day, slots, crowds.first_noise, crowds.second_noise)
        before = crowds.level.copy()
        switch(tuple(crowds), scale, tuple(PUBLISHED))
        crowds.last[:] = crowds.level - before
        path[day] = crowds.level
    return path


def test_noisier_rows_are_not_more_mispriced():
    """Jung & Shiller (2005): the micro-efficient market; misalignment spreads as far whatever the row's noise."""
    scale = np.repeat([1.0, 2.0, 1.0], [40, 40, 1])
    path = run(scale, np.arange(81), 6_000, 3)[1_000:]
    spread = path.std(axis=0)
    published, noisy = spread[:40], spread[40:80]
    error = np.hypot(published.std(), noisy.std()) / np.sqrt(40)
    assert abs(noisy.mean() - published.mean()) < 0.25 * published.mean() + 3 * error
    returns = np.diff(path, axis=0).std(axis=0)
    assert returns[40:80].mean() == pytest.approx(2 * returns[:40].mean(), rel=0.1)


def test_the_market_row_is_the_stand_alone_baseline():
    path = run(np.array([1.0, 1.0]), np.array([5, 0]), 300, 3)
    assert (path[:, 1] == simulate_fw(300, 3).log_price[1:]).all()


def test_one_more_share_changes_no_other_luck():
    few = run(np.ones(3), np.array([11, 22, 99]), 60, 8)
    more = run(np.ones(4), np.array([11, 33, 22, 99]), 60, 8)
    assert (more[:, [0, 2, 3]] == few).all()
    assert (more[:, 1] != few[:, 1]).any()


def test_a_scale_of_zero_keeps_a_row_still():
    assert (run(np.zeros(2), np.array([1, 2]), 50, 1) == 0.0).all()


def test_a_baseline_without_days_is_refused():
    with pytest.raises(ValueError, match="days is 0"):
        simulate_fw(0, 1)


def test_a_close_is_split_into_the_markets_return_and_each_shares_above_it():
    last, before = np.array([0.1, 0.2, 0.3]), np.empty(3)
    remember_close((np.array([100, 300]), np.array([3.0, 1.0]), np.array([0.02, -0.04])), before, last)
    assert before.tolist() == [0.1, 0.2, 0.3]
    assert last == pytest.approx([0.03, -0.03, -0.01])


def test_a_market_worth_nothing_does_not_move():
    last, before = np.zeros(2), np.empty(2)
    remember_close((np.array([100]), np.array([0.0]), np.array([0.5])), before, last)
    assert last.tolist() == [0.5, 0.0]


def test_private_views_fade_and_spread_with_the_noise_of_the_day():
    private, usual, today = np.array([[0.1], [-0.2]]), np.array([0.03, 0.04]), np.array([0.06, 0.08])
    turn_views((5, 9), usual, today, (np.array([[7], [8]]), private), (0.5, 0.01))
    draws = [normal(5, int(Decision.FUND_PRIVATE_NOISE), 9, slot) for slot in (7, 8)]
    expected = [0.05 + 0.01 * 2 * draws[0], -0.1 + 0.01 * 2 * draws[1]]
    assert private[:, 0] == pytest.approx(expected, rel=1e-12)


def opened(**changes) -> Sentiment:
    """Two shares, three funds, seed 4."""
    return Sentiment(
        seed=4, slots=SLOTS, daily_volatility=np.array([0.02, 0.03]), private_slots=VIEWS,
        rules=DEFAULT.model_copy(update=changes),
    )  # fmt: skip


def test_a_run_opens_at_a_day_like_any_other_and_counts_from_there():
    state = opened()
    scale = np.append(np.sqrt(np.array([0.02, 0.03]) ** 2 - 0.0105**2), 0.0105) / baseline_volatility()
    assert state.rows.scale == pytest.approx(scale)
    assert state.rows.usual == pytest.approx(scale * baseline_volatility())
    rows = Rows(SLOTS, state.rows.usual, state.rows.scale)
    past, path = live(4, PAST_DAYS, rows, fw_parameters(DEFAULT), feedback_parameters(DEFAULT))
    assert len(path) == PAST_DAYS
    assert path.sum(axis=0) == pytest.approx(past.level)
    assert (state.level == past.level).all()
    assert (state.fundamentalist_share == past.fundamentalist_share).all()
    assert (state.feedback == 1.0).all()
    assert (state.noise_today == state.rows.usual).all()
    assert (state.crowds.seen == 1.0).all()
    assert (state.at_start == state.level).all()
    assert state.level.all()
    assert not state.in_values.any()
    assert not state.private.any()


CLOSES = [
    (np.array([100, 300]), np.array([3.0, 1.0]), np.array([0.02, -0.04])),
    (np.array([110, 280]), np.array([3.0, 1.0]), np.array([-0.30, 0.01])),
    (np.array([90, 290]), np.array([3.0, 1.0]), np.array([0.00, 0.02])),
]


def market_return(close) -> float:
    """Return of the market by value, as a plain sum."""
    worth = close[0] * close[1]
    return float((worth * close[2]).sum() / worth.sum())


def test_three_days_by_hand():
    """The market's row over three days against the equations, one Python float at a time."""
    state = opened()
    fw, usual, scale = PUBLISHED, float(state.rows.usual[2]), float(state.rows.scale[2])
    e, n = float(state.level[2]), float(state.fundamentalist_share[2])
    start, noise, seen, returns = e, usual, [1.0] * 252, [0.0, 0.0]
    for day, close in enumerate(CLOSES, start=1):
        state.turn(*close, day=day)
        returns.append(market_return(close))
        u = min(max(returns[-2], -4 * noise), 4 * noise) / usual
        seen.append((abs(u) - 0.7 * u) / math.sqrt(2 / math.pi))
        v = 1 - 0.78 + 0.78 * sum(sum(seen[-h:]) / h for h in (5, 63, 126, 252)) / 4
        noise = 0.01 * scale * v * math.hypot(n * fw.sigma_fundamental, (1 - n) * fw.sigma_chartist)
        draws = [
            v * normal(4, int(kind), day, 99)
            for kind in (Decision.MARKET_FUNDAMENTAL_NOISE, Decision.MARKET_TREND_NOISE)
        ]
        luck = n * fw.sigma_fundamental * draws[0] + (1 - n) * fw.sigma_chartist * draws[1]
        step = 0.01 * ((1 - n) * fw.chi * returns[-1] - n * fw.phi * scale**2 * e + scale * luck)
        attraction = fw.alpha_0 + fw.alpha_n * (2 * n - 1) + fw.alpha_p * e * e
        e, n = e + step, 1 / (1 + math.exp(-attraction))
        assert state.feedback[2] == pytest.approx(v, rel=1e-12)
        assert state.noise_today[2] == pytest.approx(noise, rel=1e-12)
        assert [row[2] for row in state.draws] == pytest.approx(draws, rel=1e-12)
        assert state.level[2] == pytest.approx(e, rel=1e-12)
        assert state.fundamentalist_share[2] == pytest.approx(n, rel=1e-12)
        assert state.in_values[2] == pytest.approx(e - start + 0.05 * step, rel=1e-9)


def test_the_sentiment_of_a_share_is_its_own_and_the_markets():
    state = opened()
    state.turn(*CLOSES[0], day=1)
    assert state.of(0) == state.in_values[0] + state.in_values[2] != 0
    assert state.of(1) == state.in_values[1] + state.in_values[2] != state.of(0)


def test_the_views_of_funds_move_by_their_persistence_and_size():
    state = opened(private_noise_persistence=0.5, private_noise_per_day=0.01)
    state.turn(*CLOSES[0], day=1)
    first = state.private.copy()
    wilder = np.hypot(state.noise_today[:2], state.noise_today[2]) / np.hypot(state.rows.usual[:2], state.rows.usual[2])
    draws = np.array([[normal(4, int(Decision.FUND_PRIVATE_NOISE), 1, slot) for slot in row] for row in VIEWS.tolist()])
    assert first == pytest.approx(0.01 * draws * wilder, rel=1e-12)
    still = opened(private_noise_per_day=0.0)
    still.turn(*CLOSES[0], day=1)
    assert not still.private.any()


def test_a_world_without_shares_has_a_still_market():
    none = Sentiment(
        seed=4, slots=np.array([99]), daily_volatility=np.zeros(0), private_slots=np.zeros((0, 0), int), rules=DEFAULT
    )
    assert none.level.tolist() == none.rows.scale.tolist() == [0.0]
