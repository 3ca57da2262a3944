"""Operate: revenue and running costs every day; building phases, chip orders, deliveries and service month by month."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..agents.chip_maker import ChipMaker
from ..agents.cloud import CloudProvider
from ..agents.commitments import Buildout, Phase, Status
from ..agents.lab import AiLab
from ..agents.listed_firm import ListedFirm
from ..engine.calendar import DAYS_PER_YEAR
from ..engine.chance import Decision, normal
from ..ledger.causes import Cause
from ..narrative.credibility import Evidence
from .beliefs import set_status
from .promises import revalue_promises

if TYPE_CHECKING:
    from ..model import CarouselModel


def operate(model: CarouselModel) -> None:
    """A day of business outside finance; on the last day of a month also a month of building."""
    for lab in model.labs:
        _run_lab(model, lab)
    for firm in model.listed:
        _run_listed(model, firm)
    for cloud in model.clouds:
        _serve_own(model, cloud)
    if model.is_month_end:
        for chip_maker in model.chip_makers:
            chip_maker.supply_left_mw = (
                chip_maker.supply_mw_per_month(model.day) + max(0.0, chip_maker.supply_left_mw) % 1.0
            )
        for cloud in model.in_keyed_order(model.clouds):
            _build(model, cloud)
        model.dues.refresh_owed()
        revalue_promises(model)


def _run_lab(model: CarouselModel, lab: AiLab) -> None:
    """The lab's day: run-rate moves, customers pay, the revenue share and running costs are paid or fall due."""
    lab.grow(model.day, normal(model.seed, Decision.LAB_REVENUE, model.day, lab.slot))
    revenue_usd = lab.run_rate_usd_per_year / DAYS_PER_YEAR
    model.collect(model.ai_customers, lab.account, lab.revenue_carry.take(100 * revenue_usd), Cause.REVENUE_AI)
    share = lab.share_carry.take(100 * revenue_usd * lab.facts.revenue_share)
    model.pay_or_owe(lab.account, lab.payee_account, share, Cause.REVENUE_SHARE)
    costs = lab.cost_carry.take(100 * lab.costs_usd_per_year(model.day) / DAYS_PER_YEAR)
    if lab.is_defaulted:
        costs = min(costs, lab.cash_cents)
    model.pay_or_owe(lab.account, model.suppliers, costs, Cause.RUNNING_COSTS)


def _run_listed(model: CarouselModel, firm: ListedFirm) -> None:
    """A listed firm's business outside the circle, and the operation of capacity it has in service."""
    facts = firm.facts
    growth = firm.growth_factor(model.day) / DAYS_PER_YEAR
    carries = model.carries[firm.index]
    if facts.revenue_usd_per_year:
        received = carries[0].take(100 * facts.revenue_usd_per_year * growth)
        model.collect(model.other_customers, firm.account, received, Cause.REVENUE_OTHER)
    if facts.costs_usd_per_year:
        model.pay_or_owe(
            firm.account, model.suppliers, carries[1].take(100 * facts.costs_usd_per_year * growth), Cause.RUNNING_COSTS
        )
    if isinstance(firm, CloudProvider) and firm.buildouts:
        relet_usd, megawatts = 0.0, 0
        for build in firm.buildouts:
            megawatts += build.delivered_mw + build.relet_mw
            relet_usd += build.relet_mw * build.price_usd_per_mw_year
        relet_usd *= 1 - model.behaviour.relet_discount
        operating_usd = megawatts * facts.operating_cost_usd_per_gw_year / 1000  # type: ignore[attr-defined]
        if relet_usd:
            model.collect(
                model.other_customers,
                firm.account,
                carries[2].take(100 * relet_usd / DAYS_PER_YEAR),
                Cause.REVENUE_OTHER,
            )
        model.pay_or_owe(
            firm.account, model.suppliers, carries[3].take(100 * operating_usd / DAYS_PER_YEAR), Cause.OPERATION
        )


def _serve_own(model: CarouselModel, cloud: CloudProvider) -> None:
    """A day of the capacity built for customers of the builder's own: they use and pay what they want of it."""
    for build in cloud.buildouts:
        if build.is_own:
            demand = model.own_demand[build.contract]
            demand.grow(model.day, normal(model.seed, Decision.PLAN_DEMAND, model.day, demand.slot))
            revenue_usd = demand.revenue_usd_per_year(build.delivered_mw) / DAYS_PER_YEAR
            model.collect(
                model.other_customers, cloud.account, demand.carry.take(100 * revenue_usd), Cause.REVENUE_OTHER
            )


def _build(model: CarouselModel, cloud: CloudProvider) -> None:
    """A month of one cloud's building: new phases, orders, deliveries, capacity into service."""
    month = model.month
    for build in cloud.buildouts:
        build.billable_mw = build.delivered_mw
        if build.is_own:
            build.wanted_mw = model.own_demand[build.contract].wanted_mw(model.day, cloud.facts.build_months)
    for build, phase in cloud.plan_starts(month):
        build.phases.append(phase)
        model.note("build_started", agent=cloud.name, counterparty=build.customer, detail=f"{phase.megawatts} MW")
    for build in cloud.buildouts:
        for phase in list(build.phases):
            _advance(model, cloud, build, phase, month)


def _advance(model: CarouselModel, cloud: CloudProvider, build: Buildout, phase: Phase, month: int) -> None:
    """One phase, one month on: progress paid, chips ordered, delivered if supply allows, capacity into service."""
    if cloud.is_defaulted:
        if phase.has_chips and month >= phase.service_month:  # its estate finishes what has its chips, to let it
            build.phases.remove(phase)
            _into_service(model, cloud, build, phase)
        return
    if model.dues.late_cents(cloud.account):
        phase.service_month += 1  # suppliers who are not paid do not build
        return
    months = max(1, phase.service_month - phase.start_month)
    if phase.months_paid < months:
        model.dues.owe_construction(cloud, build, phase, months)
    if not phase.is_ordered and month >= phase.order_month:
        phase.is_ordered = True
        _place_order(model, cloud, build, phase)
    if phase.is_ordered and not phase.has_chips and month >= phase.service_month - 1:
        _deliver_chips(model, cloud, build, phase)
        if not phase.has_chips:
            phase.service_month += 1
            return
    if phase.has_chips and month >= phase.service_month and phase.months_paid >= months:
        build.phases.remove(phase)
        _into_service(model, cloud, build, phase)


def _place_order(model: CarouselModel, cloud: CloudProvider, build: Buildout, phase: Phase) -> None:
    """Chips are ordered: from here the purchase cannot be cancelled, and letters of intent look better founded."""
    for supply in model.supplies_of(cloud.name):
        cents = round(supply.chips_usd_per_gw * supply.share * phase.megawatts / 10)
        model.note(
            "order_placed",
            agent=cloud.name,
            counterparty=supply.supplier,
            cents=cents,
            detail=f"chips for {phase.megawatts} MW",
        )
        for commitment in model.milestone_commitments(supply.supplier, build.customer):
            model.beliefs.learn(commitment, Evidence.PAID_ON_TIME, model.behaviour)


def _deliver_chips(model: CarouselModel, cloud: CloudProvider, build: Buildout, phase: Phase) -> None:
    """Deliver and invoice as many of a phase's chips as every supplier has left this month; the rest comes later."""
    supplies = model.supplies_of(cloud.name)
    makers: list[ChipMaker] = [model.chip_maker_by_name[s.supplier] for s in supplies]
    ready = [int(m.supply_left_mw / s.share + 1e-9) for m, s in zip(makers, supplies, strict=True)]
    before = phase.chips_delivered_mw
    phase.chips_delivered_mw = min([phase.megawatts, *(before + each for each in ready)])
    for maker, supply in zip(makers, supplies, strict=True):
        maker.supply_left_mw -= (phase.chips_delivered_mw - before) * supply.share
        model.dues.owe_chips(cloud, maker, build, supply, before, phase.chips_delivered_mw)
    if not phase.has_chips:
        missing = phase.megawatts - phase.chips_delivered_mw
        makers_text = ", ".join(m.name for m in makers)
        model.note("delivery_late", agent=cloud.name, counterparty=makers_text, detail=f"{missing} MW")
        model.beliefs.learn(model.beliefs.commitments[build.contract], Evidence.LATE, model.behaviour, 0.25)


def _into_service(model: CarouselModel, cloud: CloudProvider, build: Buildout, phase: Phase) -> None:
    """Capacity goes into service: to the lab that ordered it, or to whoever rents it when the contract is gone."""
    contract = model.beliefs.commitments[build.contract]
    if not contract.is_alive and not build.is_own:
        build.relet_mw += phase.megawatts
        return
    build.delivered_mw += phase.megawatts
    if build.end_month is None and not build.is_own:
        build.end_month = model.month + build.term_months
    contract.delivered_mw = build.delivered_mw
    if not contract.is_alive:
        return
    if contract.status in (Status.BINDING, Status.RENEGOTIATED):
        set_status(model, contract, Status.DELIVERING)
    model.note("delivered", agent=cloud.name, counterparty=build.customer, detail=f"{phase.megawatts} MW in service")
    model.beliefs.learn(contract, Evidence.DELIVERED, model.behaviour)
    equipped = [(supply.supplier, supply.share) for supply in model.supplies_of(cloud.name)]
    for investor, share in (*equipped, (cloud.name, 1.0)):
        for commitment in model.milestone_commitments(investor, build.customer):
            model.deployed_mw[commitment.number] += phase.megawatts * share
            commitment.delivered_mw = int(model.deployed_mw[commitment.number])
            model.beliefs.learn(commitment, Evidence.DELIVERED, model.behaviour)
