"""What lies in the trust is what its units and swaps have brought, worked out without a look at any payment."""

from __future__ import annotations

import numpy as np
import pytest
from carousel.ledger.audit import AuditError
from carousel.ledger.books import Books
from carousel.ledger.causes import Cause, OriginClass
from carousel.ledger.registers import SecurityKind
from carousel.market.etf import create, rebalance, rebalance_plan, redeem
from carousel.market.trust_cash import IDENTITY, TrustCash
from carousel.market.trust_kernels import entry_fee_cents, exit_pay_cents

SOURCE, TRUST, PARTICIPANT = range(3)
UNIT, FUND = 100, 2
BASKET, PRICES = np.array([40, 7]), np.array([250, 1_300])
SHARES = np.array([0, 1])


def open_fund(trust_cents=1_001):
    books = Books()
    journal, registers = books.journal, books.registers
    journal.open_outside("makers", OriginClass.MARKET_MAKERS)
    for name, cents in (("trust", trust_cents), ("participant", 10**7)):
        journal.post(SOURCE, journal.open_inside(name), cents, Cause.OPENING)
    for name, each in zip("AB", BASKET, strict=True):
        share = registers.open_security(name, SecurityKind.SHARE)
        registers.issue(share, TRUST, 3 * int(each))
        registers.issue(share, PARTICIPANT, 10_000)
    registers.open_security("fund", SecurityKind.ETF)
    registers.issue(FUND, PARTICIPANT, 3 * UNIT)
    books.extra_identities.append(TrustCash(books, TRUST, (FUND, UNIT), SHARES, lambda: PRICES).gaps)
    books.close_day(0)
    books.start_day(1)
    return books


def test_a_day_of_redemption_swap_and_creation_is_explained_to_the_cent():
    books = open_fund()
    redeem(books, FUND, TRUST, PARTICIPANT, SHARES, BASKET, UNIT, 1)
    assert books.journal.balance(TRUST) == 1_001 - 333
    plan = rebalance_plan(BASKET, [1_000, 900], PRICES.tolist(), 2)
    assert plan.cash_to_trust_cents > 0
    rebalance(books, FUND, TRUST, PARTICIPANT, SHARES, plan)
    create(books, FUND, TRUST, PARTICIPANT, SHARES, plan.basket, UNIT, 5)
    books.close_day(1)
    books.start_day(2)
    create(books, FUND, TRUST, PARTICIPANT, SHARES, plan.basket, UNIT, 2)
    books.close_day(2)
    books.start_day(3)
    redeem(books, FUND, TRUST, PARTICIPANT, SHARES, plan.basket, UNIT, 9)
    books.close_day(3)
    assert books.journal.balance(TRUST) == 0
    assert books.registers.held(TRUST, 0) == 0


@pytest.mark.parametrize(("giver", "taker"), [(PARTICIPANT, SOURCE), (SOURCE, PARTICIPANT)])
def test_fund_shares_that_change_hands_are_neither_created_nor_redeemed(giver, taker):
    books = open_fund()
    if giver == SOURCE:
        books.registers.transfer(FUND, PARTICIPANT, SOURCE, UNIT)
        books.close_day(1)
        books.start_day(2)
    before = books.registers.outstanding[FUND], books.registers.holdings[taker, FUND]
    books.registers.transfer(FUND, giver, taker, UNIT)
    books.close_day(books.journal.day)  # an audit that took it for a creation would raise
    assert (books.registers.outstanding[FUND], books.registers.holdings[taker, FUND]) == (before[0], before[1] + UNIT)


@pytest.mark.parametrize("units", [0, 2])
@pytest.mark.parametrize(("payer", "payee", "gap"), [(PARTICIPANT, TRUST, 1), (TRUST, PARTICIPANT, -1)])
def test_a_cent_left_on_the_trust_or_taken_from_it_is_seen_the_same_day(units, payer, payee, gap):
    books = open_fund()
    if units:
        create(books, FUND, TRUST, PARTICIPANT, SHARES, BASKET, UNIT, units)
    books.journal.post(payer, payee, 1, Cause.ETF_CASH, FUND)
    with pytest.raises(AuditError) as caught:
        books.close_day(1)
    assert (caught.value.identity, caught.value.where, caught.value.gap) == (IDENTITY, "trust", gap)


def test_units_pay_their_part_rounded_up_and_get_it_rounded_down():
    assert (entry_fee_cents(10, 1, 3), exit_pay_cents(10, 1, 3)) == (4, 3)
    assert (entry_fee_cents(9, 2, 3), exit_pay_cents(9, 2, 3)) == (6, 6)
    assert entry_fee_cents(10, 1, 0) == exit_pay_cents(10, 1, 0) == 0
