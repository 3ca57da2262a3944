"""Move fund savings: savers put money into funds that have done well and ask it back from others; private credit gives
back what it has not lent."""

from __future__ import annotations

from ..agents.active_fund import ActiveFund
from ..agents.bond_buyer import BondBuyer
from ..ledger.causes import Cause
from .payments import collect
from .world import World


def move_fund_savings(world: World) -> None:
    """On the last day of a month savers look and decide; what they have asked back is paid as soon as there is cash."""
    if world.clock.is_month_end:
        _decide(world)
    for fund in (*world.cast.funds, *world.cast.bond_buyers):
        if fund.savers.waiting_cents:
            _pay_back(world, fund)


def _decide(world: World) -> None:
    """All savers look at the same month. A fund's share of all demand grows and shrinks with its assets."""
    cast, board = world.cast, world.prices
    index_return = cast.all_shares.turn(board.registers.outstanding[board.securities], board.price_cents)
    for fund in cast.funds:
        if fund.facts.open_end_share:
            fund.show_savers(index_return)
            assets, cents = fund.assets_cents, fund.decide_flow_cents()
            if cents:
                board.scale_benchmark(fund.index, 1 + cents / assets)
                _move(world, fund, cents)
    for buyer in cast.bond_buyers:
        if buyer.is_private_credit and buyer.cash_cents:
            world.books.journal.post(buyer.account, buyer.savers.account, buyer.cash_cents, Cause.FUND_FLOW)
        elif buyer.facts.open_end_share:
            buyer.show_savers()
            _move(world, buyer, buyer.decide_flow_cents())


def _move(world: World, fund: ActiveFund | BondBuyer, cents: int) -> None:
    """Money that comes is there at once, money that is asked back waits for its turn."""
    if cents < 0:
        fund.savers.ask_back(-cents)
    collect(world, fund.savers.account, fund.account, cents, Cause.FUND_FLOW)


def _pay_back(world: World, fund: ActiveFund | BondBuyer) -> None:
    """What savers wait for, as far as there is cash."""
    if cents := min(fund.cash_cents, fund.savers.waiting_cents):
        world.books.journal.post(fund.account, fund.savers.account, cents, Cause.FUND_FLOW)
        fund.savers.got_back(cents)
