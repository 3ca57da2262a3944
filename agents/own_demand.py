"""Customers of a builder's own: how much of its capacity they use, what it earns, how much more it means to build."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from ..engine.chance import slot_of
from ..ledger.units import Carry
from ..scenarios.schema import BuildPlan
from .lab import revenue_growth
from .listed_firm import TRADING_DAYS

OUTLOOK_YEARS = 2.0
"""How far ahead owners and lenders look at the use of what has been built (assumed: the horizon of analysts'
forecasts)."""


@dataclass(slots=True)
class OwnDemand:
    """Demand for the capacity of one building plan. It is learnt as a lab's growth is: quarter by quarter."""

    terms: BuildPlan
    contract: int
    demand_mw: float
    expected_mw: float
    quarter_mw: float
    growth_gap_per_year: float = 0.0
    """Log growth expected now, less what the opening price assumed for today."""
    slot: int = 0
    carry: Carry = field(default_factory=Carry)

    @classmethod
    def open(cls, terms: BuildPlan, contract: int) -> OwnDemand:
        """Demand at the start."""
        megawatts = 1000 * terms.demand_gw
        return cls(terms, contract, megawatts, megawatts, megawatts, slot=slot_of(f"{terms.name}, demand"))

    def grow(self, day: int, noise: float) -> None:
        """Move demand by one day: slowing growth and a shock of the stated yearly volatility."""
        growth = revenue_growth(
            self.terms.demand_growth_per_year, self.terms.growth_slowdown_per_year, day / TRADING_DAYS
        )
        sigma = self.terms.demand_volatility_per_year / math.sqrt(TRADING_DAYS)
        self.expected_mw *= math.exp(self.expected_growth(day) / TRADING_DAYS)
        self.demand_mw *= math.exp(growth / TRADING_DAYS + sigma * noise - sigma * sigma / 2)

    def expected_growth(self, day: int) -> float:
        """Log growth per year that everybody expects now."""
        terms = self.terms
        assumed = (
            terms.demand_growth_per_year if terms.expected_growth_per_year is None else terms.expected_growth_per_year
        )
        return revenue_growth(assumed, terms.growth_slowdown_per_year, day / TRADING_DAYS) + self.growth_gap_per_year

    def learn_growth(self, day: int, days: int, share: float) -> float:
        """The quarter's surprise; expected growth moves a share of the way to the growth that was seen."""
        if self.demand_mw <= 0:
            return 0.0
        surprise = self.demand_mw / self.expected_mw - 1
        seen = math.log(self.demand_mw / self.quarter_mw) * TRADING_DAYS / days
        self.growth_gap_per_year += share * (seen - self.expected_growth(day - days // 2))
        self.expected_mw = self.quarter_mw = self.demand_mw
        return surprise

    def growth_ahead(self, day: int, years: float) -> float:
        """Factor by which demand is expected to grow in so many years, at the growth expected now."""
        return math.exp(self.expected_growth(day) * years)

    def used_mw(self, delivered_mw: int, growth: float = 1.0) -> float:
        """Capacity in use: what customers want (after growing by a factor), at most what is in service."""
        return min(self.demand_mw * growth, float(delivered_mw))

    def revenue_usd_per_year(self, delivered_mw: int, growth: float = 1.0) -> float:
        """Revenue of the capacity in use."""
        return self.used_mw(delivered_mw, growth) * self.terms.price_usd_per_gw_year / 1000

    def wanted_mw(self, day: int, months_ahead: int) -> int:
        """Capacity that its builder means to have in so many months: demand as expected by then, within the plan."""
        ahead = self.demand_mw * self.growth_ahead(day, months_ahead / 12)
        return min(round(1000 * self.terms.capacity_gw), math.ceil(ahead))

    def profit_usd_per_year(self, day: int, delivered_mw: int) -> float:
        """Profit its shareholders see at full run-rate, less the revenue of capacity they expect to stand idle in two
        years: its costs stay."""
        terms = self.terms
        idle_mw = delivered_mw - self.used_mw(delivered_mw, self.growth_ahead(day, OUTLOOK_YEARS))
        return (terms.capacity_gw * terms.net_margin - idle_mw / 1000) * terms.price_usd_per_gw_year
