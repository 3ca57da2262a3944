"""Fund: private rounds and capital calls, milestone tranches, bond issues and share sales, once a month."""

from __future__ import annotations

import math

from ..agents.boards import decide_due_tranche
from ..agents.lab import AiLab, LabNeeds
from ..contracts.capital_call import CallTerms, CapitalCall
from ..contracts.milestone import MilestoneInvestment, TrancheChoice
from ..contracts.promise import in_bn
from ..engine.calendar import DAYS_PER_QUARTER
from ..ledger.causes import Cause
from ..market.rounds import RoundAsk, RoundResult, RoundStatus, run_round
from ..narrative.announcements import Draft, Instrument
from ..narrative.chronicle import Happening
from ..narrative.credibility import Evidence
from .fund_clouds import fund_cloud
from .list_labs import list_labs
from .payments import collect
from .world import World


def raise_funds(world: World) -> None:
    """A month's financing. Savers' money arrives, rounds close, tranches are decided, clouds fund their building.

    A call with a day of its own is honoured on that day, and every month's end until its deadline.
    """
    is_month_end, today = world.clock.is_month_end, world.clock.day
    if is_month_end:
        _inflows(world)
    for call in list(world.contracts.calls):
        if call.terms.first_day == today or (is_month_end and call.terms.first_day < today):
            _honour(world, call)
    if not is_month_end:
        return
    list_labs(world)
    for lab in world.clock.in_keyed_order(world.cast.labs):
        _raise_round(world, lab)
    for milestone in list(world.contracts.kind(MilestoneInvestment)):
        if milestone.is_in_force:
            _decide_tranches(world, milestone)
    for cloud in world.clock.in_keyed_order(world.cast.clouds):
        fund_cloud(world, cloud)


def _inflows(world: World) -> None:
    """Savings and bank credit reach bond buyers; partners promise new money to investors while the mood lasts."""
    for buyer in world.cast.bond_buyers:
        if buyer.is_private_credit:
            buyer.receive_promises()
        else:
            collect(world, buyer.savers.account, buyer.account, buyer.inflow_cents_per_month, Cause.BOND_INFLOW)
    for investor in world.cast.venture_investors:
        investor.receive_promises()


def _honour(world: World, call: CapitalCall) -> None:
    """Pay a promised round: cash first, then partners, then listed stakes; what cannot be raised in time is lost."""
    terms, journal, chronicle = call.terms, world.books.journal, world.chronicle
    investor = world.cast.venture_by_account[terms.investor_account]
    lab = world.cast.lab_by_name[terms.lab]
    draw = investor.call_partners(call.left_cents)
    if draw:
        journal.post(investor.partners_account, investor.account, draw, Cause.CAPITAL_CALL)
    shares = min(call.left_cents, investor.cash_cents) // terms.price_cents
    paid = shares * terms.price_cents
    if paid:
        world.contracts.bills.paid_at_once(investor.account, lab.account, paid, Cause.ROUND)
        journal.post(investor.account, lab.account, paid, Cause.ROUND)
        world.books.registers.issue(lab.security, investor.account, shares)
        if terms.announcement >= 0:
            chronicle.announcements.pay(terms.announcement, paid)
        chronicle.note(Happening.CAPITAL_CALLED, agent=investor.name, counterparty=lab.name, cents=paid)
    call.pay(paid)
    if call.is_alive and world.clock.month >= terms.deadline_month:
        chronicle.note(Happening.CAPITAL_CALL_MISSED, agent=investor.name, counterparty=lab.name, cents=call.left_cents)
        call.miss()
    world.contracts.drop_ended_calls()
    investor.plan_sales()


def _raise_round(world: World, lab: AiLab) -> None:
    """A lab short of runway asks; investors bid; the price steps down while the book is short; the round may fail."""
    needs = lab.decide_raise()
    if needs is None:
        return
    if lab.is_listed:
        _sell_shares(world, lab, needs)
        return
    rules, fair = world.scenario_data.behaviour, lab.fair_price_cents()
    bids = [investor.decide_bid(lab, fair) for investor in world.cast.venture_investors]
    ask = RoundAsk(
        wanted_cents=needs.wanted_cents,
        price_cents_per_share=needs.price_cents_per_share,
        step=rules.round_price_step,
        steps_max=rules.round_price_steps_max,
        min_placement=rules.round_placement_min,
    )
    result = run_round(ask, [bid for bid in bids if bid is not None], last_price_cents=lab.price_cents)
    if result.status is RoundStatus.FAILED:
        _round_failed(world, lab, needs)
    else:
        _round_closed(world, lab, needs, result)


def _sell_shares(world: World, lab: AiLab, needs: LabNeeds) -> None:
    """A listed lab offers new shares in the auctions of the next months, instead of a round."""
    cents = lab.sell_shares(needs.wanted_cents, world.clock.day + DAYS_PER_QUARTER)
    detail = f"runway {needs.runway_months:.1f} months"
    world.chronicle.note(Happening.SHARE_ISSUE, agent=lab.name, cents=cents, detail=detail)


def _round_failed(world: World, lab: AiLab, needs: LabNeeds) -> None:
    """Nobody fills the book: the lab tries again in a quarter, and everybody knows."""
    lab.round_failed(world.clock.day + DAYS_PER_QUARTER)
    detail = f"runway {needs.runway_months:.1f} months"
    world.chronicle.note(Happening.ROUND_FAILED, agent=lab.name, cents=needs.wanted_cents, detail=detail)
    for contract in world.contracts.of(lab.name):
        contract.learn(Evidence.LATE)
    text = f"{lab.name} fails to raise {in_bn(needs.wanted_cents):.1f} bn USD"
    world.chronicle.announce_tomorrow(
        Draft(firm=lab.name, instrument=Instrument.EQUITY, text=text, announced_cents=needs.wanted_cents, direction=-1)
    )
    if lab.wants_relief(needs.runway_months):
        _ask_relief(world, lab)


def _ask_relief(world: World, lab: AiLab) -> None:
    """A lab that finds no money asks the provider of its largest open contract to cut what is not yet being built."""
    open_ = [contract for contract in world.contracts.compute_of(lab.name) if contract.remaining_mw > 0]
    if open_:
        max(open_, key=lambda contract: contract.remaining_mw).renegotiate(is_relief=True)


def _round_closed(world: World, lab: AiLab, needs: LabNeeds, result: RoundResult) -> None:
    """The round is announced at once; its money comes from calls over the next months."""
    chronicle, allotments = world.chronicle, dict(result.allotments)
    total, price_cents, is_down = sum(allotments.values()), result.price_cents, result.status is RoundStatus.DOWN
    markup = math.log(price_cents / lab.price_cents)
    text = f"{lab.name} raises {in_bn(total):.1f} bn USD ({result.status.value} round)"
    direction = -1 if is_down else 1
    item = chronicle.announce_tomorrow(
        Draft(firm=lab.name, instrument=Instrument.EQUITY, text=text, announced_cents=total, direction=direction)
    )
    change = price_cents / lab.price_cents - 1
    detail = f"wanted {in_bn(needs.wanted_cents):.1f} bn, price {change:+.0%}"
    kind = Happening.DOWN_ROUND if is_down else Happening.ROUND_CLOSED
    chronicle.note(kind, agent=lab.name, cents=total, detail=detail)
    lab.round_closed(price_cents, world.clock.day + DAYS_PER_QUARTER)
    deadline = world.clock.month + world.scenario_data.behaviour.call_patience_months
    for account, cents in allotments.items():
        investor = world.cast.venture_by_account[account]
        investor.mark_up(markup)
        chronicle.announcements.commit(item.number, cents)
        terms = CallTerms(
            investor=investor.name,
            investor_account=account,
            lab=lab.name,
            cents=cents,
            price_cents=price_cents,
            announcement=item.number,
            deadline_month=deadline,
        )
        _honour(world, world.contracts.enter_call(CapitalCall(terms)))


def _decide_tranches(world: World, milestone: MilestoneInvestment) -> None:
    """Another GW is deployed with the investor's chips: its board pays the tranche, cuts it, waits, or walks away."""
    investor = world.cast.listed_by_name[milestone.payer]
    while milestone.has_tranche_due:
        due = milestone.due_cents
        decision = decide_due_tranche(investor, milestone, world.cast.sight)
        if decision.choice is TrancheChoice.WAIT:
            world.chronicle.note(
                Happening.MILESTONE_WAITS, agent=investor.name, counterparty=milestone.payee, cents=due
            )
            return
        milestone.decide()
        if decision.choice is TrancheChoice.CANCEL:
            milestone.end(due)
            return
        _pay_tranche(world, milestone, decision.cents, decision.choice)
    milestone.end_if_complete()
    if milestone.is_alive and world.contracts.has_lapsed(milestone):
        milestone.lapse()


def _pay_tranche(world: World, milestone: MilestoneInvestment, cents: int, choice: TrancheChoice) -> None:
    """The tranche buys shares of the lab at its last price: here a supplier's cent starts its next lap."""
    investor, lab = world.cast.listed_by_name[milestone.payer], world.cast.lab_by_name[milestone.payee]
    shares = cents // lab.price_cents
    paid = shares * lab.price_cents
    if not paid:
        return
    step = world.contracts.lap_step(investor.name, lab.name)
    world.books.journal.post(investor.account, lab.account, paid, Cause.MILESTONE, milestone.number, step)
    world.books.registers.issue(lab.security, investor.account, shares)
    milestone.tranche_paid(paid, choice)
