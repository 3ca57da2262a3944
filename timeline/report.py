"""Report: once a quarter earnings come in above or below what was expected, and tomorrow everybody knows."""

from __future__ import annotations

import math

from ..agents.listed_firm import ListedFirm
from ..contracts.build_plan import BuildPlan
from ..contracts.vendor_loan import VendorLoan
from ..engine.calendar import DAYS_PER_QUARTER
from ..engine.chance import Decision
from ..narrative.announcements import Draft, Instrument
from ..narrative.chronicle import Happening
from ..narrative.credibility import Evidence
from .world import World


def report(world: World) -> None:
    """Quarterly reports of listed firms, of builders' own plans, and the revenue figures of labs."""
    if not world.clock.is_quarter_end:
        return
    for firm in world.cast.listed:
        _report_earnings(world, firm)
    for plan in world.contracts.kind(BuildPlan):
        if plan.is_in_force and plan.demand_mw.now > 0:
            surprise = plan.report_demand(DAYS_PER_QUARTER)
            _publish(world, plan.payer, surprise, "demand for its capacity")
            for contract in world.contracts.of(plan.payer):
                if contract is plan or isinstance(contract, VendorLoan):
                    contract.learn(Evidence.SURPRISE, surprise)
    for lab in world.cast.labs:
        seen = lab.report_revenue(DAYS_PER_QUARTER)
        if seen is not None:
            _publish(world, lab.name, seen, "revenue")
            for contract in world.contracts.of(lab.name):
                contract.learn(Evidence.SURPRISE, seen)


def _report_earnings(world: World, firm: ListedFirm) -> None:
    """A firm's base earnings come in above or below what was expected."""
    sigma = firm.facts.earnings_volatility_per_year / 2
    draw = world.clock.normal(Decision.EARNINGS_SURPRISE, firm.slot)
    surprise = math.expm1(sigma * draw - sigma * sigma / 2)
    firm.report_base_earnings(world.beliefs.scale_earnings(firm.index, 1 + surprise))
    _publish(world, firm.name, surprise, "earnings")


def _publish(world: World, name: str, surprise: float, what: str) -> None:
    """A report, and a headline where it is worth one; its shock is in the multiplier, so it carries no sum."""
    text = f"{what} {surprise:+.1%} against expectation"
    world.chronicle.note(Happening.REPORT, agent=name, detail=text)
    world.beliefs.surprise(name, surprise)
    if abs(surprise) >= world.scenario_data.behaviour.newsworthy_surprise:
        headline = f"{name} reports {text}"
        world.chronicle.announce_tomorrow(
            Draft(firm=name, instrument=Instrument.GUIDANCE, text=headline, announced_cents=0, direction=0)
        )
