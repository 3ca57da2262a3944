"""A vehicle buys a cloud's chips with a lender's money and lives on the rent: amounts by hand, and what it does in a
run."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest
from carousel.agents.credit_standing import claims_cents
from carousel.contracts.base import Status
from carousel.contracts.lease_vehicle import LeaseVehicle, Lot
from carousel.ledger.causes import Cause, OriginClass
from carousel.ledger.flows import Flow
from carousel.ledger.journal import CAUSE, CENTS, PAYEE, PAYER
from carousel.ledger.origins import TracingRule
from carousel.model import CarouselModel
from carousel.scenarios.errors import ScenarioError
from carousel.scenarios.loader import parse
from carousel.scenarios.validated import validated
from carousel.timeline import settle_bills
from carousel.timeline.defaults import declare

from .classes import CASES, CLOUD, FUND, _chips_come, made, month, pay

WORLD = (Path(__file__).parents[1] / "scenarios" / "everybody.toml").read_text().partition("[[on]]")[0]
SHORT = WORLD.replace("spread_per_year = 0.03\nannounced", "spread_per_year = 0.03\nyears = 0.25\nannounced")
PRIVATE = """
[[bond_buyer]]
name = "Private lenders"
kind = "private_credit"
opening_cash_usd = 0.0
committed_usd = 5e9
savers = "Private credit's investors"
"""
OWN = SHORT.replace('lender = "Banks"', 'lender = "Private lenders"') + PRIVATE


def test_a_rent_and_the_residual_redeem_what_the_chips_have_cost():
    """By hand at 1 % a month: 1,000,000 less three rents and their interest leaves the residual of 100,000."""
    lot = Lot(None, 1_000_000, 0, 0, 3, 1.01, 100_000)
    left = 1_000_000.0
    for paid in range(3):
        assert lot.owed(paid) == pytest.approx(left)
        left = left * 1.01 - lot.rent
    assert left == pytest.approx(100_000)
    assert lot.owed(3) == pytest.approx(100_000)


def test_at_the_end_the_lessee_owns_the_chips_at_their_residual_price():
    contract, at = made(CASES[LeaseVehicle])
    _chips_come(contract, at)
    host = contract._lots[0].host
    bills = [bill for _ in range(6) for bill in month(contract, at)]
    billed = sum(bill.cents for bill in bills)
    (price,) = [bill for bill in bills if bill.cause is Cause.CHIPS_RESOLD and bill.cents]
    assert (price.payer, price.payee, price.cents) == (CLOUD, FUND, 10_000_000)
    day = at.clock.day
    assert contract.plant.chips.left_cents(day) == 0
    assert contract.plant.chips.written_off_cents(day) == 100_000_007
    assert host.plant.chips.lots[-1].cents == 10_000_000
    assert host.plant.chips.lots[-1].life_days == round(at.rules.chip_life_years * 252) - 126
    while at.bills.due:
        pay(contract, at)
    assert (contract.status, contract.paid_cents) == (Status.DONE, billed)


def test_what_the_lessee_owes_falls_with_each_rent():
    contract, at = made(CASES[LeaseVehicle])
    _chips_come(contract, at)
    owed = [contract.owed_beside_cents("Cloud")]
    for _ in range(5):
        month(contract, at)
        owed.append(contract.owed_beside_cents("Cloud"))
    assert owed[0] == 100_000_007
    assert sorted(owed, reverse=True) == owed
    assert contract.owed_beside_cents("Fund") == 0
    assert contract.dues_ahead_cents("Cloud", 12) == pytest.approx(contract._lots[0].rent + 10_000_000, abs=1)


def test_it_takes_on_no_more_than_its_limit_and_its_lender_allow():
    contract, _ = made(CASES[LeaseVehicle])
    host = SimpleNamespace(terms=SimpleNamespace(provider="Cloud"), chips_left_cents=lambda _: 10**9)
    assert contract.share_of(host, None) == 1.0
    host.chips_left_cents = lambda _: 10**9 + 1
    assert contract.share_of(host, None) == 0.0
    host.chips_left_cents = lambda _: 10**9
    contract._lender.means_cents = 10**9 - 1
    assert contract.share_of(host, None) == 0.0
    host.terms.provider = "Another"
    contract._lender.means_cents = 10**12
    assert contract.share_of(host, None) == 0.0


def model_of(text, days):
    """A small world without households."""
    data = parse(text).model_dump() | {"households": None, "holders": 0, "days": days}
    return CarouselModel(validated(data, "small"), rng=0)


@pytest.fixture(scope="module")
def run():
    """250 days; the audit is part of each, statements of each quarter. Returns the model, cents of the vehicle's
    account by direction and cause, and what the cloud owed beside its debts, day by day."""
    model = model_of(OWN, 250)
    vehicle, cents, owed = model.books.journal.account("Vehicle"), {}, []
    while model.running:
        model.step()
        for row in model.books.last.entries.tolist():
            if vehicle in (row[PAYER], row[PAYEE]):
                key = row[PAYEE] == vehicle, Cause(row[CAUSE])
                cents[key] = cents.get(key, 0) + row[CENTS]
        owed.append(model.contracts.owed_beside_cents("Cloud"))
    return model, cents, owed


def test_in_a_run_notes_buy_the_chips_and_rents_pay_them_back(run):
    model, cents, owed = run
    contract = next(c for c in model.contracts.promises if c.label == "lease_vehicle")
    assert contract.delivered_cents == cents[False, Cause.CHIP_BILL] > 0
    assert cents[True, Cause.BOND_ISSUE] == cents[False, Cause.MATURITY]
    assert not model.contracts.bonds.debt_cents("Vehicle")
    income = cents[True, Cause.RENT] + cents[True, Cause.CHIPS_RESOLD]
    assert contract.paid_cents == income
    assert income > cents[False, Cause.CHIP_BILL] + cents[False, Cause.COUPON]
    assert cents[True, Cause.CHIPS_RESOLD] == pytest.approx(0.1 * contract.delivered_cents, abs=9)
    assert max(owed) > 0 == owed[-1]


def test_private_credits_money_buys_the_chips(run):
    """The maker's receipts, traced: the vehicle's money is that of the lender's investors."""
    model = run[0]
    maker, journal = model.cast.chip_maker_by_name["Chips"], model.books.journal
    classes = [journal.origin_class(account) for account in journal.origin_accounts]
    by_origin = model.books.flows.origins[maker.account, Flow.CHIP_REVENUE][TracingRule.PRO_RATA].sum(axis=1)
    private = [kind is OriginClass.PRIVATE_CREDIT for kind in classes]
    lent = sum(cents for cents, is_private in zip(by_origin.tolist(), private, strict=False) if is_private)
    assert lent >= run[1][True, Cause.BOND_ISSUE] // 2


def test_lenders_and_owners_count_the_rents_as_debt():
    model = model_of(OWN, 140)
    while model.running:
        model.step()
    cloud, sight = model.cast.cloud_by_name["Cloud"], model.cast.sight
    owed = model.contracts.owed_beside_cents("Cloud")
    assert owed > 0
    without = cloud.debt_cents + sight.loans_owed_cents(cloud.account)
    without += sight.rules.commitments_as_debt * cloud.commitments_cents + 100 * cloud.facts.debt_like_usd
    assert claims_cents(cloud, sight) == without + owed


def test_when_the_lessee_defaults_notes_keep_what_the_chips_bring(monkeypatch):
    """In the settlement of day 147, two months into a lease, the cloud fails: the chips are sold for what lenders
    recover of a face, the notes are paid back as far as that goes, and the books close every day until the end."""
    model = model_of(OWN, 200)
    cloud, sold = model.cast.cloud_by_name["Cloud"], []
    contract = next(c for c in model.contracts.promises if c.label == "lease_vehicle")
    whole = settle_bills.watch_loans

    def fails(world):
        if world.clock.day == 147:
            book = contract.plant.chips.left_cents(147)
            declare(world, cloud.account, [])
            world.contracts.refresh_bills()
            sold.append((book, world.books.journal.balance(contract.buyer)))
        whole(world)

    monkeypatch.setattr(settle_bills, "watch_loans", fails)
    while model.running:
        model.step()
    ((book, cash),) = sold
    assert book > 0
    assert 0 <= cash - int(model.scenario_data.behaviour.recovery_of_face * book) < 200_000
    assert contract.status is Status.CANCELLED
    assert contract.plant.chips.left_cents(200) == contract.owed_beside_cents("Cloud") == 0
    assert model.contracts.bonds.debt_cents("Vehicle") == 0 < model.contracts.bonds.written_down_cents["Vehicle"]


def test_a_lessee_that_builds_nothing_is_refused():
    with pytest.raises(ScenarioError) as error:
        parse(WORLD.replace('lessee = "Cloud"', 'lessee = "Rest"'))
    assert error.value.key_path == "lease_vehicle.Rented chips.lessee"
