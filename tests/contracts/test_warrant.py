"""A warrant vests with chips deployed and with the share's price, and hands over new shares: amounts by hand."""

from __future__ import annotations

import math

import pytest
from carousel.contracts.base import Status
from carousel.contracts.warrant import touched_value
from carousel.ledger.causes import Cause
from carousel.ledger.journal import CAUSE, CENTS, CONTRACT
from carousel.model import CarouselModel
from carousel.scenarios.errors import ScenarioError
from carousel.scenarios.loader import load, parse

from .classes import CASES, LAB, late, made, month, pay

GRANT = """extends = "ai-2025"
[[warrant]]
name = "Grant"
grantor = "NVIDIA"
holder = "OpenAI"
shares = 100_000_003
tranches = 4
capacity_gw = 0.4
first_price_usd = 100.0
last_price_usd = 130.0
expires = 2030-10-05
chips_usd_per_gw = 35e9
announced = 2025-10-06
"""


@pytest.fixture
def grant():
    from carousel.contracts.warrant import Warrant

    return made(CASES[Warrant])


def test_a_tranche_needs_both_its_capacity_and_its_price(grant):
    """A third of 2.5 GW and 10, 40, 70 USD: at 39.99 the second waits for its price, at 70.01 the third for its GW."""
    contract, at = grant
    contract._issuer.price_cents = 3_999
    contract.deploy(1_700.0)
    assert [bill.cents for bill in month(contract, at)] == [333 * 3]
    contract._issuer.price_cents = 7_001
    assert [bill.cents for bill in month(contract, at)] == [333 * 3]
    assert contract.vested == 2
    contract.deploy(799.9)
    assert month(contract, at) == []
    contract.deploy(0.1)
    assert [bill.cents for bill in month(contract, at)] == [334 * 3]


def test_a_price_that_was_reached_stays_reached(grant):
    contract, at = grant
    month(contract, at)
    contract._issuer.price_cents = 500
    contract.deploy(2_500.0)
    assert [bill.cents for bill in month(contract, at)] == [1_000 * 3]


def test_shares_come_with_the_strike_and_nothing_comes_for_less_than_one(grant):
    """3,000 cents for 1,000 shares at 3 cents: 2,000 cents buy 666, and 2 cents wait for the next."""
    contract, at = grant
    contract.deploy(2_500.0)
    month(contract, at)
    pay(contract, at, cents=2_000)
    registers = at.books.registers
    assert (contract.issued_shares, contract.paid_cents) == (666, 666 * 7_001)
    late(contract, at)
    pay(contract, at)
    assert registers.held(LAB, 1) == registers.outstanding.item(1) == 1_000
    assert contract.status is Status.DONE


def test_below_the_strike_the_lab_waits(grant):
    contract, at = grant
    month(contract, at)
    contract.deploy(2_500.0)
    contract._issuer.price_cents = 3
    assert month(contract, at) == []
    contract._issuer.price_cents = 4
    assert [bill.cents for bill in month(contract, at)] == [1_000 * 3]


@pytest.mark.parametrize("party", ["Lab", "Maker"])
def test_a_default_voids_what_is_not_paid(grant, party):
    contract, at = grant
    contract.deploy(2_500.0)
    month(contract, at)
    contract.on_default(party)
    assert (contract.status, at.bills.due, contract.equity_left_cents) == (Status.CANCELLED, [], 0)
    assert at.bills.given_up.total() == 3_000


def test_a_share_handed_over_at_a_barrier_is_worth_its_price_less_what_comes_too_late():
    """By hand at P = 100, H = 200, s = 0.5 over 4 years: b = 0.6931, s = 1; 200 N(-1.1931) + 100 N(-0.1931)."""
    normal = [(1 + math.erf(x / math.sqrt(2))) / 2 for x in (-1.193147, -0.193147)]
    assert touched_value(100, 200, 0.5, 4) == pytest.approx(200 * normal[0] + 100 * normal[1], rel=1e-6)
    assert touched_value(100, 200, 0.5, 1e6) == pytest.approx(100)
    assert touched_value(100, 200, 0.5, 0) == 0.0
    assert touched_value(100, 100, 0.5, 1) == 100
    values = [touched_value(100, barrier, 0.5, 2) for barrier in (110, 150, 300)]
    assert sorted(values, reverse=True) == values


@pytest.fixture(scope="module")
def run():
    """A year and a half of ai-2025 with a grant whose first tranches are near."""
    model = CarouselModel(parse(GRANT), rng=0, days=420, holders=300)
    entries, at_start = [], model.contracts.cost_ahead_usd("NVIDIA")
    number = next(c.number for c in model.contracts.promises if c.label == "warrant")
    while model.running:
        model.step()
        day = model.books.last.entries
        entries += day[(day[:, CONTRACT] == number) & (day[:, CAUSE] == Cause.ROUND)][:, CENTS].tolist()
    return model, model.contracts[number], entries, at_start


def test_in_a_run_the_lab_pays_a_cent_a_share_and_owns_what_the_register_grew_by(run):
    model, contract, entries, _ = run
    lab, maker = model.cast.lab_by_name["OpenAI"], model.cast.listed_by_name["NVIDIA"]
    assert contract.issued_shares in {100_000_003 * n // 4 for n in (1, 2, 3, 4)}
    assert sum(entries) == contract.issued_shares
    assert model.books.registers.held(lab.account, maker.security) == contract.issued_shares
    assert lab._sight.valued_stakes_cents(lab.account) == contract.issued_shares * maker.price_cents


def test_owners_expect_the_dilution_from_the_announcement_on(run):
    model, contract, _, at_start = run
    assert at_start == 0.0
    maker = model.cast.listed_by_name["NVIDIA"]
    left = contract.credibility * contract.equity_left_cents
    assert maker.bill_seen_cents() == pytest.approx(left, abs=1)


def test_a_grant_by_who_makes_no_chips_is_refused():
    with pytest.raises(ScenarioError) as error:
        parse(GRANT.replace('"NVIDIA"', '"Oracle"'))
    assert error.value.key_path == "warrant.Grant.grantor"


def test_a_scenario_without_grants_expects_no_dilution():
    model = CarouselModel(load("ai-2025"), rng=0, days=1, holders=300)
    assert model.contracts.cost_ahead_usd("NVIDIA") == 0.0
