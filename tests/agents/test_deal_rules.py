"""What a deal is worth to each side, by hand, and what holds whatever the numbers."""

from __future__ import annotations

import math

import pytest
from carousel.agents import deal_rules
from carousel.agents.lab_rules import PlannedDeal
from hypothesis import given
from hypothesis import strategies as st

RATE = st.floats(0.001, 0.5)


@pytest.mark.parametrize(
    ("need", "signed", "wish"),
    [(10.0, 9.1, 0.0), (10.0, 8.8, 0.5), (1.0, 0.8, 0.2), (10.0, 10.9, 0.0), (10.0, 12.0, -0.5)],
)
def test_a_lab_acts_outside_its_band_by_a_step_at_most(need, signed, wish):
    assert deal_rules.wanted_gw(need, signed, 0.1, 0.5) == pytest.approx(wish)


def test_an_annuity_repays_its_dollar_with_interest():
    """At 10 % over 5 years: .1 / (1 - exp(-.5)) = .2541."""
    assert deal_rules.annuity(0.1, 5.0) == pytest.approx(0.254149, abs=1e-6)
    assert deal_rules.annuity(0.0, 5.0) == 0.2


@given(RATE, st.floats(0.5, 30))
def test_the_present_value_of_an_annuity_is_a_dollar(rate, years):
    pay = deal_rules.annuity(rate, years)
    assert pay * -math.expm1(-rate * years) / rate == pytest.approx(1.0)


def test_doubt_makes_a_cloud_ask_for_more():
    """12 bn of costs; of a dollar .75 + .25 x .6 = .9 is expected, and .6 of one whom nobody believes."""
    assert deal_rules.lowest_price(12.0, 0.75, 0.4) == pytest.approx(12 / 0.9)
    assert deal_rules.lowest_price(12.0, 0.0, 0.4) == pytest.approx(20.0)
    assert deal_rules.lowest_price(12.0, 1.0, 0.4) == 12.0


def test_a_lab_pays_what_it_earns_and_what_investors_give_for_it():
    """8.4 bn earned, and a quarter of 25 x 10.5 bn of value over five years."""
    assert deal_rules.highest_price(8.4, 262.5, 0.25, 5.0) == pytest.approx(21.525)


@given(st.floats(0, 100), st.floats(0, 100), st.floats(0, 1))
def test_a_price_lies_between_what_both_can_take_or_there_is_none(lowest, highest, share):
    price = deal_rules.bargain(lowest, highest, share)
    assert (price is None) == (highest < lowest)
    assert price is None or lowest - 1e-9 <= price <= highest + 1e-9


def test_a_guarantee_of_half_the_bonds_blends_300_and_100_to_200_basis_points():
    assert deal_rules.guaranteed_part(0.03, 0.01, 0.02) == pytest.approx(0.5)


@given(st.floats(0, 100), st.floats(0, 100))
def test_the_least_that_is_enough_is_found_or_there_is_none(least, most):
    found = deal_rules.least_that(lambda x: x >= least, most)
    assert (found is None) == (most < least)
    assert found is None or found == pytest.approx(least, abs=1e-9)


def test_owners_of_dear_shares_ask_less_and_of_cheap_ones_more_within_bounds():
    bounds = (0.5, 1.5)
    premiums = [deal_rules.owners_premium(0.03, dearness, bounds) for dearness in (0.0, 0.5, 1.0, 1.5, 4.0)]
    assert premiums == pytest.approx([0.06, 0.06, 0.03, 0.02, 0.02])
    assert deal_rules.owners_premium(0.03, 0.0, (0.0, 1.5)) == math.inf


def test_a_planned_deal_is_built_at_its_pace_and_ends_with_its_term():
    deal = PlannedDeal(gw=0.5, price_usd_per_gw_year=13e9, starts_years=1.0, build_gw_per_year=0.25, term_years=5.0)
    assert [deal.gw_in(years) for years in (0.9, 1.0, 2.0, 4.0, 6.1)] == pytest.approx([0.0, 0.0, 0.25, 0.5, 0.0])
