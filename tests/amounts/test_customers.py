"""Unlisted customers in cents: what they buy with their own and lent money, how they fail, what their vendor loses."""

from __future__ import annotations

import math

import pytest
from carousel.contracts.loan_rules import affordable_cents, failure_probability, hazard_per_year
from carousel.scenarios.errors import ScenarioError
from hypothesis import given
from hypothesis import strategies as st

MONTH = 10**10
"""A month's purchases: a twelfth of 1.2 bn USD, in cents."""
REST = "maker rest fund"
SHOP = f"{REST} customer"
LENT = f"{SHOP} shop_line"
CENTS = st.integers(0, 10**13)


@given(CENTS, CENTS, CENTS)
def test_what_is_bought_is_paid_for_and_all_that_money_reaches(wanted, lent, own):
    lent = min(lent, wanted)
    bought = affordable_cents(wanted, lent, own)
    assert 0 <= bought <= wanted
    assert bought * (wanted - lent) <= max(own, wanted - lent) * wanted
    if bought < wanted:
        assert bought * (wanted - lent) <= own * wanted < (bought + 1) * (wanted - lent)


def test_a_hazard_of_a_tenth_that_lenders_double_is_a_fifth():
    assert hazard_per_year(0.1, 2.0, 1.0) == 0.2
    assert hazard_per_year(0.1, 2.0, 0.0) == 0.1
    assert failure_probability(0.2, 0.5) == pytest.approx(1 - math.exp(-0.1), rel=1e-12)
    with pytest.raises(ValueError, match="0 or more"):
        hazard_per_year(-0.1, 1.0, 1.0)


def test_a_customer_buys_a_twelfth_a_month_and_the_maker_pays_what_the_goods_cost_it(play):
    run = play(SHOP, days=64)
    assert run.by_day("chip_bill", payer="Corner shop", payee="Maker") == {21: MONTH, 42: MONTH, 63: MONTH}
    assert run.by_day("revenue_other", payee="Corner shop") == {21: MONTH, 42: MONTH, 63: MONTH}
    assert run.by_day("running_costs", payer="Maker") == dict.fromkeys((21, 42, 63), MONTH * 4 // 10)


def test_its_purchases_are_in_the_makers_earnings_and_change_no_price(play):
    """10 bn a year, of which it brings 0.6 x 1.2: worth the same whoever buys."""
    values = [play(parts, days=21).cell("daily", "fair_value_cents", security="Maker", day=1) for parts in (SHOP, REST)]
    assert values[0] == pytest.approx(values[1], rel=1e-4)


def test_half_its_own_money_buys_half_and_with_a_line_for_half_of_all_the_whole(play):
    """Of 100 m it has 50."""
    poor = "customer.*.revenue_usd_per_year=0.6e9"
    assert play(SHOP, poor, days=22).paid("chip_bill") == MONTH // 2
    run = play(LENT, poor, days=22)
    assert run.paid("chip_bill") == MONTH
    assert run.paid("vendor_loan", payee="Corner shop") == MONTH // 2


def test_a_line_that_is_held_leaves_its_customer_with_what_it_has_itself(play):
    """The hazard's spread, 0.4 % + 0.05 x 0.6, is above a covenant of 1 %: nothing is lent after the first month."""
    over = ("customer.*.hazard_per_year=0.05", "customer.*.revenue_usd_per_year=0.6e9")
    held = play(LENT, *over, "vendor_loan.Shop line.covenant_spread_per_year=0.01", days=43)
    free = play(LENT, *over, days=43)
    assert [e.day for e in held.events("line_held")] == [21]
    assert held.paid("vendor_loan") == MONTH // 2 < free.paid("vendor_loan")
    assert held.paid("chip_bill") < free.paid("chip_bill")


def test_a_customer_that_fails_buys_no_more_and_its_lender_writes_off(play):
    """At the end of the third month; what it drew at the first is lost but for 40 %, due a year later."""
    run = play(LENT, "customer.*.hazard_per_year=3", days=127, seed=1)
    (failed,) = run.days_of("default", agent="Corner shop")
    bought = run.by_day("chip_bill", payer="Corner shop")
    assert all(day < failed for day in bought)
    (lost,) = run.events("loan_written_off")
    drawn = run.paid("vendor_loan")
    assert lost.cents == drawn - int(drawn * 0.4)
    assert run.cell("commitments", "status", commitment="Corner shop buys", day=126) == "cancelled"
    told = [row["text"] for row in run.rows("announcements", firm="Maker", direction=-1)]
    assert "Corner shop fails: it buys no more of Maker" in told


def test_nobody_fails_without_a_hazard_and_who_fails_at_a_lower_one_fails_at_a_higher_no_later(play):
    def failed(hazard, seed):
        return play(SHOP, f"customer.*.hazard_per_year={hazard}", days=127, seed=seed).days_of("default")

    for seed in range(4):
        assert failed(0, seed) == []
        some, more = failed(3, seed), failed(10, seed)
        assert not some or more[0] <= some[0]


@pytest.mark.parametrize(
    ("change", "allowed"),
    [("customer.*.purchases_usd_per_year=20e9", "of which it is a part"), ("customer.*.buyer=Maker", "firm")],
)
def test_a_customer_that_cannot_be_is_refused(play, change, allowed):
    with pytest.raises(ScenarioError, match=allowed):
        play(SHOP, change)
