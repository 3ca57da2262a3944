"""Order books take only real orders, and reservations keep every owner within its cash and shares."""

import numpy as np
import pytest
from carousel.ledger.books import Books
from carousel.ledger.causes import Cause, OriginClass
from carousel.ledger.registers import SecurityKind
from carousel.market.orders import OrderBook, OrderError, OverReserved, Reservations, Side
from hypothesis import given, settings
from hypothesis import strategies as st

COMPILED = settings(deadline=None)
"""The first example of a run may have to wait for the compiler."""
ORDERS = st.lists(
    st.tuples(st.integers(0, 5), st.sampled_from(Side), st.integers(1, 10**6), st.integers(1, 10**6)), max_size=80
)


def table(book):
    return np.stack([book.owners, book.sides, book.quantities, book.limits]).T.tolist()


@COMPILED
@given(ORDERS)
def test_orders_stand_in_the_book_as_they_came_one_by_one_or_all_at_once(orders):
    one, many = OrderBook(3, capacity=1), OrderBook(3)
    for order in orders:
        one.add(*order)
    owners, limits, signed = (np.array(column, np.int64) for column in (
        [o for o, _, _, _ in orders], [li for _, _, _, li in orders], [s * q for _, s, q, _ in orders]
    ))  # fmt: skip
    many.add_many(owners, limits, signed)
    assert table(one) == table(many) == [list(order) for order in orders]
    assert (one.buy_shares, one.sell_shares, one.buy_cents) == (many.buy_shares, many.sell_shares, many.buy_cents)
    assert one.buy_cents == sum(q * li for _, s, q, li in orders if s > 0)


@COMPILED
@given(ORDERS)
def test_reserved_cash_and_shares_of_all_owners_are_the_books_totals(orders):
    book = OrderBook(0)
    for order in orders:
        book.add(*order)
    assert sum(book.reserved_cash(owner) for owner in range(6)) == book.buy_cents
    assert sum(book.reserved_shares(owner) for owner in range(6)) == book.sell_shares


@pytest.mark.parametrize(
    "order",
    [
        (-1, Side.BUY, 1, 1),
        (0, 0, 1, 1),
        (0, Side.BUY, 0, 1),
        (0, Side.SELL, -1, 1),
        (0, Side.SELL, 2**53, 1),
        (0, Side.BUY, 1, 0),
        (0, Side.BUY, 1, 2**40),
        (0, Side.BUY, 2**30, 2**30),
        (0, Side.BUY, 1.5, 1),
        (0, Side.BUY, 1, 9.99),
    ],
)
def test_an_order_that_is_none_is_refused_and_the_book_unchanged(order):
    book = OrderBook(7)
    with pytest.raises(OrderError) as refused:
        book.add(*order)
    assert (refused.value.security, refused.value.came, book.n) == (7, order, 0)


@pytest.mark.parametrize(
    ("owner", "limit", "signed"),
    [
        (-1, 1, 1),
        (0, 0, 1),
        (0, 2**40, 1),
        (0, 1, 0),
        (0, 1, 2**53),
        (0, 1, -(2**63)),
        (0, 2**30, 2**30),
        (0, 1, -(2**53) + 1),
    ],
)
def test_one_bad_order_among_many_refuses_them_all(owner, limit, signed):
    book = OrderBook(7)
    book.add(0, Side.SELL, 1, 1)
    columns = (np.array([0, owner]), np.array([5, limit]), np.array([3, signed]))
    with pytest.raises(OrderError) as refused:
        book.add_many(*columns)
    assert refused.value.came == (owner, signed, limit)
    assert (book.n, book.buy_shares, book.sell_shares, book.buy_cents) == (1, 0, 1, 0)


def test_a_book_refuses_more_shares_than_can_be_counted():
    book = OrderBook(7)
    book.add(0, Side.SELL, 2**53 - 1, 1)
    with pytest.raises(OrderError):
        book.add(0, Side.SELL, 1, 1)
    assert book.sell_shares == 2**53 - 1


@pytest.mark.parametrize("limits", [np.array([1.0, 2.0]), np.array([1, 2, 3])])
def test_ladders_of_other_types_or_lengths_are_refused(limits):
    with pytest.raises(OrderError):
        OrderBook(0).add_ladder(1, limits, np.array([1, -1]))


@pytest.fixture
def books():
    """Account 1 has 1,000 cents and 10 shares each of securities 0 and 1."""
    books = Books()
    outside = books.journal.open_outside("savers", OriginClass.FUND_SAVERS)
    fund = books.journal.open_inside("fund")
    books.journal.post(outside, fund, 1000, Cause.OPENING)
    for name in ("A", "B"):
        books.registers.issue(books.registers.open_security(name, SecurityKind.SHARE), fund, 10)
    return books


def book_with(security, side, quantity, limit):
    book = OrderBook(security)
    book.add(1, side, quantity, limit)
    return book


def test_cash_is_reserved_once_over_all_open_books(books):
    reservations = Reservations(books)
    reservations.reserve(book_with(0, Side.BUY, 6, 100))
    with pytest.raises(OverReserved) as refused:
        reservations.reserve(book_with(1, Side.BUY, 4, 101))
    assert (refused.value.what, refused.value.wanted, refused.value.free) == ("cents", 404, 400)
    assert reservations.free_cents(1) == 400


def test_shares_are_reserved_security_by_security(books):
    reservations = Reservations(books)
    reservations.reserve(book_with(0, Side.SELL, 10, 1))
    reservations.reserve(book_with(1, Side.SELL, 10, 1))
    assert (reservations.free_shares(1, 0), reservations.free_shares(1, 1)) == (0, 0)
    with pytest.raises(OverReserved) as refused:
        reservations.reserve(book_with(0, Side.SELL, 1, 1))
    assert (refused.value.owner, refused.value.security, refused.value.what) == (1, 0, "shares")


def test_a_released_book_gives_back_what_it_claimed(books):
    reservations = Reservations(books)
    book = book_with(0, Side.BUY, 10, 100)
    reservations.reserve(book)
    assert reservations.free_cents(1) == 0
    reservations.release(book)
    assert reservations.free_cents(1) == 1000
    reservations.reserve(book)


def test_a_refused_book_reserves_nothing_for_anybody(books):
    reservations = Reservations(books)
    book = book_with(0, Side.SELL, 5, 1)
    book.add(1, Side.BUY, 11, 100)
    with pytest.raises(OverReserved):
        reservations.reserve(book)
    assert (reservations.free_cents(1), reservations.free_shares(1, 0)) == (1000, 10)


def test_a_book_is_neither_reserved_twice_nor_released_unreserved(books):
    reservations = Reservations(books)
    book = book_with(0, Side.BUY, 1, 1)
    with pytest.raises(KeyError):
        reservations.release(book)
    reservations.reserve(book)
    with pytest.raises(ValueError, match="twice"):
        reservations.reserve(book)


def test_all_cash_stands_behind_orders_and_the_outside_world_needs_none(books):
    reservations = Reservations(books)
    book = book_with(0, Side.BUY, 10, 100)
    book.add(0, Side.BUY, 10**6, 10**6)
    reservations.reserve(book)
    assert reservations.free_cents(1) == 0


@pytest.mark.parametrize("kind", [np.int64, np.int32, np.uint16])
def test_numpys_whole_numbers_are_orders_too(kind):
    book = OrderBook(0)
    assert book.add(kind(3), Side.SELL, kind(5), kind(7)) == 0
    assert book.add(3, -1, 5, 7) == 1
    assert table(book) == [[3, -1, 5, 7]] * 2


@pytest.mark.parametrize("owner", [2**53, 2**70])
def test_an_account_beyond_all_accounts_is_refused_and_the_totals_unchanged(owner):
    book = OrderBook(0)
    with pytest.raises(OrderError):
        book.add(owner, Side.BUY, 1, 1)
    assert (book.n, book.buy_shares, book.buy_cents) == (0, 0, 0)
