"""Everybody's fill at the auction price: conserved, within limits, by price priority, unbiased at the margin."""

import numpy as np
import pytest
from carousel.market.auction import AuctionError, CrowdOrders, Margin, fill_crowd_orders, run_auction
from carousel.market.auction_fill_kernels import clear_and_fill
from carousel.market.auction_price_kernels import NO_CROWD
from carousel.market.auction_rules import executed_up_to
from carousel.market.orders import OrderBook
from hypothesis import given, settings
from hypothesis import strategies as st

COMPILED = settings(deadline=None)
"""The first example of a run may have to wait for the compiler."""

ORDER = st.tuples(st.sampled_from([1, -1]), st.integers(1, 12), st.integers(1, 30))
ORDERS = st.lists(ORDER, max_size=24)
WIDE_ORDER = st.tuples(st.sampled_from([1, -1]), st.integers(1, 2**44), st.integers(1, 40))
START = st.integers(0, 2**63 - 1)


def columns(orders):
    """Sides, quantities, limits."""
    return tuple(np.array(orders, np.int64).reshape(-1, 3).T.copy())


def auction(orders, start, reference=15):
    """Price, volume, margin and fills of a book without a crowd."""
    out = np.empty(len(orders), np.int64)
    price, volume, at, _, _ = clear_and_fill(columns(orders), NO_CROWD, reference, start, out)
    return price, volume, Margin(*at), out


def filled(orders, start, reference=15):
    price, volume, _, out = auction(orders, start, reference)
    return price, volume, out.tolist()


def book_of(orders):
    book = OrderBook(0)
    for side, quantity, limit in orders:
        book.add(1, side, quantity, limit)
    return book


def crowd_of(rows, low=1, levels=40):
    """Histogram, signed shares int32[rows] and limits int32[rows] of a crowd."""
    buys, sells = np.zeros(levels, np.int64), np.zeros(levels, np.int64)
    for side, quantity, limit in rows:
        (buys if side > 0 else sells)[limit - low] += quantity
    shares = np.array([side * quantity for side, quantity, _ in rows], np.int32)
    return CrowdOrders(low, buys, sells), shares, np.array([limit for _, _, limit in rows], np.int32)


@COMPILED
@given(st.lists(st.one_of(ORDER, WIDE_ORDER), max_size=24), START)
def test_shares_are_conserved_and_no_order_trades_beyond_its_limit_or_size(orders, start):
    price, volume, got = filled(orders, start)
    assert sum(f for (side, _, _), f in zip(orders, got, strict=True) if side > 0) == volume
    assert sum(f for (side, _, _), f in zip(orders, got, strict=True) if side < 0) == volume
    for (side, quantity, limit), fill in zip(orders, got, strict=True):
        assert 0 <= fill <= quantity
        assert fill == 0 or side * (limit - price) >= 0


@COMPILED
@given(ORDERS, START)
def test_a_better_limit_is_filled_in_full_before_a_worse_one_trades(orders, start):
    _, _, got = filled(orders, start)
    for (side, quantity, limit), fill in zip(orders, got, strict=True):
        for (other_side, _, other_limit), other_fill in zip(orders, got, strict=True):
            if side == other_side and side * (limit - other_limit) > 0 and other_fill:
                assert fill == quantity


@COMPILED
@given(ORDERS)
def test_over_all_starts_every_order_gets_exactly_its_part_of_the_margin(orders):
    sides, quantities, limits = columns(orders)
    _, _, at, _ = auction(orders, 0)
    for side, limit, total, executed in (
        (1, at.buy_limit_cents, at.buy_total, at.buy_executed),
        (-1, at.sell_limit_cents, at.sell_total, at.sell_executed),
    ):
        over_all = sum(auction(orders, start)[3] for start in range(total))
        here = (sides == side) & (limits == limit)
        assert (over_all[here] == quantities[here] * executed).all()


@COMPILED
@given(ORDERS, START)
def test_a_fill_at_the_margin_is_within_one_share_of_its_exact_part(orders, start):
    _, _, at, out = auction(orders, start)
    got = out.tolist()
    for (side, quantity, limit), fill in zip(orders, got, strict=True):
        if side > 0 and limit == at.buy_limit_cents:
            assert abs(fill * at.buy_total - quantity * at.buy_executed) < at.buy_total
        if side < 0 and limit == at.sell_limit_cents:
            assert abs(fill * at.sell_total - quantity * at.sell_executed) < at.sell_total


@COMPILED
@given(ORDERS, ORDERS, START, st.integers(1, 40))
def test_a_crowd_is_filled_as_if_each_row_were_an_ordinary_order(orders, rows, start, reference):
    crowd, shares, limits = crowd_of(rows)
    result = run_auction(book_of(orders), crowd, reference, start)
    plain = run_auction(book_of(orders + rows), None, reference, start)
    assert (result.price_cents, result.volume) == (plain.price_cents, plain.volume)
    crowd_fills = fill_crowd_orders(result, shares, limits)
    assert result.fills.tolist() == plain.fills[: len(orders)].tolist()
    signs = [side for side, _, _ in rows]
    assert crowd_fills.tolist() == [s * f for s, f in zip(signs, plain.fills[len(orders) :].tolist(), strict=True)]
    assert crowd_fills.dtype == np.int32


@COMPILED
@given(ORDERS, ORDERS, START)
def test_book_and_crowd_together_buy_what_they_sell(orders, rows, start):
    crowd, shares, limits = crowd_of(rows)
    book = book_of(orders)
    result = run_auction(book, crowd, 15, start)
    crowd_fills = fill_crowd_orders(result, shares, limits)
    net = int(result.fills @ book.sides) + int(crowd_fills.sum())
    assert net == 0
    assert int(result.fills.sum()) + int(np.abs(crowd_fills).sum()) == 2 * result.volume
    assert result.crowd_bought_shares == int(crowd_fills[crowd_fills > 0].sum())


def test_rows_without_an_order_are_left_alone():
    crowd, shares, limits = crowd_of([(1, 3, 10), (-1, 3, 10)])
    result = run_auction(book_of([]), crowd, 10, 0)
    wide_shares, wide_limits = np.zeros(5000, np.int32), np.zeros(5000, np.int32)
    wide_shares[[1500, 4999]], wide_limits[[1500, 4999]] = shares, limits
    got = fill_crowd_orders(result, wide_shares, wide_limits, np.zeros(5000, np.int32))
    assert np.flatnonzero(got).tolist() == [1500, 4999]


def test_a_crowd_other_than_its_histogram_is_refused():
    crowd, shares, limits = crowd_of([(1, 3, 10), (-1, 3, 10)])
    result = run_auction(book_of([]), crowd, 10, 0)
    with pytest.raises(AuctionError) as refused:
        fill_crowd_orders(result, shares * np.array([2, 1], np.int32), limits)
    assert "buy 6" in str(refused.value)


def test_crowd_columns_of_different_lengths_are_refused():
    crowd, shares, limits = crowd_of([(1, 3, 10), (-1, 3, 10)])
    result = run_auction(book_of([]), crowd, 10, 0)
    for columns_of in ((shares, limits[:1]), (shares, limits, np.zeros(1, np.int32))):
        with pytest.raises(AuctionError):
            fill_crowd_orders(result, *columns_of)


@COMPILED
@given(st.data())
def test_cumulative_rounding_is_exact_to_the_last_share(data):
    total = data.draw(st.integers(1, 2**53 - 1))
    executed = data.draw(st.integers(0, total))
    cumulated = data.draw(st.integers(0, total))
    start = data.draw(st.integers(0, total - 1))
    assert executed_up_to(cumulated, executed, total, start) == (cumulated * executed + start) // total


def test_the_same_start_gives_the_same_fills_and_another_start_other_fills():
    orders = [(1, 1, 10)] * 8 + [(-1, 3, 10)]
    assert filled(orders, 3) == filled(orders, 3)
    assert len({tuple(filled(orders, start)[2]) for start in range(8)}) > 1


@pytest.mark.parametrize(
    ("buys", "sells", "low"),
    [
        ([1, 2], [1, -1], 1),
        ([-(2**63), 2], [1, 1], 1),
        ([1, 2], [1], 1),
        ([1.0, 2.0], [1, 2], 1),
        ([1, 2], [1, 2], 0),
    ],
)
def test_histograms_that_are_no_crowd_are_refused(buys, sells, low):
    with pytest.raises(AuctionError):
        CrowdOrders(low, np.array(buys), np.array(sells))


@pytest.mark.parametrize("shares", [2**53, 2**62])
def test_a_crowd_of_more_shares_than_can_be_counted_is_refused(shares):
    for buys, sells in (([shares, shares], [0, 0]), ([0, 0], [shares, shares])):
        with pytest.raises(AuctionError):
            run_auction(book_of([]), CrowdOrders(1, np.array(buys), np.array(sells)), 10, 0)
