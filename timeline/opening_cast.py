"""The cast takes its places: accounts, agents and opening cash from a scenario, every cent with its origin."""

from __future__ import annotations

import mesa

from ..agents.active_fund import ActiveFund
from ..agents.base import CarouselAgent
from ..agents.bond_buyer import BondBuyer
from ..agents.chip_maker import ChipMaker
from ..agents.cloud import CloudProvider
from ..agents.lab import AiLab
from ..agents.lab_shares import LabSeat
from ..agents.listed_firm import ListedFirm, Seat
from ..agents.outside import OutsideWorld
from ..agents.venture import VentureInvestor
from ..ledger.causes import Cause, OriginClass
from ..ledger.registers import SecurityKind
from ..ledger.units import cents
from ..scenarios import schema
from ..scenarios.checks_names import LENT
from .world import World


def seat_cast(world: World, model: mesa.Model) -> None:
    """Create everybody named in the scenario, outside world first, with their cash on day 0."""
    cast = world.cast
    cast.open_counters(
        ai_customers=outside(world, model, "AI customers", OriginClass.AI_CUSTOMERS),
        other_customers=outside(world, model, "other customers", OriginClass.OTHER_CUSTOMERS),
        suppliers=outside(world, model, "suppliers and staff", OriginClass.SUPPLIERS),
        clearing_house=world.books.journal.open_inside("clearing house"),
    )
    world.books.journal.declare_clearing_house(cast.clearing_house)
    _seat_investors(world, model)
    for listed in (*world.scenario_data.cloud, *world.scenario_data.chip_maker, *world.scenario_data.listed_firm):
        _seat_listed(world, model, listed)
    for lab in world.scenario_data.lab:
        _seat_lab(world, model, lab)
    for plain in world.scenario_data.firm:
        account = open_account(
            world, model, plain.name, plain.opening_cash_usd, (plain.cash_origin, OriginClass.LEGACY)
        )
        cast.plain_firms.append(CarouselAgent(model, cast.sight, name=plain.name, account=account))
    for seated in cast.labs:
        if seated.facts.revenue_share_payee is not None:
            payee = world.books.journal.account(seated.facts.revenue_share_payee)
            cast.revenue_share_payees[seated.account] = payee


def outside(world: World, model: mesa.Model, label: str, origin: OriginClass) -> int:
    """The outside account with this label: opened, with its Mesa agent, at its first mention."""
    accounts = world.cast.outside
    if label not in accounts:
        accounts[label] = world.books.journal.open_outside(label, origin)
        OutsideWorld(model, world.cast.sight, name=label, account=accounts[label])
    return accounts[label]


def open_account(
    world: World, model: mesa.Model, name: str, opening_usd: float, origin: tuple[str | None, OriginClass]
) -> int:
    """An inside account with its opening cash, which comes from somewhere: by default the firm's own past."""
    account = world.books.journal.open_inside(name)
    label, kind = origin
    if opening_usd:
        legacy = f"{name}, legacy earnings"
        source = outside(world, model, label or legacy, kind if label else OriginClass.LEGACY)
        world.books.journal.post(source, account, cents(opening_usd), Cause.OPENING)
    return account


def _seat_investors(world: World, model: mesa.Model) -> None:
    """Venture investors, bond buyers and active funds (whose cash follows from their shares, later)."""
    cast, scenario = world.cast, world.scenario_data
    for venture in scenario.venture_investor:
        partners = outside(world, model, venture.partners, OriginClass.LIMITED_PARTNERS)
        origin = (venture.cash_origin or venture.partners, OriginClass.LIMITED_PARTNERS)
        account = open_account(world, model, venture.name, venture.opening_cash_usd, origin)
        cast.seat_investor(
            VentureInvestor(model, cast.sight, facts=venture, account=account, partners_account=partners)
        )
    for lender in scenario.bond_buyer:
        kind = LENT[lender.kind]
        savers = outside(world, model, lender.savers, kind)
        account = open_account(world, model, lender.name, lender.opening_cash_usd, (lender.savers, kind))
        cast.bond_buyers.append(BondBuyer(model, cast.sight, facts=lender, account=account, savers_account=savers))
    for i, fund in enumerate(scenario.active_fund):
        savers = outside(world, model, fund.savers, OriginClass.FUND_SAVERS)
        account = world.books.journal.open_inside(fund.name)
        cast.funds.append(ActiveFund(model, cast.sight, facts=fund, account=account, index=i, savers_account=savers))


def _seat_listed(world: World, model: mesa.Model, facts: schema.Listing) -> None:
    """A listed firm on the board's next row."""
    cast = world.cast
    account = open_account(world, model, facts.name, facts.opening_cash_usd, (facts.cash_origin, OriginClass.LEGACY))
    security = world.books.registers.open_security(facts.name, SecurityKind.SHARE)
    seat = Seat(account, security, len(cast.listed))
    if isinstance(facts, schema.CloudProvider):
        cast.seat_listed(CloudProvider(model, cast.sight, facts=facts, seat=seat))
    elif isinstance(facts, schema.ChipMaker):
        cast.seat_listed(ChipMaker(model, cast.sight, facts=facts, seat=seat))
    else:
        cast.seat_listed(ListedFirm(model, cast.sight, facts=facts, seat=seat))


def _seat_lab(world: World, model: mesa.Model, facts: schema.AiLab) -> None:
    """A lab, and its founders and staff, who hold what no investor holds."""
    account = open_account(world, model, facts.name, facts.opening_cash_usd, (facts.cash_origin, OriginClass.LEGACY))
    seat, small_shareholders = _seat_of_lab(world, facts.name)
    lab = AiLab(model, world.cast.sight, facts=facts, account=account, seat=seat)
    founders = world.books.journal.open_inside(f"{facts.name}, founders and staff")
    world.cast.seat_lab(lab, founders, small_shareholders)
    if facts.shares:
        world.books.registers.issue(lab.security, founders, facts.shares)


def _seat_of_lab(world: World, name: str) -> tuple[LabSeat, int | None]:
    """One class of shares; for who may be listed a second one, its row on the board, and an account of the households
    that will buy."""
    registers, scenario, cast = world.books.registers, world.scenario_data, world.cast
    if name not in {one.lab for one in scenario.listing}:
        return LabSeat(registers.open_security(name, SecurityKind.PRIVATE)), None
    private = registers.open_security(f"{name}, private", SecurityKind.PRIVATE)
    public = registers.open_security(name, SecurityKind.SHARE)
    buyers = world.books.journal.open_inside(f"{name}, households' shares") if scenario.households else None
    return LabSeat(private, public, len(cast.listed) + len(cast.board_labs)), buyers
