"""The rules of one row's sentiment: pulled to value, carried by the trend, noisier but not more mispriced."""

from __future__ import annotations

import math

import numpy as np
import pytest
from carousel.narrative.logistic import logistic
from carousel.narrative.switching import (
    PUBLISHED,
    mixed_noise,
    neutral_share,
    next_sentiment,
    next_share,
    volatility_scales,
)

FW = tuple(PUBLISHED)


def test_the_noise_of_both_crowds_is_weighed_by_their_shares():
    assert mixed_noise(0.25, 2.0, 0.0, FW) == pytest.approx(0.25 * 0.758 * 2)
    assert mixed_noise(0.25, 0.0, -1.0, FW) == pytest.approx(-0.75 * 2.087)


def test_tomorrows_sentiment_by_hand():
    """e' = e + mu [(1 - n) chi r - n phi s^2 e + s noise]."""
    expected = 0.2 + 0.01 * (0.75 * 1.5 * 0.03 - 0.25 * 0.12 * 4 * 0.2 + 2 * 0.5)
    assert next_sentiment(0.2, 0.25, 0.03, 2.0, 0.5, FW) == pytest.approx(expected, rel=1e-14)


def test_tomorrows_share_by_hand():
    index = -0.327 + 1.79 * (2 * 0.3 - 1) + 18.43 * 0.2**2
    assert next_share(0.3, -0.2, FW) == pytest.approx(1 / (1 + math.exp(-index)), rel=1e-14)


def test_the_intensity_of_choice_multiplies_the_attractiveness():
    assert next_share(0.5, 0.0, tuple(PUBLISHED._replace(beta=3.0))) == pytest.approx(logistic(3 * -0.327))


def test_far_from_value_everybody_becomes_a_fundamentalist():
    assert next_share(0.2, 2.0, FW) > 0.999


def test_extreme_misalignment_stays_finite():
    assert next_share(0.5, 1e8, FW) == 1.0
    assert 0.0 <= next_share(0.5, 1e8, tuple(PUBLISHED._replace(alpha_p=-20.0))) < 1e-300


def test_the_neutral_share_is_a_fixed_point_of_switching():
    n = neutral_share(FW)
    assert n == pytest.approx(next_share(n, 0.0, FW), abs=1e-12)
    assert n == pytest.approx(1 / (1 + np.exp(-(PUBLISHED.alpha_0 + PUBLISHED.alpha_n * (2 * n - 1)))), abs=1e-12)


def test_the_own_and_the_market_part_make_up_the_wanted_volatility():
    own = volatility_scales(np.array([0.02, 0.03]), 0.01, 0.01)
    assert own[-1] == pytest.approx(1.0)
    assert np.hypot(own[:-1], own[-1]) * 0.01 == pytest.approx([0.02, 0.03])


def test_a_share_calmer_than_the_market_keeps_a_part_of_its_own():
    assert volatility_scales(np.array([0.005]), 0.01, 0.01) == pytest.approx([0.05, 1.0])


@pytest.mark.parametrize(
    ("shares", "market", "baseline"), [([-0.01], 0.01, 0.01), ([0.01], -0.01, 0.01), ([0.01], 0.01, 0.0)]
)
def test_impossible_volatilities_are_refused(shares, market, baseline):
    with pytest.raises(ValueError, match="allowed: 0 or more, over above 0"):
        volatility_scales(np.array(shares), market, baseline)
