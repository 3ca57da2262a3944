"""Trade the ETF: households against the participant, who hedges in the shares, then creates or redeems."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable

from ..engine.chance import auction_start
from ..market import etf as etf_market
from ..market.auction import run_auction
from ..market.crowd_auction import trade_crowd
from ..market.orders import OrderBook, Side
from ..market.session import SentOrder
from ..market.settlement import Executed, settle_auction
from ..narrative.chronicle import Happening
from .world import World

OutsideOrders = Callable[[World, str, int, int], list[SentOrder]]


def auction_etf(world: World, outside_orders: OutsideOrders) -> None:
    """The ETF's auction: households against the participant, who quotes around the indicative net asset value."""
    cast, board, books = world.cast, world.prices, world.books
    etf, participant = cast.etf, cast.participant
    assert etf is not None
    assert participant is not None
    cash = books.journal.balance(etf.account)
    unit = etf.facts.creation_unit_shares
    fair = etf_market.nav_cents(etf.basket, board.indicative_cents, unit, cash, etf.units)
    bid, ask = participant.quotes_cents(fair)
    book = OrderBook(etf.security)
    inventory = int(books.registers.holdings[participant.account, etf.security])
    if inventory:
        book.add(participant.account, Side.SELL, inventory, ask)
    if afford := participant.bid_shares(bid):
        book.add(participant.account, Side.BUY, afford, bid)
    reference = max(1, round(fair))
    for order in outside_orders(world, etf.name, reference, etf.security):
        side = Side.BUY if order.signed_shares > 0 else Side.SELL
        book.add(order.account, side, abs(order.signed_shares), order.limit_cents)
    if cast.plans is not None:
        shares, limit = cast.plans.decide_order(reference)
        if shares:
            book.add(cast.plans.account, Side.BUY, shares, limit)
    price_cents, volume = _clear(world, book, reference, auction_start(world.clock.seed, world.clock.day, etf.slot))
    board.close_etf(price_cents, volume)


def hedge_etf(world: World) -> list[SentOrder]:
    """The participant redeems what it has too much of at once, then hedges in the shares."""
    etf, participant, board = world.cast.etf, world.cast.participant, world.prices
    assert etf is not None
    assert participant is not None
    if units := participant.units_to_redeem:
        etf_market.redeem(
            world.books, etf.security, etf.account, participant.account, board.securities, etf.basket,
            etf.facts.creation_unit_shares, units,
        )  # fmt: skip
    return participant.decide_hedges(board.indicative_cents)


def _clear(world: World, book: OrderBook, reference_cents: int, start: int) -> tuple[int, int]:
    """The auction, with the households' orders where there are any; returns price and volume."""
    cast, households = world.cast, world.cast.households
    if households is None:
        result = run_auction(book, None, reference_cents, start)
        if result.volume:
            executed = Executed(book.owners, book.sides, result.fills)
            settle_auction(world.books, book.security, cast.clearing_house, executed, result.price_cents)
        return result.price_cents, result.volume
    orders = households.decide(world.clock.day, reference_cents)
    price_cents, volume, bought, sold = trade_crowd(
        world.books, book, households.holders, orders, reference_cents, start,
        omnibus=cast.omnibus, house=cast.clearing_house,
    )  # fmt: skip
    households.traded(bought, sold)
    return price_cents, volume


def close_etf(world: World) -> None:
    """After the last share has closed: the swap that is due, creations, the closing net asset value, and what
    households remember."""
    cast, board, books = world.cast, world.prices, world.books
    etf, participant = cast.etf, cast.participant
    if etf is None or participant is None:
        return
    _rebalance(world)
    unit = etf.facts.creation_unit_shares
    if units := participant.units_to_create():
        etf_market.create(
            books, etf.security, etf.account, participant.account, board.securities, etf.basket, unit, units
        )
    cash = books.journal.balance(etf.account)
    board.mark_etf(etf_market.nav_cents(etf.basket, board.price_cents, unit, cash, etf.units))
    if cast.households is not None:
        cast.households.remember(math.log(board.etf_price_cents / board.etf_previous_cents))


def _rebalance(world: World) -> None:
    """On schedule, as soon as the participant holds what the basket lacks: a swap in kind at the closing prices."""
    etf, participant = world.cast.etf, world.cast.participant
    assert etf is not None
    assert participant is not None
    etf.keep_schedule()
    if not etf.is_rebalancing:
        return
    plan = etf.plan_rebalance()
    if participant.can_swap(plan):
        securities = world.prices.securities
        etf_market.rebalance(world.books, etf.security, etf.account, participant.account, securities, plan)
        etf.rebalanced(plan)
        world.chronicle.note(Happening.ETF_REBALANCED, agent=etf.name, cents=plan.cash_to_trust_cents)


def basket_gaps(world: World) -> Iterable[tuple[str, str, int]]:
    """The ETF's identity: basket held = creation units x basket, share by share."""
    etf, registers, board = world.cast.etf, world.books.registers, world.prices
    assert etf is not None
    units, rest = divmod(registers.outstanding.item(etf.security), etf.facts.creation_unit_shares)
    if rest:
        yield "ETF shares in whole creation units", etf.name, rest
    if (
        not rest
        and etf_market.first_off_basket(registers.holdings, etf.account, board.securities, units, etf.basket) < 0
    ):
        return
    off = registers.holdings[etf.account, board.securities] - units * etf.basket
    for index in off.nonzero()[0]:
        yield "ETF basket held = ETF shares x basket", board.names[index], int(off[index])
