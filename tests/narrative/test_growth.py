"""Growth that slows down, and expectations that follow it: by hand."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from carousel.narrative.growth import Growing, GrowthTerms, slowing_growth
from carousel.scenarios.checks_growth import growth_deviation

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


def test_luck_of_growth_lasts_and_fades_as_growth_does():
    size = Growing(100.0, replace(TERMS, growth_volatility_per_year=0.24))
    size.grow(0, 0.0, 2.0)
    luck = 0.24 / math.sqrt(252) * 2
    own = -(0.1**2) / 504
    assert size.now == pytest.approx(100 * math.exp((math.log(1.5) + luck) / 252 + own), rel=1e-14)
    size.grow(0, 0.0, 0.0)
    faded = luck * math.exp(-0.2 / 252)
    both = 2 * (math.log(1.5) / 252 + own) + (luck + faded) / 252
    assert size.now == pytest.approx(100 * math.exp(both), rel=1e-14)


def test_sizes_scatter_as_the_closed_form_says():
    """500 paths of two years: the standard deviation of the log size within three standard errors."""
    terms = replace(TERMS, volatility_per_year=0.0, growth_volatility_per_year=0.24, slowdown_per_year=0.5)
    ends = []
    for draws in np.random.default_rng(7).standard_normal((500, 504)).tolist():
        path = Growing(100.0, terms)
        for day, draw in enumerate(draws):
            path.grow(day, 0.0, draw)
        ends.append(math.log(path.now))
    assert abs(np.std(ends) / growth_deviation(0.24, 0.5, 2.0) - 1) < 3 / math.sqrt(2 * 500)


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
