"""Believe: multiples spread over the network, sentiment turns, holders talk, and funds revalue."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from ..narrative.beliefs import Sale
from ..narrative.network import Link
from .world import World


def update_beliefs(world: World) -> None:
    """Credibility has moved with the evidence; now news spreads, sentiment turns, holders talk, and funds revalue."""
    beliefs, board = world.beliefs, world.prices
    if world.clock.is_month_end:
        rebuild_network(world)
    news = beliefs.spread_news()
    if world.cast.households is not None:
        world.cast.households.tell_story(world.clock.day, news)
    if not len(board.names):
        return
    beliefs.sentiment.turn(board.price_cents, board.fund_float, board.log_return, day=world.clock.day)
    beliefs.values_of_funds.grow()
    value_shares(world)


def value_shares(world: World) -> None:
    """Every fund's value per share of every listed firm onto the board; claims change rarely, cash every day."""
    beliefs, contracts, board, books = world.beliefs, world.contracts, world.prices, world.books
    if beliefs.needs_promises(contracts.notary.changes):
        beliefs.set_promises(contracts.valued(beliefs.row_of))
    versions = (contracts.bonds.version, contracts.bills.version, contracts.notary.loan_changes)
    listed, labs = world.cast.listed, world.cast.board_labs
    if beliefs.needs_claims(versions):
        beliefs.set_claims([firm.debt_like_cents + firm.cash_cents for firm in listed] + [0] * len(labs))
    claims_of_labs = []
    for lab in labs:
        value_usd, claims_cents = lab.seen_by_owners(lab.value_without_story_usd())
        beliefs.see_lab(lab.index, value_usd)
        claims_of_labs.append(claims_cents)
    beliefs.see_bills([firm.bill_seen_cents() - firm.opening.bills_cents for firm in listed] + claims_of_labs)
    beliefs.value((board.values_cents, board.common_cents), (books.journal.balances, books.registers.outstanding))


def rebuild_network(world: World) -> None:
    """W from today's contracts, stakes, debts and index weights."""
    cast = world.cast
    income = {firm.name: max(1.0, firm.earnings_usd_per_year) for firm in cast.listed}
    income |= {lab.name: max(1.0, lab.sales_usd_per_year) for lab in cast.labs}
    ties = (_stakes(world), _loans(world))
    world.beliefs.rebuild_network(_sales(world), income, ties, world.prices.market_values_cents().astype(float))


def _sales(world: World) -> Iterable[Sale]:
    """What contracts in force between firms of the network are believed to bring: a listed firm profit, a lab cash,
    never more than its revenue."""
    node, labs, makers = world.beliefs.node_of, world.cast.lab_by_name, world.cast.chip_maker_by_name
    for contract in world.contracts.promises:
        if contract.is_in_force and contract.payer in node and contract.payee in node:
            for receiver, source, amount, net_margin in contract.planned_sales():
                if receiver in labs:
                    brings = min(amount, labs[receiver].sales_usd_per_year)
                else:
                    margin = makers[receiver].facts.net_margin if net_margin is None else net_margin
                    brings = amount * max(0.0, margin)
                yield Sale(receiver, source, brings)


def _stakes(world: World) -> list[Link]:
    """Stakes of listed firms in firms: the owner hears of what it owns."""
    cast, node = world.cast, world.beliefs.node_of
    owned = (*cast.listed, *cast.labs)
    held = world.books.registers.holdings[
        np.ix_([owner.account for owner in cast.listed], [firm.security for firm in owned])
    ]
    links = []
    for row, column in zip(*(at.tolist() for at in held.nonzero()), strict=True):
        owner, firm = cast.listed[row], owned[column]
        if firm is not owner:
            worth = held.item(row, column) * firm.price_cents / 100
            whole = max(worth, owner.market_value_cents / 100)
            links.append(Link(node[owner.name], node[firm.name], worth, whole))
    return links


def _loans(world: World) -> list[Link]:
    """Loans of firms to firms: the lender hears of its borrower."""
    node = world.beliefs.node_of
    links = []
    for loan in world.contracts.lending.loans:
        if loan.outstanding_cents and loan.payer in node and loan.payee in node:
            lent = loan.outstanding_cents / 100
            worth = max(lent, world.cast.listed_by_name[loan.payer].market_value_cents / 100)
            links.append(Link(node[loan.payer], node[loan.payee], lent, worth))
    return links
