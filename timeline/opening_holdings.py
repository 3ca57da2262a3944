"""What everybody owns at the opening: stakes, the ETF and its basket, the funds' float, bonds, and the price board."""

from __future__ import annotations

import math
from collections.abc import Iterator

import mesa
import numpy as np

from ..agents.endowment import Endowment
from ..agents.household import Holders
from ..agents.households import Households
from ..agents.lab import AiLab
from ..agents.participant import AuthorizedParticipant, EtfSponsor
from ..agents.savings_plans import SavingsPlans
from ..contracts.bond import FACE_CENTS, BondTerms
from ..engine.columns import ColumnAgentSet, install_columns
from ..ledger.causes import Cause, OriginClass
from ..ledger.owners import OwnersBehind
from ..ledger.registers import SecurityKind
from ..ledger.units import cents, split
from ..market.etf import cap_weight_basket
from ..market.price_board import Board, Listing, Memory
from ..scenarios.behaviour import Behaviour
from ..scenarios.opening import creation_units
from ..scenarios.schema import Scenario
from ..scenarios.schema_options import Flotation
from ..scenarios.schema_world import DEALS
from .opening_cast import open_account, outside
from .world import World


def memory_of(rules: Behaviour) -> Memory:
    """How the board remembers trading."""
    return Memory(
        rules.opening_turnover_per_day,
        rules.volume_memory_per_day,
        rules.variance_memory_per_day,
        rules.variance_jump_limit,
        rules.steady_value_days,
    )


def endow(world: World, model: mesa.Model) -> Board:
    """Hand out shares, ETF units and bonds; returns the board at the opening."""
    cast, books = world.cast, world.books
    books.registers.ensure_account(books.journal.n_accounts - 1)
    _hand_out_stakes(world)
    _open_etf(world, model)
    _hand_out_float(world)
    rules = world.scenario_data.behaviour
    board = Board.open(
        [
            Listing(f.name, f.slot, f.security, cents(f.facts.price_usd), f.facts.sector, f.facts.daily_volatility)
            for f in cast.listed
        ]
        + [
            Listing(lab.name, lab.slot, lab.public, lab.price_cents, terms.sector, terms.daily_volatility)
            for lab, terms in listings_of(world)
        ],
        world.books.registers,
        [(fund.account, fund.facts.weight) for fund in cast.funds],
        memory_of(rules),
    )
    board.circle_values_usd.append(math.fsum(firm.market_value_at_start_usd for firm in cast.circle))
    counted = {loan.borrower for loan in world.scenario_data.vendor_loan} | _grantors(world.scenario_data)
    cast.sight.market_opens(board, [*cast.labs, *(firm for firm in cast.listed if firm.name in counted)])
    _open_funds(world, board)
    _hand_out_bonds(world)
    return board


def listings_of(world: World) -> Iterator[tuple[AiLab, Flotation]]:
    """Every lab that may be listed, in the order of the board, and the terms of its listing."""
    terms = {one.lab: one for one in world.scenario_data.listing}
    return ((lab, terms[lab.name]) for lab in world.cast.board_labs)


def _grantors(scenario: Scenario) -> set[str]:
    """Listed firms that may hand over new shares of their own."""
    deals = (deal for kind in DEALS for deal in getattr(scenario, kind) if deal.hands_over)
    return {getattr(deal, deal.hands_over) for deal in deals}


def _hand_out_stakes(world: World) -> None:
    """Named stakes: listed ones are issued to their owners, private ones come out of the founders' shares."""
    registers, cast = world.books.registers, world.cast
    for stake in world.scenario_data.stake:
        owner = world.books.journal.account(stake.owner)
        if stake.firm in cast.lab_by_name:
            security = cast.lab_by_name[stake.firm].security
            registers.transfer(security, cast.founders[stake.firm], owner, stake.shares)
        else:
            registers.issue(cast.listed_by_name[stake.firm].security, owner, stake.shares)


def _open_etf(world: World, model: mesa.Model) -> None:
    """The ETF's basket, its shares, its participant's inventory and the households' holdings."""
    etf, scenario, cast = world.scenario_data.etf, world.scenario_data, world.cast
    if etf is None:
        return
    journal, registers = world.books.journal, world.books.registers
    account = journal.open_inside(etf.name)
    security = registers.open_security(etf.name, SecurityKind.ETF)
    price = cents(etf.price_usd)
    shares_out = [firm.facts.shares for firm in cast.listed]
    prices = [cents(firm.facts.price_usd) for firm in cast.listed]
    basket = cap_weight_basket(shares_out, prices, price, etf.creation_unit_shares)
    whole = np.append(basket, np.zeros(len(cast.board_labs), np.int64))
    sponsor = EtfSponsor(model, cast.sight, facts=etf, account=account, security=security, basket=whole)
    origin = (etf.participant_origin, OriginClass.MARKET_MAKERS)
    participant = open_account(world, model, etf.participant, etf.participant_cash_usd, origin)
    hedger = AuthorizedParticipant(model, cast.sight, facts=etf, account=participant, etf=sponsor)
    cast.seat_etf(sponsor, hedger)
    retail_usd = scenario.households.etf_value_usd if scenario.households else 0.0
    units = creation_units(scenario)
    total = units * etf.creation_unit_shares
    for firm, each in zip(cast.listed, basket, strict=True):
        if each:
            registers.issue(firm.security, account, int(each) * units)
    registers.issue(security, participant, total)
    if scenario.households and scenario.holders:
        held = min(total, cents(retail_usd) // price)
        _open_households(world, model, security, held)
        _open_plans(world, model, security, min(total - held, cents(scenario.households.plan_etf_value_usd) // price))


def _open_households(world: World, model: mesa.Model, security: int, etf_shares: int) -> None:
    """The omnibus account of all households, its sub-ledger columns, and their part of the ETF."""
    scenario, cast, facts = world.scenario_data, world.cast, world.scenario_data.households
    assert facts is not None
    assert scenario.etf is not None
    assert cast.participant is not None
    journal, registers, rules = world.books.journal, world.books.registers, scenario.behaviour
    savers = outside(world, model, facts.savers, OriginClass.HOUSEHOLD_SAVINGS)
    cast.open_household_accounts(savers=savers, omnibus=journal.open_inside("households"))
    cash = cents(facts.cash_usd)
    if cash:
        journal.post(cast.household_savers, cast.omnibus, cash, Cause.OPENING)
    if etf_shares:
        registers.transfer(security, cast.participant.account, cast.omnibus, etf_shares)
    endowment = Endowment(
        total_cash_cents=cash,
        total_etf_shares=etf_shares,
        etf_price_cents=cents(scenario.etf.price_usd),
        wealth_sigma=facts.wealth_sigma,
        enthusiastic_share=facts.enthusiastic_share,
        tired_share=facts.tired_share,
        blocks=facts.blocks,
        lean_spread=rules.holder_lean_spread,
        attention_per_day=rules.attention_per_day,
        attention_spread=rules.attention_spread,
        extrapolation_spread=rules.extrapolation_spread,
        enthusiasm_tilt=rules.enthusiasm_tilt,
        tired_tilt=rules.tired_tilt,
    )
    holders = Holders.endow(scenario.holders, endowment, seed=world.clock.seed)
    world.books.owners.append(
        OwnersBehind(cast.omnibus, security, holders.cash_cents, holders.etf_shares, holders.seal)
    )
    cast.seat_households(Households(holders, facts, rules, [firm.facts for firm in cast.listed]))


def _open_plans(world: World, model: mesa.Model, security: int, etf_shares: int) -> None:
    """The account of the pension and savings plans, and their part of the ETF."""
    cast, facts = world.cast, world.scenario_data.households
    assert facts is not None
    assert cast.participant is not None
    savers = outside(world, model, facts.plan_savers, OriginClass.PENSION_SAVINGS)
    account = world.books.journal.open_inside("savings plans")
    cast.seat_plans(SavingsPlans(model, cast.sight, facts=facts, account=account, savers_account=savers))
    if etf_shares:
        world.books.registers.transfer(security, cast.participant.account, account, etf_shares)


def _hand_out_float(world: World) -> None:
    """Every share that nobody named holds goes to the active funds by weight, whole shares, none lost."""
    registers, funds = world.books.registers, world.cast.funds
    weights = [fund.facts.weight for fund in funds]
    for firm in world.cast.listed:
        left = firm.facts.shares - int(registers.outstanding[firm.security])
        if left > 0 and weights:
            for fund, shares in zip(funds, split(left, weights), strict=True):
                if shares:
                    registers.issue(firm.security, fund.account, shares)


def _open_funds(world: World, board: Board) -> None:
    """Each fund's cash: what its equity share leaves beside its shares at the opening prices."""
    for fund in world.cast.funds:
        share = fund.facts.equity_share
        cash = round(board.holdings_value_cents(fund.account) * (1 - share) / share)
        if cash:
            world.books.journal.post(world.cast.outside[fund.facts.savers], fund.account, cash, Cause.OPENING)


def _hand_out_bonds(world: World) -> None:
    """Bonds outstanding: held by the bond buyers in proportion to their means."""
    registers, bonds, buyers = world.books.registers, world.contracts.bonds, world.cast.bond_buyers
    means = [max(1.0, buyer.facts.opening_cash_usd) for buyer in buyers]
    for bond in world.scenario_data.bond:
        security = registers.open_security(bond.name, SecurityKind.BOND)
        bonds.enter(
            BondTerms(
                name=bond.name,
                issuer=bond.issuer,
                issuer_account=world.cast.listed_by_name[bond.issuer].account,
                security=security,
                coupon_per_year=bond.coupon_per_year,
                maturity_day=world.clock.day_of(bond.maturity),
                luck=f"{bond.issuer}, bond of day 0, {bond.name}",
            )
        )
        for buyer, units in zip(buyers, split(cents(bond.face_usd) // FACE_CENTS, means), strict=True):
            if units:
                registers.issue(security, buyer.account, units)
    bonds.changed()


def seat_households(world: World, model: mesa.Model) -> None:
    """Every household becomes a Mesa agent: a row of the columns."""
    if world.cast.holders is not None:
        install_columns(model, ColumnAgentSet(world.cast.holders))
