"""Cash moves by entries only, never out of nothing, and a refused payment leaves no trace."""

from __future__ import annotations

import numpy as np
import pytest
from carousel.ledger.causes import Cause, OriginClass
from carousel.ledger.journal import (
    CAUSE,
    CENTS,
    CONTRACT,
    DAY,
    LAP_STEP,
    PAYEE,
    PAYER,
    WIDTH,
    BadEntry,
    InsufficientFunds,
    Journal,
    JournalError,
)
from carousel.ledger.journal_kernels import write_entry
from carousel.ledger.units import CENTS_LIMIT
from hypothesis import given, settings
from hypothesis import strategies as st


def world(inside=3, cash=1_000):
    journal = Journal()
    source = journal.open_outside("savers", OriginClass.FUND_SAVERS)
    accounts = [journal.open_inside(f"firm {k}") for k in range(inside)]
    for account in accounts:
        journal.post(source, account, cash, Cause.OPENING)
    return journal, source, accounts


def snapshot(journal):
    return journal.balances.tolist(), journal.count, journal.buffer[: journal.count].tolist()


def test_an_entry_holds_day_payer_payee_cents_cause_contract_and_lap():
    journal, _, (a, b, _) = world()
    journal.close_day()
    journal.start_day(7)
    journal.post(a, b, 250, Cause.CHIP_BILL, contract=4, lap_step=1)
    entries = journal.close_day()
    assert entries.shape == (1, WIDTH)
    assert entries[0, [DAY, PAYER, PAYEE, CENTS, CAUSE, CONTRACT, LAP_STEP]].tolist() == [
        7,
        a,
        b,
        250,
        Cause.CHIP_BILL,
        4,
        1,
    ]
    assert (journal.balance(a), journal.balance(b)) == (750, 1250)


def test_nobody_inside_pays_more_than_it_has_and_the_error_says_who_what_and_when():
    journal, _, (a, b, _) = world()
    before = snapshot(journal)
    with pytest.raises(InsufficientFunds) as caught:
        journal.post(a, b, 1_001, Cause.COMPUTE_BILL)
    error = caught.value
    assert (error.day, error.account, error.cents, error.balance_cents, error.cause) == (
        0, "firm 0", 1_001, 1_000, Cause.COMPUTE_BILL,
    )  # fmt: skip
    assert snapshot(journal) == before
    journal.post(a, b, 1_000, Cause.COMPUTE_BILL)
    assert journal.balance(a) == 0


@pytest.mark.parametrize(
    "payment",
    [
        (1, 1, 5, Cause.SAVING),
        (1, 2, 0, Cause.SAVING),
        (1, 2, -5, Cause.SAVING),
        (1, 2, 5.0, Cause.SAVING),
        (1, 2, True, Cause.SAVING),
        (1, 2, CENTS_LIMIT, Cause.SAVING),
        (1, 4, 5, Cause.SAVING),
        (4, 1, 5, Cause.SAVING),
        (-1, 2, 5, Cause.SAVING),
        (1, -1, 5, Cause.SAVING),
        (1.5, 2, 5, Cause.SAVING),
        (1, 1.5, 5, Cause.SAVING),
        ("1", 2, 5, Cause.SAVING),
        (1, 2, 5, 13),
        (1, 2, 5, Cause.SAVING, 1.5),
        (1, 2, 5, Cause.SAVING, -1, -1),
        (1, 2, 5, Cause.SAVING, -1, 256),
        (1, 2, 5, Cause.SAVING, -1, 0.5),
    ],
)
def test_what_is_no_payment_is_refused_and_not_written(payment):
    journal, _, _ = world()
    before = snapshot(journal)
    by_numpy = [np.int64(part) if type(part) is int and part < CENTS_LIMIT else part for part in payment]
    for came in (payment, by_numpy):
        with pytest.raises((BadEntry, TypeError)) as caught:
            journal.post(*came)
        assert isinstance(caught.value, BadEntry) or isinstance(payment[0], str)
        assert snapshot(journal) == before


@pytest.mark.parametrize("kind", [int, np.int64])
def test_the_first_and_the_last_account_pay_and_are_paid_and_no_other_is_known(kind):
    journal, source, accounts = world()
    last = accounts[-1]
    assert (source, last) == (0, journal.n_accounts - 1)
    for payer, payee, lap_step in ((source, last, 255), (last, source, 0)):
        journal.post(kind(payer), kind(payee), kind(1), Cause.SAVING, kind(0), kind(lap_step))
    for account in (source, last):
        journal.declare_clearing_house(account)
    for unknown in (-1, last + 1):
        for ask in (journal.declare_clearing_house, journal.origin_class):
            with pytest.raises(BadEntry):
                ask(unknown)
    assert journal.clearing_houses == [source, last]
    assert journal.origin_class(source) is OriginClass.FUND_SAVERS


def test_whole_numbers_of_numpy_are_whole_numbers():
    journal, _, (a, b, _) = world()
    journal.post(np.int64(a), np.int32(b), np.int64(5), Cause.SAVING, np.int64(3), np.int8(1))
    assert journal.buffer[journal.count - 1].tolist() == [0, a, b, 5, 13, 3, 1]


def test_no_balance_reaches_two_to_the_53():
    journal, source, (a, b, _) = world(cash=CENTS_LIMIT // 4)
    for payer, payee in ((source, a), (source, b)):
        with pytest.raises(BadEntry):
            journal.post(payer, payee, CENTS_LIMIT - 1, Cause.SAVING)
    rich = journal.open_outside("rich", OriginClass.LEGACY)
    with pytest.raises(BadEntry):
        journal.post(rich, a, CENTS_LIMIT - 1, Cause.SAVING)
    assert journal.balance(rich) == 0


@pytest.mark.parametrize("kind", [int, np.int64])
def test_the_largest_balance_is_a_cent_below_two_to_the_53_on_both_sides(kind):
    journal = Journal()
    source, other = (journal.open_outside(name, OriginClass.LEGACY) for name in ("source", "other"))
    account = journal.open_inside("firm")
    most = 2**53 - 1
    journal.post(source, account, kind(most), Cause.SAVING)
    before = snapshot(journal)
    for payer, payee in ((source, other), (other, account)):
        with pytest.raises(BadEntry):
            journal.post(payer, payee, kind(1), Cause.SAVING)
    with pytest.raises(BadEntry):
        journal.post(other, source, kind(2**53), Cause.SAVING)
    assert snapshot(journal) == before
    assert (journal.balance(source), journal.balance(account)) == (-most, most)


def test_names_are_taken_once():
    journal, _, _ = world()
    for opening in (lambda: journal.open_inside("firm 1"), lambda: journal.open_outside("savers", OriginClass.LEGACY)):
        with pytest.raises(BadEntry):
            opening()


def test_a_day_is_closed_before_the_next_and_takes_no_entries_afterwards():
    journal, source, (a, *_) = world()
    with pytest.raises(BadEntry):
        journal.start_day(1)
    journal.close_day()
    before = snapshot(journal)
    with pytest.raises(BadEntry):
        journal.post(source, a, 1, Cause.SAVING)
    assert snapshot(journal) == before
    with pytest.raises(BadEntry):
        journal.start_day(0)
    journal.start_day(1)
    journal.post(source, a, 1, Cause.SAVING)
    assert journal.count == 1


def test_outside_totals_tell_opening_inflow_and_outflow():
    journal, source, (a, b, _) = world()
    journal.post(source, a, 40, Cause.REVENUE_AI)
    journal.post(a, b, 500, Cause.CHIP_BILL)
    journal.post(b, source, 7, Cause.OPERATION)
    journal.close_day()
    assert (journal.opening_cents, journal.inflow_cents, journal.outflow_cents) == (3_000, 40, 7)


def test_an_entry_of_a_kernel_fills_its_whole_row_and_no_other():
    buffer = np.full((3, 7), 9)
    write_entry(buffer, 1, 4, 2, 3, 500, int(Cause.TRADE_PAY), 6)
    assert buffer.tolist() == [[9] * 7, [4, 2, 3, 500, Cause.TRADE_PAY, 6, 0], [9] * 7]


def test_outside_accounts_are_origins_in_order_of_opening():
    journal, source, (a, *_) = world()
    bank = journal.open_outside("bank", OriginClass.BANK_CREDIT)
    assert journal.origin_accounts == [source, bank]
    assert journal.origin_class(bank) is OriginClass.BANK_CREDIT
    assert journal.is_outside(bank)
    assert not journal.is_outside(a)
    with pytest.raises(BadEntry):
        journal.origin_class(a)


def test_more_accounts_and_entries_than_the_first_arrays_hold_are_kept():
    journal, source, (a, *_) = world()
    late = [journal.open_inside(f"late {k}") for k in range(300)]
    for account in late:
        for _ in range(3):
            journal.post(source, account, 2, Cause.SAVING)
    journal.post(late[-1], a, 6, Cause.SAVING)
    entries = journal.close_day()
    assert len(entries) == 3 + 900 + 1
    assert journal.balance(a) == 1_006
    assert journal.balances.sum() == 0


@settings(deadline=None)  # the first example may compile
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(1, 2_000)), max_size=30))
def test_cash_is_conserved_and_nobody_inside_owes(payments):
    journal, source, accounts = world()
    for payer, payee, amount in payments:
        try:
            journal.post(payer, payee, amount, Cause.OBLIGATION)
        except JournalError:
            continue
    entries = journal.close_day()
    replayed = np.zeros(4, np.int64)
    np.subtract.at(replayed, entries[:, PAYER], entries[:, CENTS])
    np.add.at(replayed, entries[:, PAYEE], entries[:, CENTS])
    assert replayed.tolist() == journal.balances[:4].tolist()
    assert replayed.sum() == 0
    assert min(journal.balance(account) for account in accounts) >= 0
    assert journal.is_outside(source)
