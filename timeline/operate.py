"""Operate: revenue and running costs every day; building phases, chip orders, deliveries and service month by month."""

from __future__ import annotations

from ..agents.ai_demand import sales_of_labs
from ..agents.cloud import CloudProvider
from ..agents.lab import AiLab
from ..agents.listed_firm import ListedFirm
from ..contracts.capacity import CapacityContract
from ..contracts.chips_buyer import ChipsBuyer
from ..contracts.phase import Phase
from ..contracts.supply import bought, chip_cost_cents
from ..ledger.causes import Cause
from ..narrative.chronicle import Happening
from .customers import serve_customers
from .payments import collect, pay_or_owe
from .revalue import revalue_promises
from .world import World


def operate(world: World) -> None:
    """A day of business outside finance; on the last day of a month also a month of building."""
    for lab, sales in zip(world.cast.labs, sales_of_labs(world.cast.labs, world.scenario_data.behaviour), strict=True):
        _run_lab(world, lab, sales)
    for firm in world.cast.listed:
        _run_listed(world, firm)
    for cloud in world.cast.clouds:
        for plan in cloud.plans:
            collect(world, world.cast.other_customers, cloud.account, plan.serve_today(), Cause.REVENUE_OTHER)
    if world.clock.is_month_end:
        for maker in world.cast.chip_makers:
            maker.month_of_supply()
        for cloud in world.clock.in_keyed_order(world.cast.clouds):
            _build(world, cloud)
        for lab in world.cast.labs:
            for contract in lab.lets:
                contract.let_at_once()
        serve_customers(world)
        revalue_promises(world)


def _run_lab(world: World, lab: AiLab, sales_usd_per_year: float) -> None:
    """The lab's day: customers pay, the revenue share and running costs are paid or fall due."""
    today, cast = lab.sell(sales_usd_per_year), world.cast
    collect(world, cast.ai_customers, lab.account, today.revenue_cents, Cause.REVENUE_AI)
    pay_or_owe(world, lab.account, cast.payee_of(lab), today.shared_cents, Cause.REVENUE_SHARE)
    costs = min(today.costs_cents, lab.cash_cents) if lab.is_defaulted else today.costs_cents
    pay_or_owe(world, lab.account, cast.suppliers, costs, Cause.RUNNING_COSTS)


def _run_listed(world: World, firm: ListedFirm) -> None:
    """What a listed firm's business outside the circle leaves or lacks once it has paid its own costs, and the
    operation of capacity it has in service."""
    today, cast = firm.day_of_business(), world.cast
    if today.surplus_cents > 0:
        collect(world, cast.other_customers, firm.account, today.surplus_cents, Cause.REVENUE_OTHER)
    else:
        pay_or_owe(world, firm.account, cast.suppliers, -today.surplus_cents, Cause.RUNNING_COSTS)
    collect(world, cast.other_customers, firm.account, today.relet_cents, Cause.REVENUE_OTHER)
    pay_or_owe(world, firm.account, cast.suppliers, today.operation_cents, Cause.OPERATION)


def _build(world: World, cloud: CloudProvider) -> None:
    """A month of one cloud's building: new phases, orders, deliveries, capacity into service."""
    for contract in cloud.contracts:
        contract.month_begins()
    for contract, phase in cloud.plan_starts():
        contract.start(phase)
        if (chips_buyer := world.contracts.chips_buyer(contract, phase)) is not None:
            chips_buyer.take_on(contract, phase)
        world.chronicle.note(
            Happening.BUILD_STARTED,
            agent=cloud.name,
            counterparty=contract.terms.customer,
            detail=f"{phase.megawatts} MW",
        )
    for contract in cloud.contracts:
        for phase in list(contract.phases):
            _advance(world, cloud, contract, phase)


def _advance(world: World, cloud: CloudProvider, contract: CapacityContract, phase: Phase) -> None:
    """One phase, one month on: progress paid, chips ordered, delivered if supply allows, capacity into service."""
    month = world.clock.month
    if cloud.is_defaulted:
        if phase.has_chips and month >= phase.service_month:  # its estate finishes what has its chips, to let it
            _into_service(world, cloud, contract, phase)
        return
    if world.contracts.bills.late_cents(cloud.account):
        contract.delay(phase)  # suppliers who are not paid do not build
        return
    months = phase.months
    if phase.months_paid < months:
        contract.bill_construction(phase, world.cast.suppliers)
    if not phase.is_ordered and month >= phase.order_month:
        _place_order(world, cloud, contract, phase)
    if phase.awaits_chips and month >= phase.service_month - 1:
        _deliver_chips(world, cloud, contract, phase)
        if not phase.has_chips:
            contract.delay(phase)
            return
    if phase.has_chips and month >= phase.service_month and phase.months_paid >= months:
        _into_service(world, cloud, contract, phase)


def _place_order(world: World, cloud: CloudProvider, contract: CapacityContract, phase: Phase) -> None:
    """Chips are ordered, and letters of intent look better founded."""
    contract.order(phase)
    for maker, supply in bought(contract.terms.supplies):
        world.chronicle.note(
            Happening.ORDER_PLACED,
            agent=cloud.name,
            counterparty=maker,
            cents=chip_cost_cents(supply, phase.megawatts),
            detail=f"chips for {phase.megawatts} MW",
        )
        for promise in world.contracts.counted_for(maker, contract):
            promise.chips_ordered()


def _deliver_chips(world: World, cloud: CloudProvider, contract: CapacityContract, phase: Phase) -> None:
    """Deliver and invoice as many of a phase's chips as every chip maker has left this month, those of the cloud's own
    design from suppliers outside; the rest comes later."""
    supplies = contract.terms.supplies
    makers = {name: (world.cast.chip_maker_by_name[name], supply) for name, supply in bought(supplies)}
    ready = [int(maker.supply_left_mw / supply.share + 1e-9) for maker, supply in makers.values()]
    arriving = min([phase.megawatts - phase.chips_delivered_mw, *ready])
    for maker, supply in makers.values():
        maker.supply(arriving * supply.share)
    outside, before = world.cast.suppliers, phase.chips_delivered_mw
    accounts = [outside if s.supplier is None else makers[s.supplier][0].account for s in supplies]
    invoiced = list(zip(supplies, accounts, strict=True))
    contract.deliver(phase, arriving, invoiced)
    chips_buyer = world.contracts.by_number(phase.chips_buyer)
    if isinstance(chips_buyer, ChipsBuyer):
        chips_buyer.deliver(contract, phase, before, invoiced)
    if not phase.has_chips:
        missing = phase.megawatts - phase.chips_delivered_mw
        names = ", ".join(makers)
        world.chronicle.note(Happening.DELIVERY_LATE, agent=cloud.name, counterparty=names, detail=f"{missing} MW")
        contract.delivery_is_late()


def _into_service(world: World, cloud: CloudProvider, contract: CapacityContract, phase: Phase) -> None:
    """Capacity goes into service; where it was promised, its makers' and builder's milestones come nearer."""
    if not contract.put_into_service(phase):
        return
    customer, megawatts = contract.terms.customer, phase.megawatts
    world.chronicle.note(
        Happening.DELIVERED, agent=cloud.name, counterparty=customer, detail=f"{megawatts} MW in service"
    )
    contract.delivered_on_plan()
    equipped = [(maker, supply.share) for maker, supply in bought(contract.terms.supplies)]
    for investor, share in (*equipped, (cloud.name, 1.0)):
        for promise in world.contracts.counted_for(investor, contract):
            promise.deploy(megawatts * share)
