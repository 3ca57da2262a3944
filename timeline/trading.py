"""Trade: closing call auctions for the ETF, every listed share, then bonds; delivery versus payment at once."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from ..agents.chip_maker import ChipMaker
from ..agents.cloud import CloudProvider
from ..agents.firms import ListedFirm
from ..chance import Decision, normal, slot_of, whole
from ..market import etf as etf_market
from ..market.auction import AuctionResult, CrowdOrders, fill_crowd_orders, run_auction
from ..market.credit import bond_price_cents
from ..market.orders import OrderBook, Side
from ..market.settlement import settle_auction
from .beliefs import find_anchor
from .calendar import DAYS_PER_MONTH
from .outside_flows import SentOrder, orders_of_the_day
from .recording import remember_first_days

if TYPE_CHECKING:
    from ..model import CarouselModel
    from .credit_book import Series

SELL_LIMIT = 0.97
"""Sellers in need (share issues, capital calls) take at worst 3 % below the last price; buybacks pay at most 2 %
above it."""
BUYBACK_LIMIT = 1.02
HEDGE_LIMIT = 0.03
"""The participant's hedges trade within 3 % of the indicative price."""
BOND_MARGIN = 0.002
"""A bond buyer trades outstanding bonds at its own price less and plus this margin, so never with itself."""
STAKE_SALE_SHARE = 0.10
"""Largest part of a share's usual volume that an investor in need sells a day."""


def trade(model: CarouselModel) -> None:
    """The day's auctions: imbalances and indicative prices are published, the ETF clears, then shares, then bonds."""
    board = model.board
    if not model.funds or not model.listed:
        return
    sent = _sent_orders(model)
    _publish(model, sent)
    if model.etf is not None:
        indicative = np.maximum(1, np.rint(board.anchor_cents)).astype(np.int64)
        _trade_etf(model, indicative)
        _hedge(model, sent, indicative)
        _publish(model, sent)
    for firm, book, orders in zip(model.listed, model.ladder_desk.books(board), sent, strict=True):
        for order in orders:
            book.add(order.account, order.side, order.shares, order.limit_cents)
        _clear_share(model, firm.index, book)
    _after_close(model)
    _trade_bonds(model)
    model.circle_values.append(sum(f.market_value_cents for f in (*model.clouds, *model.chip_makers)) / 100)
    remember_first_days(model)


def _start(model: CarouselModel, name: int) -> int:
    """Keyed start of the pro-rata rounding in one auction."""
    return int(whole(model.seed, int(Decision.AUCTION_ROUNDING), model.day, name))


def _publish(model: CarouselModel, sent: list[list[SentOrder]]) -> None:
    """Funds read the imbalance of all orders that are no ladders, as exchanges publish it before the close."""
    net = [sum(int(order.side) * order.shares for order in orders) for orders in sent]
    find_anchor(model, np.array(net, dtype=np.int64))


def _sent_orders(model: CarouselModel) -> list[list[SentOrder]]:
    """For each listed share, the orders of firms, investors and outsiders with something to sell or to buy."""
    board = model.board
    sent: list[list[SentOrder]] = []
    for firm in model.listed:
        orders: list[SentOrder] = []
        price = firm.price_cents
        if isinstance(firm, CloudProvider) and firm.share_sale_left_cents > 0:
            usual = board.mean_volume_shares[firm.index] * model.behaviour.atm_share_of_volume
            shares = min(int(usual), firm.share_sale_left_cents // price)
            if shares > 0:
                model.books.registers.issue(firm.security, firm.account, shares)
                orders.append(SentOrder(firm.account, Side.SELL, shares, max(1, int(price * SELL_LIMIT))))
        if isinstance(firm, ChipMaker):
            limit = int(price * BUYBACK_LIMIT) + 1
            shares = firm.buyback_cents_per_day() // limit
            if shares > 0:
                orders.append(SentOrder(firm.account, Side.BUY, shares, limit))
        orders += orders_of_the_day(model, firm.name, price, firm.security)
        sent.append(orders)
    for investor in model.venture_investors:
        if investor.sale_target_cents > 0 and investor.facts.sells_stakes:
            _sell_stakes(model, investor.account, investor.sale_target_cents, sent)
    return sent


def _sell_stakes(model: CarouselModel, account: int, target_cents: int, sent: list[list[SentOrder]]) -> None:
    """An investor in need sells listed stakes in proportion to their value, within a part of the usual volume."""
    board = model.board
    held = board.registers.holdings[account, board.securities]
    total = int(held @ board.price_cents)
    if total <= 0:
        return
    for firm, orders in zip(model.listed, sent, strict=True):
        shares = int(held[firm.index])
        wanted = math.ceil(shares * min(1.0, target_cents / total))
        shares = min(shares, wanted, int(STAKE_SALE_SHARE * board.mean_volume_shares[firm.index]))
        if shares > 0:
            orders.append(SentOrder(account, Side.SELL, shares, max(1, int(firm.price_cents * SELL_LIMIT))))


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
        book.add(order.account, order.side, order.shares, order.limit_cents)
    crowd = None
    if model.holders is not None:
        low, buys, sells = model.holders_day.decide(model, reference)
        crowd = CrowdOrders(low_cents=low, buys=buys, sells=sells)
    result = run_auction(book, crowd, reference, _start(model, slot_of(etf.name)))
    _settle_etf(model, book, result)
    board.etf_previous_cents = board.etf_price_cents
    board.etf_price_cents = result.price_cents if result.volume else board.etf_price_cents
    board.etf_volume_shares = result.volume


def _settle_etf(model: CarouselModel, book: OrderBook, result: AuctionResult) -> None:
    """Every household's fill into its own columns, the crowd's net trade onto the omnibus account: one settlement."""
    etf = model.etf
    assert etf is not None
    owners, sides, fills = book.owners, book.sides, result.fills
    if model.holders is not None and result.volume:
        holders = model.holders
        crowd_fills = fill_crowd_orders(result, holders.order_shares, holders.order_limit_cents)
        bought, sold = result.crowd_bought_shares, result.crowd_sold_shares
        holders.apply_fills(crowd_fills, result.price_cents)
        model.holders_day.bought_shares, model.holders_day.sold_shares = bought, sold
        owners = np.append(owners, (model.omnibus, model.omnibus))
        sides = np.append(sides, (1, -1))
        fills = np.append(fills, (bought, sold))
    elif model.holders is not None:
        model.holders_day.bought_shares = model.holders_day.sold_shares = 0
    if result.volume:
        settle_auction(model.books, etf.security, model.house, owners, fills, sides, result.price_cents)


def _units(model: CarouselModel) -> int:
    """Creation units outstanding."""
    assert model.etf is not None
    return int(model.books.registers.outstanding[model.etf.security]) // model.etf.facts.creation_unit_shares


def _hedge(model: CarouselModel, sent: list[list[SentOrder]], indicative: np.ndarray) -> None:
    """The participant redeems what it has too much of at once, then trades the basket to be as exposed as at the
    start."""
    etf, participant, registers, board = model.etf, model.participant, model.books.registers, model.board
    assert etf is not None
    assert participant is not None
    unit = etf.facts.creation_unit_shares
    excess = int(registers.holdings[participant.account, etf.security]) - model.participant_target_shares
    if excess >= unit:
        etf_market.redeem(
            model.books,
            etf.security,
            etf.account,
            participant.account,
            board.securities,
            model.basket,
            unit,
            excess // unit,
        )
    missing = model.participant_target_shares - int(registers.holdings[participant.account, etf.security])
    inward = _rebalance_plan(model).deltas if model.is_rebalancing else np.zeros(len(sent), np.int64)
    budget = participant.cash_cents
    for firm, orders in zip(model.listed, sent, strict=True):
        held = int(registers.holdings[participant.account, firm.security])
        wanted = max(0, missing) * int(model.basket[firm.index]) // unit + max(0, int(inward[firm.index]))
        price = int(indicative[firm.index])
        if wanted > held:
            limit = int(price * (1 + HEDGE_LIMIT)) + 1
            shares = min(wanted - held, budget // limit)
            if shares > 0:
                budget -= shares * limit
                orders.append(SentOrder(participant.account, Side.BUY, shares, limit))
        elif held > wanted:
            limit = max(1, int(price * (1 - HEDGE_LIMIT)))
            orders.append(SentOrder(participant.account, Side.SELL, held - wanted, limit))


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


def _clear_share(model: CarouselModel, index: int, book: OrderBook) -> None:
    """One share's auction and its settlement; firms' own trades become issues and buybacks."""
    board, firm = model.board, model.listed[index]
    registers = model.books.registers
    before = firm.cash_cents
    result = run_auction(book, None, int(board.price_cents[index]), _start(model, firm.slot))
    if result.volume:
        settle_auction(
            model.books, firm.security, model.house, book.owners, result.fills, book.sides, result.price_cents
        )
    _note_sales(model, firm, book, result)
    board.close(index, result.price_cents, result.volume)
    own = int(registers.holdings[firm.account, firm.security])
    if own:
        registers.retire(firm.security, firm.account, own)
    if isinstance(firm, CloudProvider) and firm.share_sale_left_cents > 0:
        raised = firm.cash_cents - before
        firm.share_sale_left_cents = max(0, firm.share_sale_left_cents - raised)


def _note_sales(model: CarouselModel, firm: ListedFirm, book: OrderBook, result: AuctionResult) -> None:
    """Stakes that investors in need have sold, as executed."""
    if not result.volume or not model.capital_calls:
        return
    for investor in {c.investor.account: c.investor for c in model.capital_calls}.values():
        sold = int(result.fills[(book.owners == investor.account) & (book.sides < 0)].sum())
        if sold:
            model.note("stake_sold", agent=investor.name, counterparty=firm.name, cents=sold * result.price_cents)


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
    missing = model.participant_target_shares - int(registers.holdings[participant.account, etf.security])
    whole = min(
        (
            int(registers.holdings[participant.account, f.security]) // int(b)
            for f, b in zip(model.listed, model.basket, strict=True)
            if b
        ),
        default=0,
    )
    units = min(missing // unit, whole)
    if units > 0:
        etf_market.create(
            model.books, etf.security, etf.account, participant.account, board.securities, model.basket, unit, units
        )
    board.net_asset_value_cents = etf_market.nav_cents(
        model.basket, board.price_cents, unit, model.books.journal.balance(etf.account), _units(model)
    )
    if model.holders is not None:
        model.holders_day.remember(math.log(board.etf_price_cents / board.etf_previous_cents))


def _trade_bonds(model: CarouselModel) -> None:
    """Each bond series trades once a month, on its own day: who holds too much of an issuer sells to who has room."""
    for series in list(model.credit.series):
        if (
            model.day % DAYS_PER_MONTH == series.slot % DAYS_PER_MONTH
            and model.credit.units(series)
            and model.day < series.maturity_day
        ):
            _trade_series(model, series)


def _trade_series(model: CarouselModel, series: Series) -> None:
    """One bond auction around the price each buyer's own required spread gives."""
    rules, credit = model.behaviour, model.credit
    fair = credit.fair_spread(model.listed_by_name[series.issuer])
    left = max(1, series.maturity_day - model.day)
    book = OrderBook(series.security)
    for buyer in model.bond_buyers:
        noise = normal(model.seed, Decision.BOND_PREMIUM, model.day, buyer.slot ^ series.slot)
        spread = buyer.required_spread_per_year(fair, noise)
        price = max(
            1, bond_price_cents(series.coupon_per_year, spread, rules.riskless_rate_per_year, left, series.face_cents)
        )
        held = int(model.books.registers.holdings[buyer.account, series.security])
        of_issuer = credit.held_cents(buyer.account, series.issuer)
        assets = buyer.cash_cents + credit.held_cents(buyer.account)
        room = buyer.room_cents(of_issuer, assets) // 4
        is_over = of_issuer > buyer.facts.concentration_limit * assets
        if held:
            limit = price * SELL_LIMIT if is_over else price * (1 + BOND_MARGIN)
            book.add(buyer.account, Side.SELL, max(1, held // (2 if is_over else 20)), max(1, int(limit)))
        if not is_over and room // price > 0:
            book.add(buyer.account, Side.BUY, room // price, max(1, int(price * (1 - BOND_MARGIN))))
    result = run_auction(book, None, series.price_cents, _start(model, series.slot))
    if result.volume:
        settle_auction(
            model.books, series.security, model.house, book.owners, result.fills, book.sides, result.price_cents
        )
        series.price_cents = result.price_cents
