"""Delivery versus payment: shares and cash move together, or neither does."""

import numpy as np
import pytest
from carousel.ledger.books import Books
from carousel.ledger.causes import Cause, OriginClass
from carousel.ledger.journal import BadEntry, InsufficientFunds
from carousel.ledger.registers import InsufficientShares, SecurityKind
from carousel.market.auction import run_auction
from carousel.market.orders import OrderBook
from carousel.market.settlement import Executed, SettlementError, settle_auction
from hypothesis import given, settings
from hypothesis import strategies as st

COMPILED = settings(deadline=None)
"""The first example of a run may have to wait for the compiler."""
HOUSE, FIRST = 1, 2


def open_books(cash, shares):
    """Accounts 0 savers (outside), 1 clearing house, 2.. owners with this cash and these shares of security 0."""
    books = Books()
    books.journal.open_outside("savers", OriginClass.FUND_SAVERS)
    books.journal.open_inside("house")
    security = books.registers.open_security("A", SecurityKind.SHARE)
    for i, (cents, units) in enumerate(zip(cash, shares, strict=True)):
        account = books.journal.open_inside(f"owner {i}")
        if cents:
            books.journal.post(0, account, cents, Cause.OPENING)
        if units:
            books.registers.issue(security, account, units)
    books.registers.ensure_account(books.journal.n_accounts - 1)
    books.close_day(0)
    books.start_day(1)
    return books


def state(books):
    n = books.journal.n_accounts
    return books.journal.balances[:n].tolist(), books.registers.holdings[:n].tolist(), books.journal.count


def executed(owners, fills, sides):
    owners, fills, sides = (np.array(column, np.int64) for column in (owners, fills, sides))
    return Executed(owners, sides, fills)


def test_the_buyer_pays_the_house_the_house_the_seller_and_the_shares_follow():
    books = open_books([1000, 0], [0, 10])
    assert settle_auction(books, 0, HOUSE, executed([2, 3], [4, 4], [1, -1]), 25) == 100
    assert state(books)[0] == [-1000, 0, 900, 100]
    assert books.registers.holdings[:, 0].tolist()[2:4] == [4, 6]
    entries = books.close_day(1).entries
    assert entries[:, 1:5].tolist() == [[2, HOUSE, 100, Cause.TRADE_PAY], [HOUSE, 3, 100, Cause.TRADE_RECEIVE]]


def test_an_owner_on_both_sides_settles_its_net_only():
    books = open_books([100, 0], [5, 10])
    settle_auction(books, 0, HOUSE, executed([2, 2, 3], [9, 5, 4], [1, -1, -1]), 25)
    assert state(books)[0][2:] == [0, 100]
    assert books.registers.held(2, 0) == 9


@COMPILED
@given(st.data())
def test_random_auctions_conserve_cash_and_shares_and_pass_the_audit(data):
    n = data.draw(st.integers(2, 5))
    cash = data.draw(st.lists(st.integers(0, 10**4), min_size=n, max_size=n))
    shares = data.draw(st.lists(st.integers(0, 50), min_size=n, max_size=n))
    books = open_books(cash, shares)
    book = OrderBook(0)
    for i in range(n):
        limit = data.draw(st.integers(1, 20))
        if cash[i] // limit:
            book.add(FIRST + i, 1, data.draw(st.integers(1, cash[i] // limit)), limit)
        if shares[i]:
            book.add(FIRST + i, -1, data.draw(st.integers(1, shares[i])), data.draw(st.integers(1, 20)))
    result = run_auction(book, None, 10, data.draw(st.integers(0, 2**63 - 1)))
    settle_auction(books, 0, HOUSE, Executed(book.owners, book.sides, result.fills), result.price_cents)
    balances, holdings, _ = state(books)
    assert balances[HOUSE] == 0
    assert sum(balances[FIRST:]) == sum(cash)
    assert sum(row[0] for row in holdings) == sum(shares)
    assert min(balances[1:]) >= 0
    books.close_day(1)


@COMPILED
@given(st.integers(1, 10**6), st.integers(1, 10**6), st.integers(1, 100), st.integers(1, 10**4))
def test_if_a_leg_fails_nothing_has_moved(cash, held, units, price):
    books = open_books([10**12, cash, 0], [0, 0, held])
    before = state(books)
    trades = executed([2, 3, 4], [1, units, units + 1], [1, 1, -1])
    enough = units * price <= cash and units + 1 <= held
    try:
        settle_auction(books, 0, HOUSE, trades, price)
    except (InsufficientFunds, InsufficientShares):
        assert not enough
        assert state(books) == before
    else:
        assert enough
        assert state(books) != before


def test_a_buyer_without_the_cash_stops_the_whole_settlement():
    books = open_books([1000, 99, 0], [0, 0, 10])
    before = state(books)
    with pytest.raises(InsufficientFunds) as refused:
        settle_auction(books, 0, HOUSE, executed([2, 3, 4], [4, 4, 8], [1, 1, -1]), 25)
    assert (refused.value.account, refused.value.cents, refused.value.balance_cents) == ("owner 1", 100, 99)
    assert state(books) == before


def test_a_seller_without_the_shares_stops_the_whole_settlement():
    books = open_books([1000, 0], [0, 3])
    before = state(books)
    with pytest.raises(InsufficientShares) as refused:
        settle_auction(books, 0, HOUSE, executed([2, 3], [4, 4], [1, -1]), 25)
    assert (refused.value.account, refused.value.units, refused.value.held) == (3, 4, 3)
    assert state(books) == before


@pytest.mark.parametrize(
    ("owners", "fills", "sides", "price"),
    [
        ([2, 3], [4, 5], [1, -1], 25),
        ([2, 9], [4, 4], [1, -1], 25),
        ([-1, 3], [4, 4], [1, -1], 25),
        ([2, 3], [-4, -4], [1, -1], 25),
        ([2, 3], [-1, -1], [1, -1], 25),
        ([2, 3], [2**53, 2**53], [1, -1], 25),
        ([2, 3], [4, 4], [2, -2], 25),
        ([2, 3], [4, 4], [1, -1], 0),
        ([2, 3], [4, 4], [1, -1], 2**52),
        ([2, HOUSE], [4, 4], [1, -1], 25),
    ],
)
def test_fills_that_are_no_trade_are_refused_and_nothing_moves(owners, fills, sides, price):
    books = open_books([1000, 0], [0, 10])
    before = state(books)
    with pytest.raises(SettlementError):
        settle_auction(books, 0, HOUSE, executed(owners, fills, sides), price)
    assert state(books) == before


@pytest.mark.parametrize(("fills", "house"), [([4], HOUSE), ([4, 4, 4], HOUSE), ([4, 4], 99), ([4, 4], -1)])
def test_ragged_columns_or_an_unknown_clearing_house_are_refused(fills, house):
    books = open_books([1000, 0], [0, 10])
    before = state(books)
    with pytest.raises(SettlementError):
        settle_auction(books, 0, house, executed([2, 3], fills, [1, -1]), 25)
    assert state(books) == before


@pytest.mark.parametrize("security", [-1, 1])
def test_an_unknown_security_is_refused(security):
    books = open_books([1000, 0], [0, 10])
    with pytest.raises(SettlementError):
        settle_auction(books, security, HOUSE, executed([2, 3], [4, 4], [1, -1]), 25)


def test_a_balance_beyond_money_is_refused_before_anything_moves():
    books = open_books([2**52, 2**52 - 1], [0, 10])
    other = books.journal.open_outside("other savers", OriginClass.FUND_SAVERS)
    books.journal.post(other, 3, 2**52, Cause.SAVING)
    books.registers.ensure_account(other)
    before = state(books)
    with pytest.raises(SettlementError):
        settle_auction(books, 0, HOUSE, executed([2, 3], [1, 1], [1, -1]), 100)
    assert state(books) == before


@pytest.mark.parametrize(("shares", "price"), [(1, 2**53 - 1), (2**53 - 1, 1)])
def test_a_trade_is_worth_at_most_a_cent_below_two_to_the_53(shares, price):
    books = open_books([2**53 - 1, 0], [0, shares])
    trade = executed([2, 3], [shares, shares], [1, -1])
    with pytest.raises(SettlementError):
        settle_auction(books, 0, HOUSE, trade, price + 1)
    assert settle_auction(books, 0, HOUSE, trade, price) == 2**53 - 1
    assert state(books)[0][2:] == [0, 2**53 - 1]
    assert books.registers.holdings[2:4, 0].tolist() == [shares, 0]


def test_nothing_settles_on_a_closed_day():
    books = open_books([1000, 0], [0, 10])
    books.close_day(1)
    before = state(books)
    with pytest.raises(BadEntry):
        settle_auction(books, 0, HOUSE, executed([2, 3], [4, 4], [1, -1]), 25)
    assert state(books) == before


def test_an_auction_without_trades_leaves_no_entry():
    books = open_books([1000, 0], [0, 10])
    assert settle_auction(books, 0, HOUSE, executed([2, 3], [0, 0], [1, -1]), 25) == 0
    assert books.journal.count == 0


def old_settlement(books, security, house, owners, fills, sides, price):
    """The same settlement payment by payment, for fills that are a trade."""
    net = np.bincount(owners, sides * fills, books.journal.n_accounts).astype(np.int64)
    buyers, sellers = np.flatnonzero(net > 0).tolist(), np.flatnonzero(net < 0).tolist()
    for buyer in buyers:
        books.journal.post(buyer, house, int(net[buyer]) * price, Cause.TRADE_PAY, security)
    for seller in sellers:
        books.journal.post(house, seller, -int(net[seller]) * price, Cause.TRADE_RECEIVE, security)
    books.registers.holdings[: len(net), security] += net
    return int(net[buyers].sum()) * price


@COMPILED
@given(st.data())
def test_one_compiled_settlement_writes_what_single_payments_write(data):
    n = data.draw(st.integers(2, 6))
    orders = data.draw(st.lists(st.tuples(st.integers(2, n + 1), st.integers(0, 30)), min_size=1, max_size=12))
    price = data.draw(st.integers(1, 50))
    cash = data.draw(st.lists(st.integers(0, 3_000), min_size=n, max_size=n))
    shares = data.draw(st.lists(st.integers(0, 60), min_size=n, max_size=n))
    total = sum(fill for _, fill in orders)
    owners = np.array([owner for owner, _ in orders] + [2 + data.draw(st.integers(0, n - 1))], np.int64)
    fills = np.array([fill for _, fill in orders] + [total], np.int64)
    sides = np.array([1] * len(orders) + [-1], np.int64)
    new, old = open_books(cash, shares), open_books(cash, shares)
    before = state(new)
    try:
        value = settle_auction(new, 0, HOUSE, Executed(owners, sides, fills), price)
    except (InsufficientFunds, InsufficientShares):
        assert state(new) == before
    else:
        assert value == old_settlement(old, 0, HOUSE, owners, fills, sides, price)
        assert state(new) == state(old)
        assert new.close_day(1).entries.tolist() == old.close_day(1).entries.tolist()


def test_an_auction_of_more_traders_than_the_open_page_holds_gets_a_longer_one():
    traders = 300
    books = open_books([100] * traders, [0] * (traders - 1) + [traders])
    assert len(books.journal.buffer) == 512
    other = books.registers.open_security("B", SecurityKind.SHARE)
    books.registers.issue(other, traders + 1, traders)
    books.close_day(1)
    books.start_day(2)
    owners, fills, sides = np.arange(2, traders + 2), np.ones(traders, np.int64), np.ones(traders, np.int64)
    fills[-1], sides[-1] = traders - 1, -1
    for security in (0, other):
        settle_auction(books, security, HOUSE, Executed(owners, sides, fills), 1)
    assert books.journal.count == 2 * traders
    assert len(books.journal.buffer) == 1024
    assert len(books.close_day(2).entries) == 2 * traders
