"""How loud an announcement is: signed, concave in size, and quieter the more holders have heard it before."""

from __future__ import annotations

import math

import pytest
from carousel.narrative.attention import announcement_shock, attention, recent_similar, surprise_shock


def shock(**changes: float) -> float:
    """Shock of an announcement as large as the firm at full attention, but for the changes."""
    arguments = {
        "direction": 1,
        "amount_usd": 100.0,
        "market_value_usd": 100.0,
        "attention": 1.0,
        "impulse": 0.05,
        "concavity": 0.5,
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
    assert recent_similar([], 10) == 0.0
    assert recent_similar([10], 10, 21.0) == 1.0
    assert recent_similar([10, 10 - 21], 10, 21.0) == pytest.approx(1 + math.exp(-1))


def test_a_surprise_is_felt_in_proportion_up_to_its_bounds():
    assert surprise_shock(0.1, 0.5) == pytest.approx(0.05)
    assert surprise_shock(-9.0, 0.5) == -0.5


@pytest.mark.parametrize(
    "ask",
    [
        lambda: shock(amount_usd=-1.0),
        lambda: shock(market_value_usd=0.0),
        lambda: attention(-0.1, 0.0),
        lambda: attention(0.7, 0.4),
        lambda: attention(0.0, float("nan")),
        lambda: attention(0.0, 0.0, similar=-1.0),
        lambda: recent_similar([11], 10),
        lambda: recent_similar([1], 10, 0.0),
    ],
)
def test_impossible_numbers_are_refused(ask):
    with pytest.raises(ValueError, match=r"allowed|after today"):
        ask()
