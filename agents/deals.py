"""What boards compare before they sign, offer, cut or replace: labs, clouds and chip makers, each from its own books
and from what is believed."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from ..contracts.compute import ComputeContract
from ..contracts.milestone import MilestoneInvestment
from ..narrative.announcements import Instrument
from ..narrative.credibility import credibility, start_log_odds
from ..scenarios.checks_sizes import MARKET_VALUE_MAX_USD, SHARE_ROUNDING
from . import deal_rules
from .boards import served_belief
from .chip_maker import ChipMaker
from .cloud import CloudProvider
from .credit_standing import fair_spread
from .lab import AiLab
from .lab_rules import PlannedDeal
from .listed_firm import ListedFirm
from .sight import Sight
from .support import at_once_usd, may_invest, stake_worth

MEGAWATT = 0.001
"""The least that a deal is for, GW."""


@dataclass(frozen=True, slots=True)
class ComputeOffer:
    """What a cloud can build and fund for a lab, and the least that it asks."""

    provider: CloudProvider
    lowest_usd_per_gw_year: float


@dataclass(frozen=True, slots=True)
class CutAnswer:
    """Whether a cloud gives capacity up, and at which price it would sign for it today; None: at none."""

    agrees: bool
    asked_usd_per_gw_year: float | None


class Replacement(NamedTuple):
    """What a board subscribes in place of a letter, USD, 0 for none; belief in what the letter is for, and what a
    dollar of shares is worth."""

    usd: float
    belief: float
    worth: float


def need_gw(lab: AiLab, sight: Sight) -> float | None:
    """Compute that a lab expects to need at its horizon: expected demand over yield; None where compute bounds
    nothing."""
    years = sight.rules.deal_horizon_months / 12
    per_gw = lab.yield_usd_per_gw_year(years)
    return lab.demand_usd_per_year.expected_ahead(sight.day, years) / per_gw if per_gw else None


def signed_gw(lab: AiLab, sight: Sight) -> float:
    """Compute that contracts give it by then: those of before the start, and all it has signed since, which it may
    renew."""
    alive = (contract for contract in sight.rented_by(lab.name) if contract.is_alive)
    base_gw = lab.base_capacity_in(sight.rules.deal_horizon_months / 12)
    return base_gw + sum(contract.contracted_mw for contract in alive) / 1000


def wish_gw(lab: AiLab, sight: Sight) -> float:
    """What a lab wants to sign, or below 0 to be rid of, a MW at least; nothing to sign while investors have just
    refused it money."""
    need, rules = need_gw(lab, sight), sight.rules
    if need is None or lab.is_defaulted:
        return 0.0
    wish = deal_rules.wanted_gw(need, signed_gw(lab, sight), rules.deal_dead_band, rules.deal_step_gw)
    if abs(wish) < MEGAWATT or (wish > 0 and lab.ask_share < 1):
        return 0.0
    return wish


def belief_in(lab: AiLab, sight: Sight) -> float:
    """How far a lab's word is believed: that in its compute contracts, by capacity, or in a contract of its kind."""
    contracts = sight.compute_of(lab.name)
    capacity = sum(contract.contracted_mw for contract in contracts)
    if not capacity:
        return credibility(start_log_odds(Instrument.CONTRACT, sight.rules, 0.0), 0.0)
    return math.fsum(c.contracted_mw * c.credibility for c in contracts) / capacity


def building_usd(cloud: CloudProvider, gw: float, sight: Sight) -> float:
    """What so much capacity costs a cloud, chips included."""
    return gw * math.fsum(s.share * (s.chips_usd_per_gw + s.other_usd_per_gw) for s in sight.supplies_of(cloud.name))


def asked_spread(cloud: CloudProvider, gw: float, guarantors: Mapping[str, ListedFirm], sight: Sight) -> float:
    """What lenders would ask of a cloud that builds so much more."""
    return fair_spread(cloud, guarantors, sight, 100 * building_usd(cloud, gw, sight))


def lowest_price(cloud: CloudProvider, belief: float, spread_per_year: float, sight: Sight) -> float:
    """The least a cloud asks for a GW and year: operation and capital at what lenders ask of it and a premium for its
    owners, which is the less the dearer its shares are, over what it expects to be paid."""
    rules, supplies = sight.rules, sight.supplies_of(cloud.name)
    bounds = rules.build_pace_min, rules.build_pace_max
    premium = deal_rules.owners_premium(rules.deal_premium_per_year, cloud.dearness(), bounds)
    rate = rules.riskless_rate_per_year + spread_per_year + premium
    chips = deal_rules.annuity(rate, rules.chip_life_years)
    sites = deal_rules.annuity(rate, rules.site_life_years)
    capital = sum(s.share * (chips * s.chips_usd_per_gw + sites * s.other_usd_per_gw) for s in supplies)
    return deal_rules.lowest_price(cloud.facts.operating_cost_usd_per_gw_year + capital, belief, rules.relet_discount)


def can_build(cloud: CloudProvider, sight: Sight) -> bool:
    """Whether a cloud can take on more at all: not in default or arrears, with suppliers for all of it."""
    if cloud.is_defaulted or sight.late_cents(cloud.account):
        return False
    return math.fsum(supply.share for supply in sight.supplies_of(cloud.name)) >= 1 - SHARE_ROUNDING


def decide_compute_offer(cloud: CloudProvider, lab: AiLab, spread_per_year: float, sight: Sight) -> ComputeOffer | None:
    """A cloud offers what it can build and fund: lenders placed what it last needed, and would ask no more than it
    sells bonds at."""
    if not can_build(cloud, sight) or cloud.unplaced_share or spread_per_year > cloud.facts.spread_limit_per_year:
        return None
    return ComputeOffer(cloud, lowest_price(cloud, belief_in(lab, sight), spread_per_year, sight))


def highest_price(lab: AiLab, sight: Sight) -> float:
    """The most a lab pays for a GW and year: what it earns with it, and what investors would give for that today;
    never more than a contract can say."""
    per_gw = lab.yield_usd_per_gw_year() or 0.0
    multiple = lab.value_usd() / lab.sales_usd_per_year if lab.sales_usd_per_year else 0.0
    earned = per_gw * (1 - lab.facts.revenue_share)
    most = deal_rules.highest_price(earned, per_gw * multiple, sight.rules.value_as_means, sight.rules.deal_years)
    return min(most, MARKET_VALUE_MAX_USD)


def missing_usd(lab: AiLab, planned: PlannedDeal, sight: Sight) -> float:
    """What a lab lacks to sign: means short of its whole bill, a deal included, times what it asks of itself."""
    means, bill = lab.means_and_bill_usd(planned)
    return max(0.0, sight.rules.deal_coverage_min * bill - means)


def decide_cut(cloud: CloudProvider, contract: ComputeContract, spread_per_year: float, sight: Sight) -> CutAnswer:
    """A cloud gives up what is not begun if it would not sign at that price again today."""
    if spread_per_year > cloud.facts.spread_limit_per_year:
        return CutAnswer(True, None)
    lowest = lowest_price(cloud, contract.credibility, spread_per_year, sight)
    return CutAnswer(lowest > 1000 * contract.terms.price_usd_per_mw_year, lowest)


def is_in_difficulty(lab: AiLab, sight: Sight) -> bool:
    """Whether a cut that a lab asks for is for want of money: it pays late, or has just found none and has little left.

    Source: a concession to a debtor in difficulty is a troubled restructuring, others are none: FASB ASC 310-40.
    """
    return bool(sight.late_cents(lab.account)) or lab.wants_relief(lab.runway_months())


def decide_replacement(maker: ChipMaker, lab: AiLab, letter: MilestoneInvestment, sight: Sight) -> Replacement:
    """What a board subscribes now in place of a letter of which it would pay tranches no more in full: while it does
    not walk away, and shares are worth what they cost."""
    rules, belief, worth = sight.rules, served_belief(letter, sight), stake_worth(lab)
    is_doubted = rules.belief_to_stay <= belief < rules.belief_to_pay
    if not may_invest(maker, sight) or lab.is_defaulted or not is_doubted or worth < 1:
        return Replacement(0.0, belief, worth)
    left_usd = max(0, letter.promise.announced_cents - letter.paid_cents) / 100
    return Replacement(min(at_once_usd(maker, sight), (1 - rules.cut_share) * left_usd), belief, worth)
