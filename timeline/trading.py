"""Trade: closing call auctions for the ETF, every listed share, then bonds; delivery versus payment at once."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from ..agents.chip_maker import ChipMaker
from ..agents.cloud import CloudProvider
from ..agents.fund_desk import anchor_board
from ..engine.chance import auction_start, auction_starts
from ..market import etf as etf_market
from ..market.auction import run_auction
from ..market.crowd_auction import trade_crowd
from ..market.orders import OrderBook, Side
from ..market.session import SentOrder, SessionOrders, SessionResult, hold_session, sent_table
from ..market.settlement import Executed, settle_auction
from .bond_trading import trade_bonds
from .first_days import remember_first_days
from .outside_flows import orders_of_the_day

if TYPE_CHECKING:
    from ..model import CarouselModel

SELL_LIMIT = 0.97
"""Sellers in need (share issues, capital calls) take at worst 3 % below the last price; buybacks pay at most 2 %
above it."""
BUYBACK_LIMIT = 1.02
HEDGE_LIMIT = 0.03
"""The participant's hedges trade within 3 % of the indicative price."""
STAKE_SALE_SHARE = 0.10
"""Largest part of a share's usual volume that an investor in need sells a day."""


def trade(model: CarouselModel) -> None:
    """The day's auctions: imbalances and indicative prices are published, the ETF clears, then shares, then bonds."""
    board = model.board
    if not model.funds or not model.listed:
        return
    orders = _orders_of_firms(model) + _stakes_for_sale(model)
    sent = sent_table(orders)
    anchor_board(board, sent, model.behaviour, model.day)
    if model.etf is not None:
        _trade_etf(model, board.indicative_cents)
        sent = sent_table(orders + _hedges(model, board.indicative_cents))
        anchor_board(board, sent, model.behaviour, model.day)
    _clear_shares(model, sent)
    _after_close(model)
    trade_bonds(model)
    model.circle_values.append(_circle_value_cents(model) / 100)
    remember_first_days(model)


def _circle_value_cents(model: CarouselModel) -> int:
    """Market value of all clouds and chip makers."""
    prices, outstanding = model.board.price_cents, model.books.registers.outstanding
    circle = (*model.clouds, *model.chip_makers)
    return sum([prices.item(firm.index) * outstanding.item(firm.security) for firm in circle])


def _orders_of_firms(model: CarouselModel) -> list[SentOrder]:
    """Share issues and buybacks of listed firms, and flows from outside into their shares."""
    board = model.board
    orders: list[SentOrder] = []
    for firm in model.listed:
        price = firm.price_cents
        if isinstance(firm, CloudProvider):
            if firm.share_sale_left_cents > 0:
                usual = board.mean_volume_shares[firm.index] * model.behaviour.atm_share_of_volume
                shares = min(int(usual), firm.share_sale_left_cents // price)
                if shares > 0:
                    model.books.registers.issue(firm.security, firm.account, shares)
                    orders.append(SentOrder(firm.index, firm.account, -shares, max(1, int(price * SELL_LIMIT))))
        elif isinstance(firm, ChipMaker):
            limit = int(price * BUYBACK_LIMIT) + 1
            shares = firm.buyback_cents_per_day() // limit
            if shares > 0:
                orders.append(SentOrder(firm.index, firm.account, shares, limit))
        if model.outside_flows:
            orders += orders_of_the_day(model, firm.name, price, firm.security, firm.index)
    return orders


def _stakes_for_sale(model: CarouselModel) -> list[SentOrder]:
    """Investors in need sell listed stakes in proportion to their value, within a part of the usual volume."""
    board = model.board
    orders: list[SentOrder] = []
    for investor in model.venture_investors:
        if investor.sale_target_cents <= 0 or not investor.facts.sells_stakes:
            continue
        held = board.registers.holdings[investor.account, board.securities]
        total = int(held @ board.price_cents)
        if total <= 0:
            continue
        part = min(1.0, investor.sale_target_cents / total)
        for firm, shares in zip(model.listed, held.tolist(), strict=True):
            most = int(STAKE_SALE_SHARE * board.mean_volume_shares[firm.index])
            shares = min(shares, math.ceil(shares * part), most)
            if shares > 0:
                limit = max(1, int(firm.price_cents * SELL_LIMIT))
                orders.append(SentOrder(firm.index, investor.account, -shares, limit))
    return orders


def _trade_etf(model: CarouselModel, indicative: np.ndarray) -> None:
    """The ETF's auction: households against the participant, who quotes around the indicative net asset value."""
    etf, participant, board, registers = model.etf, model.participant, model.board, model.books.registers
    assert etf is not None
    assert participant is not None
    fair = etf_market.nav_cents(
        model.basket,
        indicative,
        etf.facts.creation_unit_shares,
        model.books.journal.balance(etf.account),
        _units(model),
    )
    bid, ask = participant.quotes_cents(fair)
    book = OrderBook(etf.security)
    inventory = int(registers.holdings[participant.account, etf.security])
    afford = participant.cash_cents // 2 // bid
    if inventory:
        book.add(participant.account, Side.SELL, inventory, ask)
    if afford:
        book.add(participant.account, Side.BUY, afford, bid)
    reference = max(1, round(fair))
    for order in orders_of_the_day(model, etf.name, reference, etf.security):
        side = Side.BUY if order.signed_shares > 0 else Side.SELL
        book.add(order.account, side, abs(order.signed_shares), order.limit_cents)
    start = auction_start(model.seed, model.day, etf.slot)
    if model.holders is None:
        result = run_auction(book, None, reference, start)
        price_cents, volume = result.price_cents, result.volume
        if volume:
            executed = Executed(book.owners, book.sides, result.fills)
            settle_auction(model.books, etf.security, model.house, executed, price_cents)
    else:
        day = model.holders_day
        price_cents, volume, day.bought_shares, day.sold_shares = trade_crowd(
            model.books, book, model.holders, day.decide(model, reference), reference, start,
            omnibus=model.omnibus, house=model.house,
        )  # fmt: skip
    board.etf_previous_cents = board.etf_price_cents
    board.etf_price_cents = price_cents if volume else board.etf_price_cents
    board.etf_volume_shares = volume


def _units(model: CarouselModel) -> int:
    """Creation units outstanding."""
    assert model.etf is not None
    return int(model.books.registers.outstanding[model.etf.security]) // model.etf.facts.creation_unit_shares


def _hedges(model: CarouselModel, indicative: np.ndarray) -> list[SentOrder]:
    """The participant redeems what it has too much of at once, then trades the basket to be as exposed as at the
    start."""
    etf, participant, registers, board = model.etf, model.participant, model.books.registers, model.board
    assert etf is not None
    assert participant is not None
    unit = etf.facts.creation_unit_shares
    missing = _missing_shares(model)
    if missing <= -unit:
        etf_market.redeem(
            model.books,
            etf.security,
            etf.account,
            participant.account,
            board.securities,
            model.basket,
            unit,
            -missing // unit,
        )
        missing = _missing_shares(model)
    wanted_shares = [max(0, missing) * shares // unit for shares in model.basket.tolist()]
    if model.is_rebalancing:
        inward = np.maximum(0, _rebalance_plan(model).deltas).tolist()
        wanted_shares = [wanted + more for wanted, more in zip(wanted_shares, inward, strict=True)]
    held_shares = registers.holdings[participant.account, board.securities]
    budget = participant.cash_cents
    orders: list[SentOrder] = []
    for row, (held, wanted, price) in enumerate(
        zip(held_shares.tolist(), wanted_shares, indicative.tolist(), strict=True)
    ):
        if wanted > held:
            limit = int(price * (1 + HEDGE_LIMIT)) + 1
            shares = min(wanted - held, budget // limit)
            if shares > 0:
                budget -= shares * limit
                orders.append(SentOrder(row, participant.account, shares, limit))
        elif held > wanted:
            limit = max(1, int(price * (1 - HEDGE_LIMIT)))
            orders.append(SentOrder(row, participant.account, wanted - held, limit))
    return orders


def _missing_shares(model: CarouselModel) -> int:
    """ETF shares that the participant holds less than it means to; negative: more."""
    assert model.etf is not None
    assert model.participant is not None
    held = model.books.registers.holdings.item(model.participant.account, model.etf.security)
    return model.participant_target_shares - held


def _rebalance_plan(model: CarouselModel) -> etf_market.RebalancePlan:
    """The swap that brings the basket to today's capitalisation weights."""
    out = model.books.registers.outstanding[model.board.securities].tolist()
    return etf_market.rebalance_plan(model.basket, out, model.board.price_cents.tolist(), _units(model))


def _rebalance(model: CarouselModel) -> None:
    """On schedule, as soon as the participant holds what the basket lacks: a swap in kind at the closing prices."""
    etf, participant = model.etf, model.participant
    assert etf is not None
    assert participant is not None
    if model.is_month_end and model.month % etf.facts.rebalance_months == 0:
        model.is_rebalancing = True
    if not model.is_rebalancing:
        return
    plan = _rebalance_plan(model)
    held = model.books.registers.holdings[participant.account, model.board.securities]
    if (held >= plan.deltas).all() and participant.cash_cents >= plan.cash_to_trust_cents:
        etf_market.rebalance(model.books, etf.security, etf.account, participant.account, model.board.securities, plan)
        model.basket = plan.basket
        model.is_rebalancing = False
        model.note("etf_rebalanced", agent=etf.name, cents=plan.cash_to_trust_cents)


def _clear_shares(model: CarouselModel, sent: np.ndarray) -> None:
    """All shares' auctions and their settlement; firms' own trades become issues and buybacks."""
    board, registers = model.board, model.books.registers
    orders = model.ladder_desk.session(board, sent)
    roundings = auction_starts(model.seed, model.day, board.slots)
    selling = [firm for firm in model.clouds if firm.share_sale_left_cents > 0]
    offered = [registers.holdings.item(firm.account, firm.security) for firm in selling]
    result = hold_session(model.books, model.house, board.securities, orders, board.price_cents, roundings)
    _note_sales(model, orders, result)
    board.close(result.price_cents, result.volume_shares)
    for firm, before in zip(selling, offered, strict=True):
        sold = before - registers.holdings.item(firm.account, firm.security)
        firm.share_sale_left_cents = max(0, firm.share_sale_left_cents - sold * firm.price_cents)
    for firm in (*model.clouds, *model.chip_makers):
        own = registers.holdings.item(firm.account, firm.security)
        if own:
            registers.retire(firm.security, firm.account, own)


def _note_sales(model: CarouselModel, orders: SessionOrders, result: SessionResult) -> None:
    """Stakes that investors in need have sold, as executed."""
    if not model.capital_calls:
        return
    first = 0
    for firm, end, price_cents in zip(model.listed, orders.ends.tolist(), result.price_cents.tolist(), strict=True):
        owners, sides, fills = orders.table[0, first:end], orders.table[1, first:end], result.fills[first:end]
        for investor in {c.investor.account: c.investor for c in model.capital_calls}.values():
            sold = int(fills[(owners == investor.account) & (sides < 0)].sum())
            if sold:
                model.note("stake_sold", agent=investor.name, counterparty=firm.name, cents=sold * price_cents)
        first = end


def _after_close(model: CarouselModel) -> None:
    """After the last share has closed: creations, the closing net asset value, what households remember."""
    board = model.board
    for investor in model.venture_investors:
        if investor.sale_target_cents > 0:
            owed = sum(c.cents for c in model.capital_calls if c.investor is investor)
            investor.sale_target_cents = max(0, owed - investor.cash_cents)
    if model.etf is None or model.participant is None:
        return
    _rebalance(model)
    etf, participant, registers = model.etf, model.participant, model.books.registers
    unit = etf.facts.creation_unit_shares
    units = _missing_shares(model) // unit
    if units > 0:
        held = registers.holdings[participant.account, board.securities].tolist()
        baskets = min((shares // b for shares, b in zip(held, model.basket.tolist(), strict=True) if b), default=0)
        units = min(units, baskets)
    if units > 0:
        etf_market.create(
            model.books, etf.security, etf.account, participant.account, board.securities, model.basket, unit, units
        )
    board.net_asset_value_cents = etf_market.nav_cents(
        model.basket, board.price_cents, unit, model.books.journal.balance(etf.account), _units(model)
    )
    if model.holders is not None:
        model.holders_day.remember(math.log(board.etf_price_cents / board.etf_previous_cents))
