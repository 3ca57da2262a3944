"""Growth that slows down, and expectations that follow it: by hand."""

from __future__ import annotations

import math

import pytest
from carousel.narrative.growth import Growing, GrowthTerms, slowing_growth

TERMS = GrowthTerms(real_per_year=0.5, assumed_per_year=0.3, slowdown_per_year=0.2, volatility_per_year=0.1)


def test_growth_slows_down_by_the_year():
    assert slowing_growth(0.5, 0.2, 0.0) == pytest.approx(math.log(1.5))
    assert slowing_growth(0.5, 0.2, 3.0) == pytest.approx(math.log(1.5) * math.exp(-0.6))


def test_a_day_grows_as_it_really_comes_and_is_expected_as_prices_assume():
    size = Growing(100.0, TERMS)
    size.grow(126, 1.5)
    sigma = 0.1 / math.sqrt(252)
    slowed = math.exp(-0.1) / 252
    assert size.now == pytest.approx(100 * math.exp(math.log(1.5) * slowed + sigma * 1.5 - sigma**2 / 2), rel=1e-14)
    assert size.expected == pytest.approx(100 * math.exp(math.log(1.3) * slowed), rel=1e-14)
    assert size.quarter_start == 100.0


def test_a_quarter_teaches_a_part_of_what_was_seen():
    size = Growing(100.0, TERMS)
    size.now, size.expected = 120.0, 110.0
    assert size.learn(126, 63, 0.35) == pytest.approx(120 / 110 - 1)
    expected = math.log(1.3) * math.exp(-0.2 * (126 - 31) / 252)
    gap = 0.35 * (math.log(1.2) * 4 - expected)
    assert size.gap_per_year == pytest.approx(gap)
    assert (size.expected, size.quarter_start) == (120.0, 120.0)
    now = math.log(1.3) * math.exp(-0.1) + gap
    assert size.expected_growth(126) == pytest.approx(now)
    assert size.growth_ahead(126, 2.0) == pytest.approx(math.exp(2 * now))


def test_what_has_vanished_teaches_nothing():
    size = Growing(100.0, TERMS)
    size.now = 0.0
    assert size.learn(63, 63, 0.35) == 0.0
    assert (size.gap_per_year, size.expected) == (0.0, 100.0)
