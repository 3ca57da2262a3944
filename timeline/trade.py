"""Trade: closing call auctions for the ETF, every listed share, then bonds; delivery versus payment at once."""

from __future__ import annotations

from ..agents.chip_maker import ChipMaker
from ..agents.cloud import CloudProvider
from ..agents.lab import AiLab
from ..agents.lender_shares import decide_share_sales
from ..agents.listed_firm import ListedFirm
from ..engine.calendar import DAYS_PER_MONTH
from ..engine.chance import auction_starts
from ..ledger.causes import Cause
from ..market.session import SentOrder, SessionOrders, SessionResult, hold_session, sent_table
from ..narrative.chronicle import FirstDay, Happening
from .bond_trading import trade_bonds
from .payments import collect
from .trade_etf import auction_etf, close_etf, hedge_etf
from .world import World


def trade(world: World) -> None:
    """The day's auctions: imbalances and indicative prices are published, the ETF clears, then shares, then bonds."""
    board, cast = world.prices, world.cast
    if not cast.funds or not cast.listed:
        return
    orders = _orders_of_firms(world)
    orders += _stake_sales(world)
    for buyer in cast.bond_buyers:
        orders += decide_share_sales(buyer.account, cast.listed, cast.sight)
    sent = sent_table(orders)
    cast.fund_desk.anchor(board, sent, world.clock.day)
    if cast.etf is not None:
        auction_etf(world, _outside_orders)
        sent = sent_table(orders + hedge_etf(world))
        cast.fund_desk.anchor(board, sent, world.clock.day)
    board.publish(sent)
    _clear_shares(world, cast.fund_desk.session(board, sent))
    for investor in cast.venture_investors:
        investor.review_sales()
    close_etf(world)
    trade_bonds(world)
    if world.clock.is_month_end:
        sober = world.beliefs.without_moods(board.market_values_cents(), world.books.journal.balances)
        board.remember_steady(sober, DAYS_PER_MONTH)
    board.remember_circle([(firm.index, firm.security) for firm in cast.circle])
    _remember_first_days(world)


def _orders_of_firms(world: World) -> list[SentOrder]:
    """Share issues and buybacks of listed firms and labs, and flows from outside into listed firms' shares."""
    orders: list[SentOrder] = []
    for firm in world.cast.listed:
        order = None
        if isinstance(firm, CloudProvider):
            order = _new_shares(world, firm)
        elif isinstance(firm, ChipMaker):
            order = firm.decide_buyback()
        orders += [order] if order is not None else []
        if world.cast.outside_flows:
            orders += _outside_orders(world, firm.name, firm.price_cents, firm.security, firm.index)
    sales = [_new_shares(world, lab) for lab in world.cast.board_labs]
    return orders + [order for order in sales if order is not None]


def _stake_sales(world: World) -> list[SentOrder]:
    """What investors in need sell of listed firms and labs; what they sell of shares from before a lab's listing
    becomes a share that trades."""
    cast, registers = world.cast, world.books.registers
    on_board = [*cast.listed, *(lab for lab in cast.board_labs if lab.is_listed)]
    orders = [order for investor in cast.venture_investors for order in investor.decide_stake_sales(on_board)]
    labs = {lab.index: lab for lab in cast.board_labs}
    for row, account, signed_shares, _ in orders:
        lab = labs.get(row)
        if lab is not None and (freed := -signed_shares - registers.held(account, lab.public)) > 0:
            registers.retire(lab.security, account, freed)
            registers.issue(lab.public, account, freed)
    return orders


def _new_shares(world: World, seller: CloudProvider | AiLab) -> SentOrder | None:
    """What a firm offers today of new shares of its own, which are issued to it first."""
    order = seller.decide_share_sale()
    if order is not None:
        world.books.registers.issue(seller.public, seller.account, -order.signed_shares)
    return order


def _outside_orders(world: World, name: str, price_cents: int, security: int, row: int = -1) -> list[SentOrder]:
    """Today's flows from outside into one security (`row`: on the board); the cash of purchases arrives first."""
    orders = []
    for flow in world.cast.outside_flows:
        if flow.day == world.clock.day and flow.security == name:
            owner = world.cast.investor(flow.owner)
            held = world.books.registers.holdings.item(owner.account, security)
            shares, limit = flow.decide(price_cents, held, world.scenario_data.behaviour.outside_flow_margin)
            if shares > 0:
                collect(world, owner.partners_account, owner.account, shares * limit, Cause.FUND_FLOW)
            if shares:
                orders.append(SentOrder(row, owner.account, shares, limit))
    return orders


def _clear_shares(world: World, orders: SessionOrders) -> None:
    """All shares' auctions and their settlement; firms' own trades become issues and buybacks."""
    board, registers, cast = world.prices, world.books.registers, world.cast
    roundings = auction_starts(world.clock.seed, world.clock.day, board.slots)
    selling = [firm for firm in (*cast.clouds, *cast.board_labs) if firm.share_sale_left_cents > 0]
    offered = [registers.holdings.item(firm.account, firm.public) for firm in selling]
    result = hold_session(world.books, cast.clearing_house, board.securities, orders, board.price_cents, roundings)
    _note_stake_sales(world, orders, result)
    board.close(result.price_cents, result.volume_shares)
    for firm, before in zip(selling, offered, strict=True):
        firm.sold(before - registers.holdings.item(firm.account, firm.public))
    for issuer in (*cast.circle, *cast.board_labs):
        own = registers.holdings.item(issuer.account, issuer.public)
        if own:
            registers.retire(issuer.public, issuer.account, own)


def _note_stake_sales(world: World, orders: SessionOrders, result: SessionResult) -> None:
    """Stakes that investors in need have sold, as executed."""
    accounts = list(dict.fromkeys(call.terms.investor_account for call in world.contracts.calls))
    if not accounts:
        return
    first = 0
    prices = result.price_cents.tolist()
    for name, end, price_cents in zip(world.prices.names, orders.ends.tolist(), prices, strict=True):
        owners, sides, fills = orders.table[0, first:end], orders.table[1, first:end], result.fills[first:end]
        for account in accounts:
            sold = int(fills[(owners == account) & (sides < 0)].sum())
            if sold:
                seller = world.cast.venture_by_account[account].name
                world.chronicle.note(Happening.STAKE_SOLD, agent=seller, counterparty=name, cents=sold * price_cents)
        first = end


def _remember_first_days(world: World) -> None:
    """The first-day return of every announcement of today of a firm whose shares trade, raw and above the rest of the
    market."""
    for item in world.chronicle.released_today:
        firm = world.cast.firm(item.firm)
        if isinstance(firm, ListedFirm) or (firm is not None and firm.is_listed):
            move = FirstDay(*world.prices.day_move(firm.index))
            world.chronicle.remember_first_day(item.number, move)
