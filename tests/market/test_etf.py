"""The ETF's identity, baskets held = creation units outstanding x basket, survives everything its participant does."""

import numpy as np
import pytest
from carousel.ledger.books import Books
from carousel.ledger.causes import Cause, OriginClass
from carousel.ledger.journal import InsufficientFunds
from carousel.ledger.registers import InsufficientShares, SecurityKind
from carousel.market import etf
from hypothesis import given, settings
from hypothesis import strategies as st

COMPILED = settings(deadline=None)
"""The first example of a run may have to wait for the compiler."""
TRUST, PARTICIPANT, UNIT = 1, 2, 50
OUTSTANDING = [10_000, 4_000, 25_000]


def fund(units=4, inventory=2_000, trust_cash=0, participant_cash=10**9):
    """Books with the trust and its participant, three shares, a basket, `units` creation units outstanding."""
    books = Books()
    books.journal.open_outside("makers", OriginClass.MARKET_MAKERS)
    for name, cash in (("trust", trust_cash), ("participant", participant_cash)):
        account = books.journal.open_inside(name)
        if cash:
            books.journal.post(0, account, cash, Cause.OPENING)
    registers = books.registers
    securities = np.array([registers.open_security(name, SecurityKind.SHARE) for name in "ABC"])
    security = registers.open_security("ETF", SecurityKind.ETF)
    basket = np.array([30, 7, 90])
    for share, each in zip(securities.tolist(), basket.tolist(), strict=True):
        registers.issue(share, TRUST, each * units)
        registers.issue(share, PARTICIPANT, inventory)
    registers.issue(security, PARTICIPANT, units * UNIT)
    return books, security, securities, basket


def gaps(books, security, securities, basket):
    units, rest = divmod(int(books.registers.outstanding[security]), UNIT)
    assert rest == 0
    return etf.basket_gaps(books.registers.holdings[TRUST, securities], basket, units)


def state(books):
    return books.journal.balances[:3].tolist(), books.registers.holdings.tolist(), books.registers.outstanding.tolist()


ACTIONS = st.lists(
    st.one_of(
        st.tuples(st.just("create"), st.integers(1, 30)),
        st.tuples(st.just("redeem"), st.integers(1, 12)),
        st.tuples(st.just("rebalance"), st.lists(st.integers(1, 5_000), min_size=3, max_size=3)),
    ),
    max_size=12,
)


@COMPILED
@given(ACTIONS, st.integers(0, 10**6), st.integers(0, 10**7))
def test_identity_holds_after_any_creations_redemptions_and_rebalancings(actions, trust_cash, participant_cash):
    books, security, securities, basket = fund(trust_cash=trust_cash, participant_cash=participant_cash)
    for kind, what in actions:
        before = state(books)
        try:
            if kind == "create":
                etf.create(books, security, TRUST, PARTICIPANT, securities, basket, UNIT, what)
            elif kind == "redeem":
                etf.redeem(books, security, TRUST, PARTICIPANT, securities, basket, UNIT, what)
            else:
                units = int(books.registers.outstanding[security]) // UNIT
                plan = etf.rebalance_plan(basket, OUTSTANDING, what, units)
                etf.rebalance(books, security, TRUST, PARTICIPANT, securities, plan)
                basket = plan.basket
        except (InsufficientShares, InsufficientFunds):
            assert state(books) == before
        assert gaps(books, security, securities, basket) == []
        assert books.journal.balance(TRUST) >= 0
    books.registers.ensure_account(2)
    books.close_day(0)


def test_a_share_too_many_is_seen():
    assert etf.basket_gaps(np.array([60, 15, 180]), np.array([30, 7, 90]), 2) == [(1, 1)]


@COMPILED
@given(st.integers(1, 20), st.integers(0, 10**6))
def test_creation_and_redemption_never_dilute_who_stays(units, trust_cash):
    books, security, securities, basket = fund(trust_cash=trust_cash)
    prices = np.array([100, 200, 300])

    def nav():
        outstanding = int(books.registers.outstanding[security]) // UNIT
        return etf.nav_cents(basket, prices, UNIT, books.journal.balance(TRUST), outstanding)

    start = nav()
    etf.create(books, security, TRUST, PARTICIPANT, securities, basket, UNIT, units)
    created = nav()
    etf.redeem(books, security, TRUST, PARTICIPANT, securities, basket, UNIT, units)
    assert start <= created * (1 + 1e-15)
    assert start <= nav() * (1 + 1e-15)


def test_creating_without_the_basket_moves_nothing():
    books, security, securities, basket = fund(inventory=89)
    before = state(books)
    with pytest.raises(InsufficientShares) as refused:
        etf.create(books, security, TRUST, PARTICIPANT, securities, basket, UNIT, 1)
    assert (refused.value.units, refused.value.held) == (90, 89)
    assert state(books) == before


def test_creating_without_the_cash_part_moves_nothing():
    books, security, securities, basket = fund(trust_cash=1000, participant_cash=249)
    before = state(books)
    with pytest.raises(InsufficientFunds):
        etf.create(books, security, TRUST, PARTICIPANT, securities, basket, UNIT, 1)
    assert state(books) == before


def test_redeeming_more_than_is_held_moves_nothing():
    books, security, securities, basket = fund()
    before = state(books)
    with pytest.raises(InsufficientShares):
        etf.redeem(books, security, TRUST, PARTICIPANT, securities, basket, UNIT, 5)
    assert state(books) == before


@pytest.mark.parametrize("units", [0, -1, 1.5])
def test_only_whole_creation_units_are_created_or_redeemed(units):
    books, security, securities, basket = fund()
    for action in (etf.create, etf.redeem):
        with pytest.raises(etf.EtfError):
            action(books, security, TRUST, PARTICIPANT, securities, basket, UNIT, units)


def test_an_odd_lot_outstanding_is_seen():
    books, security, securities, basket = fund()
    books.registers.issue(security, PARTICIPANT, 1)
    with pytest.raises(etf.EtfError) as refused:
        etf.redeem(books, security, TRUST, PARTICIPANT, securities, basket, UNIT, 1)
    assert "1 ETF shares" in str(refused.value)


def test_net_asset_value_counts_basket_and_cash_per_share():
    assert etf.nav_cents(np.array([2, 1]), np.array([300, 400]), 10, 500, 5) == pytest.approx((1000 + 100) / 10)
    assert etf.nav_cents(np.array([2, 1]), np.array([300, 400]), 10, 0, 0) == 100.0


SIZES = st.lists(st.integers(0, 10**11), min_size=1, max_size=6)


@COMPILED
@given(SIZES, st.data(), st.integers(1, 10**5), st.integers(1, 10**6))
def test_a_basket_at_cap_weights_costs_one_unit_less_the_rounding(sizes, data, price, unit):
    prices = data.draw(st.lists(st.integers(1, 10**6), min_size=len(sizes), max_size=len(sizes)))
    total = sum(n * p for n, p in zip(sizes, prices, strict=True))
    if total == 0:
        with pytest.raises(etf.EtfError):
            etf.cap_weight_basket(sizes, prices, price, unit)
        return
    basket = etf.cap_weight_basket(sizes, prices, price, unit).tolist()
    worth = sum(b * p for b, p in zip(basket, prices, strict=True))
    assert worth <= price * unit < worth + sum(prices)
    for b, n in zip(basket, sizes, strict=True):
        assert b * total <= price * unit * n < (b + 1) * total


@COMPILED
@given(st.lists(st.integers(1, 5_000), min_size=3, max_size=3), st.integers(1, 100))
def test_a_rebalancing_is_at_value_and_the_trust_never_pays(prices, units):
    old = np.array([30, 7, 90])
    plan = etf.rebalance_plan(old, OUTSTANDING, prices, units)
    handed_in = etf.basket_value_cents(plan.deltas, prices)
    assert plan.cash_to_trust_cents == -handed_in
    assert 0 <= plan.cash_to_trust_cents < units * sum(prices)
