"""Sentiment of the shares and the market: the published process at scale one, noisier but not more mispriced above,
each with luck of its own."""

from __future__ import annotations

import numpy as np
import pytest
from carousel.narrative.sentiment import (
    PUBLISHED,
    baseline_volatility,
    draw_noise,
    fw_parameters,
    neutral_share,
    sentiment_step,
    simulate_fw,
    volatility_scales,
)


def run(scale: np.ndarray, slots: np.ndarray, days: int, seed: int) -> np.ndarray:
    """Sentiment float[days, rows] of rows that follow nothing but their own process."""
    rows = scale.size
    sentiment, last = np.zeros(rows), np.zeros(rows)
    share = np.full(rows, neutral_share(PUBLISHED))
    first, second = np.empty(rows), np.empty(rows)
    path = np.empty((days, rows))
    for day in range(days):
        draw_noise(seed, day, slots, first, second)
        before = sentiment.copy()
        sentiment_step(sentiment, share, last, sentiment, scale, first, second, PUBLISHED)
        last = sentiment - before
        path[day] = sentiment
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


def test_the_own_and_the_market_part_make_up_the_wanted_volatility():
    own = volatility_scales(np.array([0.02, 0.03]), 0.01, baseline=0.01)
    assert own[-1] == pytest.approx(1.0)
    assert np.hypot(own[:-1], own[-1]) * 0.01 == pytest.approx([0.02, 0.03])


def test_a_share_calmer_than_the_market_keeps_a_tenth_of_its_own():
    assert volatility_scales(np.array([0.005]), 0.01, baseline=0.01) == pytest.approx([0.05, 1.0])


def test_the_default_unit_is_the_volatility_of_the_published_process():
    assert volatility_scales(np.array([0.02]), 0.0)[0] == pytest.approx(0.02 / baseline_volatility(), rel=1e-12)


def test_far_from_value_everybody_becomes_a_fundamentalist():
    share, far = np.full(1, 0.2), np.full(1, 2.0)
    zero, one = np.zeros(1), np.ones(1)
    sentiment_step(np.zeros(1), share, zero, far, one, zero, zero, PUBLISHED)
    assert share[0] > 0.999


def test_extreme_misalignment_stays_finite():
    sentiment, share, zero, one = np.zeros(1), np.full(1, 0.5), np.zeros(1), np.ones(1)
    sentiment_step(sentiment, share, zero, np.full(1, 1e8), one, zero, zero, PUBLISHED)
    assert share[0] == 1.0
    sentiment_step(sentiment, share, zero, np.full(1, 1e8), one, zero, zero, PUBLISHED._replace(alpha_p=-20.0))
    assert 0.0 <= share[0] < 1e-300


def test_the_neutral_share_is_a_fixed_point_of_switching():
    n = neutral_share(PUBLISHED)
    assert n == pytest.approx(1 / (1 + np.exp(-(PUBLISHED.alpha_0 + PUBLISHED.alpha_n * (2 * n - 1)))), abs=1e-12)


def test_wrong_lengths_and_volatilities_are_refused():
    with pytest.raises(ValueError, match="days is 0"):
        simulate_fw(0, 1)
    with pytest.raises(ValueError, match="allowed"):
        volatility_scales(np.array([-0.01]), 0.01, baseline=0.01)
    with pytest.raises(ValueError, match="allowed"):
        volatility_scales(np.array([0.01]), 0.01, baseline=0.0)
    with pytest.raises(AttributeError, match="fw_mu"):
        fw_parameters(object())
