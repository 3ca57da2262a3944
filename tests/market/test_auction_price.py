"""The auction price is the best of all whole-cent prices, however the orders arrive."""

import numpy as np
import pytest
from carousel.market.auction import AuctionError, CrowdOrders, run_auction
from carousel.market.auction_price_kernels import NO_CROWD, clearing_price, cumulate
from carousel.market.orders import OrderBook
from hypothesis import example, given, settings
from hypothesis import strategies as st

COMPILED = settings(deadline=None)
"""The first example of a run may have to wait for the compiler."""

HIGHEST = 30
ORDER = st.tuples(st.sampled_from([1, -1]), st.integers(1, 12), st.integers(1, HIGHEST))
ORDERS = st.lists(ORDER, max_size=24)
REFERENCE = st.integers(1, HIGHEST + 10)
WIDE_ORDER = st.tuples(st.sampled_from([1, -1]), st.integers(1, 2**44), st.integers(1, 2**39))


def columns(orders):
    """Sides, quantities, limits as int64 arrays."""
    return tuple(np.array(orders, np.int64).reshape(-1, 3).T.copy())


def cleared(orders, reference):
    return clearing_price(columns(orders), NO_CROWD, reference)


def at(orders, price):
    """(volume, |imbalance|) of a price, from the definition."""
    demand = sum(q for side, q, limit in orders if side > 0 and limit >= price)
    supply = sum(q for side, q, limit in orders if side < 0 and limit <= price)
    return min(demand, supply), abs(demand - supply)


def best(orders, reference):
    """The rule by trying every price."""
    prices = range(1, HIGHEST + 12)
    volume = max(at(orders, p)[0] for p in prices)
    if volume == 0:
        return reference, 0
    price = min(prices, key=lambda p: (-at(orders, p)[0], at(orders, p)[1], abs(p - reference), p))
    return price, volume


def histograms(orders, low, levels):
    """Shares to buy and to sell by limit."""
    buys, sells = np.zeros(levels, np.int64), np.zeros(levels, np.int64)
    for side, quantity, limit in orders:
        (buys if side > 0 else sells)[limit - low] += quantity
    return buys, sells


@COMPILED
@given(ORDERS, REFERENCE)
@example([(1, 5, 10), (-1, 5, 4)], 7)
@example([(1, 5, 10), (-1, 5, 4)], 20)
@example([(1, 6, 10), (1, 1, 8), (-1, 5, 4)], 2)
@example([(1, 3, 10), (-1, 2, 4), (-1, 2, 9)], 1)
def test_price_is_the_best_of_all_whole_cent_prices(orders, reference):
    assert cleared(orders, reference) == best(orders, reference)


@COMPILED
@given(ORDERS, REFERENCE, st.integers(1, HIGHEST + 10))
def test_no_other_price_trades_more_shares(orders, reference, other):
    price, volume = cleared(orders, reference)
    assert at(orders, other)[0] <= volume
    assert at(orders, price)[0] == volume


@COMPILED
@given(ORDERS, REFERENCE, st.integers(1, HIGHEST + 10))
def test_ties_go_to_the_smaller_imbalance_then_to_the_nearest_reference(orders, reference, other):
    price, volume = cleared(orders, reference)
    if volume and at(orders, other)[0] == volume:
        assert at(orders, price)[1] <= at(orders, other)[1]
        if at(orders, price)[1] == at(orders, other)[1]:
            assert abs(price - reference) <= abs(other - reference)


@COMPILED
@given(st.lists(WIDE_ORDER, max_size=12), st.integers(1, 2**39))
def test_no_other_price_trades_more_at_the_size_of_whole_economies(orders, reference):
    price, volume = cleared(orders, reference)
    assert at(orders, price)[0] == volume
    for limit in {limit for _, _, limit in orders}:
        for other in (limit - 1, limit, limit + 1):
            assert at(orders, other)[0] <= volume
            if volume and at(orders, other)[0] == volume:
                assert at(orders, other)[1] >= at(orders, price)[1]


@COMPILED
@given(ORDERS, REFERENCE, st.integers(0, 3), st.integers(0, 3))
def test_a_histogram_gives_the_same_price_as_its_orders(orders, reference, below, above):
    limits = [limit for _, _, limit in orders] or [1]
    low = max(1, min(limits) - below)
    buys, sells = histograms(orders, low, max(limits) - low + 1 + above)
    assert clearing_price(columns([]), (low, *cumulate(buys, sells)), reference) == cleared(orders, reference)


@COMPILED
@given(
    ORDERS,
    st.lists(st.tuples(st.sampled_from([1, -1]), st.integers(1, 12), st.integers(12, 18)), max_size=24),
    REFERENCE,
)
def test_limits_outside_the_crowds_band_count_exactly(orders, crowd, reference):
    book = OrderBook(0)
    for side, quantity, limit in orders:
        book.add(1, side, quantity, limit)
    buys, sells = histograms(crowd, 12, 7)
    result = run_auction(book, CrowdOrders(12, buys, sells), reference, 0)
    assert (result.price_cents, result.volume) == best(orders + crowd, reference)


def test_without_a_cross_the_reference_stands_and_nothing_trades():
    assert cleared([(1, 5, 9), (-1, 5, 10)], 123) == (123, 0)
    assert cleared([], 7) == (7, 0)


def test_oracle_sees_a_price_one_cent_off():
    orders = [(1, 5, 10), (-1, 5, 10)]
    assert at(orders, 11)[0] < at(orders, cleared(orders, 10)[0])[0]


@pytest.mark.parametrize(("reference", "start"), [(0, 0), (-1, 0), (1, -1), (1, 2**63)])
def test_an_auction_without_a_price_or_a_start_is_refused(reference, start):
    with pytest.raises(AuctionError) as refused:
        run_auction(OrderBook(0), None, reference, start)
    assert refused.value.came == (reference, start)


@pytest.mark.parametrize(
    ("low", "buys", "sells"),
    [
        (0, np.zeros(3, np.int64), np.zeros(3, np.int64)),
        (1, np.zeros(3, np.int64), np.zeros(2, np.int64)),
        (1, np.zeros(3), np.zeros(3, np.int64)),
        (1, np.zeros(3, np.int64), np.array([0, -1, 0])),
    ],
)
def test_a_crowd_that_is_no_histogram_is_refused(low, buys, sells):
    with pytest.raises(AuctionError):
        CrowdOrders(low, buys, sells)


def test_a_crowd_of_too_many_shares_is_refused():
    crowd = CrowdOrders(1, np.array([2**52, 2**52]), np.zeros(2, np.int64))
    with pytest.raises(AuctionError) as refused:
        run_auction(OrderBook(0), crowd, 1, 0)
    assert refused.value.came == 2**53
