"""Purses move through their pool as they grow, and no tranche is lost, doubled or shared."""

from __future__ import annotations

import numpy as np
import pytest
from carousel.ledger.causes import Cause, OriginClass
from carousel.ledger.journal import Journal
from carousel.ledger.origins import OriginTracer, TracingRule
from carousel.ledger.purse_kernels import BASE, END, LIMIT, START, WELL
from carousel.tests.oracles.traced_cash import first_fault

SOURCES, FIRMS, DAYS = 6, 12, 30


def busy_journal(seed):
    """A journal and its days of payments, with laps, between firms that were paid by many sources."""
    chance = np.random.default_rng(seed)
    journal = Journal()
    for k in range(SOURCES):
        journal.open_outside(f"source {k}", OriginClass.LEGACY)
    firms = [journal.open_inside(f"firm {k}") for k in range(FIRMS)]
    days = []
    for day in range(DAYS):
        if day:
            journal.start_day(day)
        for firm in firms:
            journal.post(int(chance.integers(SOURCES)), firm, int(chance.integers(1, 10**6)), Cause.REVENUE_AI)
        for _ in range(40):
            payer, payee = (int(k) for k in chance.permutation(SOURCES + FIRMS)[:2])
            most = journal.balance(payer) if payer >= SOURCES else 10**6
            if most > 0:
                step = int(chance.integers(2))
                journal.post(payer, payee, int(chance.integers(1, most + 1)), Cause.OBLIGATION, -1, step)
        days.append(journal.close_day())
    return journal, days


@pytest.mark.parametrize("rule", list(TracingRule))
def test_purses_in_a_pool_without_any_room_keep_what_those_in_a_wide_one_keep(rule):
    journal, days = busy_journal(seed=7)
    wide, tight = OriginTracer(rule, journal), OriginTracer(rule, journal)
    wide._purses.pool = np.zeros((2, 10**6), np.int64)
    tight._purses.pool = np.zeros((2, 0), np.int64)
    for entries in days:
        wide_slices, tight_slices = wide.apply(entries), tight.apply(entries)
        assert np.array_equal(wide_slices.cells, tight_slices.cells)
        assert np.array_equal(wide_slices.cents, tight_slices.cents)
        number, missed, *_ = tight.count_and_check(entries, tight_slices)
        assert (number, missed) == (-1, 0)
    assert first_fault(tight) == (WELL, -1, 0)
    assert all(np.array_equal(*pair) for pair in zip(wide._purses.packed(), tight._purses.packed(), strict=True))


@pytest.mark.parametrize("rule", list(TracingRule))
def test_no_two_purses_share_a_place_and_none_is_larger_than_its_room(rule):
    journal, days = busy_journal(seed=8)
    tracer = OriginTracer(rule, journal)
    for entries in days:
        tracer.apply(entries)
        spans = tracer._purses.spans
        assert (np.diff(spans[:, [BASE, START, END, LIMIT]], axis=1) >= 0).all()
        used = spans[spans[:, LIMIT] > spans[:, BASE]]
        used = used[used[:, BASE].argsort()]
        assert (used[1:, BASE] >= used[:-1, LIMIT]).all()
        assert tracer.n_tranches == tracer._purses.counts().sum()


def test_in_proportion_a_purse_has_one_tranche_of_a_kind_in_rising_order():
    journal, days = busy_journal(seed=9)
    tracer = OriginTracer(TracingRule.PRO_RATA, journal)
    for entries in days:
        tracer.apply(entries)
    purses = tracer._purses
    for _, start, end, _ in purses.spans[: journal.n_accounts].tolist():
        assert (np.diff(purses.kinds[start:end]) > 0).all()
        assert (purses.amounts[start:end] > 0).all()


@pytest.mark.parametrize("rule", list(TracingRule))
def test_payments_that_go_round_need_no_new_room_after_a_while(rule):
    journal = Journal()
    sources = [journal.open_outside(f"source {k}", OriginClass.LEGACY) for k in range(20)]
    firms = [journal.open_inside(f"firm {k}") for k in range(10)]
    for source in sources:
        for firm in firms:
            journal.post(source, firm, 1_000 + source, Cause.OPENING)
    tracer = OriginTracer(rule, journal)
    tracer.apply(journal.close_day())
    pools = []
    for day in range(1, 61):
        journal.start_day(day)
        for payer, payee in zip(firms, firms[1:] + firms[:1], strict=True):
            journal.post(payer, payee, 7_000, Cause.OBLIGATION)
        tracer.apply(journal.close_day())
        if day > 30:
            pools.append(tracer._purses.pool)
    assert all(pool is pools[0] for pool in pools)
