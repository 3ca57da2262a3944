"""A convertible is debt until its holder takes shares: amounts by hand, and what it does in a run."""

from __future__ import annotations

import math

import pytest
from carousel.contracts.base import Status
from carousel.contracts.convertible import Convertible, conversion_right
from carousel.ledger.causes import Cause
from carousel.ledger.journal import CAUSE, CENTS, CONTRACT
from carousel.model import CarouselModel
from carousel.scenarios.errors import ScenarioError
from carousel.scenarios.loader import parse

from .classes import CASES, FUND, MAKER, made, month, pay, place

TWO = """extends = "ai-2025"
[[convertible]]
name = "Called"
issuer = "Oracle"
holder = "Private credit funds"
amount_usd = 3e9
coupon_per_year = 0.01
premium_share = 0.0
called_above_share = 0.0
closes = 2025-09-15
announced = 2025-09-10
[[convertible]]
name = "Repaid"
issuer = "Oracle"
holder = "NVIDIA"
amount_usd = 2e9
coupon_per_year = 0.02
premium_share = 5.0
years = 0.25
closes = 2025-09-15
announced = 2025-09-10
"""


@pytest.fixture
def notes():
    """1,000 notes of 1,000 USD, placed; a share costs 77.01 USD of face, the issuer calls at 115.52."""
    contract, at = made(CASES[Convertible])
    month(contract, at)
    place(contract, at)
    return contract, at


def test_the_conversion_price_is_the_last_close_and_its_premium(notes):
    contract, _ = notes
    assert (contract.conversion_price_cents, contract.called_at_cents) == (7_701, 11_552)
    assert contract.status is Status.DELIVERING
    assert contract.paid_cents == contract.face_cents == 10**8


def test_called_notes_become_whole_shares_and_the_rest_is_due_in_cash(notes):
    """100,000,000 cents at 7,701 a share are 12,985 shares for 99,997,485; 2,515 cents are left."""
    contract, at = notes
    contract._issuer.price_cents = 11_551
    assert month(contract, at) == []
    assert not at.bills.due
    contract._issuer.price_cents = 11_552
    month(contract, at)
    assert [(bill.payer, bill.payee, bill.cents, bill.cause) for bill in at.bills.due] == [
        (MAKER, FUND, 2_515, Cause.MATURITY)
    ]
    assert at.books.registers.held(FUND, 1) == contract.issued_shares == 12_985
    assert at.bills.set_off == {(MAKER, FUND, Cause.MATURITY): 99_997_485, (FUND, MAKER, Cause.ROUND): 99_997_485}
    assert contract.status is Status.DONE
    assert not contract._bonds.series


@pytest.mark.parametrize(("price_cents", "shares"), [(7_701, 0), (7_702, 12_985)])
def test_at_maturity_the_holder_takes_what_is_worth_more(notes, price_cents, shares):
    contract, at = notes
    contract._issuer.price_cents = price_cents
    for bill in contract._bonds.call(contract._notes, 1_000):  # as what matures is billed
        at.bills.add(bill)
    month(contract, at)
    assert contract.issued_shares == shares
    assert sum(bill.cents for bill in at.bills.due) == 10**8 - shares * 7_701
    assert contract.status is Status.DONE
    pay(contract, at)
    assert not at.bills.due


def test_what_nobody_has_the_means_for_is_not_issued():
    contract, at = made(CASES[Convertible])
    month(contract, at)
    contract.notes_placed(None)
    assert (contract.status, contract.committed_cents, contract.cost_ahead_cents) == (Status.CANCELLED, 0, 0)
    assert contract.notes_offered() is None


def test_the_right_is_a_call_that_its_writer_can_end():
    """By hand at P = K = 100 and s = 0.5: 100 (2 N(0.25) - 1) = 19.74 without a level; P - K once it is touched; in
    between less than without a level, and more than conversion now."""
    half = (1 + math.erf(0.25 / math.sqrt(2))) / 2
    assert conversion_right(100, 100, 1e9, 0.5, 1) == pytest.approx(100 * (2 * half - 1), rel=1e-6)
    assert conversion_right(130, 100, 130, 0.5, 1) == 30
    assert conversion_right(129.9999, 100, 130, 0.5, 1) == pytest.approx(30, abs=1e-3)
    values = [conversion_right(110, 100, level, 0.5, 1) for level in (111, 130, 200, 1e9)]
    assert sorted(values) == values
    assert values[0] > 10
    assert conversion_right(90, 100, 130, 0.5, 0) == 0.0
    assert conversion_right(105, 100, 130, 0.5, 0) == 5


@pytest.fixture(scope="module")
def run():
    """105 days in which Oracle issues two, one called as soon as can be, one dear and short; the audit is part of each
    day. Returns the model, cents by contract and cause, shares of Oracle at the start, and its debts half-way."""
    model = CarouselModel(parse(TWO), rng=0, days=105, holders=300)
    oracle = model.cast.listed_by_name["Oracle"]
    at_start, sums, debt = oracle.shares_outstanding, {}, {}
    known = {c.number: c.name for c in model.contracts.kind(Convertible)}
    while model.running:
        model.step()
        for row in model.books.last.entries:
            if row[CONTRACT] in known:
                key = known[row[CONTRACT]], Cause(row[CAUSE])
                sums[key] = sums.get(key, 0) + int(row[CENTS])
        debt[model.clock.day] = oracle.debt_cents
    return model, sums, at_start, debt


def test_in_a_run_notes_are_debt_until_they_become_shares(run):
    model, sums, at_start, debt = run
    called = next(c for c in model.contracts.kind(Convertible) if c.name == "Called")
    assert sums["Called", Cause.BOND_ISSUE] == 3 * 10**11
    assert called.status is Status.DONE
    assert called.issued_shares == 3 * 10**11 // called.conversion_price_cents
    left = 3 * 10**11 - called.issued_shares * called.conversion_price_cents
    assert sums.get(("Called", Cause.MATURITY), 0) == left
    assert debt[21] - debt[20] >= 5 * 10**11
    oracle = model.cast.listed_by_name["Oracle"]
    assert oracle.shares_outstanding - at_start >= called.issued_shares


def test_a_lender_sells_the_shares_that_it_has_taken(run):
    model = run[0]
    called = next(c for c in model.contracts.kind(Convertible) if c.name == "Called")
    lender, oracle = model.books.journal.account("Private credit funds"), model.cast.listed_by_name["Oracle"]
    assert model.books.registers.held(lender, oracle.security) < called.issued_shares


def test_what_is_not_worth_converting_is_repaid_with_its_coupons(run):
    """2,000,000 notes at 2 % for three months: 166.67 cents a month each, 500 in all."""
    model, sums, *_ = run
    repaid = next(c for c in model.contracts.kind(Convertible) if c.name == "Repaid")
    assert (repaid.status, repaid.issued_shares) == (Status.DONE, 0)
    assert sums["Repaid", Cause.BOND_ISSUE] == sums["Repaid", Cause.MATURITY] == 2 * 10**11
    assert sums["Repaid", Cause.COUPON] == 2_000_000 * 500


def test_who_may_hold_and_issue_is_checked():
    with pytest.raises(ScenarioError) as error:
        parse(TWO.replace('holder = "NVIDIA"', 'holder = "OpenAI"'))
    assert error.value.key_path == "convertible.Repaid.holder"
