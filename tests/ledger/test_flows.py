"""Flows are the journal's entries added up: cash of every account, origins of what the question asks about."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from carousel.ledger.books import Books
from carousel.ledger.causes import Cause, OriginClass
from carousel.ledger.flows import FLOWS, RECEIVED, SPENT
from carousel.ledger.origins import TracingRule
from carousel.ledger.slices import LAPS

RULES = list(TracingRule)
CAUSES = [
    Cause.CHIP_BILL, Cause.COMPUTE_BILL, Cause.MILESTONE, Cause.ROUND, Cause.VENDOR_LOAN, Cause.CONSTRUCTION,
    Cause.RUNNING_COSTS, Cause.REVENUE_SHARE, Cause.OBLIGATION,
]  # fmt: skip
SPENDER, BUILDER = 2, 3


def days_of_payments(seed, n_days=6):
    """Closed days of books in which one lab's spending and one cloud's building are asked about; accounts are opened
    as it goes on."""
    chance = np.random.default_rng(seed)
    books = Books(RULES)
    books.flows.ask("spending", [SPENDER])
    books.flows.ask("building", [BUILDER])
    journal = books.journal
    for name in ("savers", "bank"):
        journal.open_outside(name, OriginClass.LEGACY)
    for name in ("lab", "cloud", "maker"):
        journal.post(int(chance.integers(2)), journal.open_inside(name), 10**6, Cause.OPENING)
    yield books, books.close_day(0)
    for day in range(1, n_days):
        books.start_day(day)
        if day == 3:
            journal.open_inside("late firm")
            journal.open_outside("late source", OriginClass.BANK_CREDIT)
        for _ in range(int(chance.integers(0, 12))):
            payer, payee = (int(k) for k in chance.permutation(journal.n_accounts)[:2])
            most = 5_000 if journal.is_outside(payer) else min(5_000, journal.balance(payer))
            if most:
                cause = CAUSES[int(chance.integers(len(CAUSES)))]
                journal.post(payer, payee, int(chance.integers(1, most + 1)), cause, -1, int(chance.integers(2)))
        yield books, books.close_day(day)


@pytest.mark.parametrize("seed", range(4))
def test_flows_are_the_entries_added_up_one_by_one(seed):
    cash_in, cash_out = Counter(), Counter()
    sums = {}
    for books, day in days_of_payments(seed):
        dense = {rule: slices.dense() for rule, slices in day.slices.items()}
        for n, (_, payer, payee, cents, number, *_) in enumerate(day.entries.tolist()):
            cause = Cause(number)
            if cause is Cause.OPENING:
                continue
            cash_in[payee] += cents
            cash_out[payer] += cents
            keys = [(payee, RECEIVED[cause])] if cause in RECEIVED else []
            spent = SPENT.get(cause)
            if (payer, spent) in ((SPENDER, "spending"), (BUILDER, "building")):
                keys.append((payer, spent))
            for key in keys:
                for rule in RULES:
                    cells = sums.setdefault(key, {}).setdefault(rule, np.zeros((3, LAPS), np.int64))
                    cells[: dense[rule].shape[1]] += dense[rule][n]
        n_accounts = books.journal.n_accounts
        assert books.flows.cash_in.tolist()[:n_accounts] == [cash_in[k] for k in range(n_accounts)]
        assert books.flows.cash_out.tolist()[:n_accounts] == [cash_out[k] for k in range(n_accounts)]
        found = books.flows.origins
        assert found.keys() == sums.keys()
        for key, by_rule in sums.items():
            for rule in RULES:
                width = len(found[key][rule])
                assert found[key][rule].tolist() == by_rule[rule][:width].tolist()
    assert len(sums) > 6


def test_what_was_there_at_the_opening_is_no_flow_and_quiet_days_add_nothing():
    days = days_of_payments(seed=1, n_days=1)
    books, _ = next(days)
    assert books.flows.cash_in.tolist() == books.flows.cash_out.tolist() == [0] * 5
    books.start_day(1)
    books.close_day(1)
    assert books.flows.origins == {}
    assert set(FLOWS) == {*RECEIVED.values(), *SPENT.values()}


def test_flows_keep_the_order_of_their_first_appearance():
    days = days_of_payments(seed=1, n_days=1)
    books, _ = next(days)
    books.start_day(1)
    books.journal.post(3, 4, 7, Cause.CHIP_BILL)
    books.journal.post(2, 3, 5, Cause.COMPUTE_BILL)
    books.journal.post(2, 3, 5, Cause.COMPUTE_BILL)
    books.close_day(1)
    assert list(books.flows.origins) == [
        (4, "revenue from the circle"), (3, "building"), (3, "revenue from labs"), (2, "spending")
    ]  # fmt: skip
    assert books.flows.origins[2, "spending"][TracingRule.FIFO].sum() == 10
