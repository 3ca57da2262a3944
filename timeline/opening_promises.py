"""What has been promised before the start or will be announced: contracts, and the calendar of their announcements."""

from __future__ import annotations

from datetime import date

from ..agents.chip_maker import ChipMaker
from ..contracts.bills import Bill
from ..contracts.build_plan import BuildPlan
from ..contracts.capacity import CapacityTerms
from ..contracts.compute import ComputeContract
from ..contracts.equity_ticket import EquityTicket
from ..contracts.guarantee import Guarantee
from ..contracts.guidance import Guidance
from ..contracts.milestone import MilestoneInvestment
from ..contracts.promised import Promise, PublicContract
from ..contracts.vendor_loan import VendorLoan
from ..engine.calendar import DAYS_PER_MONTH, DAYS_PER_YEAR
from ..ledger.causes import Cause
from ..ledger.units import cents
from ..narrative.announcements import Draft, Instrument
from ..narrative.credibility import start_log_odds
from ..scenarios import schema
from ..scenarios.schema_deals import EquityTicket as EquityTicketTerms
from .world import World


def enter_promises(world: World) -> None:
    """Enter all contracts, milestone investments and news of a scenario; plain debts fall due on their day."""
    scenario = world.scenario_data
    for contract in scenario.contract:
        _enter_contract(world, contract)
    for milestone in scenario.milestone:
        _enter_milestone(world, milestone)
    for ticket in scenario.equity_ticket:
        _enter_ticket(world, ticket)
    for plan in scenario.build_plan:
        _enter_plan(world, plan)
    for loan in scenario.vendor_loan:
        _enter_loan(world, loan)
    for guarantee in scenario.guarantee:
        world.contracts.enter(Guarantee(world.contracts.notary, guarantee))
    for news in scenario.news:
        _enter_news(world, news)
    for debt in scenario.obligation:
        _schedule_debt(world, debt)


def _odds(world: World, instrument: Instrument, firm: str = "", announced_usd: float = 0.0) -> float:
    """Log-odds at the start: by kind, and by the announced sum over the value of who has to make it true."""
    size = announced_usd / max(1.0, world.cast.value_usd(firm)) if announced_usd else 0.0
    return start_log_odds(instrument, world.scenario_data.behaviour, size)


def _publish(world: World, contract: PublicContract, when: date | None, text: str, other: str) -> None:
    """Put a promise on the calendar; one known before the start is in the price, and its profit leaves base
    earnings."""
    promise = contract.promise
    if when is None:
        contract.known_from_start()
        world.beliefs.take_out_of_base(promise.beneficiary, contract.believed_share * contract.profit_usd_per_year)
        return
    item = world.chronicle.announcements.schedule(
        world.clock.day_of(when),
        Draft(
            firm=promise.beneficiary,
            counterparty=other,
            instrument=promise.instrument,
            text=text,
            announced_cents=promise.announced_cents,
            commitment=contract.number,
            endorsed=promise.payee if contract.endorses else "",
        ),
    )
    contract.to_be_announced(item.number)


def _months(years: float) -> int:
    return round(years * DAYS_PER_YEAR / DAYS_PER_MONTH)


def _enter_contract(world: World, contract: schema.ComputeContract) -> None:
    """A compute contract: the provider's shareholders capitalise its profit at full run-rate."""
    yearly = contract.capacity_gw * contract.price_usd_per_gw_year
    instrument = Instrument(contract.instrument.value)
    promise = Promise(
        name=contract.name,
        payer=contract.customer,
        payee=contract.provider,
        beneficiary=contract.provider,
        instrument=instrument,
        announced_cents=round(100 * yearly * contract.years),
        profit_usd_per_year=world.beliefs.in_own_earnings(contract.provider, yearly * contract.net_margin),
        capacity_mw=round(1000 * contract.capacity_gw),
    )
    start = 0 if contract.announced is None else world.clock.day_of(contract.announced)
    first = 0 if contract.first_service is None else world.clock.day_of(contract.first_service)
    provider = world.cast.cloud_by_name[contract.provider]
    terms = CapacityTerms(
        customer=contract.customer,
        customer_account=world.cast.lab_by_name[contract.customer].account,
        provider=contract.provider,
        provider_account=provider.account,
        price_usd_per_mw_year=contract.price_usd_per_gw_year / 1000,
        build_gw_per_year_max=provider.facts.build_gw_per_year_max,
        build_months=provider.facts.build_months,
        first_service_month=max(first // DAYS_PER_MONTH, start // DAYS_PER_MONTH),
        term_months=_months(contract.years),
        supplies=world.contracts.supplies.of(contract.provider),
    )
    log_odds = _odds(world, instrument, contract.provider, yearly * contract.years)
    entered = world.contracts.enter(
        ComputeContract(
            world.contracts.notary, promise, log_odds, terms, delivered_mw=round(1000 * contract.delivered_gw)
        )
    )
    text = f"{contract.customer} signs for {contract.capacity_gw:g} GW from {contract.provider}"
    _publish(world, entered, contract.announced, text, contract.customer)


def _enter_milestone(world: World, milestone: schema.MilestoneInvestment) -> None:
    """A milestone investment: the investor's shareholders capitalise the chip sales it promises."""
    profit = milestone.chips_usd_per_gw * milestone.capacity_gw * _margin(world, milestone.investor) / milestone.years
    amount_usd = milestone.amount_usd_per_gw * milestone.capacity_gw
    instrument = Instrument(milestone.instrument.value)
    promise = Promise(
        name=milestone.name,
        payer=milestone.investor,
        payee=milestone.investee,
        beneficiary=milestone.investor,
        instrument=instrument,
        announced_cents=round(100 * milestone.amount_usd_per_gw * milestone.capacity_gw),
        profit_usd_per_year=world.beliefs.in_own_earnings(milestone.investor, profit),
        capacity_mw=round(1000 * milestone.capacity_gw),
    )
    log_odds = _odds(world, instrument, milestone.investor, amount_usd)
    entered = world.contracts.enter(MilestoneInvestment(world.contracts.notary, promise, log_odds, milestone))
    sum_bn = promise.announced_cents / 1e11
    text = f"{milestone.investor} to invest up to {sum_bn:g} bn USD in {milestone.investee}"
    _publish(world, entered, milestone.announced, text, milestone.investee)


def _enter_ticket(world: World, ticket: EquityTicketTerms) -> None:
    """A subscription of a lab's shares: what it may replace has been entered before."""
    contracts, instrument = world.contracts, Instrument(ticket.instrument.value)
    promise = Promise(
        name=ticket.name,
        payer=ticket.investor,
        payee=ticket.investee,
        beneficiary=ticket.investor,
        instrument=instrument,
        announced_cents=cents(ticket.amount_usd),
    )
    replaced = next((m for m in contracts.kind(MilestoneInvestment) if m.name == ticket.replaces), None)
    log_odds = _odds(world, instrument, ticket.investor, ticket.amount_usd)
    issuer = world.cast.lab_by_name[ticket.investee]
    entered = contracts.enter(
        EquityTicket(contracts.notary, promise, log_odds, ticket, issuer=issuer, replaces=replaced)
    )
    text = f"{ticket.investor} subscribes {ticket.amount_usd / 1e9:g} bn USD of {ticket.investee}'s shares"
    _publish(world, entered, ticket.announced, text, ticket.investee)


def _enter_plan(world: World, plan: schema.BuildPlan) -> None:
    """A building plan for customers of the builder's own: its shareholders capitalise the profit of full use."""
    yearly = plan.capacity_gw * plan.price_usd_per_gw_year
    instrument = Instrument(plan.instrument.value)
    promise = Promise(
        name=plan.name,
        payer=plan.provider,
        payee=plan.provider,
        beneficiary=plan.provider,
        instrument=instrument,
        announced_cents=round(100 * yearly * plan.years),
        capacity_mw=round(1000 * plan.capacity_gw),
    )
    start = 0 if plan.announced is None else world.clock.day_of(plan.announced)
    provider = world.cast.cloud_by_name[plan.provider]
    terms = CapacityTerms(
        customer=plan.provider,
        customer_account=provider.account,
        provider=plan.provider,
        provider_account=provider.account,
        price_usd_per_mw_year=plan.price_usd_per_gw_year / 1000,
        build_gw_per_year_max=provider.facts.build_gw_per_year_max,
        build_months=provider.facts.build_months,
        first_service_month=start // DAYS_PER_MONTH,
        term_months=_months(plan.years),
        supplies=world.contracts.supplies.of(plan.provider),
    )
    notary, log_odds = world.contracts.notary, _odds(world, instrument)
    entered = world.contracts.enter(BuildPlan(notary, promise, log_odds, terms, plan=plan))
    text = f"{plan.provider} plans {plan.capacity_gw:g} GW for customers of its own"
    _publish(world, entered, plan.announced, text, "")


def _enter_loan(world: World, loan: schema.VendorLoan) -> None:
    """A vendor's line to a customer: the vendor's shareholders capitalise the sales that it pays for."""
    sales = (loan.committed_usd - loan.drawn_usd) * (1 - loan.general_share)
    instrument = Instrument(loan.instrument.value)
    promise = Promise(
        name=loan.name,
        payer=loan.lender,
        payee=loan.borrower,
        beneficiary=loan.lender,
        instrument=instrument,
        announced_cents=round(100 * loan.committed_usd),
        profit_usd_per_year=_margin(world, loan.lender) * sales / (loan.draw_months / 12),
    )
    notary, log_odds = world.contracts.notary, _odds(world, instrument)
    entered = world.contracts.enter(VendorLoan(notary, promise, log_odds, loan))
    text = f"{loan.lender} lends {loan.borrower} up to {loan.committed_usd / 1e9:g} bn USD to buy from it"
    _publish(world, entered, loan.announced, text, loan.borrower)


def _margin(world: World, name: str) -> float:
    """Net profit per dollar of a firm's chip sales; 0 of a firm that makes none."""
    firm = world.cast.listed_by_name[name]
    return firm.facts.net_margin if isinstance(firm, ChipMaker) else 0.0


def _enter_news(world: World, news: schema.NewsItem) -> None:
    """A scheduled announcement of another kind: guidance, for example, believed as guidance is."""
    instrument = Instrument(news.instrument.value)
    contract = None
    if news.profit_usd_per_year:
        promise = Promise(
            name=news.text,
            payer=news.firm,
            payee=news.firm,
            beneficiary=news.firm,
            instrument=instrument,
            announced_cents=round(100 * news.amount_usd),
            profit_usd_per_year=world.beliefs.in_own_earnings(news.firm, news.profit_usd_per_year),
        )
        log_odds = _odds(world, instrument, news.firm, news.amount_usd)
        contract = world.contracts.enter(Guidance(world.contracts.notary, promise, log_odds))
    item = world.chronicle.announcements.schedule(
        world.clock.day_of(news.announced),
        Draft(
            firm=news.firm,
            instrument=instrument,
            text=news.text,
            announced_cents=round(100 * news.amount_usd),
            direction=news.direction,
            counterparty=news.counterparty or "",
            commitment=contract.number if contract is not None else -1,
            endorsed=news.firm if news.role is schema.Role.INVESTEE else "",
            prior_similar_90d=news.prior_similar_90d,
        ),
    )
    if contract is not None:
        contract.to_be_announced(item.number)


def _schedule_debt(world: World, debt: schema.Obligation) -> None:
    """A plain debt of the scenario falls due on its day."""
    journal = world.books.journal
    bill = Bill(journal.account(debt.payer), journal.account(debt.payee), cents(debt.amount_usd), Cause.OBLIGATION)
    world.contracts.bills.add_for(debt.due_day, bill)
