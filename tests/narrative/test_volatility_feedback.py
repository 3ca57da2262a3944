"""Volatility feedback: wild days are remembered over a week to a year, losses more than gains, the market's in every
share's."""

from __future__ import annotations

import math

import numpy as np
import pytest
from carousel.narrative.sentiment import PUBLISHED, baseline_volatility
from carousel.narrative.volatility_feedback import (
    HORIZONS_DAYS,
    JUMP_LIMIT,
    LEAST,
    MEAN_SIZE,
    MEMORY_DAYS,
    MOST,
    live,
    noise_of_day,
    volatility_feedback,
    watch,
)

UNIT = baseline_volatility()
SLOTS = np.array([11, 22, 99])
SCALE = np.array([2.0, 1.5, 1.0])


def past(seed, *, days=4_000, scale=SCALE, slots=SLOTS, feedback=0.7, losses=0.7, common=0.5):
    """Changes of sentiment of shares and market, float[days, rows]."""
    return live(
        seed=seed, days=days, slots=slots, usual=scale * UNIT, scale=scale, parameters=PUBLISHED,
        feedback=feedback, losses=losses, common=common,
    )[2]  # fmt: skip


def felt(seen, day=0, feedback=0.6, common=0.5):
    out = np.empty(len(seen))
    volatility_feedback(seen, day, feedback, common, out)
    return out


def correlation(x, y):
    return float(np.corrcoef(x, y)[0, 1])


def over_seeds(statistic, seeds=range(12), **behaviour):
    """Mean and standard error over seeds."""
    values = np.array([statistic(past(seed, **behaviour)) for seed in seeds])
    return values.mean(), values.std(ddof=1) / math.sqrt(len(values))


def test_after_usual_days_everybody_is_as_agitated_as_usual():
    assert felt(np.ones((3, MEMORY_DAYS))) == pytest.approx(1.0)


def test_a_wild_day_is_felt_by_each_horizon_for_as_long_as_it_remembers():
    seen = np.ones((1, MEMORY_DAYS))
    seen[0, 40] = 9.0
    for after in (0, 4, 5, 62, 63, 125, 126, 251):
        expected = sum(8.0 / h for h in HORIZONS_DAYS if after < h) / len(HORIZONS_DAYS)
        assert felt(seen, 40 + after)[0] == pytest.approx(1 + 0.6 * expected, abs=1e-12), after


def test_a_loss_agitates_more_than_a_gain_of_the_same_size():
    seen, usual = np.ones((3, MEMORY_DAYS)), np.full(3, 0.01)
    watch(seen, 7, np.array([-0.01, 0.01, 0.0]), usual, usual, 0.7)
    assert seen[:, 7] == pytest.approx(np.array([1.7, 0.3, 0.0]) / MEAN_SIZE)
    assert (np.delete(seen, 7, axis=1) == 1.0).all()


def test_a_jump_counts_as_a_few_standard_deviations_of_the_day():
    seen, usual = np.ones((2, MEMORY_DAYS)), np.full(2, 0.01)
    watch(seen, 0, np.array([0.36, -0.36]), usual, np.array([0.01, 0.02]), 0.0)
    assert seen[:, 0] == pytest.approx(np.array([1.0, 2.0]) * JUMP_LIMIT / MEAN_SIZE)


def test_a_row_without_noise_sees_nothing():
    seen = np.ones((1, MEMORY_DAYS))
    watch(seen, 0, np.array([0.5]), np.zeros(1), np.zeros(1), 0.5)
    assert (seen == 1.0).all()


def test_the_markets_agitation_is_in_every_share_and_no_shares_in_the_market():
    seen = np.ones((3, MEMORY_DAYS))
    seen[2] = 3.0
    market = 1 + 0.6 * 2
    assert felt(seen) == pytest.approx([math.sqrt(market), math.sqrt(market), market])
    assert felt(seen, common=0.0) == pytest.approx([1.0, 1.0, market])
    seen = np.ones((3, MEMORY_DAYS))
    seen[0] = 3.0
    assert felt(seen) == pytest.approx([market, 1.0, 1.0])


def test_agitation_never_falls_to_nothing():
    assert felt(np.zeros((2, MEMORY_DAYS)), feedback=0.95)[1] == LEAST


def test_risk_limits_end_agitation():
    """Without them prices of a run ran away (seen at a feedback of 0.79)."""
    assert felt(np.full((2, MEMORY_DAYS), 50.0)).tolist() == [MOST, MOST]


def test_the_noise_of_the_day_is_the_mixture_of_both_crowds_times_agitation():
    out = np.empty(3)
    noise_of_day(np.array([1.0, 1.0, 2.0]), np.array([1.0, 0.0, 0.5]), np.array([1.0, 2.0, 1.0]), tuple(PUBLISHED), out)
    both = math.hypot(0.5 * PUBLISHED.sigma_fundamental, 0.5 * PUBLISHED.sigma_chartist)
    assert out == pytest.approx(0.01 * np.array([PUBLISHED.sigma_fundamental, 2 * PUBLISHED.sigma_chartist, 2 * both]))


def test_sentiment_cluster_more_with_agitation_than_by_switching_alone():
    def clustering(path):
        size = np.abs(path[:, -1])
        return correlation(size[:-5], size[5:])

    with_it, error = over_seeds(clustering)
    without, other = over_seeds(clustering, feedback=0.0)
    assert with_it - without > 4 * math.hypot(error, other)


def test_losses_are_followed_by_wilder_days_only_if_they_agitate_more():
    def leverage(path):
        change = path[:, -1]
        return np.mean([correlation(change[:-lag], np.abs(change[lag:])) for lag in range(2, 11)])

    mean, error = over_seeds(leverage)
    assert mean < -4 * error
    mean, error = over_seeds(leverage, losses=0.0)
    assert abs(mean) < 4 * error


def test_shares_are_wild_together_only_if_agitation_is_common():
    def together(path):
        weekly = np.abs(path).reshape(-1, 20, path.shape[1]).mean(axis=1)
        return correlation(weekly[:, 0], weekly[:, 1])

    mean, error = over_seeds(together)
    assert mean > 4 * error
    mean, error = over_seeds(together, common=0.0)
    assert abs(mean) < 4 * error


def test_one_more_share_changes_no_other_sentiment():
    few = past(8, days=300)
    more = past(8, days=300, scale=np.array([2.0, 1.0, 1.5, 1.0]), slots=np.array([11, 33, 22, 99]))
    assert (more[:, [0, 2, 3]] == few).all()


def test_a_past_without_days_is_refused():
    with pytest.raises(ValueError, match="days is 0, allowed: 1 or more"):
        past(1, days=0)
