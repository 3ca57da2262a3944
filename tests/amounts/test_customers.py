"""Unlisted customers in cents: what they buy with their own and lent money, how they fail, what their vendor loses."""

from __future__ import annotations

import math

import pytest
from carousel.contracts.bond_book import Bonds
from carousel.contracts.loan_rules import affordable_cents, failure_probability, hazard_per_year
from carousel.ledger.registers import Registers
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


SHOPS = f"{LENT} second_shop"
"""Two shops with lines of 1 bn each; from month 2 on, 0.1 bn drawn, 1.9 may still be."""


def test_a_vendor_with_less_at_hand_than_it_wants_for_its_lines_cuts_them_at_quarter_ends(play):
    """Three months of 50 m each and shop drawn: 0.85 bn each left, half of it cut; with 10 bn at hand nothing is."""
    short = ("chip_maker.Maker.opening_cash_usd=0.3e9", "behaviour.line_cover_min=1")
    run = play(SHOPS, *short, days=63)
    half = (10 * MONTH - 3 * MONTH // 2) // 2
    assert [(e.day, e.counterparty, e.cents, e.detail) for e in run.events("line_cut")] == [
        (63, "Corner shop", half, "halved"), (63, "Kiosk", half, "halved"),
    ]  # fmt: skip
    assert play(SHOPS, "behaviour.line_cover_min=1", days=63).events("line_cut") == []
    assert play(SHOPS, short[0], days=63).events("line_cut") == []


def test_who_sees_lines_cut_draws_more_of_every_bill_and_what_is_for_any_purpose(play):
    """Of 2 bn 0.85 are cut: 42.5 %, so with a fear of 2 stress is 0.85. Of a month's bill 50 % and 85 % of the rest;
    ahead half of 85 % of a fifth of what the line is now, 0.575 bn."""
    short = ("chip_maker.Maker.opening_cash_usd=0.3e9", "behaviour.line_cover_min=1", "vendor_loan.*.general_share=0.2")
    run = play(SHOPS, *short, "behaviour.line_fear=2", days=84)
    told = {(e.agent, e.detail): e.cents for e in run.events("loan_drawn", day=84)}
    cut = (10 * MONTH - 3 * MONTH // 2) // 2
    stress = 2 * cut / (10 * MONTH)
    ahead = round(int(0.2 * (10 * MONTH - cut)) * 0.5 * stress)
    bill = round(MONTH * (0.5 + 0.5 * stress))
    for shop in ("Corner shop", "Kiosk"):
        assert told[shop, "for its bills"] == bill
        assert told[shop, "ahead of need"] == ahead
    calm = play(SHOPS, *short, days=84)
    assert {e.cents for e in calm.events("loan_drawn", day=84)} == {MONTH // 2}


def test_a_line_that_is_held_frightens_others(play):
    """One of two lines of 1 bn is held with 0.95 undrawn: 47.5 % of all are withheld."""
    over = ("customer.Corner shop buys.hazard_per_year=0.05", "vendor_loan.Shop line.covenant_spread_per_year=0.01")
    run = play(SHOPS, *over, "behaviour.line_fear=1", days=42)
    assert [(e.agent, e.cents) for e in run.events("loan_drawn", day=42)] == [
        ("Kiosk", round(MONTH * (0.5 + 0.5 * 0.475)))
    ]


def test_a_bankrupts_bonds_tell_customers_no_more_than_the_worst_rating():
    """Marked at 512 % a year near maturity; two issuers asked 10 % each at the start: (20 + 5) / 20."""
    bonds = Bonds(Registers())
    bonds.spread_at_start = {"A": 0.1, "B": 0.1}
    bonds.spread_per_year = {"A": 5.12, "B": 0.05}
    assert bonds.asked_ratio() == pytest.approx(1.25, rel=1e-12)
    assert Bonds(Registers()).asked_ratio() == 1.0


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
