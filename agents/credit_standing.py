"""What lenders ask of a borrower: Merton's spread on its balance sheet, ratings where it pays late or plans to earn."""

from __future__ import annotations

import math
from collections.abc import Mapping

from ..engine.calendar import DAYS_PER_YEAR
from ..market.credit import discount, rating_from_coverage, required_spread
from .cloud import CloudProvider
from .firm import Firm
from .lab import AiLab
from .listed_firm import ListedFirm
from .sight import Sight

VOLATILITY_MAX = 30.0
"""Highest asset volatility per year told from higher ones: beyond it debt is worth nothing to the last digit."""


def claims_cents(firm: ListedFirm, sight: Sight) -> float:
    """Debt, what is owed beside it, debt-like claims of the start, and commitments as far as they count as debt."""
    owed: float = firm.debt_cents + sight.loans_owed_cents(firm.account) + sight.owed_beside_cents(firm.name)
    owed += sight.rules.commitments_as_debt * firm.commitments_cents
    return float(owed + 100 * firm.facts.debt_like_usd)


def asset_volatility_at_start(firm: ListedFirm) -> float:
    """Volatility per year of the assets when the run began: a falling share price makes the business no calmer."""
    claims = firm.opening.debt_cents + 100 * firm.facts.debt_like_usd
    equity = 100 * firm.facts.price_usd * firm.facts.shares
    yearly = firm.facts.daily_volatility * math.sqrt(DAYS_PER_YEAR)
    return yearly * equity / (equity + claims)


def bill_cents(firm: ListedFirm, sight: Sight, backed_cents: float = 0.0) -> tuple[float, float]:
    """What a builder must still build and the leases of its sites, as far as lenders see it, and what doubt about its
    customers takes off its assets.

    Who is believed covers all that is built for it. Of who is not, or is gone, lenders count what others would rent it
    for: the discount is lost on what is to come and on what stands, whose debts are made, and with it what owners pay
    for the profit of its bills. Of that they take off what others undertake to pay for what stands idle, `backed_cents`
    of what is thought of included.
    """
    if not isinstance(firm, CloudProvider):
        return 0.0, 0.0
    bill = lost = 0.0
    for contract in firm.contracts:
        if not contract.binds:
            continue
        doubt, seen = 1.0, 0.0
        if contract.is_in_force:
            doubt = 1 - contract.credibility
            leases = 100 * contract.lease_left_usd(sight.rules.riskless_rate_per_year)
            seen = contract.noticed_share * (contract.unbuilt_cents() + leases)
        bill += seen
        lost += doubt * sight.rules.relet_discount * (seen + contract.built_cents())
        lost += 100 * contract.unsure_usd_per_year() * sight.price_earnings(firm.index)
    return bill, max(0.0, lost - 100 * sight.backing_usd(firm.name) - backed_cents)


def own_spread(firm: ListedFirm, sight: Sight, added_cents: float = 0.0, backed_cents: float = 0.0) -> float:
    """Merton spread of a firm at its steady share price, what it has promised to build counted as debt-like, plus the
    liquidity floor; at least that of a firm that pays late, or plans to earn as little as it does.

    Through the cycle: value and volatility are means over half a year and a year, and no moods are in the value.
    `added_cents` is what it thinks of building beyond, `backed_cents` what others would undertake for what stands idle.

    Source: Merton (1974), eq. 14; asset volatility from equity volatility times equity over assets.
    """
    rules = sight.rules
    bill, lost = bill_cents(firm, sight, backed_cents)
    claims = claims_cents(firm, sight) + bill + added_cents
    if claims <= 0:
        return rules.spread_floor_per_year
    equity = max(1.0, sight.steady_value_cents(firm.index))
    assets = max(1.0, equity + claims - lost)
    own = firm.facts.asset_volatility_per_year if isinstance(firm, CloudProvider) else None
    now = firm.share_volatility_per_year * equity / assets
    volatility = min(own or max(asset_volatility_at_start(firm), now), VOLATILITY_MAX)
    discounted = claims * discount(rules.riskless_rate_per_year, rules.credit_horizon_years)
    merton = required_spread(discounted / assets, volatility, rules.credit_horizon_years)
    return max(rules.spread_floor_per_year + merton, distress_spread(firm, sight), plan_spread(firm, sight))


def distress_spread(firm: Firm, sight: Sight) -> float:
    """Spread of a firm that pays late (coverage below one) or has defaulted. Source: Damodaran, Jan 2024."""
    if firm.is_defaulted:
        return rating_from_coverage(0.0).spread_per_year
    if sight.late_cents(firm.account):
        return sight.rules.late_spread_per_year
    return 0.0


def plan_spread(firm: ListedFirm, sight: Sight) -> float:
    """Rating spread of a builder for its own customers: what it is expected to earn over the interest it owes.

    Equity that is nearly gone says little about assets that are worth less than their debts; expected coverage does.
    Source: Damodaran, Jan 2024.
    """
    if not isinstance(firm, CloudProvider) or not firm.plans:
        return 0.0
    interest = sight.coupons_usd_per_year(firm.name) + sight.loan_interest_usd_per_year(firm.account)
    earned = firm.business_usd_per_year(years_ahead=sight.rules.outlook_years)
    return rating_from_coverage(earned / interest if interest else math.inf).spread_per_year


def fair_spread(
    firm: ListedFirm, guarantors: Mapping[str, ListedFirm], sight: Sight, added_cents: float = 0.0
) -> float:
    """What lenders ask of a firm: its own spread, for the part of its bonds that others answer for theirs if that is
    lower. `guarantors` are listed firms by name; `added_cents` is what it thinks of building and borrowing beyond."""
    spread = own_spread(firm, sight, added_cents)
    given = sight.guarantees_for(firm.name)
    if not given:
        return spread
    uncovered, blended = 1.0, 0.0
    for guarantee in given:
        part = min(uncovered, guarantee.limit_cents / max(1, firm.debt_cents + added_cents))
        blended += part * min(spread, own_spread(guarantors[guarantee.payer], sight))
        uncovered -= part
    return blended + uncovered * spread


def lab_spread(lab: AiLab, sight: Sight) -> float:
    """Rating spread of how far a lab's revenue and cash of a year cover what it must pay in it."""
    if sight.late_cents(lab.account) or lab.is_defaulted:
        return sight.rules.late_spread_per_year
    out = lab.costs_usd_per_year() + lab.bills_usd_per_year()
    income = lab.sales_usd_per_year * (1 - lab.facts.revenue_share) + lab.cash_cents / 100
    return rating_from_coverage(sight.rules.coverage_when_even * income / out if out else math.inf).spread_per_year


def plain_spread(account: int, sight: Sight) -> float:
    """Rating spread of a party without revenue: how far its cash covers what it owes."""
    if sight.late_cents(account) or sight.is_in_default(account):
        return sight.rules.late_spread_per_year
    owed = sight.owed_cents(account) + sight.loans_owed_cents(account)
    cash = sight.cash_cents(account)
    return rating_from_coverage(sight.rules.coverage_when_even * cash / owed if owed else math.inf).spread_per_year


def stress_of(firm: Firm | None) -> float:
    """How far a borrower's other funding has failed, in [0, 1]: need no lender placed, or what a lab no longer asks."""
    if isinstance(firm, CloudProvider):
        return firm.unplaced_share
    return 1 - firm.ask_share if isinstance(firm, AiLab) else 0.0
