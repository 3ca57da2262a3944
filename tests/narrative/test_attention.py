"""How loud an announcement is: signed, concave in size, and quieter the more holders have heard it before."""

from __future__ import annotations

import math

import pytest
from carousel.narrative.attention import (
    announcement_shock,
    attention,
    recent_similar,
    remembered_before,
    surprise_share,
    surprise_shock,
    uncertainty,
)


def shock(**changes: float) -> float:
    """Shock of an announcement as large as the firm at full attention, but for the changes."""
    arguments = {
        "direction": 1,
        "amount_usd": 100.0,
        "market_value_usd": 100.0,
        "attention": 1.0,
        "impulse": 0.05,
        "concavity": 0.5,
        "uncertainty": 1.0,
        "size_max": 1.0,
    }
    return announcement_shock(**(arguments | changes))


def test_an_announcement_as_large_as_the_firm_has_the_full_impulse():
    assert shock() == 0.05
    assert shock(amount_usd=1000.0) == 0.05


def test_size_enters_concavely():
    assert shock(amount_usd=25.0) == pytest.approx(0.025)
    assert 2 * shock(amount_usd=25.0) > shock(amount_usd=50.0)


def test_bad_news_is_a_negative_shock_and_nothing_is_none():
    assert shock(direction=-1) == -0.05
    assert shock(direction=0) == 0.0
    assert shock(amount_usd=0.0) == 0.0


def test_attention_is_what_the_caught_and_the_tired_leave_over():
    assert attention(0.0, 0.0) == 1.0
    assert attention(0.3, 0.2) == pytest.approx(0.5)
    assert attention(0.6, 0.4) == 0.0


def test_the_second_of_a_kind_is_heard_by_half():
    assert attention(0.0, 0.0, similar=1.0) == 0.5


def test_similar_announcements_are_forgotten_at_the_stated_rate():
    assert recent_similar([], 10, 21.0) == 0.0
    assert recent_similar([10], 10, 21.0) == 1.0
    assert recent_similar([10, 10 - 21], 10, 21.0) == pytest.approx(1 + math.exp(-1))


def test_a_surprise_is_felt_in_proportion_up_to_its_bounds():
    assert surprise_shock(0.1, 0.5, 1.0) == pytest.approx(0.05)
    assert surprise_shock(-9.0, 0.5, 1.0) == -0.5
    assert surprise_shock(9.0, 0.5, 0.3) == pytest.approx(0.15)


@pytest.mark.parametrize(
    "ask",
    [
        lambda: shock(amount_usd=-1.0),
        lambda: shock(market_value_usd=0.0),
        lambda: attention(-0.1, 0.0),
        lambda: attention(0.7, 0.4),
        lambda: attention(0.0, float("nan")),
        lambda: attention(0.0, 0.0, similar=-1.0),
        lambda: recent_similar([11], 10, 21.0),
        lambda: recent_similar([1], 10, 0.0),
    ],
)
def test_impossible_numbers_are_refused(ask):
    with pytest.raises(ValueError, match=r"allowed|after today"):
        ask()


def test_announcements_before_the_run_are_remembered_as_if_spread_over_ninety_days():
    """Against the sum over single days: n announcements at the midpoints of n equal parts of 62 trading days."""
    for n in (1, 5, 50):
        days = [-(k + 0.5) * 62 / n for k in range(n)]
        exact = sum(math.exp(day / 63) for day in days)
        assert remembered_before(n, 62, 63) == pytest.approx(exact, rel=0.05 / n**2 + 1e-4)
    assert remembered_before(0, 62, 63) == 0.0


def test_what_is_left_to_surprise_falls_with_every_similar_announcement():
    assert surprise_share(0.0) == 1.0
    assert surprise_share(1.0) == 0.5
    assert [surprise_share(n) for n in range(5)] == sorted((surprise_share(n) for n in range(5)), reverse=True)


def test_news_about_an_uncertain_firm_tells_more():
    assert uncertainty(None, 0.022) == uncertainty(0.022, 0.022) == 1.0
    assert uncertainty(0.088, 0.022) == 2.0
    assert shock(uncertainty=2.0) == 0.1


def test_more_than_significant_influence_vouches_no_louder():
    most = shock(amount_usd=20.0, size_max=0.2)
    assert most == pytest.approx(0.05 * math.sqrt(0.2))
    assert shock(amount_usd=90.0, size_max=0.2) == most


@pytest.mark.parametrize(
    "ask",
    [
        lambda: remembered_before(-1, 62, 63),
        lambda: remembered_before(1, 0, 63),
        lambda: remembered_before(1, 62, 0),
        lambda: surprise_share(math.nan),
        lambda: uncertainty(0.0, 0.022),
        lambda: uncertainty(0.022, 0.0),
    ],
)
def test_impossible_memories_are_refused(ask):
    with pytest.raises(ValueError, match="allowed"):
        ask()
