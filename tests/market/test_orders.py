"""Order books take only real orders, one by one or all at once."""

import numpy as np
import pytest
from carousel.market.orders import OrderBook, OrderError, Side
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


@pytest.mark.parametrize(("shares", "fits"), [(2**53 - 2, True), (2**53 - 1, False)])
def test_the_cents_of_all_buys_stay_below_the_limit(shares, fits):
    """One cent is spoken for already."""
    book = OrderBook(7)
    book.add(0, Side.BUY, 1, 1)
    columns = np.array([0]), np.array([1]), np.array([shares])
    if fits:
        book.add_many(*columns)
        assert book.buy_cents == 2**53 - 1
    else:
        with pytest.raises(OrderError):
            book.add_many(*columns)


@pytest.mark.parametrize(("shares", "fits"), [(2**53 - 2, True), (2**53 - 1, False)])
def test_the_shares_of_all_sells_stay_below_the_limit(shares, fits):
    book = OrderBook(7)
    book.add(0, Side.SELL, 1, 1)
    columns = np.array([0]), np.array([1]), np.array([-shares])
    if fits:
        book.add_many(*columns)
        assert book.sell_shares == 2**53 - 1
    else:
        with pytest.raises(OrderError):
            book.add_many(*columns)


@pytest.mark.parametrize("limits", [np.array([1.0, 2.0]), np.array([1, 2, 3])])
def test_columns_of_other_types_or_lengths_are_refused(limits):
    with pytest.raises(OrderError):
        OrderBook(0).add_many(np.array([1, 1]), limits, np.array([1, -1]))


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
