"""A backstop pays for what stands idle, month by month, up to its limit: amounts by hand."""

from __future__ import annotations

import pytest
from carousel.contracts.backstop import Backstop, idle_usd_per_year
from carousel.contracts.base import Status
from carousel.contracts.build_plan import BuildPlan
from carousel.scenarios.errors import ScenarioError
from carousel.scenarios.loader import parse

from .classes import CASES, made, month, pay

BACKED = """extends = "ai-2025"
[[backstop]]
name = "Backstop"
backer = "NVIDIA"
cloud = "Oracle"
limit_usd = 1e9
expires = 2032-04-13
[behaviour]
relet_discount = 0.5
"""


@pytest.fixture
def backed():
    return made(CASES[Backstop])


def test_a_month_of_what_stands_idle_at_the_discount_at_which_it_is_relet(backed):
    """77 MW at 10,000.01 USD a year, re-let at 30 % less: 231,000.23 USD a year, 19,250.02 a month."""
    contract, at = backed
    at.take(at.rules.model_copy(update={"relet_discount": 0.3}))
    assert [bill.cents for bill in month(contract, at)] == [1_925_002]
    contract._builder.contracts[0].relet_mw = 0
    assert month(contract, at) == []


def test_it_pays_its_limit_and_not_a_cent_more(backed):
    """123,456.78 USD: six months of 19,250.02 and a last one of 7,956.66."""
    contract, at = backed
    at.take(at.rules.model_copy(update={"relet_discount": 0.3}))
    paid = []
    while contract.is_alive:
        paid += [bill.cents for bill in month(contract, at)]
        while at.bills.due:
            pay(contract, at)
    assert paid == [1_925_002] * 6 + [795_666]
    assert (contract.status, contract.paid_cents) == (Status.DONE, 12_345_678)


def test_it_pays_the_whole_price_of_what_no_customer_of_a_plan_uses():
    """500 MW in service, 200 MW wanted, at 1 m USD per MW and year: 300 m."""
    plan, _ = made(CASES[BuildPlan])
    plan.demand_mw.now = 200.0
    assert idle_usd_per_year(plan, 0.3) == pytest.approx((plan.service_mw - 200.0) * 1e6)


@pytest.mark.parametrize("party", ["Maker", "Cloud"])
def test_a_default_ends_it_and_what_had_fallen_due_stays_due(backed, party):
    contract, at = backed
    (bill,) = month(contract, at)
    contract.on_default(party)
    assert (contract.status, contract.backing_cents, contract.cost_ahead_cents) == (Status.CANCELLED, 0, 0)
    assert at.bills.due == [bill]


def test_a_backstop_by_who_makes_no_chips_is_refused():
    with pytest.raises(ScenarioError) as error:
        parse(BACKED.replace('backer = "NVIDIA"', 'backer = "OpenAI"'))
    assert error.value.key_path == "backstop.Backstop.backer"
