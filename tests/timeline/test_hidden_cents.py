"""A cent that hides in entries which all balance, and a unit that nobody paid for, stop the run on their day.

Each fault is planted in a running model, also behind a compiled kernel: where the true one has written, one more does.
"""

from __future__ import annotations

import carousel.model as model_module
import pytest
from carousel.agents import household_kernels
from carousel.contracts.bills import Bill
from carousel.contracts.bond import Bond
from carousel.ledger import audit, audit_kernels, control_account, owners, units_billed
from carousel.ledger.audit import AuditError
from carousel.ledger.causes import Cause
from carousel.market import crowd_auction, etf, session, trust_cash
from carousel.timeline import settle_bills
from numba import njit

HOUSE = "clearing house empty at the end of a day"
PRICED = audit.REGISTER_IDENTITIES[audit_kernels.PRICED]
MOVED = audit.REGISTER_IDENTITIES[audit_kernels.MOVED]
MONTH = 21
RECEIVE = int(Cause.TRADE_RECEIVE)


@njit
def move_one(column, giver, taker):
    """One cent or share of a row becomes another row's."""
    column[giver] -= 1
    column[taker] += 1


@njit
def keep_a_cent(buffer, count, balances, house):
    """The clearing house pays the last seller a cent less."""
    for row in range(count - 1, -1, -1):
        if buffer[row, 4] == RECEIVE:
            buffer[row, 3] -= 1
            balances[buffer[row, 2]] -= 1
            balances[house] += 1
            return


@njit
def overcharge(buffer, count, balances, house):
    """The last buyer of the last auction pays a cent more, and its last seller gets it."""
    seller = -1
    for row in range(count - 1, -1, -1):
        if seller < 0:
            seller = buffer[row, 2]
            buffer[row, 3] += 1
        elif buffer[row, 4] != RECEIVE:
            buffer[row, 3] += 1
            balances[buffer[row, 1]] -= 1
            balances[seller] += 1
            return


@njit
def deliver_elsewhere(holdings, security, giver, taker):
    """A share that was sold to one is delivered to another."""
    holdings[giver, security] -= 1
    holdings[taker, security] += 1


def after(monkeypatch, module, name, fault):
    """Lets a fault happen after every call of a function, with what it was given."""
    true = getattr(module, name)

    def wrong(*args, **kwargs):
        result = true(*args, **kwargs)
        fault(*args, result=result, **kwargs)
        return result

    monkeypatch.setattr(module, name, wrong)


def run_until_it_stops(model, days):
    """The audit's error; days before it must pass."""
    with pytest.raises(AuditError) as caught:  # noqa: PT012
        for _ in range(days):
            model.step()
    return caught.value


def in_the_middle_of_day(monkeypatch, day, fault):
    def leak(model, *, result):
        if model.clock.day == day:
            fault(model)

    after(monkeypatch, model_module, "operate", leak)


# --- the clearing house and trades ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("kernel", "identity"), [(keep_a_cent, HOUSE), (overcharge, PRICED)])
def test_a_cent_hidden_in_the_settlement_of_an_auction_is_seen(bench, monkeypatch, kernel, identity):
    model = bench.small(days=3)
    journal, house = model.books.journal, model.cast.clearing_house

    def fault(*_, result):
        if model.clock.day == 2 and result[1] > 0:
            kernel(journal.buffer, result[1], journal.balances, house)

    model.step()
    after(monkeypatch, session, "clear_and_deliver", fault)
    error = run_until_it_stops(model, 1)
    assert (error.day, error.identity, error.gap) == (2, identity, 1)


def test_a_share_delivered_to_another_buyer_is_seen(bench, monkeypatch):
    model = bench.small(days=3)
    first, second = model.cast.funds[0].account, model.cast.funds[1].account
    security = model.cast.listed[0].security

    def fault(*_, result):
        if model.clock.day == 2:
            deliver_elsewhere(model.books.registers.holdings, security, first, second)

    model.step()
    after(monkeypatch, session, "clear_and_deliver", fault)
    error = run_until_it_stops(model, 1)
    assert (error.day, error.identity, error.where) == (2, PRICED, model.cast.listed[0].name)


def test_a_private_share_that_moves_silently_between_two_accounts_is_seen(bench, monkeypatch):
    model = bench.small(days=3)
    lab = model.cast.labs[0]
    holdings = model.books.registers.holdings[:, lab.security]
    giver, taker = holdings.argmax(), model.cast.venture_investors[0].account

    def fault(model):
        deliver_elsewhere(model.books.registers.holdings, lab.security, giver, taker)

    in_the_middle_of_day(monkeypatch, 2, fault)
    error = run_until_it_stops(model, 2)
    assert (error.day, error.identity, error.where, error.gap) == (2, MOVED, lab.name, 1)


# --- households -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("column", ["cash_cents", "etf_shares"])
def test_a_silent_move_between_two_households_is_seen(bench, monkeypatch, column):
    model = bench.small(days=3)

    def fault(model):
        values = getattr(model.cast.holders, column)
        move_one(values, values.argmax(), 0 if values.argmax() else 1)

    in_the_middle_of_day(monkeypatch, 2, fault)
    error = run_until_it_stops(model, 2)
    assert (error.day, error.identity, error.where) == (2, owners.OWNERS_IDENTITY, "households")


def test_a_fill_booked_to_another_household_is_seen(bench, monkeypatch):
    model = bench.small(days=3)
    shares = model.cast.holders.etf_shares

    def fault(*_, result):
        if model.clock.day == 2:
            move_one(shares, shares.argmax(), 0 if shares.argmax() else 1)

    after(monkeypatch, crowd_auction, "trade", fault)
    error = run_until_it_stops(model, 2)
    assert (error.day, error.identity) == (2, owners.OWNERS_IDENTITY)


def test_a_cent_of_saving_paid_to_another_household_is_seen(bench, monkeypatch):
    model = bench.small(days=MONTH + 1)
    after(monkeypatch, household_kernels, "pay_rows", lambda cash, *_, result: move_one(cash, 5, 6))
    error = run_until_it_stops(model, MONTH)
    assert (error.day, error.identity) == (MONTH, owners.OWNERS_IDENTITY)


# --- the trust --------------------------------------------------------------------------------------------------------


def test_a_cent_left_on_the_trust_is_seen(bench, monkeypatch):
    model = bench.small(days=3)

    def fault(model):
        cast = model.cast
        model.books.journal.post(cast.participant.account, cast.etf.account, 1, Cause.ETF_CASH, cast.etf.security)

    in_the_middle_of_day(monkeypatch, 2, fault)
    error = run_until_it_stops(model, 2)
    assert (error.day, error.identity, error.gap) == (2, trust_cash.IDENTITY, 1)


@pytest.mark.parametrize(("function", "days"), [("create", 60), ("redeem", 60), ("rebalance", 90)])
def test_a_cent_too_much_in_what_the_trust_is_paid_is_seen(bench, monkeypatch, function, days):
    model = bench.small(days=days)

    def fault(books, security, trust, participant, *_, result):
        books.journal.post(participant, trust, 1, Cause.ETF_CASH, int(security))

    after(monkeypatch, etf, function, fault)
    error = run_until_it_stops(model, days)
    assert error.identity == trust_cash.IDENTITY
    assert error.gap >= 1


# --- bills and bonds --------------------------------------------------------------------------------------------------


def test_a_due_paid_a_cent_short_is_seen(bench, monkeypatch):
    model = bench.small(days=MONTH + 1)
    true = settle_bills.plan_payments

    def short(*args):
        plan = true(*args)
        index, cents = plan.payments[0]
        plan.payments[0] = index, cents - 1
        return plan

    monkeypatch.setattr(settle_bills, "plan_payments", short)
    error = run_until_it_stops(model, MONTH)
    assert (error.day, error.identity, error.gap) == (MONTH, control_account.IDENTITY, 1)


def test_a_bill_paid_at_once_a_cent_short_is_seen(bench, monkeypatch):
    model = bench.small(days=3)
    book = model.contracts.bills
    true = book.paid_at_once
    monkeypatch.setattr(book, "paid_at_once", lambda payer, payee, cents, cause: true(payer, payee, cents + 1, cause))
    error = run_until_it_stops(model, 1)
    assert (error.day, error.identity) == (1, control_account.IDENTITY)


def test_a_bill_that_loses_a_cent_while_it_waits_is_seen(bench, monkeypatch):
    model = bench.small(days=5)
    cloud = model.cast.clouds[0]
    bill = Bill(cloud.account, model.cast.suppliers, 500, Cause.CONSTRUCTION)
    model.contracts.bills.add(bill)

    def fault(_):
        bill.cents -= 1

    in_the_middle_of_day(monkeypatch, 2, fault)
    error = run_until_it_stops(model, 2)
    assert (error.day, error.identity, error.where, error.gap) == (2, control_account.IDENTITY, "CONSTRUCTION", 1)


@pytest.mark.parametrize("change", [-1, 1])
def test_a_coupon_a_cent_short_is_seen(bench, monkeypatch, change):
    model = bench.small(days=MONTH + 1)
    first, true = model.contracts.bonds.series[0], Bond.due_on

    def short(bond, day):
        due = list(true(bond, day))
        due[0].cents += change if bond is first else 0
        return due

    monkeypatch.setattr(Bond, "due_on", short)
    error = run_until_it_stops(model, MONTH)
    assert (error.day, error.identity, error.gap) == (MONTH, units_billed.COUPONS, change)


def test_a_month_without_coupons_is_seen(bench, monkeypatch):
    model = bench.small(days=MONTH + 1)
    monkeypatch.setattr(type(model.contracts.bonds.billed), "claim", lambda *_: None)
    monkeypatch.setattr(Bond, "due_on", lambda *_: ())
    assert run_until_it_stops(model, MONTH).identity == units_billed.COUPONS


def test_a_bond_unit_retired_unpaid_is_seen(bench, monkeypatch):
    model = bench.small(days=3)
    bond = model.contracts.bonds.series[0]
    holder, _ = next(iter(bond.holders()))

    def fault(model):
        model.books.registers.retire(bond.terms.security, holder, 1)

    in_the_middle_of_day(monkeypatch, 2, fault)
    error = run_until_it_stops(model, 2)
    assert (error.day, error.identity, error.where) == (2, units_billed.FACES, bond.terms.name)


def test_a_share_taken_from_a_fund_and_retired_is_seen(bench, monkeypatch):
    model = bench.small(days=3)
    security = model.cast.listed[-1].security

    def fault(model):
        model.books.registers.retire(security, model.cast.funds[0].account, 1)

    in_the_middle_of_day(monkeypatch, 2, fault)
    error = run_until_it_stops(model, 2)
    assert (error.day, error.identity) == (2, units_billed.OWN_SHARES)
