"""What falls due is cleared once a month; what is not paid is late, gets its months of grace, and is then lost."""

from __future__ import annotations

from carousel.agents.credit_standing import fair_spread
from carousel.contracts.bills import Bill
from carousel.ledger.causes import Cause
from carousel.ledger.journal import CAUSE, CENTS, PAYER
from carousel.model import CarouselModel
from carousel.scenarios.loader import parse
from carousel.timeline.defaults import declare

DEBTS = """
name = "debts"
title = "Two firms and what they owe each other"
start_date = 2025-09-09
days = 84
holders = 0
firm = [{{ name = "Debtor", opening_cash_usd = {cash} }}, {{ name = "Creditor" }}]
obligation = [{{ name = "Bill", payer = "Debtor", payee = "Creditor", amount_usd = 100.0, due_day = {day} }}]
"""


def debts(cash=0.0, day=21):
    return CarouselModel(parse(DEBTS.format(cash=cash, day=day)), rng=0)


def test_an_obligation_is_paid_on_its_day_to_the_cent(bench):
    model = debts(cash=250.0, day=5)
    told = bench.tell(model)
    journal = model.books.journal
    balances = [journal.balance(journal.account(name)) for name in ("Debtor", "Creditor")]
    assert balances == [150_00, 100_00]
    assert told.events == []
    assert (model.contracts.bills.settled_cents, model.contracts.bills.set_off_cents) == (100_00, 0)


def test_what_is_there_is_paid_and_the_rest_is_late(bench):
    model = debts(cash=30.0, day=21)
    while model.clock.day < 21:
        model.step()
    account = model.books.journal.account("Debtor")
    assert model.chronicle.events == [(21, "bill_late", "Debtor", "Creditor", 70_00, "obligation")]
    assert (model.books.journal.balance(account), model.contracts.bills.late_cents(account)) == (0, 70_00)


def test_an_unpaid_obligation_has_its_months_of_grace(bench):
    """Due on day 21, late then, missed on days 42 and 63, the second of them beyond two months of grace: lost."""
    told = bench.tell(debts())
    assert [e[:2] for e in told.events] == [
        (21, "bill_late"), (42, "bill_missed"), (63, "bill_missed"), (63, "default"),
    ]  # fmt: skip


def test_a_chip_maker_without_cash_is_late_and_stops_no_run(bench):
    """Its margin on chips does not cover its running costs: that is its creditors' trouble, not the journal's."""
    overrides = (
        "chip_maker.NVIDIA.opening_cash_usd=0", "chip_maker.NVIDIA.revenue_usd_per_year=0",
        "chip_maker.NVIDIA.costs_usd_per_year=20e9", "chip_maker.NVIDIA.net_margin=0.01",
        "cloud.Oracle.build_months=3", "cloud.Oracle.chip_lead_months=2",
    )  # fmt: skip
    told = bench.tell(bench.small(days=84, overrides=overrides))
    assert "NVIDIA" in {event[2] for event in told.events if event[1] == "bill_late"}


def test_a_lab_that_defaults_on_its_last_contract_is_in_default(stressed):
    for told in stressed.values():
        assert told.model.cast.labs[0].is_defaulted


def test_a_default_voids_all_contracts_of_the_defaulter_and_is_not_undone(bench):
    """xAI's and OpenAI's contracts with Oracle: OpenAI has defaulted on its suppliers."""
    model = bench.small("ai-2025-wide-september", days=60)
    while model.clock.day < 20:
        model.step()
    lab = model.cast.lab_by_name["OpenAI"]
    contracts = [c for c in model.contracts.of("OpenAI") if c.label == "compute"]
    before = lab.value_usd()
    assert len(contracts) > 1
    declare(model, lab.account, [])
    while model.running:
        model.step()
    assert lab.is_defaulted
    assert not any(c.is_alive for c in contracts)
    assert all(c.is_alive for c in model.contracts.promises if c.label == "compute" and c.payer == "xAI")
    assert lab.value_usd() < before


def test_investments_in_a_lab_in_default_end_with_it(bench):
    model = bench.small(days=30)
    while model.clock.day < 20:
        model.step()
    lab = model.cast.labs[0]
    price_cents = lab.price_cents
    declare(model, lab.account, [])
    assert [c.label for c in model.contracts.promises if c.is_alive] == ["revolving_line"]
    assert lab.price_cents < price_cents
    while model.running:
        model.step()


def test_a_default_of_an_issuer_is_no_gift_to_its_shareholders(bench):
    """Bondholders lose most of their face value; the debt-like claims on the share do not fall by it."""
    model = bench.small(days=30)
    model.step()
    cloud = model.cast.clouds[0]
    before, debt = cloud.debt_like_cents, cloud.debt_cents
    earnings = float(model.beliefs.base_earnings_usd[cloud.index])
    declare(model, cloud.account, [])
    assert cloud.debt_cents < debt
    assert cloud.debt_like_cents == before
    assert model.beliefs.base_earnings_usd[cloud.index] < earnings
    assert fair_spread(cloud, {}, model.cast.sight) > 0.1


def test_the_spread_rises_as_the_share_price_falls(bench):
    model = bench.small(days=2)
    cloud = model.cast.clouds[0]
    spreads = []
    for price_cents in (24_151, 6_000, 1_000, 100):
        model.prices.steady_value_cents[cloud.index] = price_cents * cloud.shares_outstanding
        spreads.append(fair_spread(cloud, {}, model.cast.sight))
    assert spreads == sorted(spreads)
    assert spreads[-1] > 5 * spreads[0]


def test_arrears_are_stretched_over_twelve_months_to_the_cent(bench):
    model = bench.small(days=2)
    model.step()
    contract = model.contracts.promises[0]
    lab, cloud = model.cast.labs[0].account, model.cast.clouds[0].account
    model.contracts.bills.add(Bill(lab, cloud, 1_000_003, Cause.COMPUTE_BILL, contract=contract.number, months_late=3))
    contract.renegotiate()
    parts = [(day, claim.cents) for day, later in model.contracts.bills.scheduled.items() for claim in later]
    assert model.contracts.bills.due == []
    assert [day for day, _ in parts] == [1 + 21 * i for i in range(1, 13)]
    assert sum(cents for _, cents in parts) == 1_000_003
    assert max(cents for _, cents in parts) - min(cents for _, cents in parts) <= 1


def test_take_or_pay_bills_a_twelfth_of_the_yearly_price_of_what_is_in_service(bench):
    overrides = ("cloud.Oracle.build_months=1", "cloud.Oracle.chip_lead_months=1", "contract.*.capacity_gw=0.125")
    model = bench.small(days=63, overrides=overrides)
    bills = {}
    while model.running:
        model.step()
        entries = model.books.last.entries
        paid = entries[(entries[:, CAUSE] == Cause.COMPUTE_BILL) & (entries[:, PAYER] == model.cast.labs[0].account)]
        if len(paid):
            bills[model.clock.day] = int(paid[:, CENTS].sum())
    month = round(100 * 125 * model.contracts.promises[0].terms.price_usd_per_mw_year / 12)
    assert bills == {63: month}, "in service on day 42: the first full month ends on day 63"


def test_a_jump_on_good_news_does_not_frighten_creditors(bench):
    """Oracle gains a third in a day; its spread may not pass the limit above which it would sell shares."""
    model = bench.small(days=3)
    cloud = model.cast.clouds[0]
    while model.running:
        model.step()
    assert model.chronicle.first_days[0].day0_return > 0.2
    assert fair_spread(cloud, {}, model.cast.sight) < cloud.facts.spread_limit_per_year / 3
