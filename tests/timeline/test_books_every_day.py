"""The books are exact on every day of a run, and an auditor from outside finds the same."""

from __future__ import annotations

import carousel.model as model_module
import pytest
from carousel.contracts.bond import FACE_CENTS
from carousel.ledger.audit import AuditError
from carousel.ledger.causes import Cause
from carousel.ledger.journal import CAUSE, CENTS
from carousel.ledger.origins import TracingRule
from carousel.ledger.purse_kernels import END, START, reserve
from carousel.ledger.registers import SecurityKind
from carousel.ledger.slices import LAPS

RUNS = {"ai-2025": 252, "ai-2025-wide-september": 168}


@pytest.mark.parametrize(("scenario", "days"), RUNS.items(), ids=RUNS)
def test_the_books_are_exact_every_day(bench, scenario, days):
    model = bench.small(scenario, days=days)
    outsider = bench.Outsider(model)
    model.observers.append(outsider)
    assert outsider.gaps(model) == []
    placed_units, issued_before = 0, bond_units_issued(model)
    while model.running:
        model.step()
        assert outsider.gaps(model) == [], f"day {model.clock.day}"
        entries = model.books.last.entries
        placed_units += int(entries[entries[:, CAUSE] == Cause.BOND_ISSUE, CENTS].sum()) // FACE_CENTS
        assert bond_units_issued(model) - issued_before == placed_units
    assert model.clock.day == days
    assert placed_units > 0


def bond_units_issued(model) -> int:
    registers = model.books.registers
    return sum(int(n) for n, kind in zip(registers.issued, registers.kinds, strict=False) if kind == SecurityKind.BOND)


def test_shares_outstanding_change_only_by_issue_buyback_creation_and_redemption(bench):
    """NVIDIA buys back, the ETF creates and redeems, labs issue in rounds; nobody else's count ever moves."""
    model = bench.small(days=60)
    registers = model.books.registers
    index = model.cast.listed_by_name["Rest of the technology index"].security
    before = registers.outstanding.copy()
    while model.running:
        model.step()
        nvidia = model.cast.listed_by_name["NVIDIA"].security
        assert registers.outstanding[nvidia] == registers.issued[nvidia] - registers.retired[nvidia]
    assert registers.outstanding[nvidia] < before[nvidia]
    assert registers.retired[index] == 0
    assert registers.outstanding[index] == before[index]


# --- every identity has a leak that it catches ------------------------------------------------------------------------


def add_cash(model):
    model.books.journal.balances[model.cast.clouds[0].account] += 1


def add_cash_outside(model):
    model.books.journal.balances[model.cast.ai_customers] += 1


def move_cash_without_an_entry(model):
    model.books.journal.balances[model.cast.clouds[0].account] -= 1
    model.books.journal.balances[model.cast.chip_makers[0].account] += 1


def lose_an_entry(model):
    model.books.journal.count -= 1


def add_a_holders_cash(model):
    model.cast.holders.cash_cents[7] += 1


def add_a_holders_share(model):
    model.cast.holders.etf_shares[7] += 1


def add_a_listed_share(model):
    model.books.registers.holdings[model.cast.funds[0].account, model.cast.listed[0].security] += 1


def lose_a_funds_share(model):
    model.books.registers.holdings[model.cast.funds[3].account, model.cast.listed[1].security] -= 1


def add_a_private_share(model):
    model.books.registers.holdings[model.cast.venture_investors[0].account, model.cast.labs[0].security] += 1


def add_a_bond(model):
    model.books.registers.holdings[
        model.cast.bond_buyers[0].account, model.contracts.bonds.series[0].terms.security
    ] += 1


def print_a_share(model):
    registers, security = model.books.registers, model.cast.listed[0].security
    registers.holdings[model.cast.funds[0].account, security] += 1
    registers.outstanding[security] += 1


def oversell(model):
    registers, security = model.books.registers, model.cast.listed[0].security
    held = int(registers.holdings[model.cast.funds[0].account, security])
    registers.holdings[model.cast.funds[0].account, security] -= held + 1
    registers.holdings[model.cast.funds[1].account, security] += held + 1


def change_the_basket(model):
    model.cast.etf.basket[0] += 1


def take_a_share_out_of_the_trust(model):
    model.books.registers.transfer(
        model.cast.listed[1].security, model.cast.etf.account, model.cast.participant.account, 1
    )


def create_a_single_etf_share(model):
    model.books.registers.issue(model.cast.etf.security, model.cast.participant.account, 1)


def a_quiet_account(model):
    """An account with cash that neither pays nor is paid before the month ends."""
    return model.cast.bond_buyers[0].account


def add_to_an_origin(model):
    purses = model.books.tracers[TracingRule.PRO_RATA]._purses
    purses.amounts[purses.spans[a_quiet_account(model), START]] += 1


def change_an_origin(model):
    """One cent of an account becomes a tranche of the next origin."""
    account, tracer = a_quiet_account(model), model.books.tracers[TracingRule.PRO_RATA]
    purses = tracer._purses
    assert reserve(purses.kinds, purses.amounts, purses.spans, purses.taken, account, 1)
    first, end = purses.spans[account, [START, END]]
    purses.amounts[first] -= 1
    purses.kinds[end], purses.amounts[end] = (purses.kinds[first] + LAPS) % (tracer.n_origins * LAPS), 1
    purses.spans[account, END] += 1


def add_to_a_tranche(model):
    purses = model.books.tracers[TracingRule.FIFO]._purses
    purses.amounts[purses.spans[purses.counts().argmax(), START]] += 1


LEAKS = {
    add_cash: "balance = sum of entries",
    add_cash_outside: "balance = sum of entries",
    move_cash_without_an_entry: "balance = sum of entries",
    lose_an_entry: "balance = sum of entries",
    add_a_holders_cash: "sub-ledger = omnibus balance",
    add_a_holders_share: "sub-ledger = omnibus holding",
    add_a_listed_share: "units held = units outstanding",
    lose_a_funds_share: "units held = units outstanding",
    add_a_private_share: "units held = units outstanding",
    add_a_bond: "units held = units outstanding",
    print_a_share: "outstanding = issued - retired",
    oversell: "units held >= 0",
    change_the_basket: "ETF basket held = ETF shares x basket",
    take_a_share_out_of_the_trust: "ETF basket held = ETF shares x basket",
    create_a_single_etf_share: "ETF shares in whole creation units",
    add_to_an_origin: "origins = balance",
    change_an_origin: "origin inside = entered - left",
    add_to_a_tranche: "origins = balance",
}
LEAK_DAY = 3


def leaking(bench, monkeypatch, leak, days):
    """A model in which something is lost, or comes from nowhere, in the middle of a day."""
    operate = model_module.operate

    def leaking_operate(model):
        operate(model)
        if model.clock.day == LEAK_DAY:
            leak(model)

    monkeypatch.setattr(model_module, "operate", leaking_operate)
    return bench.small(days=days)


@pytest.mark.parametrize(
    "leak",
    LEAKS,
    ids=lambda leak: leak.__name__,
)
def test_one_cent_or_share_too_many_stops_the_run_at_the_end_of_the_day(bench, monkeypatch, leak):
    model = leaking(bench, monkeypatch, leak, LEAK_DAY + 2)
    for _ in range(1, LEAK_DAY):
        model.step()
    with pytest.raises(AuditError) as error:
        model.step()
    assert (error.value.day, error.value.identity) == (LEAK_DAY, LEAKS[leak])
    assert error.value.gap != 0


def test_the_same_days_without_a_leak_pass(bench):
    model = bench.small(days=LEAK_DAY + 2)
    while model.running:
        model.step()
    assert model.clock.day == LEAK_DAY + 2


SEEN_FROM_OUTSIDE = {
    add_cash: "a balance is the sum of its entries",
    move_cash_without_an_entry: "a balance is the sum of its entries",
    add_a_holders_cash: "households' cash is their omnibus account",
    add_a_holders_share: "households' ETF shares are their omnibus holding",
    add_a_listed_share: "shares held are shares outstanding",
    add_a_bond: "bonds held by lenders are bonds outstanding",
    oversell: "nobody holds less than nothing",
    change_the_basket: "the ETF holds its basket",
    add_to_an_origin: "origins of cash sum to the cash (pro-rata)",
}


@pytest.fixture
def fresh(bench):
    model = bench.small(days=5)
    outsider = bench.Outsider(model)
    model.observers.append(outsider)
    model.step()
    return model, outsider


@pytest.mark.parametrize("leak", SEEN_FROM_OUTSIDE, ids=lambda leak: leak.__name__)
def test_the_auditor_from_outside_sees_the_leak_too(fresh, leak):
    model, outsider = fresh
    assert outsider.gaps(model) == []
    leak(model)
    assert SEEN_FROM_OUTSIDE[leak] in outsider.gaps(model)
