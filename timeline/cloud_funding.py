"""Clouds fund their building: bonds while the market takes them, then shares; what is not raised slows the building."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..agents.cloud import CloudProvider, Funding
from ..agents.commitments import Status
from ..engine.calendar import DAYS_PER_MONTH, DAYS_PER_YEAR
from ..engine.chance import Decision, normal
from ..ledger.causes import Cause
from ..ledger.registers import SecurityKind
from ..market.credit import Bid, uniform_price_book
from ..narrative import credibility
from ..narrative.announcements import Instrument
from ..narrative.credibility import Evidence
from .credit_book import FACE_CENTS
from .dues_book import chip_cost_cents
from .vendor_finance import planned_draws_cents, service_cents

if TYPE_CHECKING:
    from ..model import CarouselModel

BOND_YEARS = 7
PLAN_MONTHS = 6
"""How far ahead a cloud plans its funding: two quarters."""


def cloud_need_cents(model: CarouselModel, cloud: CloudProvider) -> int:
    """Cash a cloud will lack over its planning horizon: building and maturities, less cash, business and believed
    bills."""
    day, horizon = model.day, PLAN_MONTHS
    out = sum(c.cents for c in model.dues.claims if c.payer == cloud.account)
    bills = 0.0
    chips: dict[str, int] = {}
    for build in cloud.buildouts:
        contract = model.beliefs.commitments[build.contract]
        for phase in build.phases:
            months = max(1, phase.service_month - phase.start_month)
            ahead = min(horizon, max(0, months - phase.months_paid))
            out += model.dues.construction_cents(cloud, phase) * ahead // months
            if not phase.has_chips and phase.service_month - 1 <= model.month + horizon:
                for supply in model.supplies_of(cloud.name):
                    left = chip_cost_cents(supply, phase.megawatts) - chip_cost_cents(supply, phase.chips_delivered_mw)
                    chips[supply.supplier] = chips.get(supply.supplier, 0) + left
        if build.is_own:
            bills += model.own_demand[build.contract].revenue_usd_per_year(build.delivered_mw) * horizon / 12
        elif contract.is_alive and contract.status is not Status.LATE:
            believed = credibility.credibility(contract.log_odds, 0.0)
            bills += believed * build.delivered_mw * build.price_usd_per_mw_year * horizon / 12
    out += sum(chips.values()) - planned_draws_cents(model, cloud.account, chips)
    out += service_cents(model, cloud.account, horizon)
    for series in model.credit.by_issuer.get(cloud.name, ()):
        face = model.credit.units(series) * series.face_cents
        out += round(face * series.coupon_per_year * horizon / 12)
        if 0 < series.maturity_day - day <= horizon * DAYS_PER_MONTH:
            out += face
    facts = cloud.facts
    business = (facts.revenue_usd_per_year - facts.costs_usd_per_year) * cloud.growth_factor(day)
    business -= cloud.delivered_mw * facts.operating_cost_usd_per_gw_year / 1000
    income = round(100 * (business * horizon / 12 + bills))
    return out + round(100 * facts.cash_buffer_usd) - cloud.cash_cents - income


def fund_cloud(model: CarouselModel, cloud: CloudProvider) -> None:
    """Bonds while the market takes them at its limit, then shares; what is not raised slows the building."""
    model.credit.mark()
    spread = model.credit.fair_spread(cloud)
    need = cloud_need_cents(model, cloud)
    plan = cloud.plan_funding(need, spread)
    cloud.share_sale_left_cents = 0
    raised = 0
    if plan.means is Funding.BONDS:
        raised = _issue_bonds(model, cloud, plan.cents, spread)
    missing = plan.cents - raised
    is_short = plan.means is not Funding.NONE and missing > plan.cents // 100
    cloud.unplaced_share = missing / plan.cents if is_short else 0.0
    if is_short:
        cap = cloud.market_value_cents // 50
        cloud.share_sale_left_cents = min(missing, cap)
        model.note(
            "share_issue", agent=cloud.name, cents=cloud.share_sale_left_cents, detail=f"spread {spread * 1e4:.0f} bp"
        )
        missing -= cloud.share_sale_left_cents
    _set_pace(model, cloud, need, max(0, missing))


def _set_pace(model: CarouselModel, cloud: CloudProvider, need_cents: int, missing_cents: int) -> None:
    """Build at the planned rate while funded; slow by a quarter a month while funds fail, speed up by a tenth when
    they come."""
    before = cloud.build_pace
    if missing_cents > max(0, need_cents) // 10:
        cloud.build_pace = max(0.0, before - 0.25)
    else:
        cloud.build_pace = min(1.0, before + 0.10)
    if cloud.build_pace < before:
        model.note("build_slowed", agent=cloud.name, cents=missing_cents, detail=f"pace {cloud.build_pace:.0%} of plan")
        for build in cloud.buildouts:
            contract = model.beliefs.commitments[build.contract]
            if contract.is_alive:
                model.beliefs.learn(contract, Evidence.LATE, model.behaviour, 0.5)
        model.announce_tomorrow(
            firm=cloud.name,
            counterparty="",
            instrument=Instrument.GUIDANCE,
            text=f"{cloud.name} slows its building",
            cents=missing_cents,
            direction=-1,
        )


def _issue_bonds(model: CarouselModel, cloud: CloudProvider, wanted_cents: int, fair_spread: float) -> int:
    """A uniform-price book: every buyer bids half its room at its spread and half a little above. Returns cents
    placed."""
    bids = []
    for buyer in model.bond_buyers:
        noise = normal(model.seed, Decision.BOND_PREMIUM, model.day, buyer.slot ^ cloud.slot)
        spread = buyer.required_spread_per_year(fair_spread, noise, model.behaviour)
        assets = buyer.cash_cents + model.credit.held_cents(buyer.account)
        room = buyer.room_cents(model.credit.held_cents(buyer.account, cloud.name), assets)
        for part, above in ((room // 2, 0.0), (room - room // 2, 0.0025)):
            if part:
                bids.append(Bid(buyer=buyer.account, cents=part, spread_per_year=spread + above))
    result = uniform_price_book(bids, wanted_cents, cloud.facts.spread_limit_per_year)
    placed = _place(model, cloud, dict(result.allotments), result.spread_per_year) if result.placed_cents else 0
    if placed:
        model.note(
            "bond_issued",
            agent=cloud.name,
            cents=placed,
            detail=f"spread {result.spread_per_year * 1e4:.0f} bp, wanted {wanted_cents / 1e11:.1f} bn",
        )
    if placed < wanted_cents * 9 // 10:
        model.note(
            "bond_failed", agent=cloud.name, cents=wanted_cents - placed, detail=f"spread {fair_spread * 1e4:.0f} bp"
        )
    return placed


def _place(model: CarouselModel, cloud: CloudProvider, allotments: dict[int, int], spread: float) -> int:
    """Issue a series at par with the coupon the book asked; units against cash, whole units only."""
    journal, registers = model.books.journal, model.books.registers
    bought = {account: min(cents, journal.balance(account)) // FACE_CENTS for account, cents in allotments.items()}
    if not any(bought.values()):
        return 0
    coupon = model.behaviour.riskless_rate_per_year + spread
    name = f"{cloud.name} {coupon:.2%} issued day {model.day}"
    security = registers.open_security(name, SecurityKind.BOND)
    maturity = model.day + BOND_YEARS * DAYS_PER_YEAR
    model.credit.open(name=name, firm=cloud, security=security, coupon_per_year=coupon, maturity_day=maturity)
    for account, units in bought.items():
        if units:
            journal.post(account, cloud.account, units * FACE_CENTS, Cause.BOND_ISSUE)
            registers.issue(security, account, units)
    placed = sum(bought.values()) * FACE_CENTS
    model.credit.changed()
    return placed
