"""Funds' ladders are steps of their demand, within their cash and their shares."""

import math
from types import SimpleNamespace

import numpy as np
import pytest
from carousel.ledger.books import Books
from carousel.ledger.causes import Cause, OriginClass
from carousel.market.ladder_desk import LadderDesk
from carousel.market.ladder_kernels import demand_ladder, desk_ladders, fund_ladders, split_budgets
from carousel.market.ladders import (
    LadderError,
    affordable_shares,
    indifference_cents,
    rung_factors,
    wanted_at,
)
from carousel.market.orders import OrderBook, OrderError
from carousel.market.session import SentOrder, sent_table
from hypothesis import assume, given, settings
from hypothesis import strategies as st

COMPILED = settings(deadline=None)
"""The first example of a run may have to wait for the compiler."""

FACTORS = rung_factors(16, 0.0005, 1.5)
VALUE = st.floats(0.5, 1e6)
SCALE = st.floats(0, 1e9)
ETA = st.floats(0.2, 5)
HELD = st.integers(0, 10**9)
BUDGET = st.integers(0, 10**13)


def demands(factors, eta):
    return np.array([math.exp(-eta * math.log(factor)) for factor in factors])


def ladder(value, scale, eta, held, budget, factors=FACTORS):
    orders = np.zeros((2, factors.size), np.int64)
    rungs = np.stack([factors, demands(factors, eta)])
    count = demand_ladder(value, scale, eta, held, budget, rungs, orders, 0)
    return orders[0, :count].tolist(), orders[1, :count].tolist()


@COMPILED
@given(VALUE, SCALE, ETA, HELD, BUDGET)
def test_a_ladder_never_exceeds_cash_or_shares(value, scale, eta, held, budget):
    limits, shares = ladder(value, scale, eta, held, budget)
    assert sum(s * limit for limit, s in zip(limits, shares, strict=True) if s > 0) <= budget
    assert -sum(s for s in shares if s < 0) <= held
    assert all(shares)
    assert all(limit >= 1 for limit in limits)


@COMPILED
@given(VALUE, SCALE, ETA, HELD, BUDGET)
def test_buys_fall_and_sells_rise_and_no_fund_trades_with_itself(value, scale, eta, held, budget):
    limits, shares = ladder(value, scale, eta, held, budget)
    buys = [limit for limit, s in zip(limits, shares, strict=True) if s > 0]
    sells = [limit for limit, s in zip(limits, shares, strict=True) if s < 0]
    assert buys == sorted(buys, reverse=True)
    assert sells == sorted(sells)
    assert [s > 0 for s in shares] == [True] * len(buys) + [False] * len(sells)
    assert not buys or not sells or buys[0] < sells[0]


@COMPILED
@given(st.floats(1e3, 1e6), st.floats(1e3, 1e9), ETA, st.floats(0.9, 1.1))
def test_quantities_are_differences_of_whole_wanted_shares(value, scale, eta, off):
    held = int(scale * off**eta)
    limits, shares = ladder(value, scale, eta, held, 2**52)
    indifference = value * (scale / held) ** (1 / eta)
    half = FACTORS.size // 2
    below, above = slice(half - 1, None, -1), slice(half, None)
    for side, part, rounded in ((1, below, math.floor), (-1, above, math.ceil)):
        wanted = [held, *(math.floor(held * d) for d in demands(FACTORS, eta)[part])]
        expected = [s for s in np.diff(wanted).tolist() if s * side > 0]
        assert [s for s in shares if s * side > 0] == expected
        rungs = [rounded(indifference * factor) for factor in FACTORS[part]]
        for limit, s in zip(limits, shares, strict=True):
            # the rung's own price is a float: its last digit may fall on the other side of a whole cent
            assert s * side < 0 or min(abs(limit - rung) for rung in rungs) <= 1


def test_a_fund_that_values_a_share_at_less_than_a_cent_sells_it_for_one():
    limits, shares = ladder(0.4, 10.0, 1.0, 50, 0)
    assert set(limits) == {1}
    assert sum(shares) <= -40


@pytest.mark.parametrize("held", [1, 2])
def test_the_last_share_is_sold_like_any_other(held):
    assert sum(ladder(1000.0, 0.0, 1.0, held, 0)[1]) == -held


@COMPILED
@given(st.floats(1e3, 1e6), st.floats(1e3, 1e9), ETA, HELD)
def test_no_buy_leaves_a_fund_with_more_than_it_wants_nor_a_sell_with_less(value, scale, eta, held):
    limits, shares = ladder(value, scale, eta, held, 2**52)
    slack = 1 + 1e-9
    position = held
    for limit, s in zip(limits, shares, strict=True):
        if s > 0:
            position += s
            assert position <= slack * scale * (value / limit) ** eta + 1
    position = held
    for limit, s in zip(limits, shares, strict=True):
        if s < 0:
            position += s
            assert position + 1 >= scale * (value / limit) ** eta / slack


def test_the_last_rung_is_cut_to_the_budget():
    full_limits, full_shares = ladder(1000.0, 1e6, 1.0, 1_000_000, 2**52)
    first_cents = full_limits[0] * full_shares[0]
    limits, shares = ladder(1000.0, 1e6, 1.0, 1_000_000, first_cents + full_limits[1] * 7)
    assert (limits[1], shares[1]) == (full_limits[1], 7)
    assert all(s < 0 for s in shares[2:])


def test_without_shares_a_fund_buys_around_its_value_and_sells_nothing():
    limits, shares = ladder(1000.0, 1e6, 1.0, 0, 2**52)
    assert min(shares) > 0
    rungs = [math.floor(1000 * factor) for factor in FACTORS[::-1]]
    assert (limits[0], limits[-1]) == (rungs[0], rungs[-1])


def test_a_fund_indifferent_between_its_last_two_rungs_has_its_ladder_around_that_price():
    price = 1000 * (FACTORS[-1] + FACTORS[-2]) / 2
    limits, shares = ladder(1000.0, 1e6 * price / 1000, 1.0, 1_000_000, 2**52)
    sells = [limit for limit, s in zip(limits, shares, strict=True) if s < 0]
    assert sells[0] == math.ceil(price * FACTORS[16])


def test_a_share_of_next_to_no_value_is_bought_at_a_cent_and_never_below():
    limits, shares = ladder(2.0, 1e6, 1.0, 0, 10**9)
    assert min(limits) == 1
    assert min(shares) > 0


def test_a_fund_that_wants_nothing_sells_everything():
    limits, shares = ladder(1000.0, 0.0, 1.0, 55, 2**52)
    assert (limits, shares) == ([math.ceil(1000 * FACTORS[0])], [-55])


@pytest.mark.parametrize("value", [0.0, -1.0, math.nan, math.inf, 1e12])
def test_a_value_that_is_no_price_sends_no_orders(value):
    assert ladder(value, 1e6, 1.0, 100, 10**9) == ([], [])


@COMPILED
@given(st.integers(1, 4), st.integers(1, 3), st.integers(0, 2**32))
def test_one_pass_over_all_funds_gives_each_its_own_ladder(funds, shares, seed):
    rng = np.random.default_rng(seed)
    values, scales = rng.uniform(1e3, 1e5, (funds, shares)), rng.uniform(1e3, 1e7, (funds, shares))
    eta, held = rng.uniform(0.5, 3, shares), rng.integers(0, 10**7, (funds, shares))
    budgets = rng.integers(0, 10**12, (funds, shares))
    limits, signed, owners, offsets = fund_ladders((values, scales, eta), held, budgets, FACTORS)
    assert (offsets[0], offsets[-1]) == (0, len(limits))
    for f in range(shares):
        part = slice(offsets[f], offsets[f + 1])
        expected = [
            (i, limit, s)
            for i in range(funds)
            for limit, s in zip(*ladder(values[i, f], scales[i, f], eta[f], held[i, f], budgets[i, f]), strict=True)
        ]
        got = list(zip(owners[part].tolist(), limits[part].tolist(), signed[part].tolist(), strict=True))
        assert got == expected


@COMPILED
@given(st.lists(st.integers(0, 2**53 - 1), min_size=1, max_size=4), st.integers(1, 5), st.integers(0, 2**32))
def test_budgets_never_exceed_a_funds_cash(cash, shares, seed):
    wanted = np.random.default_rng(seed).uniform(0, 1e9, (len(cash), shares))
    budgets = split_budgets(np.array(cash, np.int64), wanted, np.full(shares, 12345.6))
    assert (budgets >= 0).all()
    assert all(sum(row) <= money for row, money in zip(budgets.tolist(), cash, strict=True))


def test_a_fund_in_debt_or_without_wishes_has_no_budget():
    budgets = split_budgets(np.array([-5, 100]), np.array([[1.0], [0.0]]), np.array([10.0]))
    assert budgets.tolist() == [[0], [0]]


@pytest.fixture
def desk():
    books = Books()
    savers = books.journal.open_outside("savers", OriginClass.FUND_SAVERS)
    funds = [books.journal.open_inside(f"fund {i}") for i in range(3)]
    for i, fund in enumerate(funds):
        books.journal.post(savers, fund, 10**10 * (i + 1), Cause.OPENING)
    securities = [books.registers.open_security(name, kind=0) for name in ("A", "B")]
    for fund in funds:
        for security in securities:
            books.registers.issue(security, fund, 1_000_000)
    board = SimpleNamespace(
        securities=np.array(securities),
        fund_accounts=np.array(funds),
        anchor_cents=np.array([24_151.0, 1_766.5]),
        wanted_shares=np.array([[1.01e6, 0.99e6], [1e6, 1e6], [0.98e6, 1.02e6]]),
        elasticity=np.array([1.0, 1.2]),
    )
    return SimpleNamespace(books=books, board=board, funds=funds)


def books_of(desk, *sent):
    """An order book per share with the orders of the desk's session."""
    table, ends = LadderDesk(desk.books, FACTORS).session(desk.board, sent_table(sent))
    order_books, first = [], 0
    for security, last in zip(desk.board.securities.tolist(), ends.tolist(), strict=True):
        owners, sides, quantities, limits = np.ascontiguousarray(table[:, first:last])
        order_books.append(OrderBook(security))
        order_books[-1].add_many(owners, limits, sides * quantities)
        first = last
    assert first == table.shape[1]
    return order_books


def test_the_desk_opens_a_book_per_share_with_every_funds_ladder(desk):
    order_books = books_of(desk)
    assert [book.security for book in order_books] == desk.board.securities.tolist()
    assert all(set(book.owners.tolist()) == set(desk.funds) for book in order_books)


def test_all_ladders_of_the_desk_together_are_covered_by_cash_and_shares(desk):
    order_books = books_of(desk)
    for fund in desk.funds:
        bought = 0
        for book in order_books:
            mine = book.owners == fund
            buys, sells = mine & (book.sides > 0), mine & (book.sides < 0)
            bought += int(book.quantities[buys] @ book.limits[buys])
            assert book.quantities[sells].sum() <= desk.books.registers.held(fund, book.security)
        assert 0 < bought <= desk.books.journal.balance(fund)


def test_desk_orders_carry_accounts_not_rows(desk):
    board = desk.board
    ledger = np.full(10, 10**9), np.full((10, 2), 1_000_000)
    wishes = board.anchor_cents, board.wanted_shares, board.elasticity
    found = desk_ladders(wishes, ledger, (np.array([7, 8, 9]), board.securities), FACTORS)
    assert set(found[2].tolist()) == {7, 8, 9}


def test_the_desks_books_hold_the_orders_of_its_ladders_and_their_totals(desk):
    board, journal = desk.board, desk.books.journal
    limits, signed, owners, offsets = desk_ladders(
        (board.anchor_cents, board.wanted_shares, board.elasticity),
        (journal.balances, desk.books.registers.holdings), (board.fund_accounts, board.securities), FACTORS,
    )  # fmt: skip
    for f, book in enumerate(books_of(desk)):
        part = slice(offsets[f], offsets[f + 1])
        plain = OrderBook(book.security)
        plain.add_many(owners[part], limits[part], signed[part])
        for column in ("owners", "sides", "quantities", "limits"):
            assert getattr(book, column).tolist() == getattr(plain, column).tolist()
        for total in ("n", "buy_shares", "sell_shares", "buy_cents"):
            assert getattr(book, total) == getattr(plain, total)


def test_sent_orders_stand_behind_the_ladders_of_their_own_share_in_the_order_they_came(desk):
    plain = books_of(desk)
    sent = [SentOrder(1, 1, -5, 7), SentOrder(0, 2, 6, 8), SentOrder(1, 3, 9, 10)]
    for f, book in enumerate(books_of(desk, *sent)):
        own = [order for order in sent if order.share == f]
        n = plain[f].n
        for column in ("owners", "sides", "quantities", "limits"):
            assert getattr(book, column)[:n].tolist() == getattr(plain[f], column).tolist()
        behind = zip(book.owners[n:], book.sides[n:] * book.quantities[n:], book.limits[n:], strict=True)
        assert [tuple(order) for order in behind] == [order[1:] for order in own]


def test_a_sent_order_that_is_none_is_refused_with_its_share(desk):
    with pytest.raises(OrderError) as refused:
        LadderDesk(desk.books, FACTORS).session(desk.board, sent_table([SentOrder(0, 1, 5, 7), SentOrder(1, 2, 3, 0)]))
    assert (refused.value.security, refused.value.came) == (desk.board.securities[1], (2, 3, 0))


def test_a_ladder_beyond_the_largest_limit_is_refused_with_its_owner(desk):
    desk.board.anchor_cents = np.array([24_151.0, 9.9e11])
    desk.board.wanted_shares = desk.board.wanted_shares * 0.9999
    with pytest.raises(OrderError) as refused:
        books_of(desk)
    owner, signed, limit = refused.value.came
    assert (refused.value.security, owner in desk.funds, signed < 0) == (1, True, True)
    assert limit >= 2**40


@pytest.mark.parametrize("shape", [(0, 0.1, 2.0), (4, 0.0, 2.0), (4, 0.2, 2.0), (4, 0.1, 0.9), (4, 0.1, 1.0)])
def test_rungs_that_make_no_ladder_are_refused(shape):
    with pytest.raises(LadderError) as refused:
        rung_factors(*shape)
    assert refused.value.came == shape


@COMPILED
@given(st.integers(1, 20), st.floats(1e-5, 1e-2), st.floats(1.01, 2))
def test_rungs_rise_around_one(rungs, step0, growth):
    assume(step0 * growth ** (rungs - 1) < 1)
    factors = rung_factors(rungs, step0, growth)
    assert (np.diff(factors) > 0).all()
    assert np.allclose(factors + factors[::-1], 2.0, rtol=0, atol=1e-15)


def test_a_fund_is_indifferent_where_it_wants_what_it_holds():
    assert indifference_cents(1000.0, 400.0, 100, 0.5) == pytest.approx(16_000.0)
    assert pytest.approx(100.0) == 400.0 * (1000.0 / 16_000.0) ** 0.5


def test_wanted_shares_are_whole_and_can_be_counted():
    assert wanted_at(100.0, 0.999) == 99
    assert wanted_at(1e300, 2.0) == 2**52


@pytest.mark.parametrize(("budget", "shares"), [(10_000, 7), (700, 7), (699, 6), (99, 0)])
def test_no_more_is_bought_than_the_budget_pays_at_the_limit(budget, shares):
    assert affordable_shares(7, 100, budget) == shares
