"""Report: once a quarter earnings come in above or below what was expected, and tomorrow everybody knows."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from ..engine.calendar import DAYS_PER_QUARTER
from ..engine.chance import Decision, normal
from ..narrative.announcements import Instrument
from ..narrative.attention import surprise_shock
from ..narrative.credibility import Evidence

if TYPE_CHECKING:
    from ..model import CarouselModel

NEWSWORTHY = 0.02
"""Surprise below which a report is no announcement of its own (2 % of earnings)."""


def report(model: CarouselModel) -> None:
    """Quarterly reports of listed firms and the revenue figures of labs."""
    if not model.is_quarter_end:
        return
    beliefs, rules = model.beliefs, model.behaviour
    for firm in model.listed:
        sigma = firm.facts.earnings_volatility_per_year / 2
        surprise = math.expm1(
            sigma * normal(model.seed, Decision.EARNINGS_SURPRISE, model.day, firm.slot) - sigma * sigma / 2
        )
        beliefs.values_of_funds.scale_earnings(firm.index, 1 + surprise)
        firm.earnings_usd_per_year = float(beliefs.base_earnings_usd[firm.index])
        _publish(model, firm.name, surprise, "earnings")
        beliefs.shock[beliefs.node_of[firm.name]] += surprise_shock(surprise, rules.surprise_impulse)
    for demand in model.own_demand.values():
        plan = model.beliefs.commitments[demand.contract]
        if not plan.is_public or not plan.is_alive or demand.demand_mw <= 0:
            continue
        surprise = demand.learn_growth(model.day, DAYS_PER_QUARTER, rules.growth_learning_per_quarter)
        _publish(model, plan.payer, surprise, "demand for its capacity")
        beliefs.shock[beliefs.node_of[plan.payer]] += surprise_shock(surprise, rules.surprise_impulse)
        for commitment in model.commitments_of(plan.payer):
            if commitment.number == plan.number or commitment.kind == "vendor_loan":
                beliefs.learn(commitment, Evidence.SURPRISE, rules, surprise)
    for lab in model.labs:
        if not lab.expected_run_rate_usd_per_year:
            continue
        surprise = lab.learn_growth(model.day, DAYS_PER_QUARTER, rules.growth_learning_per_quarter)
        _publish(model, lab.name, surprise, "revenue")
        beliefs.shock[beliefs.node_of[lab.name]] += surprise_shock(surprise, rules.surprise_impulse)
        for commitment in model.commitments_of(lab.name):
            beliefs.learn(commitment, Evidence.SURPRISE, rules, surprise)


def _publish(model: CarouselModel, name: str, surprise: float, what: str) -> None:
    """A report worth a headline; its shock is already in the multiplier, so it carries no sum."""
    model.note("report", agent=name, detail=f"{what} {surprise:+.1%} against expectation")
    if abs(surprise) >= NEWSWORTHY:
        model.announce_tomorrow(
            firm=name,
            counterparty="",
            instrument=Instrument.GUIDANCE,
            text=f"{name} reports {what} {surprise:+.1%} against expectation",
            cents=0,
            direction=0,
        )
