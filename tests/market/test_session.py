"""A closing session of many shares is the same auctions and settlements, one after the other."""

from __future__ import annotations

import numpy as np
import pytest
from carousel.ledger.books import Books
from carousel.ledger.causes import Cause, OriginClass
from carousel.ledger.journal import InsufficientFunds
from carousel.ledger.registers import SecurityKind
from carousel.market.auction import run_auction
from carousel.market.orders import OrderBook, Side
from carousel.market.session import SessionOrders, hold_session
from carousel.market.settlement import Executed, settle_auction
from hypothesis import given, settings
from hypothesis import strategies as st

HOUSE, FIRST, OWNERS, SHARES = 1, 2, 4, 3
ORDERS = st.lists(
    st.tuples(
        st.integers(0, SHARES - 1), st.integers(0, OWNERS - 1), st.booleans(), st.integers(1, 9), st.integers(95, 105)
    ),
    max_size=40,
)
REFERENCES = np.full(SHARES, 100)
ROUNDINGS = np.array([7, 2**60, 12345])


def open_books(cash=10**6):
    """Accounts 0 savers (outside), 1 clearing house, 2.. owners with cash and a thousand of every share."""
    books = Books()
    books.journal.open_outside("savers", OriginClass.FUND_SAVERS)
    books.journal.open_inside("house")
    for k in range(SHARES):
        books.registers.open_security(f"share {k}", SecurityKind.SHARE)
    for owner in range(OWNERS):
        account = books.journal.open_inside(f"owner {owner}")
        books.journal.post(0, account, cash, Cause.OPENING)
        for k in range(SHARES):
            books.registers.issue(k, account, 1000)
    books.close_day(0)
    books.start_day(1)
    return books


def session_orders(book_list):
    """The orders of all books as one table."""
    columns = [np.stack([book.owners, book.sides, book.quantities, book.limits]) for book in book_list]
    return SessionOrders(np.concatenate(columns, axis=1), np.cumsum([book.n for book in book_list]))


def order_books(orders):
    """One book a share."""
    books = [OrderBook(k) for k in range(SHARES)]
    for share, owner, is_buy, quantity, limit in orders:
        books[share].add(FIRST + owner, Side.BUY if is_buy else Side.SELL, quantity, limit)
    return books


@settings(deadline=None)  # the first example may compile
@given(ORDERS)
def test_a_session_is_its_auctions_and_settlements_one_after_the_other(orders):
    together, apart, book_list = open_books(), open_books(), order_books(orders)
    result = hold_session(together, HOUSE, np.arange(SHARES), session_orders(book_list), REFERENCES, ROUNDINGS)
    fills = []
    for k, book in enumerate(book_list):
        one = run_auction(book, None, 100, int(ROUNDINGS[k]))
        if one.volume:
            settle_auction(apart, k, HOUSE, Executed(book.owners, book.sides, one.fills), one.price_cents)
        assert (result.price_cents[k], result.volume_shares[k]) == (one.price_cents, one.volume)
        fills += one.fills.tolist()
    assert result.fills.tolist() == fills
    assert together.registers.holdings.tolist() == apart.registers.holdings.tolist()
    assert together.close_day(1).entries.tolist() == apart.close_day(1).entries.tolist()


ALL_TRADE = [(k, owner, owner % 2 == 0, 5, 100) for k in range(SHARES) for owner in range(OWNERS)]


def test_a_full_page_of_the_journal_costs_no_trade():
    books = open_books()
    while books.journal.count < books.journal.room - 1:
        books.journal.post(FIRST, FIRST + 1, 1, Cause.OBLIGATION)
    orders = session_orders(order_books(ALL_TRADE))
    result = hold_session(books, HOUSE, np.arange(SHARES), orders, REFERENCES, ROUNDINGS)
    assert result.volume_shares.tolist() == [10, 10, 10]
    causes = books.close_day(1).entries[:, 4].tolist()
    assert causes.count(Cause.TRADE_PAY) == causes.count(Cause.TRADE_RECEIVE) == 6


def test_who_cannot_pay_stops_the_session_at_that_share_and_the_shares_before_are_settled():
    books = open_books(cash=700)  # each buyer can pay for one share's five units at 100, not for two
    orders = session_orders(order_books(ALL_TRADE))
    with pytest.raises(InsufficientFunds) as caught:
        hold_session(books, HOUSE, np.arange(SHARES), orders, REFERENCES, ROUNDINGS)
    assert caught.value.account == "owner 0"
    assert books.registers.holdings[FIRST].tolist() == [1005, 1000, 1000]
    books.close_day(1)
