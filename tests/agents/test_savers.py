"""What savers make of a year's return, and what plans bid for, in numbers worked out by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from carousel.agents.savers import FLOW_SHARE_MAX, MonthReturn, Savers, flow_per_year, monthly_flow_cents, remembered
from carousel.agents.savings_plans import plan_order


@pytest.mark.parametrize(
    ("excess", "gain", "loss", "flow"),
    [(0.1, 2.0, 0.5, 0.2), (-0.1, 2.0, 0.5, -0.05), (0.0, 2.0, 0.5, 0.0), (0.1, 0.25, 0.9, 0.025),
     (-0.1, 0.25, 0.9, -0.09)],
)  # fmt: skip
def test_gains_and_losses_move_savers_each_with_its_own_weight(excess, gain, loss, flow):
    assert flow_per_year(excess, gain, loss) == pytest.approx(flow, abs=1e-15)


def test_funds_of_shares_are_convex_and_bond_funds_concave_in_their_return():
    def bend(gain, loss):
        return (flow_per_year(0.2, gain, loss) + flow_per_year(-0.2, gain, loss)) / 2 - flow_per_year(0.0, gain, loss)

    assert bend(2.0, 0.5) == pytest.approx(0.15)
    assert bend(0.25, 0.9) == pytest.approx(-0.065)


def test_a_month_is_remembered_as_a_twelfth_of_the_year_it_would_make():
    """1 % a month is 12 % a year, of which a twelfth is believed at once; after twelve equal months 64.8 % of it."""
    assert remembered(0.0, 0.01, 12.0) == pytest.approx(0.01)
    assert remembered(0.06, 0.01, 12.0) == pytest.approx(0.065)
    seen = 0.0
    for _ in range(12):
        seen = remembered(seen, 0.01, 12.0)
    assert seen == pytest.approx(0.12 * (1 - (11 / 12) ** 12))
    assert remembered(0.5, 0.01, 1.0) == pytest.approx(0.12)


def test_a_months_flow_is_a_twelfth_on_the_open_part_in_whole_cents():
    assert monthly_flow_cents(1_200_000, 0.5, 0.2) == 10_000
    assert monthly_flow_cents(1_200_000, 1.0, -0.09) == -9_000
    assert monthly_flow_cents(1_000_001, 1.0, 0.12) == 10_000
    assert monthly_flow_cents(1_000_000, 0.0, 3.0) == 0


def test_no_month_takes_more_than_half_of_a_fund():
    assert monthly_flow_cents(1_000_000, 1.0, -1e9) == -int(FLOW_SHARE_MAX * 1_000_000)


def test_a_months_return_is_of_what_was_held_then_with_its_income():
    """10 units at 100 and 5 at 200; then 110 and 190, 30 of income: (1,100 + 950 + 30) / 2,000."""
    month = MonthReturn()
    assert month.turn(np.array([10, 5]), np.array([100, 200])) is None
    assert month.turn(np.array([0, 9]), np.array([110, 190]), 30) == pytest.approx(math.log(2080 / 2000))
    assert month.turn(np.array([1, 1]), np.array([500, 209])) == pytest.approx(math.log(209 / 190))


def test_what_has_matured_counts_neither_then_nor_now_and_what_is_new_not_yet():
    month = MonthReturn()
    month.turn(np.array([10, 5]), np.array([100, 200]))
    assert month.turn(np.array([0, 5, 7]), np.array([0, 210, 300])) == pytest.approx(math.log(210 / 200))
    assert month.turn(np.array([0, 5, 7]), np.array([0, 210, 330])) == pytest.approx(math.log(3360 / 3150))


def test_savers_without_a_return_to_see_keep_their_memory():
    savers = Savers(3)
    savers.see(0.02, 0.01, 12.0)
    savers.see(None, 0.01, 12.0)
    savers.see(0.02, None, 12.0)
    assert savers.excess_per_year == pytest.approx(0.01)


@pytest.mark.parametrize(
    ("cash", "limit", "days_left", "shares"),
    [(2_100_000, 10_000, 21, 10), (2_100_000, 10_000, 1, 210), (9_999, 10_000, 1, 0)],
)
def test_plans_spread_their_cash_over_the_days_left_of_the_month(cash, limit, days_left, shares):
    assert plan_order(cash, limit, days_left) == shares
