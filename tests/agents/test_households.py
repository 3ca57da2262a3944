"""All households together: what they extrapolate from, whom they hear, what they save and order."""

from __future__ import annotations

import math
from types import SimpleNamespace

import numpy as np
import pytest
from carousel.agents.endowment import Endowment
from carousel.agents.household import Holders
from carousel.agents.household_orders import order_grid
from carousel.agents.households import Households
from carousel.scenarios.loader import load
from carousel.scenarios.schema import SocialGraphKind

DATA = load("ai-2025")
RULES = DATA.behaviour
LISTED = [
    SimpleNamespace(price_usd=30.0, shares=100, earnings_growth_per_year=0.10),
    SimpleNamespace(price_usd=10.0, shares=100, earnings_growth_per_year=-0.02),
]
NORMAL = 0.75 * math.log(1.10) + 0.25 * math.log(0.98)


def crowd(listed=LISTED, **facts):
    """400 households, a fifth of them enthusiastic."""
    house = DATA.households.model_copy(update={"blocks": 4, "saving_usd_per_year": 120.60} | facts)
    endowment = Endowment(
        total_cash_cents=400 * 10**6, total_etf_shares=8000, etf_price_cents=60_000, wealth_sigma=1.0, lean_spread=0.5,
        enthusiastic_share=0.2, tired_share=0.1, blocks=4, attention_per_day=0.5, attention_spread=0.5,
        extrapolation_spread=1.0, enthusiasm_tilt=0.1, tired_tilt=0.5,
    )  # fmt: skip
    return Households(Holders.endow(400, endowment, seed=3), house, RULES, listed)


def test_a_return_that_needs_no_story_is_the_growth_of_earnings_by_value():
    house = crowd()
    assert house.normal_return_per_year == pytest.approx(NORMAL)
    assert house.excess_return_per_year == 0.0
    assert crowd(listed=[]).normal_return_per_year == 0.0


def test_the_past_fades_by_the_quarter():
    house = crowd()
    for _ in range(63):
        house.remember(0.001)
    keep = RULES.extrapolation_per_quarter
    assert house.past_return_per_year == pytest.approx(keep * NORMAL + (1 - keep) * 0.252)
    assert house.excess_return_per_year == pytest.approx(house.past_return_per_year - NORMAL)


def test_a_months_saving_is_a_twelfth_of_a_years_in_cents():
    assert crowd().savings_cents_per_month == 1005


@pytest.mark.parametrize("kind", list(SocialGraphKind))
def test_the_story_is_told_and_counted_whoever_hears_whom(kind):
    house = crowd(social_graph=kind, mean_degree=6)
    assert (house.graph is None) == (kind is SocialGraphKind.BLOCKS)
    before = house.holders.state.copy()
    assert house.story_shares == pytest.approx(np.bincount(before, minlength=3) / 400)
    for day in range(30):
        house.tell_story(day, 0.5)
    assert (house.holders.state != before).any()
    assert np.array_equal(house.counts, house.holders.counts())


def test_gains_of_the_past_win_listeners():
    caught = []
    for gain in (0.0, 0.02):
        house = crowd()
        house.remember(gain)
        house.past_return_per_year += 20 * gain
        house.tell_story(1, 0.0)
        caught.append(house.story_shares[1])
    assert caught[1] > caught[0]


def test_orders_come_as_histograms_over_the_levels_of_the_day():
    house = crowd()
    for day, reference in ((1, 60_000), (2, 90_000)):
        low, buys, sells = house.decide(day, reference)
        assert (low, len(buys)) == order_grid(reference, RULES.limit_tolerance)
        shares = house.holders.order_shares.astype(int)
        assert (buys.sum(), sells.sum()) == (shares[shares > 0].sum(), -shares[shares < 0].sum())
    assert buys.sum() + sells.sum() > 0


def test_what_was_traded_is_kept_for_the_record():
    house = crowd()
    house.traded(7, 4)
    assert (house.bought_shares, house.sold_shares) == (7, 4)
