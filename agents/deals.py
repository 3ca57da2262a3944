"""What boards compare before they sign, offer, cut or replace: labs, clouds and chip makers, each from its own books
and from what is believed."""

from __future__ import annotations

import math
from dataclasses import dataclass

from ..contracts.compute import ComputeContract
from ..contracts.milestone import MilestoneInvestment
from ..narrative.announcements import Instrument
from ..narrative.credibility import credibility, start_log_odds
from ..scenarios.checks_sizes import MARKET_VALUE_MAX_USD, SHARE_ROUNDING
from . import deal_rules
from .boards import served_belief
from .chip_maker import ChipMaker
from .cloud import CloudProvider
from .credit_standing import own_spread
from .lab import AiLab
from .lab_rules import PlannedDeal
from .sight import Sight

MEGAWATT = 0.001
"""The least that a deal is for, GW."""


@dataclass(frozen=True, slots=True)
class ComputeOffer:
    """What a cloud can build and fund for a lab, and the least that it asks."""

    provider: CloudProvider
    lowest_usd_per_gw_year: float


@dataclass(frozen=True, slots=True)
class EquityOffer:
    """What a chip maker puts into a customer: at once, or as tranches of a letter."""

    usd: float
    instrument: Instrument


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


def lowest_price(cloud: CloudProvider, belief: float, added_gw: float, sight: Sight) -> float | None:
    """The least a cloud asks for a GW and year: operation and capital at its cost of debt and a premium, over what it
    expects to be paid; None where lenders would ask more than it sells bonds at, so much building included."""
    rules, supplies = sight.rules, sight.supplies_of(cloud.name)
    per_gw = sum(s.share * (s.chips_usd_per_gw + s.other_usd_per_gw) for s in supplies)
    spread = own_spread(cloud, sight, 100 * per_gw * added_gw)
    if spread > cloud.facts.spread_limit_per_year:
        return None
    rate = rules.riskless_rate_per_year + spread + rules.deal_premium_per_year
    chips = deal_rules.annuity(rate, rules.chip_life_years)
    sites = deal_rules.annuity(rate, rules.site_life_years)
    capital = sum(s.share * (chips * s.chips_usd_per_gw + sites * s.other_usd_per_gw) for s in supplies)
    return deal_rules.lowest_price(cloud.facts.operating_cost_usd_per_gw_year + capital, belief, rules.relet_discount)


def decide_compute_offer(cloud: CloudProvider, lab: AiLab, gw: float, sight: Sight) -> ComputeOffer | None:
    """A cloud offers what it can build and fund: not in default or arrears, lenders placed what it last needed, and
    it has suppliers for all of it."""
    if cloud.is_defaulted or cloud.unplaced_share or sight.late_cents(cloud.account):
        return None
    if math.fsum(supply.share for supply in sight.supplies_of(cloud.name)) < 1 - SHARE_ROUNDING:
        return None
    lowest = lowest_price(cloud, belief_in(lab, sight), gw, sight)
    return ComputeOffer(cloud, lowest) if lowest is not None else None


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


def may_subscribe(maker: ChipMaker, lab: AiLab, sight: Sight) -> bool:
    """Whether a board thinks of shares of a lab at all: it has not withdrawn, and pays its own bills; nor is either in
    default."""
    is_sound = maker.invests and not maker.is_defaulted and not sight.late_cents(maker.account)
    return is_sound and not lab.is_defaulted


def at_once_usd(maker: ChipMaker, sight: Sight) -> float:
    """What a board puts in at once at most: a part of cash above the buffer that no subscription waits for."""
    free = (maker.cash_cents - sight.subscribed_cents(maker.name)) / 100 - maker.facts.cash_buffer_usd
    return sight.rules.offer_cash_share * max(0.0, free)


def decide_equity_offer(
    maker: ChipMaker, lab: AiLab, missing_usd: float, chips_usd: float, sight: Sight
) -> EquityOffer | None:
    """A chip maker whose sale fails for want of its customer's funds: a subscription from free cash, or else a letter;
    as much as the lab lacks in what people believe of such a promise, a share at least, if the sale is worth it.

    Source: supplier finance where the supplier gains by the sale: Petersen & Rajan (1997), RFS 10(3).
    """
    if not may_subscribe(maker, lab, sight):
        return None
    rules, most = sight.rules, sight.rules.offer_equity_max * chips_usd
    free, share_usd = at_once_usd(maker, sight), lab.price_cents / 100
    worth = lab.worth_by_belief() * lab.fair_price_cents() / lab.price_cents
    for instrument, limit in ((Instrument.EQUITY, min(most, free)), (Instrument.LETTER_OF_INTENT, most)):
        believed = credibility(start_log_odds(instrument, rules, 0.0), 0.0)
        usd = max(share_usd, missing_usd / believed if believed else math.inf)
        if usd <= limit and deal_rules.is_worth_offering(usd, maker.facts.net_margin * chips_usd, worth):
            return EquityOffer(usd, instrument)
    return None


def agrees_to_cut(cloud: CloudProvider, contract: ComputeContract, sight: Sight) -> bool:
    """Whether a cloud gives up what is not begun: it would not sign at that price again today."""
    lowest = lowest_price(cloud, contract.credibility, 0.0, sight)
    return lowest is None or lowest > 1000 * contract.terms.price_usd_per_mw_year


def decide_replacement(maker: ChipMaker, lab: AiLab, letter: MilestoneInvestment, sight: Sight) -> float:
    """What a board subscribes now in place of a letter of which it would pay tranches no more in full, USD; 0 for none:
    while it does not walk away, and shares are worth what they cost."""
    if not may_subscribe(maker, lab, sight):
        return 0.0
    rules, belief = sight.rules, served_belief(letter, sight)
    worth = lab.worth_by_belief() * lab.fair_price_cents() / lab.price_cents
    if not rules.belief_to_stay <= belief < rules.belief_to_pay or worth < 1:
        return 0.0
    left_usd = max(0, letter.promise.announced_cents - letter.paid_cents) / 100
    return min(at_once_usd(maker, sight), (1 - rules.cut_share) * left_usd)
