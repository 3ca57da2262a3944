"""Every cent keeps its origin and its lap under each of the three conventions."""

from __future__ import annotations

from collections import deque

import numpy as np
import pytest
from carousel.ledger.causes import Cause, OriginClass
from carousel.ledger.journal import CENTS, LAP_STEP, PAYEE, PAYER, Journal, JournalError
from carousel.ledger.origins import LAPS, LAPS_MAX, OriginTracer, TracingRule, Untraceable
from carousel.ledger.purse_kernels import WELL
from carousel.tests.oracles.traced_cash import composition, first_fault
from hypothesis import given, settings
from hypothesis import strategies as st

RULES = list(TracingRule)
N_OUTSIDE, N_INSIDE = 3, 4
payments = st.lists(
    st.tuples(
        st.integers(0, N_OUTSIDE + N_INSIDE - 1),
        st.integers(0, N_OUTSIDE + N_INSIDE - 1),
        st.one_of(st.integers(1, 50), st.integers(1, 10**14)),
        st.integers(0, 9),
    ),
    max_size=40,
)


def world():
    journal = Journal()
    for k in range(N_OUTSIDE):
        journal.open_outside(f"source {k}", OriginClass.LIMITED_PARTNERS)
    for k in range(N_INSIDE):
        journal.open_inside(f"firm {k}")
    return journal


def play(journal, history):
    for payer, payee, cents, step in history:
        if payer >= N_OUTSIDE:
            cents = min(cents, journal.balance(payer))
        try:
            journal.post(payer, payee, cents, Cause.OBLIGATION, -1, step)
        except JournalError:
            continue
    return journal.close_day()


@pytest.mark.parametrize("rule", RULES)
@settings(deadline=None)  # the first example may compile
@given(history=payments)
def test_origins_sum_to_balances_and_slices_to_entries_after_any_history(rule, history):
    journal = world()
    tracer = OriginTracer(rule, journal)
    entries = play(journal, history)
    parts = tracer.apply(entries)
    slices = parts.dense()
    assert slices.shape == (len(entries), N_OUTSIDE, LAPS)
    assert slices.min(initial=0) >= 0
    assert slices.sum(axis=(1, 2)).tolist() == entries[:, CENTS].tolist()
    assert tracer.count_and_check(entries, parts) == (-1, 0, WELL, -1, 0)
    assert first_fault(tracer) == (WELL, -1, 0)
    for account in range(N_OUTSIDE, N_OUTSIDE + N_INSIDE):
        held = composition(tracer, account)
        assert held.min() >= 0
        assert held.sum() == journal.balance(account)


@pytest.mark.parametrize("rule", [TracingRule.FIFO, TracingRule.LIFO])
@settings(deadline=None)  # the first example may compile
@given(history=payments)
def test_queues_agree_with_a_queue_of_tranches_kept_in_python(rule, history):
    journal = world()
    tracer = OriginTracer(rule, journal)
    entries = play(journal, history)
    slices = tracer.apply(entries).dense()
    queues = {account: deque() for account in range(journal.n_accounts)}
    for entry, slice_ in zip(entries.tolist(), slices, strict=True):
        expected = np.zeros((N_OUTSIDE, LAPS), np.int64)
        payer, payee, left = entry[PAYER], entry[PAYEE], entry[CENTS]
        if payer < N_OUTSIDE:
            queues[payer].append([payer, 0, left])
        while left:
            queue = queues[payer]
            tranche = queue[0] if rule is TracingRule.FIFO else queue[-1]
            part = min(left, tranche[2])
            left -= part
            tranche[2] -= part
            if not tranche[2]:
                queue.popleft() if rule is TracingRule.FIFO else queue.pop()
            lap = min(tranche[1] + entry[LAP_STEP], LAPS_MAX)
            expected[tranche[0], lap] += part
            if payee >= N_OUTSIDE:
                queues[payee].append([tranche[0], lap, part])
        assert np.array_equal(slice_, expected)


@settings(deadline=None)  # the first example may compile
@given(history=payments)
def test_in_proportion_no_origin_is_off_its_exact_share_by_a_cent(history):
    journal = world()
    tracer = OriginTracer(TracingRule.PRO_RATA, journal)
    for entry in play(journal, history):
        before = composition(tracer, int(entry[PAYER]))
        slice_ = tracer.apply(entry[None, :]).dense()[0]
        if entry[PAYER] >= N_OUTSIDE and not entry[LAP_STEP]:
            exact = before.astype(object) * int(entry[CENTS])
            off = abs(slice_.astype(object) * int(before.sum()) - exact)
            assert (off <= int(before.sum())).all()
            assert (slice_ <= before).all()


@settings(deadline=None)  # the first example may compile
@given(history=payments)
def test_in_proportion_parts_are_those_of_all_cells_looked_at_in_order(history):
    journal = world()
    tracer = OriginTracer(TracingRule.PRO_RATA, journal)
    entries = play(journal, history)
    slices = tracer.apply(entries).dense()
    cells = np.zeros((journal.n_accounts, N_OUTSIDE, LAPS), object)
    for entry, slice_ in zip(entries.tolist(), slices, strict=True):
        payer, payee, cents, step = entry[PAYER], entry[PAYEE], entry[CENTS], min(entry[LAP_STEP], LAPS_MAX)
        if payer < N_OUTSIDE:
            cells[payer] = 0
            cells[payer, payer, 0] = cents
        balance, running, given = int(cells[payer].sum()), 0, 0
        expected = np.zeros((N_OUTSIDE, LAPS), object)
        for origin in range(N_OUTSIDE):
            for lap in range(LAPS):
                running += int(cells[payer, origin, lap])
                upto = (2 * running * cents + balance) // (2 * balance)  # the nearest whole number, halves up
                cells[payer, origin, lap] -= upto - given
                expected[origin, min(lap + step, LAPS_MAX)] += upto - given
                given = upto
        assert np.array_equal(slice_, expected)
        if payee >= N_OUTSIDE:
            cells[payee] += expected
    for account in range(N_OUTSIDE, N_OUTSIDE + N_INSIDE):
        assert np.array_equal(composition(tracer, account), cells[account])


def follow(tracer, journal):
    """Traces and counts the open day; its slices."""
    entries = journal.close_day()
    slices = tracer.apply(entries)
    assert tracer.count_and_check(entries, slices) == (-1, 0, WELL, -1, 0)
    return slices


def mixed(rule):
    """A firm that first got 60 from one source and then 40 from another."""
    journal = Journal()
    old, new = (journal.open_outside(name, OriginClass.LEGACY) for name in ("old", "new"))
    firm, other = journal.open_inside("firm"), journal.open_inside("other")
    journal.post(old, firm, 60, Cause.OPENING)
    journal.post(new, firm, 40, Cause.OPENING)
    journal.post(firm, other, 50, Cause.OBLIGATION)
    tracer = OriginTracer(rule, journal)
    return follow(tracer, journal).dense()[-1], tracer, (journal, firm, other)


def test_the_three_conventions_differ_as_stated():
    answers = {rule: mixed(rule)[0][:, 0].tolist() for rule in RULES}
    assert answers == {TracingRule.PRO_RATA: [30, 20], TracingRule.FIFO: [50, 0], TracingRule.LIFO: [10, 40]}


@pytest.mark.parametrize("rule", RULES)
def test_laps_add_up_on_milestone_edges_and_stop_at_seven(rule):
    journal = Journal()
    source = journal.open_outside("source", OriginClass.AI_CUSTOMERS)
    lab, maker = journal.open_inside("lab"), journal.open_inside("maker")
    journal.post(source, lab, 11, Cause.OPENING)
    for _ in range(10):
        journal.post(lab, maker, 11, Cause.CHIP_BILL)
        journal.post(maker, lab, 11, Cause.MILESTONE, -1, 1)
    tracer = OriginTracer(rule, journal)
    slices = tracer.apply(journal.close_day()).dense()
    assert [int(slices[1 + 2 * k].argmax()) for k in range(10)] == [0, 1, 2, 3, 4, 5, 6, 7, 7, 7]
    assert composition(tracer, lab).tolist() == [[0] * 7 + [11]]


@pytest.mark.parametrize("rule", RULES)
def test_accounts_and_origins_opened_later_are_traced_too(rule):
    _, tracer, (journal, firm, other) = mixed(rule)
    late_source = journal.open_outside("late source", OriginClass.BANK_CREDIT)
    late = [journal.open_inside(f"late {k}") for k in range(100)]
    journal.start_day(1)
    journal.post(late_source, late[-1], 5, Cause.SAVING)
    journal.post(firm, late[-1], 50, Cause.OBLIGATION)
    journal.post(late[-1], other, 55, Cause.OBLIGATION)
    slices = follow(tracer, journal).dense()
    assert slices.shape == (3, 3, LAPS)
    assert first_fault(tracer) == (WELL, -1, 0)
    assert composition(tracer, other)[:, 0].tolist() == [60, 40, 5]


@pytest.mark.parametrize("rule", RULES)
def test_entries_that_are_not_the_journals_are_not_traced(rule):
    _, tracer, (_, firm, other) = mixed(rule)
    forged = np.array([[0, firm, other, 51, int(Cause.OBLIGATION), -1, 0]])
    with pytest.raises(Untraceable) as caught:
        tracer.apply(forged)
    assert (caught.value.account, caught.value.cents, caught.value.rule) == ("firm", 51, rule)


@pytest.mark.parametrize("rule", RULES)
def test_two_tracers_of_one_journal_never_touch_each_other_or_the_journal(rule):
    _, tracer, (journal, firm, _) = mixed(rule)
    before = journal.balances.copy()
    composition(tracer, firm)[:] = 0
    tracer.export_state()["inside"][:] = 0
    assert np.array_equal(journal.balances, before)
    assert first_fault(tracer) == (WELL, -1, 0)
