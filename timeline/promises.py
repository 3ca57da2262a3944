"""What has been promised before the start or will be announced: commitments, their announcements, their buildouts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..agents.cloud import CloudProvider
from ..agents.commitments import BUILDS, Buildout, Commitment, Status
from ..agents.own_demand import OwnDemand
from ..engine.calendar import DAYS_PER_MONTH, DAYS_PER_YEAR, day_of
from ..narrative.announcements import Announcement, Draft, Instrument
from ..narrative.credibility import credibility, start_log_odds
from ..narrative.valuation import deal_multiple
from ..scenarios.schema import (
    BuildPlan,
    ChipSupply,
    ComputeContract,
    Guarantee,
    MilestoneInvestment,
    NewsItem,
    Role,
    Scenario,
    VendorLoan,
)
from .dues import chip_cost_cents, schedule_obligation

if TYPE_CHECKING:
    from ..model import CarouselModel

FADE_MONTHS = 24
"""Months before the end of a compute contract from which its profit is capitalised less and less (assumed)."""
FADE_SHARE = 0.4
"""Share of a milestone investment still to come below which its profit is capitalised less and less (assumed)."""


def enter(model: CarouselModel, scenario: Scenario) -> None:
    """Enter all contracts, milestone investments and news of a scenario; plain obligations fall due on their day."""
    for contract in scenario.contract:
        _enter_contract(model, contract)
    for milestone in scenario.milestone:
        _enter_milestone(model, milestone)
    for plan in scenario.build_plan:
        _enter_plan(model, plan)
    for loan in scenario.vendor_loan:
        _enter_loan(model, loan)
    for guarantee in scenario.guarantee:
        _enter_guarantee(model, guarantee)
    for news in scenario.news:
        _enter_news(model, news)
    for debt in scenario.obligation:
        schedule_obligation(model, debt)
    model.beliefs.promises_changed()


def _new(model: CarouselModel, **facts: object) -> Commitment:
    commitment = Commitment(number=len(model.beliefs.commitments), **facts)  # type: ignore[arg-type]
    commitment.opening_log_odds = commitment.log_odds
    model.beliefs.add(commitment)
    return commitment


def _size(model: CarouselModel, firm: str, announced_usd: float) -> float:
    """An announced sum over the value of the firm that has to make it true."""
    return announced_usd / max(1.0, model.firm_value_usd(firm))


def _in_own_earnings(model: CarouselModel, firm: str, profit_usd_per_year: float) -> float:
    """A deal's profit as earnings of its firm: what the multiple of deals makes of it, over the firm's own multiple."""
    listed = model.listed_by_name.get(firm)
    if listed is None:
        return profit_usd_per_year
    own = float(model.beliefs.price_earnings[listed.index])
    market, reversion = model.beliefs.market_price_earnings, model.behaviour.multiple_reversion
    return profit_usd_per_year * deal_multiple(own, market, reversion) / own


def _publish(model: CarouselModel, commitment: Commitment, when: object, text: str, firm: str, other: str) -> None:
    """Put a promise on the calendar; one known before the start is in the price, and its profit leaves base
    earnings."""
    if when is None:
        _known_before(model, commitment)
        return
    item: Announcement = model.announcements.schedule(
        day_of(model.dates_ahead, when),  # type: ignore[arg-type]
        Draft(
            firm=firm,
            counterparty=other,
            instrument=Instrument(commitment.instrument),
            text=text,
            announced_cents=commitment.announced_cents,
            commitment=commitment.number,
            endorsed=commitment.payee if commitment.kind == "milestone" else "",
        ),
    )
    commitment.announcement = item.number


def _known_before(model: CarouselModel, commitment: Commitment) -> None:
    """The opening price holds this promise already: move its believed profit out of base earnings, so that V stays
    P."""
    commitment.is_public = True
    commitment.profit_usd_per_year = model.announced_profit_usd[commitment.number]
    node = model.beliefs.node_of.get(commitment.beneficiary)
    if node is not None and node < len(model.listed):
        done = commitment.delivered_share
        believed = done + (1 - done) * credibility(commitment.log_odds, 0.0)
        model.beliefs.values_of_funds.take_out_of_earnings(node, believed * commitment.profit_usd_per_year)
    if commitment.kind in BUILDS or commitment.kind == "vendor_loan":
        commitment.committed_cents = commitment.announced_cents
        commitment.move(Status.DELIVERING if commitment.delivered_mw else Status.BINDING)
    if commitment.kind in BUILDS:
        model.open_buildout(commitment)


def _enter_contract(model: CarouselModel, contract: ComputeContract) -> None:
    """A compute contract: the provider's shareholders capitalise its profit at full run-rate."""
    yearly = contract.capacity_gw * contract.price_usd_per_gw_year
    commitment = _new(
        model,
        name=contract.name,
        kind="compute",
        payer=contract.customer,
        payee=contract.provider,
        beneficiary=contract.provider,
        instrument=contract.instrument.value,
        log_odds=start_log_odds(
            Instrument(contract.instrument.value),
            model.behaviour,
            _size(model, contract.provider, yearly * contract.years),
        ),
        profit_usd_per_year=0.0,
        contracted_mw=round(1000 * contract.capacity_gw),
        announced_cents=round(100 * yearly * contract.years),
        delivered_mw=round(1000 * contract.delivered_gw),
    )
    profit = _in_own_earnings(model, contract.provider, yearly * contract.net_margin)
    model.announced_profit_usd[commitment.number] = profit
    start = 0 if contract.announced is None else day_of(model.dates_ahead, contract.announced)
    first = 0 if contract.first_service is None else day_of(model.dates_ahead, contract.first_service)
    service = max(first // DAYS_PER_MONTH, start // DAYS_PER_MONTH)
    model.buildouts[commitment.number] = Buildout(
        contract=commitment.number,
        customer=contract.customer,
        provider=contract.provider,
        price_usd_per_mw_year=contract.price_usd_per_gw_year / 1000,
        contracted_mw=commitment.contracted_mw,
        first_service_month=service,
        term_months=round(contract.years * DAYS_PER_YEAR / DAYS_PER_MONTH),
        end_month=round(contract.years * DAYS_PER_YEAR / DAYS_PER_MONTH) if commitment.delivered_mw else None,
        delivered_mw=commitment.delivered_mw,
    )
    text = f"{contract.customer} signs for {contract.capacity_gw:g} GW from {contract.provider}"
    _publish(model, commitment, contract.announced, text, contract.provider, contract.customer)


def _enter_milestone(model: CarouselModel, milestone: MilestoneInvestment) -> None:
    """A milestone investment: the investor's shareholders capitalise the chip sales it promises."""
    margin = getattr(model.listed_by_name[milestone.investor].facts, "net_margin", 0.0)
    profit = milestone.chips_usd_per_gw * milestone.capacity_gw * margin / milestone.years
    commitment = _new(
        model,
        name=milestone.name,
        kind="milestone",
        payer=milestone.investor,
        payee=milestone.investee,
        beneficiary=milestone.investor,
        instrument=milestone.instrument.value,
        log_odds=start_log_odds(
            Instrument(milestone.instrument.value),
            model.behaviour,
            _size(model, milestone.investor, milestone.amount_usd_per_gw * milestone.capacity_gw),
        ),
        profit_usd_per_year=0.0,
        contracted_mw=round(1000 * milestone.capacity_gw),
        announced_cents=round(100 * milestone.amount_usd_per_gw * milestone.capacity_gw),
    )
    model.announced_profit_usd[commitment.number] = _in_own_earnings(model, milestone.investor, profit)
    model.milestone_terms[commitment.number] = milestone
    model.deployed_mw[commitment.number] = 1000 * milestone.deployed_gw
    commitment.delivered_mw = round(1000 * milestone.deployed_gw)
    model.tranches_decided[commitment.number] = int(milestone.deployed_gw)
    text = f"{milestone.investor} to invest up to {commitment.announced_cents / 1e11:g} bn USD in {milestone.investee}"
    _publish(model, commitment, milestone.announced, text, milestone.investor, milestone.investee)


def _enter_plan(model: CarouselModel, plan: BuildPlan) -> None:
    """A building plan for customers of the builder's own: its shareholders capitalise the profit of full use."""
    yearly = plan.capacity_gw * plan.price_usd_per_gw_year
    commitment = _new(
        model,
        name=plan.name,
        kind="build_plan",
        payer=plan.provider,
        payee=plan.provider,
        beneficiary=plan.provider,
        instrument=plan.instrument.value,
        log_odds=start_log_odds(Instrument(plan.instrument.value), model.behaviour),
        profit_usd_per_year=0.0,
        contracted_mw=round(1000 * plan.capacity_gw),
        announced_cents=round(100 * yearly * plan.years),
        delivered_mw=round(1000 * plan.delivered_gw),
    )
    demand = model.own_demand[commitment.number] = OwnDemand.open(plan, commitment.number)
    model.announced_profit_usd[commitment.number] = demand.profit_usd_per_year(0, commitment.delivered_mw)
    start = 0 if plan.announced is None else day_of(model.dates_ahead, plan.announced)
    model.buildouts[commitment.number] = Buildout(
        contract=commitment.number,
        customer=plan.provider,
        provider=plan.provider,
        price_usd_per_mw_year=plan.price_usd_per_gw_year / 1000,
        contracted_mw=commitment.contracted_mw,
        first_service_month=start // DAYS_PER_MONTH,
        term_months=round(plan.years * DAYS_PER_YEAR / DAYS_PER_MONTH),
        delivered_mw=commitment.delivered_mw,
        is_own=True,
    )
    text = f"{plan.provider} plans {plan.capacity_gw:g} GW for customers of its own"
    _publish(model, commitment, plan.announced, text, plan.provider, "")


def _enter_loan(model: CarouselModel, loan: VendorLoan) -> None:
    """A vendor's line to a customer: the vendor's shareholders capitalise the sales that it pays for."""
    margin = getattr(model.listed_by_name[loan.lender].facts, "net_margin", 0.0)
    commitment = _new(
        model,
        name=loan.name,
        kind="vendor_loan",
        payer=loan.lender,
        payee=loan.borrower,
        beneficiary=loan.lender,
        instrument=loan.instrument.value,
        log_odds=start_log_odds(Instrument(loan.instrument.value), model.behaviour),
        profit_usd_per_year=0.0,
        contracted_mw=0,
        announced_cents=round(100 * loan.committed_usd),
        paid_cents=round(100 * loan.drawn_usd),
    )
    sales = (loan.committed_usd - loan.drawn_usd) * (1 - loan.general_share)
    model.announced_profit_usd[commitment.number] = margin * sales / (loan.draw_months / 12)
    model.loans.open_loan(loan, commitment.number)
    text = f"{loan.lender} lends {loan.borrower} up to {loan.committed_usd / 1e9:g} bn USD to buy from it"
    _publish(model, commitment, loan.announced, text, loan.lender, loan.borrower)


def _enter_guarantee(model: CarouselModel, guarantee: Guarantee) -> None:
    """A guarantee is known from the start; nobody's profit hangs on it."""
    commitment = _new(
        model,
        name=guarantee.name,
        kind="guarantee",
        payer=guarantee.guarantor,
        payee=guarantee.issuer,
        beneficiary="",
        instrument=Instrument.CONTRACT.value,
        log_odds=start_log_odds(Instrument.CONTRACT, model.behaviour),
        profit_usd_per_year=0.0,
        contracted_mw=0,
        announced_cents=round(100 * guarantee.limit_usd),
        is_public=True,
        status=Status.BINDING,
    )
    model.loans.open_guarantee(guarantee, commitment.number)


def _enter_news(model: CarouselModel, news: NewsItem) -> None:
    """A scheduled announcement of another kind: guidance, for example, believed as guidance is."""
    number = -1
    if news.profit_usd_per_year:
        commitment = _new(
            model,
            name=news.text,
            kind="guidance",
            payer=news.firm,
            payee=news.firm,
            beneficiary=news.firm,
            instrument=news.instrument.value,
            log_odds=start_log_odds(
                Instrument(news.instrument.value), model.behaviour, _size(model, news.firm, news.amount_usd)
            ),
            profit_usd_per_year=0.0,
            contracted_mw=0,
            announced_cents=round(100 * news.amount_usd),
        )
        model.announced_profit_usd[commitment.number] = _in_own_earnings(model, news.firm, news.profit_usd_per_year)
        number = commitment.number
    item = model.announcements.schedule(
        day_of(model.dates_ahead, news.announced),
        Draft(
            firm=news.firm,
            instrument=Instrument(news.instrument.value),
            text=news.text,
            announced_cents=round(100 * news.amount_usd),
            direction=news.direction,
            counterparty=news.counterparty or "",
            commitment=number,
            endorsed=news.firm if news.role is Role.INVESTEE else "",
            prior_similar_90d=news.prior_similar_90d,
        ),
    )
    if number >= 0:
        model.beliefs.commitments[number].announcement = item.number


def revalue_promises(model: CarouselModel) -> None:
    """Once a month: what is left of every promise's life, and what chip makers will earn on open orders."""
    for commitment in model.beliefs.commitments:
        if commitment.is_alive and commitment.is_public:
            if commitment.kind == "build_plan":
                demand = model.own_demand[commitment.number]
                commitment.profit_usd_per_year = demand.profit_usd_per_year(model.day, commitment.delivered_mw)
            commitment.life_left = _life_left(model, commitment)
    for cloud in model.clouds:
        for supply in model.supplies_of(cloud.name):
            _revalue_orders(model, cloud, supply)
    model.beliefs.promises_changed()


def _life_left(model: CarouselModel, commitment: Commitment) -> float:
    """1 while the end is far, then a straight line to 0: the capitalisation error unwinds as it is noticed."""
    if commitment.kind == "compute":
        end = model.buildout_of(commitment.number).end_month
        return 1.0 if end is None else max(0.0, min(1.0, (end - model.month) / FADE_MONTHS))
    if commitment.kind == "milestone":
        return min(1.0, (1 - commitment.delivered_share) / FADE_SHARE)
    if commitment.kind == "vendor_loan":
        loan = model.loans.by_number[commitment.number]
        return min(1.0, loan.undrawn_cents / (FADE_SHARE * loan.committed_cents)) if loan.committed_cents else 0.0
    return 1.0


def _revalue_orders(model: CarouselModel, cloud: CloudProvider, supply: ChipSupply) -> None:
    """What a chip maker will earn on chips ordered and not yet delivered, less what a letter of intent covers.

    An order is filled once: its profit is not capitalised, so it enters earnings divided by the multiple.
    """
    customers = {build.customer for build in cloud.buildouts}
    covered = {name for name in customers if model.milestone_commitments(supply.supplier, name)}
    is_lent_for = model.lends_for(supply.supplier, cloud.name)
    open_cents = sum(
        chip_cost_cents(supply, phase.megawatts) - chip_cost_cents(supply, phase.chips_delivered_mw)
        for build in cloud.buildouts
        if build.customer not in covered and not is_lent_for
        for phase in build.phases
        if phase.is_ordered and not phase.has_chips
    )
    commitment = next(
        (
            c
            for c in model.beliefs.commitments_of(cloud.name)
            if c.kind == "order" and (c.payer, c.payee) == (cloud.name, supply.supplier)
        ),
        None,
    )
    if commitment is None:
        if not open_cents:
            return
        commitment = _new(
            model,
            name=f"{cloud.name}'s chip orders at {supply.supplier}",
            kind="order",
            payer=cloud.name,
            payee=supply.supplier,
            beneficiary=supply.supplier,
            instrument=Instrument.ORDER.value,
            log_odds=start_log_odds(Instrument.ORDER, model.behaviour),
            profit_usd_per_year=0.0,
            contracted_mw=0,
            announced_cents=0,
            is_public=True,
            status=Status.DELIVERING,
        )
    maker = model.chip_maker_by_name[supply.supplier]
    multiple = float(model.beliefs.price_earnings[maker.index])
    commitment.profit_usd_per_year = maker.facts.net_margin * open_cents / 100 / multiple
    commitment.committed_cents = open_cents
