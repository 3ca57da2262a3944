"""What a lab's compute lets it sell, and how fast it burns its cash: functions of numbers."""

from __future__ import annotations

import math
from typing import NamedTuple

from ..narrative.growth import GrowthTerms
from ..scenarios.schema import AiLab as LabFacts

RUNWAY_MONTHS_MAX = 120.0
"""Runway of who burns nothing."""


class PlannedDeal(NamedTuple):
    """A compute contract that a lab thinks of: so much capacity, from then on built at a pace, for a term."""

    gw: float
    price_usd_per_gw_year: float
    starts_years: float
    build_gw_per_year: float
    term_years: float

    def gw_in(self, years: float) -> float:
        """In service in so many years."""
        since = years - self.starts_years
        return min(self.gw, self.build_gw_per_year * since) if 0 <= since < self.term_years else 0.0


class LabState(NamedTuple):
    """What a lab's use of its capacity and its burn are reckoned from, on one day."""

    facts: LabFacts
    sales_usd_per_year: float
    usd_per_gw_year: float | None
    """Most revenue of a GW in use; None where compute bounds no sales."""
    base_gw: float
    """Under contracts of before the start."""
    costs_grown: float
    """Factor on its costs since the start."""
    rented_mw: int
    """In service under contracts made since."""
    building_mw: int
    bills_usd_per_year: float

    def utilisation(self) -> float:
        """Share of its capacity that sells; 1 where compute bounds nothing."""
        served = served_usd_per_year(self.base_gw + self.rented_mw / 1000, self.usd_per_gw_year)
        return self.sales_usd_per_year / served if 0 < served < math.inf else 1.0

    def burn_usd_per_month(self) -> float:
        """Cash burnt a month; never negative."""
        on_base = served_usd_per_year(self.base_gw, self.usd_per_gw_year)
        costs = costs_usd_per_year(self.facts, self.sales_usd_per_year, on_base, self.costs_grown)
        return burn_usd_per_month(self.facts, self.sales_usd_per_year, costs, self.bills_usd_per_year)


def growth_terms(facts: LabFacts, assumed_per_year: float) -> GrowthTerms:
    """How its demand grows, and how fast others assume it to grow."""
    return GrowthTerms(
        facts.revenue_growth_per_year,
        assumed_per_year,
        facts.growth_slowdown_per_year,
        facts.revenue_volatility_per_year,
        facts.growth_volatility_per_year,
    )


def base_gw_max(facts: LabFacts) -> float:
    """Most compute that contracts of before the start will ever have in service, GW."""
    most = facts.base_capacity_max_gw
    return facts.base_capacity_gw if most is None else most


def served_usd_per_year(capacity_gw: float, usd_per_gw_year: float | None) -> float:
    """Revenue of a year that some capacity can serve: capacity x yield; without bound where compute bounds no sales."""
    return math.inf if usd_per_gw_year is None else capacity_gw * usd_per_gw_year


def costs_usd_per_year(
    facts: LabFacts, sales_usd_per_year: float, on_base_usd_per_year: float, costs_grown: float
) -> float:
    """Running costs outside compute contracts and revenue shares: a share of what the compute of before the start
    serves, and what grows by itself."""
    scaling = facts.costs_share_of_revenue * min(sales_usd_per_year, on_base_usd_per_year)
    return scaling + facts.costs_usd_per_year * costs_grown


def burn_usd_per_month(
    facts: LabFacts, sales_usd_per_year: float, costs_usd_per_year: float, bills_usd_per_year: float
) -> float:
    """Costs, revenue share and compute bills less revenue; never negative."""
    revenue = sales_usd_per_year * (1 - facts.revenue_share)
    return max(0.0, costs_usd_per_year + bills_usd_per_year - revenue) / 12


def runway_months(cash_cents: int, burn_usd_per_month: float) -> float:
    """Months until cash is gone at a burn, at most 120."""
    if burn_usd_per_month <= 0:
        return RUNWAY_MONTHS_MAX
    return min(RUNWAY_MONTHS_MAX, cash_cents / 100 / burn_usd_per_month)
