"""Fund: private rounds and capital calls, milestone tranches, bond issues and share sales, once a month."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..agents.commitments import Commitment, Status
from ..agents.lab import AiLab, LabNeeds
from ..agents.listed_firm import ListedFirm
from ..agents.milestones import TrancheChoice, decide_tranche
from ..agents.venture import VentureInvestor
from ..engine.calendar import DAYS_PER_QUARTER
from ..engine.chance import Decision, normal
from ..ledger.causes import Cause
from ..market.rounds import RoundAsk, RoundBid, RoundStatus, run_round
from ..narrative import credibility
from ..narrative.announcements import Instrument
from ..narrative.credibility import Evidence
from ..scenarios.schema import MilestoneInvestment
from .beliefs import set_status
from .cloud_funding import fund_cloud
from .dues import paid_under, renegotiate

if TYPE_CHECKING:
    from ..model import CarouselModel

INFLOW_APPETITE_MAX = 1.5
"""New promises of partners rise with appetite, up to half above what is usual."""
CALL_PATIENCE_MONTHS = 3
"""Months an investor has to raise a capital call by selling listed stakes."""


@dataclass(slots=True)
class CapitalCall:
    """What an investor has promised in a closed round and not yet paid."""

    investor: VentureInvestor
    lab: AiLab
    cents: int
    price_cents: int
    announcement: int
    deadline_month: int


def raise_funds(model: CarouselModel) -> None:
    """A month's financing. Savers' money arrives, rounds close, tranches are decided, clouds fund their building."""
    if not model.is_month_end:
        return
    _inflows(model)
    for call in list(model.capital_calls):
        _honour(model, call)
    for lab in model.in_keyed_order(model.labs):
        _raise_round(model, lab)
    for commitment in model.beliefs.commitments:
        if commitment.kind == "milestone" and commitment.is_alive and commitment.is_public:
            _milestone(model, commitment)
    for cloud in model.in_keyed_order(model.clouds):
        fund_cloud(model, cloud)


def _inflows(model: CarouselModel) -> None:
    """Savings and bank credit reach bond buyers; partners promise new money to investors while the sentiment lasts."""
    for buyer in model.bond_buyers:
        model.collect(
            buyer.savers_account, buyer.account, round(100 * buyer.facts.inflow_usd_per_year / 12), Cause.BOND_INFLOW
        )
    trend = model.ai_trend()
    for investor in model.venture_investors:
        promised = (
            investor.facts.dry_powder_inflow_usd_per_year / 12 * min(INFLOW_APPETITE_MAX, investor.appetite_now(trend))
        )
        investor.dry_powder_cents += round(100 * promised)


def _honour(model: CarouselModel, call: CapitalCall) -> None:
    """Pay a promised round: cash first, then partners, then listed stakes; what cannot be raised in time is lost."""
    journal, registers = model.books.journal, model.books.registers
    investor, lab = call.investor, call.lab
    draw = min(max(0, call.cents - investor.cash_cents), investor.dry_powder_cents)
    if draw:
        investor.dry_powder_cents -= draw
        journal.post(investor.partners_account, investor.account, draw, Cause.CAPITAL_CALL)
    shares = min(call.cents, investor.cash_cents) // call.price_cents
    paid = shares * call.price_cents
    if paid:
        journal.post(investor.account, lab.account, paid, Cause.ROUND)
        registers.issue(lab.security, investor.account, shares)
        model.announcements.pay(call.announcement, paid)
        model.note("capital_called", agent=investor.name, counterparty=lab.name, cents=paid)
    call.cents -= paid
    if call.cents < call.price_cents:
        model.capital_calls.remove(call)
    elif model.month >= call.deadline_month:
        model.note("capital_call_missed", agent=investor.name, counterparty=lab.name, cents=call.cents)
        model.capital_calls.remove(call)
    still_owed = sum(c.cents for c in model.capital_calls if c.investor is investor)
    investor.sale_target_cents = max(0, still_owed - investor.cash_cents)


def _raise_round(model: CarouselModel, lab: AiLab) -> None:
    """A lab short of runway asks; investors bid; the price steps down while the book is short; the round may fail."""
    rules = model.behaviour
    trend = model.ai_trend()
    step_up = rules.round_step_up * max(0.0, min(1.0, trend / 0.25))
    needs = lab.decide_raise(model.day, model.bills_usd_per_year(lab), step_up)
    if needs is None:
        return
    fair = model.lab_fair_price_cents(lab)
    bids = []
    for investor in model.venture_investors:
        noise = normal(model.seed, Decision.VENTURE_BID_PRICE, model.day, investor.slot ^ lab.slot)
        pledged = sum(c.cents for c in model.capital_calls if c.investor is investor)
        cents = investor.bid_cents(
            trend,
            lab.multiple_change(),
            model.board.holdings_value_cents(investor.account),
            model.relative_credibility(lab),
        )
        cents = max(0, cents - pledged)
        if cents:
            bids.append(
                RoundBid(investor=investor.account, cents=cents, price_cents_max=investor.bid_price_cents(fair, noise))
            )
    ask = RoundAsk(
        wanted_cents=needs.wanted_cents,
        price_cents_per_share=needs.price_cents_per_share,
        step=rules.round_price_step,
        steps_max=rules.round_price_steps_max,
    )
    result = run_round(ask, bids, last_price_cents=lab.price_cents)
    if result.status is RoundStatus.FAILED:
        _round_failed(model, lab, needs)
        return
    _round_closed(model, lab, needs, result.price_cents, dict(result.allotments), result.status)


def _round_failed(model: CarouselModel, lab: AiLab, needs: LabNeeds) -> None:
    """Nobody fills the book: the lab tries again in a quarter, and everybody knows."""
    lab.next_round_day = model.day + DAYS_PER_QUARTER
    lab.round_failed()
    model.note(
        "round_failed", agent=lab.name, cents=needs.wanted_cents, detail=f"runway {needs.runway_months:.1f} months"
    )
    for commitment in model.commitments_of(lab.name):
        model.beliefs.learn(commitment, Evidence.LATE, model.behaviour)
    model.announce_tomorrow(
        firm=lab.name,
        counterparty="",
        instrument=Instrument.EQUITY,
        text=f"{lab.name} fails to raise {needs.wanted_cents / 1e11:.1f} bn USD",
        cents=needs.wanted_cents,
        direction=-1,
    )
    if lab.wants_relief(needs.runway_months):
        _ask_relief(model, lab)


def _ask_relief(model: CarouselModel, lab: AiLab) -> None:
    """A lab that finds no money asks the provider of its largest open contract to cut what is not yet being built."""
    open_ = [
        c
        for c in model.commitments_of(lab.name)
        if c.kind == "compute" and model.buildout_of(c.number).remaining_mw > 0
    ]
    if open_:
        largest = max(open_, key=lambda c: model.buildout_of(c.number).remaining_mw)
        renegotiate(model, largest, is_relief=True)


def _round_closed(
    model: CarouselModel, lab: AiLab, needs: LabNeeds, price_cents: int, allotments: dict[int, int], status: RoundStatus
) -> None:
    """The round is announced at once; its money comes from calls over the next months."""
    total = sum(allotments.values())
    markup = math.log(price_cents / lab.price_cents)
    item = model.announce_tomorrow(
        firm=lab.name,
        counterparty="",
        instrument=Instrument.EQUITY,
        text=f"{lab.name} raises {total / 1e11:.1f} bn USD ({status.value} round)",
        cents=total,
        direction=-1 if status is RoundStatus.DOWN else 1,
    )
    kind = "down_round" if status is RoundStatus.DOWN else "round_closed"
    model.note(
        kind,
        agent=lab.name,
        cents=total,
        detail=f"wanted {needs.wanted_cents / 1e11:.1f} bn, price {price_cents / lab.price_cents - 1:+.0%}",
    )
    lab.price_cents = price_cents
    lab.ask_share = 1.0
    lab.next_round_day = model.day + DAYS_PER_QUARTER
    for account, cents in allotments.items():
        investor = model.venture_by_account[account]
        investor.last_markup = markup
        call = CapitalCall(investor, lab, cents, price_cents, item.number, model.month + CALL_PATIENCE_MONTHS)
        model.announcements.commit(item.number, cents)
        model.capital_calls.append(call)
        _honour(model, call)


def tranche_cents(terms: MilestoneInvestment, number: int) -> int:
    """Sum of a tranche: one for each full GW, the last for what is left of the capacity."""
    return round(100 * terms.amount_usd_per_gw * (min(number + 1.0, terms.capacity_gw) - number))


def tranches_reached(terms: MilestoneInvestment, deployed_mw: float) -> int:
    """Tranches whose capacity is deployed."""
    if deployed_mw + 1e-6 >= 1000 * terms.capacity_gw:
        return math.ceil(terms.capacity_gw)
    return int(deployed_mw + 1e-6) // 1000


def _milestone(model: CarouselModel, commitment: Commitment) -> None:
    """Another GW is deployed with the investor's chips: its board pays the tranche, cuts it, waits, or walks away."""
    maker, terms = model.listed_by_name[commitment.payer], model.milestone_terms[commitment.number]
    reached = tranches_reached(terms, model.deployed_mw[commitment.number])
    while model.tranches_decided[commitment.number] < reached and commitment.is_alive:
        due = tranche_cents(terms, model.tranches_decided[commitment.number])
        free = maker.cash_cents - round(100 * maker.facts.cash_buffer_usd)
        decision = decide_tranche(due, free, _served_belief(model, commitment))
        if decision.choice is TrancheChoice.WAIT:
            model.note("milestone_waits", agent=maker.name, counterparty=commitment.payee, cents=due)
            return
        model.tranches_decided[commitment.number] += 1
        if decision.choice is TrancheChoice.CANCEL:
            text = f"{maker.name} ends its investments in {commitment.payee}"
            model.note("milestone_cancelled", agent=maker.name, counterparty=commitment.payee, cents=due)
            set_status(model, commitment, Status.CANCELLED, text=text, direction=-1)
            return
        _pay_tranche(model, maker, commitment, decision.cents, decision.choice)
    if commitment.is_alive and model.tranches_decided[commitment.number] >= math.ceil(terms.capacity_gw):
        set_status(model, commitment, Status.DONE)


def _served_belief(model: CarouselModel, milestone: Commitment) -> float:
    """Belief in the contracts a milestone investment serves: those its investor equips or provides, by capacity."""
    served = [
        c
        for c in model.commitments_of(milestone.payee)
        if c.kind == "compute"
        and (c.payee == milestone.payer or milestone.payer in {s.supplier for s in model.supplies_of(c.payee)})
    ]
    capacity = sum(c.contracted_mw for c in served)
    return (
        sum(c.contracted_mw * credibility.credibility(c.log_odds, 0.0) for c in served) / capacity if capacity else 0.0
    )


def _pay_tranche(
    model: CarouselModel, maker: ListedFirm, commitment: Commitment, cents: int, choice: TrancheChoice
) -> None:
    """The tranche buys shares of the lab at its last price: here a supplier's cent starts its next lap."""
    lab = model.lab_by_name[commitment.payee]
    shares = cents // lab.price_cents
    paid = shares * lab.price_cents
    if not paid:
        return
    model.books.journal.post(
        maker.account, lab.account, paid, Cause.MILESTONE, commitment.number, model.lap_step(maker.name, lab.name)
    )
    model.books.registers.issue(lab.security, maker.account, shares)
    commitment.committed_cents += paid
    if commitment.announcement >= 0:
        model.announcements.commit(commitment.announcement, paid)
    paid_under(model, commitment.number, Cause.MILESTONE, paid)
    kind = "milestone_paid" if choice is TrancheChoice.PAY else "milestone_cut"
    model.note(kind, agent=maker.name, counterparty=lab.name, cents=paid)
    if commitment.status is Status.ANNOUNCED:
        set_status(model, commitment, Status.DELIVERING)
    model.beliefs.learn(
        commitment, Evidence.PAID_ON_TIME if choice is TrancheChoice.PAY else Evidence.RENEGOTIATED, model.behaviour
    )
