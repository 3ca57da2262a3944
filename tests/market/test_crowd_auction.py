"""The households' auction in one call is its steps one after the other, and refuses what they refuse."""

from __future__ import annotations

import numpy as np
import pytest
from carousel.agents.endowment import Endowment
from carousel.agents.household import Holders
from carousel.agents.household_orders import Demand, FillError, order_grid
from carousel.ledger.books import Books
from carousel.ledger.causes import Cause, OriginClass
from carousel.ledger.journal import InsufficientFunds
from carousel.ledger.owners import OwnersBehind
from carousel.ledger.registers import SecurityKind
from carousel.market.auction import AuctionError, CrowdOrders, fill_crowd_orders, run_auction
from carousel.market.crowd_auction import CrowdTrade, trade_crowd
from carousel.market.crowd_kernels import fill_rows
from carousel.market.orders import OrderBook, Side
from carousel.market.settlement import Executed, settle_auction
from hypothesis import given, settings
from hypothesis import strategies as st

N, PRICE, CASH, SHARES = 3000, 60_000, 3 * 10**9, 60_000
DEMAND = Demand(0.3, enthusiasm_tilt=0.1, tired_tilt=0.5, trade_gap_share=0.3, limit_tolerance=0.005)
SAVERS, HOUSE, OMNIBUS, PARTICIPANT = range(4)
ORDERS = st.lists(st.tuples(st.sampled_from(list(Side)), st.integers(1, 400), st.integers(-300, 300)), max_size=6)


class World:
    """Books and households with orders of the day; half of them want less of the ETF, half more."""

    def __init__(self, participant_cents=10**9, page=0):
        self.books = Books()
        journal = self.books.journal
        journal.open_outside("savers", OriginClass.FUND_SAVERS)
        for name in ("house", "households", "participant"):
            journal.open_inside(name)
        self.etf = self.books.registers.open_security("etf", SecurityKind.ETF)
        for account, cents, shares in ((OMNIBUS, CASH, SHARES), (PARTICIPANT, participant_cents, 5000)):
            journal.post(SAVERS, account, cents, Cause.OPENING)
            self.books.registers.issue(self.etf, account, shares)
        facts = Endowment(
            total_cash_cents=CASH, total_etf_shares=SHARES, etf_price_cents=PRICE, wealth_sigma=1.0, lean_spread=0.5,
            enthusiastic_share=0.05, tired_share=0.0, blocks=8, attention_per_day=0.2, attention_spread=0.5,
            extrapolation_spread=1.0, enthusiasm_tilt=0.0, tired_tilt=0.5,
        )  # fmt: skip
        self.holders = Holders.endow(N, facts, seed=7)
        holders = self.holders
        self.books.owners.append(OwnersBehind(OMNIBUS, self.etf, holders.cash_cents, holders.etf_shares, holders.seal))
        self.books.close_day(0)
        self.books.start_day(1)
        self.holders.state[::2], self.holders.state[1::2] = 2, 1
        low, levels = order_grid(PRICE, DEMAND.limit_tolerance)
        self.hists = low, np.empty(levels, np.int64), np.empty(levels, np.int64)
        self.holders.decide_orders(
            day=1, reference_cents=PRICE, extrapolated_return=0.0, demand=DEMAND, low_cents=low,
            buy_hist=self.hists[1], sell_hist=self.hists[2],
        )  # fmt: skip

    def book(self, orders):
        book = OrderBook(self.etf)
        for side, shares, off in orders:
            book.add(PARTICIPANT, side, shares, PRICE + off)
        return book

    def trade(self, orders, start=12345, reference=PRICE):
        return trade_crowd(
            self.books, self.book(orders), self.holders, self.hists, reference, start, omnibus=OMNIBUS, house=HOUSE
        )

    def trade_step_by_step(self, orders, start=12345):
        book = self.book(orders)
        result = run_auction(book, CrowdOrders(*self.hists), PRICE, start)
        bought, sold = result.crowd_bought_shares, result.crowd_sold_shares
        if result.volume:
            rows, shares, limits = self.holders.open_orders()
            self.holders.apply_fills(fill_crowd_orders(result, shares, limits), result.price_cents, rows)
            executed = Executed(
                np.append(book.owners, [OMNIBUS, OMNIBUS]), np.append(book.sides, [1, -1]),
                np.append(result.fills, [bought, sold]),
            )  # fmt: skip
            settle_auction(self.books, self.etf, HOUSE, executed, result.price_cents)
        return CrowdTrade(result.price_cents, result.volume, bought, sold)

    def state(self):
        columns = {name: array.tolist() for name, array in self.holders.arrays().items()}
        journal = self.books.journal
        return columns, journal.buffer[: journal.count].tolist(), self.books.registers.holdings.tolist()


@settings(deadline=None, max_examples=40)
@given(ORDERS, st.integers(0, 2**63 - 1))
def test_an_auction_is_its_steps_one_after_the_other_and_the_books_close(orders, start):
    together, apart = World(), World()
    trade = together.trade(orders, start)
    assert trade == apart.trade_step_by_step(orders, start)
    assert trade.volume > 0  # the households trade with each other
    assert together.state() == apart.state()
    together.books.close_day(1)


def test_orders_are_filled_once():
    world = World()
    world.trade([])
    with pytest.raises(ValueError, match="no open orders"):
        world.trade([])


def refused(world, error, orders=((Side.SELL, 4000, -1),), **terms):
    """The error, after a look that nothing has been booked."""
    before = world.state()
    with pytest.raises(error) as caught:
        world.trade(orders, **terms)
    assert world.state() == before
    return caught.value


def test_histograms_of_other_orders_are_refused():
    world = World()
    world.hists[1][-1] += 1000
    assert "those of the histogram" in str(refused(world, AuctionError))


def test_negative_histograms_and_too_many_shares_are_refused():
    for wrong, allowed in ((-1, ">= 0"), (2**53, "fewer than 2**53 shares")):
        world = World()
        world.hists[2][0] = wrong
        assert allowed in refused(world, AuctionError).allowed


@pytest.mark.parametrize(("reference", "start"), [(0, 0), (1, -1)])
def test_an_auction_without_a_price_or_a_start_is_refused(reference, start):
    assert refused(World(), AuctionError, reference=reference, start=start).came == (reference, start)
    assert World().trade([], reference=1, start=0).volume > 0


def test_a_household_without_the_money_for_its_fill_is_refused_by_name():
    world = World()
    buyer = int(np.flatnonzero(world.holders.order_shares > 0)[0])
    world.holders.arrays()["cash_cents"][buyer] = 0
    assert refused(world, FillError).row == buyer


def test_a_full_page_of_the_journal_costs_no_trade():
    world, roomy = World(), World()
    for each in (world, roomy):
        while each.books.journal.count < each.books.journal.room - 1:
            each.books.journal.post(SAVERS, HOUSE, 1, Cause.OBLIGATION)
    roomy.books.journal.make_room(100)
    orders = [(Side.SELL, 400, -1)]
    assert world.trade(orders) == roomy.trade(orders)
    assert world.state() == roomy.state()
    world.books.close_day(1)


def test_who_cannot_pay_stops_the_settlement():
    with pytest.raises(InsufficientFunds) as caught:
        World(participant_cents=1).trade([(Side.BUY, 4000, 300)])
    assert caught.value.account == "participant"


def rows_of(cash, shares, orders, limits):
    """Money and orders of a crowd of a few rows."""
    money = np.array(cash), np.array(shares, np.int32), np.zeros(1, np.int64)
    return money, (np.array(orders, np.int32), np.array(limits, np.int32))


def fill(money, orders, fills, price, rows=None):
    rows = range(len(fills)) if rows is None else rows
    return fill_rows(money, orders, np.array(rows, np.int32), np.array(fills, np.int32), price)


def test_fills_move_each_rows_own_cash_and_shares():
    money, orders = rows_of([1_000, 0, 5], [0, 7, 3], [10, -7, 0], [100, 90, 0])
    assert fill(money, orders, [10, -7, 0], 100) == (-1, 3)
    assert (money[0].tolist(), money[1].tolist()) == ([0, 700, 5], [10, 0, 3])


@pytest.mark.parametrize(
    ("fills", "price", "at"),
    [
        ([11, -7], 90, 0),  # more than was ordered
        ([1, -8], 95, 1),
        ([1, -1], 101, 0),  # beyond the limit
        ([1, -1], 89, 1),
        ([11, 0], 91, 0),  # more than the cash pays, or the shares that there are
        ([0, -6], 100, 1),
    ],
)
def test_a_fill_that_order_limit_cash_or_shares_do_not_cover_books_nothing(fills, price, at):
    money, orders = rows_of([1_000, 0], [0, 7], [10, -7], [100, 90])
    if at == 0 and price == 91:
        orders[0][0] = 11
    if at == 1 and price == 100:
        money[1][1] = 5
    before = [column.tolist() for column in money]
    assert fill(money, orders, fills, price) == (at, 0)
    assert [column.tolist() for column in money] == before


def test_no_row_holds_more_shares_than_its_column_can():
    for room, booked in ((10, True), (9, False)):
        money, orders = rows_of([10_000], [2**31 - 1 - room], [10], [100])
        assert (fill(money, orders, [10], 1)[0] < 0) is booked


def test_rows_that_do_not_ascend_or_do_not_exist_book_nothing():
    for rows in ([1, 0], [0, 0], [0, 2]):
        money, orders = rows_of([1_000, 1_000], [0, 0], [10, 10], [100, 100])
        assert fill(money, orders, [1, 1], 50, rows) == (1, 0)
        assert (money[0].tolist(), money[1].tolist()) == ([1_000, 1_000], [0, 0])
