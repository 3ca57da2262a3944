"""Volatility feedback: wild days are remembered over a week to a year, losses more than gains, the market's in every
share's."""

from __future__ import annotations

import math

import numpy as np
import pytest
from carousel.narrative.baseline import baseline_volatility
from carousel.narrative.sentiment import fresh_crowds, live
from carousel.narrative.sentiment_kernels import Rows, feed_back, watch
from carousel.narrative.switching import PUBLISHED
from carousel.narrative.volatility_feedback import (
    MEAN_SIZE,
    concession,
    feedback_parameters,
    felt_size,
    joint_feedback,
    noise_of_day,
    own_feedback,
)
from carousel.scenarios.behaviour import Behaviour

UNIT = baseline_volatility()
SLOTS = np.array([11, 22, 99])
SCALE = np.array([2.0, 1.5, 1.0])
DEFAULT = feedback_parameters(Behaviour())
MEMORY_DAYS = 252


def past(seed, *, days=4_000, scale=SCALE, slots=SLOTS, **changes):
    """Changes of sentiment of shares and market, float[days, rows]."""
    feedback = DEFAULT._replace(**({"feedback": 0.7} | changes))
    return live(seed, days, Rows(slots, scale * UNIT, scale), PUBLISHED, feedback)[1]


def felt(seen, day=0, feedback=0.6, common=0.5):
    out = np.empty(len(seen))
    feed_back(day, seen, tuple(DEFAULT._replace(feedback=feedback, common=common)), out)
    return out


def correlation(x, y):
    return float(np.corrcoef(x, y)[0, 1])


def over_seeds(statistic, seeds=range(12), **behaviour):
    """Mean and standard error over seeds."""
    values = np.array([statistic(past(seed, **behaviour)) for seed in seeds])
    return values.mean(), values.std(ddof=1) / math.sqrt(len(values))


def test_the_four_memories_are_a_week_a_quarter_half_a_year_and_a_year():
    assert DEFAULT.horizons_days == (5, 63, 126, 252)
    assert (DEFAULT.feedback, DEFAULT.losses, DEFAULT.common) == (0.78, 0.7, 0.5)
    assert (DEFAULT.jump_limit, DEFAULT.least, DEFAULT.most) == (4.0, 0.1, 4.0)


def test_memories_may_be_given_in_any_order():
    rules = Behaviour(volatility_memory_week_days=300, volatility_memory_year_days=7)
    assert feedback_parameters(rules).horizons_days == (7, 63, 126, 300)


def test_after_usual_days_everybody_is_as_wild_as_usual():
    assert felt(np.ones((3, MEMORY_DAYS))) == pytest.approx(1.0)
    assert own_feedback(1.0, 0.6) == joint_feedback(1.0, 1.0, 0.5) == 1.0


def test_a_wild_day_is_felt_by_each_horizon_for_as_long_as_it_remembers():
    seen = np.ones((1, MEMORY_DAYS))
    seen[0, 40] = 9.0
    for after in (0, 4, 5, 62, 63, 125, 126, 251):
        expected = sum(8.0 / h for h in (5, 63, 126, 252) if after < h) / 4
        assert felt(seen, 40 + after)[0] == pytest.approx(1 + 0.6 * expected, abs=1e-12), after


def test_a_loss_counts_more_than_a_gain_of_the_same_size():
    sizes = [felt_size(move, 0.01, 0.01, 0.7, 4.0) for move in (-0.01, 0.01, 0.0)]
    assert sizes == pytest.approx(np.array([1.7, 0.3, 0.0]) / MEAN_SIZE)


def test_a_jump_counts_as_a_few_standard_deviations_of_the_day():
    assert felt_size(0.36, 0.01, 0.01, 0.0, 4.0) == pytest.approx(4.0 / MEAN_SIZE)
    assert felt_size(-0.36, 0.01, 0.02, 0.0, 4.0) == pytest.approx(8.0 / MEAN_SIZE)


def watched(day, returns, usual):
    """What crowds remember after a day of `returns` with `usual` noise."""
    usual = np.array(usual)
    crowds = fresh_crowds(len(usual), PUBLISHED, usual, MEMORY_DAYS)
    crowds.before[:] = returns
    watch(day, (SLOTS[: len(usual)], usual, usual / UNIT), tuple(crowds), tuple(DEFAULT))
    return crowds.seen


def test_a_day_is_remembered_in_its_own_column_round_and_round():
    for day in (7, 7 + MEMORY_DAYS):
        seen = watched(day, [-0.01, 0.01, 0.0], [0.01, 0.01, 0.01])
        assert seen[:, 7] == pytest.approx(np.array([1.7, 0.3, 0.0]) / MEAN_SIZE)
        assert (np.delete(seen, 7, axis=1) == 1.0).all()


def test_a_row_without_noise_sees_nothing():
    assert (watched(0, [0.5], [0.0]) == 1.0).all()


def test_the_markets_volatility_is_in_every_share_and_no_shares_in_the_market():
    seen = np.ones((3, MEMORY_DAYS))
    seen[2] = 3.0
    market = 1 + 0.6 * 2
    assert felt(seen) == pytest.approx([math.sqrt(market), math.sqrt(market), market])
    assert felt(seen, common=0.0) == pytest.approx([1.0, 1.0, market])
    seen = np.ones((3, MEMORY_DAYS))
    seen[0] = 3.0
    assert felt(seen) == pytest.approx([market, 1.0, 1.0])


def test_volatility_feedback_never_falls_to_nothing():
    assert felt(np.zeros((2, MEMORY_DAYS)), feedback=0.95)[1] == 0.1


def test_risk_limits_end_volatility_feedback():
    """Without them prices of a run ran away (seen at a feedback of 0.79)."""
    assert felt(np.full((2, MEMORY_DAYS), 50.0)).tolist() == [4.0, 4.0]


def test_the_noise_of_the_day_is_the_mixture_of_both_crowds_times_the_feedback():
    fw = tuple(PUBLISHED)
    both = math.hypot(0.5 * PUBLISHED.sigma_fundamental, 0.5 * PUBLISHED.sigma_chartist)
    assert noise_of_day(1.0, 1.0, 1.0, fw) == pytest.approx(0.01 * PUBLISHED.sigma_fundamental)
    assert noise_of_day(0.0, 2.0, 1.0, fw) == pytest.approx(0.02 * PUBLISHED.sigma_chartist)
    assert noise_of_day(0.5, 1.0, 2.0, fw) == pytest.approx(0.02 * both)


def test_a_change_of_sentiment_asks_for_a_concession_that_is_gone_the_day_after():
    assert concession(0.12, 0.10, 0.04, 0.5) == pytest.approx(0.08 + 0.01)
    assert concession(0.12, 0.12, 0.04, 0.5) == pytest.approx(0.08)


def test_sentiment_clusters_more_with_feedback_than_by_switching_alone():
    def clustering(path):
        size = np.abs(path[:, -1])
        return correlation(size[:-5], size[5:])

    with_it, error = over_seeds(clustering)
    without, other = over_seeds(clustering, feedback=0.0)
    assert with_it - without > 4 * math.hypot(error, other)


def test_losses_are_followed_by_wilder_days_only_if_they_count_more():
    def leverage(path):
        change = path[:, -1]
        return np.mean([correlation(change[:-lag], np.abs(change[lag:])) for lag in range(2, 11)])

    mean, error = over_seeds(leverage)
    assert mean < -4 * error
    mean, error = over_seeds(leverage, losses=0.0)
    assert abs(mean) < 4 * error


def test_shares_are_wild_together_only_if_feedback_is_common():
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
