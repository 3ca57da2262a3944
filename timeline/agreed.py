"""What deals promise, on which terms and in which words, where that takes the cast: at the opening, and when they
change."""

from __future__ import annotations

from typing import Protocol

from ..agents.chip_maker import ChipMaker
from ..contracts.capacity_terms import CapacityTerms
from ..contracts.promise import Agreed, Promise
from ..engine.calendar import DAYS_PER_MONTH, DAYS_PER_YEAR
from ..narrative.announcements import Instrument, Unit
from ..scenarios import schema
from .world import World


def compute(world: World, contract: schema.ComputeContract) -> Agreed:
    """A compute contract: a cloud's shareholders capitalise its profit at full run-rate; what a lab lets it has."""
    yearly = contract.capacity_gw * contract.price_usd_per_gw_year
    counts = world.beliefs.in_own_earnings(contract.provider, 1.0)
    promise = Promise(
        name=contract.name,
        payer=contract.customer,
        payee=contract.provider,
        beneficiary=contract.provider,
        instrument=Instrument(contract.instrument.value),
        announced_cents=round(100 * yearly * contract.years),
        profit_usd_per_year=counts * yearly * contract.net_margin,
        in_own_earnings=counts,
        capacity_mw=round(1000 * contract.capacity_gw),
        unit=Unit(contract.told_in.value),
    )
    start = 0 if contract.announced is None else world.clock.day_of(contract.announced)
    first = 0 if contract.first_service is None else world.clock.day_of(contract.first_service)
    customer = contract.customer, world.books.journal.account(contract.customer)
    make = _let if contract.provider in world.cast.lab_by_name else _capacity
    terms = make(world, contract, customer, max(first, start) // DAYS_PER_MONTH)
    return Agreed(promise, terms, f"{contract.customer} signs for {contract.capacity_gw:g} GW from {contract.provider}")


def milestone(world: World, terms: schema.MilestoneInvestment) -> Agreed:
    """A milestone investment: the investor's shareholders capitalise the chip sales it promises."""
    profit, counts = chip_profit(world, terms.investor, terms)
    promise = Promise(
        name=terms.name,
        payer=terms.investor,
        payee=terms.investee,
        beneficiary=terms.investor,
        instrument=Instrument(terms.instrument.value),
        announced_cents=round(100 * terms.amount_usd_per_gw * terms.capacity_gw),
        profit_usd_per_year=profit,
        in_own_earnings=counts,
        capacity_mw=round(1000 * terms.capacity_gw),
        unit=Unit(terms.told_in.value),
    )
    sum_bn = promise.announced_cents / 1e11
    return Agreed(promise, terms, f"{terms.investor} to invest up to {sum_bn:g} bn USD in {terms.investee}")


def build_plan(world: World, plan: schema.BuildPlan) -> Agreed:
    """A building plan for customers of the builder's own: its shareholders capitalise the profit of full use."""
    yearly = plan.capacity_gw * plan.price_usd_per_gw_year
    promise = Promise(
        name=plan.name,
        payer=plan.provider,
        payee=plan.provider,
        beneficiary=plan.provider,
        instrument=Instrument(plan.instrument.value),
        announced_cents=round(100 * yearly * plan.years),
        capacity_mw=round(1000 * plan.capacity_gw),
    )
    start = 0 if plan.announced is None else world.clock.day_of(plan.announced)
    customer = plan.provider, world.cast.cloud_by_name[plan.provider].account
    terms = _capacity(world, plan, customer, start // DAYS_PER_MONTH)
    text = f"{plan.provider} plans {plan.capacity_gw:g} GW for customers of its own"
    return Agreed(promise, (terms, plan), text)


def loan(world: World, terms: schema.VendorLoan) -> Agreed:
    """A vendor's line to a customer: the vendor's shareholders capitalise the sales that it pays for; those to an
    unlisted customer they know already."""
    is_known = any(x.buyer == terms.borrower for x in world.scenario_data.customer)
    sales = 0.0 if is_known else (terms.committed_usd - terms.drawn_usd) * (1 - terms.general_share)
    promise = Promise(
        name=terms.name,
        payer=terms.lender,
        payee=terms.borrower,
        beneficiary=terms.lender,
        instrument=Instrument(terms.instrument.value),
        announced_cents=round(100 * terms.committed_usd),
        profit_usd_per_year=_margin(world, terms.lender) * sales / (terms.draw_months / 12),
    )
    sum_bn = terms.committed_usd / 1e9
    return Agreed(promise, terms, f"{terms.lender} lends {terms.borrower} up to {sum_bn:g} bn USD to buy from it")


def _capacity(
    world: World, deal: schema.ComputeContract | schema.BuildPlan, customer: tuple[str, int], first_month: int
) -> CapacityTerms:
    """What is built: for a customer (name and account), from a month on."""
    provider = world.cast.cloud_by_name[deal.provider]
    supplies = world.contracts.supplies.of(deal.provider)
    added = deal.build_gw_per_year if isinstance(deal, schema.ComputeContract) else None
    return CapacityTerms(
        customer=customer[0],
        customer_account=customer[1],
        provider=deal.provider,
        provider_account=provider.account,
        price_usd_per_mw_year=deal.price_usd_per_gw_year / 1000,
        net_margin=deal.net_margin,
        build_gw_per_year_max=provider.facts.build_gw_per_year_max if added is None else added,
        build_months=provider.facts.build_months,
        first_service_month=first_month,
        term_months=round(deal.years * DAYS_PER_YEAR / DAYS_PER_MONTH),
        supplies=supplies,
        costs_usd_per_mw_year=provider.cost_usd_per_gw_year() / 1000,
        lease_usd_per_mw_year=provider.facts.site_lease_usd_per_gw_year / 1000,
        lease_months=round(12 * provider.facts.site_lease_years),
        added_gw_per_year=added or 0.0,
    )


def _let(world: World, deal: schema.ComputeContract, customer: tuple[str, int], first_month: int) -> CapacityTerms:
    """What a lab lets of its own: nothing is built for it, and what it costs to run stays with the lab."""
    return CapacityTerms(
        customer=customer[0],
        customer_account=customer[1],
        provider=deal.provider,
        provider_account=world.cast.lab_by_name[deal.provider].account,
        price_usd_per_mw_year=deal.price_usd_per_gw_year / 1000,
        net_margin=deal.net_margin,
        build_gw_per_year_max=0.0,
        build_months=0,
        first_service_month=first_month,
        term_months=round(deal.years * DAYS_PER_YEAR / DAYS_PER_MONTH),
        supplies=(),
    )


class ChipSales(Protocol):
    """Terms that promise whoever makes chips so many sales."""

    @property
    def chips_usd_per_gw(self) -> float: ...
    @property
    def capacity_gw(self) -> float: ...
    @property
    def years(self) -> float: ...
    @property
    def instrument(self) -> str: ...


def chip_profit(world: World, maker: str, terms: ChipSales) -> tuple[float, float]:
    """Profit of a year of chip sales as earnings of their maker, and what a dollar of it counts as there."""
    sales = terms.chips_usd_per_gw * terms.capacity_gw * additional_share(world, terms.instrument) / terms.years
    counts = world.beliefs.in_own_earnings(maker, 1.0)
    return counts * sales * _margin(world, maker), counts


def additional_share(world: World, instrument: str) -> float:
    """Part of the profit under a promise of a kind that nobody expected without it."""
    is_letter = Instrument(instrument) is Instrument.LETTER_OF_INTENT
    return world.scenario_data.behaviour.letter_additional_share if is_letter else 1.0


def _margin(world: World, name: str) -> float:
    """Net profit per dollar of a firm's chip sales; 0 of a firm that makes none."""
    firm = world.cast.listed_by_name[name]
    return firm.facts.net_margin if isinstance(firm, ChipMaker) else 0.0
