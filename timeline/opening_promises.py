"""What has been promised before the start or will be announced: contracts, and the calendar of their announcements."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from ..contracts.backstop import Backstop, undertaking
from ..contracts.build_plan import BuildPlan
from ..contracts.compute import ComputeContract
from ..contracts.convertible import Convertible, notes
from ..contracts.equity_ticket import EquityTicket, subscription
from ..contracts.flotation import Flotation, plan
from ..contracts.guarantee import Guarantee
from ..contracts.lease_vehicle import LeaseVehicle
from ..contracts.lease_vehicle import undertaking as leasing
from ..contracts.milestone import MilestoneInvestment
from ..contracts.promise import Agreed
from ..contracts.promised import PublicContract
from ..contracts.revolving_line import RevolvingLine, line
from ..contracts.vendor_loan import VendorLoan
from ..contracts.warrant import Sales, Warrant, grant
from ..scenarios import schema
from ..scenarios.schema_deals import EquityTicket as EquityTicketTerms
from ..scenarios.schema_deals import RevolvingLine as LineTerms
from ..scenarios.schema_options import Convertible as ConvertibleTerms
from ..scenarios.schema_options import Flotation as FlotationTerms
from ..scenarios.schema_options import Warrant as WarrantTerms
from ..scenarios.schema_vendor import Backstop as BackstopTerms
from ..scenarios.schema_vendor import LeaseVehicle as VehicleTerms
from . import agreed
from .opening_beside import enter_call, enter_customer, enter_news, schedule_debt
from .publish import odds, publish
from .world import World


class Way(NamedTuple):
    """How deals of a kind become promises."""

    contract: type[PublicContract]
    terms: type[Any]
    """What a scenario says of one."""
    read: Callable[[World, Any], Agreed]
    """What one promises by its terms: at the opening, and when they change."""
    enter: Callable[[World, Any], None]


def enter_promises(world: World) -> None:
    """Enter all contracts, milestone investments and news of a scenario; plain debts fall due on their day."""
    scenario = world.scenario_data
    for kind, way in WAYS.items():
        for deal in getattr(scenario, kind):
            way.enter(world, deal)
    for guarantee in scenario.guarantee:
        world.contracts.enter(Guarantee(world.contracts.notary, guarantee))
    for customer in scenario.customer:
        enter_customer(world, customer)
    for news in scenario.news:
        enter_news(world, news)
    for debt in scenario.obligation:
        schedule_debt(world, debt)
    for call in scenario.capital_call:
        enter_call(world, call)


def _enter_contract(world: World, contract: schema.ComputeContract) -> None:
    """A compute contract."""
    promise, terms, text = agreed.compute(world, contract)
    announced_usd = contract.capacity_gw * contract.price_usd_per_gw_year * contract.years
    log_odds = odds(world, promise.instrument, contract.provider, announced_usd)
    delivered_mw = round(1000 * contract.delivered_gw)
    entered = world.contracts.enter(
        ComputeContract(world.contracts.notary, promise, log_odds, terms, delivered_mw=delivered_mw)
    )
    if contract.known_since is None:
        publish(world, entered, contract.announced, text, contract.customer)
    else:  # what is believed of it is taken out of earnings once it has been thought over
        entered.known_from_start()


def _enter_milestone(world: World, milestone: schema.MilestoneInvestment) -> None:
    """A milestone investment."""
    promise, terms, text = agreed.milestone(world, milestone)
    announced_usd = milestone.amount_usd_per_gw * milestone.capacity_gw
    log_odds = odds(world, promise.instrument, milestone.investor, announced_usd)
    entered = world.contracts.enter(MilestoneInvestment(world.contracts.notary, promise, log_odds, terms))
    publish(world, entered, milestone.announced, text, milestone.investee)


def _enter_ticket(world: World, ticket: EquityTicketTerms) -> None:
    """A subscription of a lab's shares: what it may replace has been entered before."""
    contracts = world.contracts
    promise, terms, text = subscription(ticket)
    replaced = next((m for m in contracts.kind(MilestoneInvestment) if m.name == ticket.replaces), None)
    log_odds = odds(world, promise.instrument, ticket.investor, ticket.amount_usd)
    issuer = world.cast.lab_by_name[ticket.investee]
    entered = contracts.enter(
        EquityTicket(contracts.notary, promise, log_odds, terms, issuer=issuer, replaces=replaced)
    )
    publish(world, entered, ticket.announced, text, ticket.investee)


def _grant(world: World, terms: WarrantTerms) -> Agreed:
    """A warrant: the grantor's shareholders capitalise the chip sales that it promises."""
    return grant(terms, Sales(*agreed.chip_profit(world, terms.grantor, terms)))


def _enter_warrant(world: World, terms: WarrantTerms) -> None:
    """A right to a chip maker's new shares, believed by what they would be worth against the whole firm."""
    promise, terms, text = _grant(world, terms)
    log_odds = odds(world, promise.instrument, terms.grantor, promise.announced_cents / 100)
    issuer = world.cast.listed_by_name[terms.grantor]
    entered = world.contracts.enter(Warrant(world.contracts.notary, promise, log_odds, terms, issuer=issuer))
    publish(world, entered, terms.announced, text, terms.holder)


def _enter_convertible(world: World, terms: ConvertibleTerms) -> None:
    """Notes that may become shares: believed by their size against the issuer."""
    contracts, issuer = world.contracts, world.cast.listed_by_name[terms.issuer]
    promise, terms, text = notes(terms)
    log_odds = odds(world, promise.instrument, terms.issuer, terms.amount_usd)
    entered = contracts.enter(
        Convertible(contracts.notary, promise, log_odds, terms, issuer=issuer, bonds=contracts.bonds)
    )
    publish(world, entered, terms.announced, text, terms.holder)


def _enter_vehicle(world: World, terms: VehicleTerms) -> None:
    """Chips that a vehicle buys and lets: believed by their size against who rents them."""
    contracts = world.contracts
    lender = next(buyer for buyer in world.cast.bond_buyers if buyer.name == terms.lender)
    promise, terms, text = leasing(terms)
    log_odds = odds(world, promise.instrument, terms.lessee, terms.limit_usd)
    entered = contracts.enter(
        LeaseVehicle(contracts.notary, promise, log_odds, terms, lender=lender, bonds=contracts.bonds)
    )
    publish(world, entered, terms.announced, text, terms.vehicle)


def _enter_listing(world: World, terms: FlotationTerms) -> None:
    """A listing that may come, known before the start: nothing of it is in the price."""
    promise, terms, text = plan(terms)
    lab, log_odds = world.cast.lab_by_name[terms.lab], odds(world, promise.instrument)
    entered = world.contracts.enter(Flotation(world.contracts.notary, promise, log_odds, terms))
    lab.is_to_be_listed_by(entered)
    publish(world, entered, None, text, "")


def _enter_line(world: World, terms: LineTerms) -> None:
    """A revolving line, known before the start."""
    promise, terms, text = line(terms)
    entered = world.contracts.enter(
        RevolvingLine(world.contracts.notary, promise, odds(world, promise.instrument), terms)
    )
    publish(world, entered, None, text, terms.borrower)


def _enter_plan(world: World, plan: schema.BuildPlan) -> None:
    """A building plan for customers of the builder's own."""
    promise, (terms, _), text = agreed.build_plan(world, plan)
    notary, log_odds = world.contracts.notary, odds(world, promise.instrument)
    entered = world.contracts.enter(BuildPlan(notary, promise, log_odds, terms, plan=plan))
    publish(world, entered, plan.announced, text, "")


def _enter_loan(world: World, loan: schema.VendorLoan) -> None:
    """A vendor's line to a customer."""
    promise, terms, text = agreed.loan(world, loan)
    entered = world.contracts.enter(VendorLoan(world.contracts.notary, promise, odds(world, promise.instrument), terms))
    publish(world, entered, loan.announced, text, loan.borrower)


def _enter_backstop(world: World, terms: BackstopTerms) -> None:
    """What a chip maker undertakes for a builder's idle capacity: what it is for is entered before."""
    promise, terms, text = undertaking(terms)
    log_odds = odds(world, promise.instrument, terms.backer, terms.limit_usd)
    builder = world.cast.cloud_by_name[terms.cloud]
    entered = world.contracts.enter(Backstop(world.contracts.notary, promise, log_odds, terms, builder=builder))
    publish(world, entered, terms.announced, text, terms.backer)


WAYS = {
    "contract": Way(ComputeContract, schema.ComputeContract, agreed.compute, _enter_contract),
    "milestone": Way(MilestoneInvestment, schema.MilestoneInvestment, agreed.milestone, _enter_milestone),
    "equity_ticket": Way(EquityTicket, EquityTicketTerms, lambda _, terms: subscription(terms), _enter_ticket),
    "warrant": Way(Warrant, WarrantTerms, _grant, _enter_warrant),
    "build_plan": Way(BuildPlan, schema.BuildPlan, agreed.build_plan, _enter_plan),
    "vendor_loan": Way(VendorLoan, schema.VendorLoan, agreed.loan, _enter_loan),
    "backstop": Way(Backstop, BackstopTerms, lambda _, terms: undertaking(terms), _enter_backstop),
    "lease_vehicle": Way(LeaseVehicle, VehicleTerms, lambda _, terms: leasing(terms), _enter_vehicle),
    "convertible": Way(Convertible, ConvertibleTerms, lambda _, terms: notes(terms), _enter_convertible),
    "listing": Way(Flotation, FlotationTerms, lambda _, terms: plan(terms), _enter_listing),
    "revolving_line": Way(RevolvingLine, LineTerms, lambda _, terms: line(terms), _enter_line),
}
"""Kinds of deals that public contracts are made of, in the order in which they are entered."""


COMPUTE, LETTER, SHARES, LOAN, COVER = "contract", "milestone", "equity_ticket", "vendor_loan", "backstop"
"""Kinds of deals that agents make."""


def enter_deal(world: World, kind: str, **terms: Any) -> None:
    """A deal that agents have made, by its kind: as if the scenario had it, announced tomorrow."""
    way = WAYS[kind]
    deal = way.terms(**terms, announced=world.clock.dates[world.clock.day + 1])
    world.contracts.made.setdefault(kind, []).append(deal)
    way.enter(world, deal)
