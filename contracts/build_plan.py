"""A builder's own plan: capacity for customers that nobody can bind, who use and pay what they want of it."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any, final

from ..engine.calendar import DAYS_PER_YEAR
from ..engine.chance import Decision, slot_of
from ..ledger.units import Carry
from ..narrative.credibility import Evidence
from ..narrative.growth import Growing, GrowthTerms
from ..scenarios.schema import BuildPlan as PlanTerms
from .base import Status
from .capacity import CapacityContract
from .capacity_terms import CapacityTerms
from .notary import Notary
from .phase import Phase
from .promise import Promise


@final
class BuildPlan(CapacityContract):
    """Nobody takes or pays, and what is built stays with its builder; its shareholders capitalise full use."""

    label = "build_plan"

    def __init__(
        self,
        notary: Notary,
        promise: Promise,
        log_odds: float,
        terms: CapacityTerms,
        *,
        plan: PlanTerms,
    ) -> None:
        super().__init__(notary, promise, log_odds, terms, delivered_mw=round(1000 * plan.delivered_gw))
        self.plan = plan
        assumed = plan.expected_growth_per_year
        self.demand_mw = Growing(
            1000 * plan.demand_gw,
            GrowthTerms(
                plan.demand_growth_per_year,
                plan.demand_growth_per_year if assumed is None else assumed,
                plan.growth_slowdown_per_year,
                plan.demand_volatility_per_year,
            ),
        )
        self.slot = slot_of(f"{plan.name}, demand")
        self._carry = Carry()
        self._wanted_mw = promise.capacity_mw
        self.promise = replace(promise, profit_usd_per_year=self.full_use_profit_usd_per_year())

    def amend(self, promise: Promise, terms: Any, text: str) -> None:
        """Its customers' demand changes as well: in proportion, its growth from today on."""
        capacity, plan = terms
        expected, before = plan.expected_growth_per_year, self.plan.expected_growth_per_year
        assumed = self.demand_mw.terms.assumed_per_year if expected is None or expected == before else expected
        growth = GrowthTerms(
            plan.demand_growth_per_year, assumed, plan.growth_slowdown_per_year, plan.demand_volatility_per_year
        )
        self.demand_mw.take(1000 * self.plan.demand_gw, 1000 * plan.demand_gw, growth)
        self.plan = plan
        full = self.full_use_profit_usd_per_year()
        super().amend(replace(promise, profit_usd_per_year=full), capacity, text)

    @property
    def wanted_mw(self) -> int:
        """Demand as expected by the time that what is started now is ready, within the plan."""
        return min(self.contracted_mw, self._wanted_mw)

    def month_begins(self) -> None:
        """Its builder looks ahead at its customers' demand."""
        super().month_begins()
        day, ahead_years = self._notary.clock.day, self.terms.build_months / 12
        ahead = self.demand_mw.now * self.demand_mw.growth_ahead(day, ahead_years)
        self._wanted_mw = min(round(1000 * self.plan.capacity_gw), math.ceil(ahead))

    def serve_today(self) -> int:
        """A day of demand; returns what its customers pay for the day, in cents."""
        clock = self._notary.clock
        self.demand_mw.grow(clock.day, clock.normal(Decision.PLAN_DEMAND, self.slot))
        self.book_profit(self.revenue_usd_per_year(self.service_mw) / DAYS_PER_YEAR, self.service_mw / DAYS_PER_YEAR)
        return self._carry.take(100 * self.revenue_usd_per_year(self.service_mw) / DAYS_PER_YEAR)

    @property
    def sold_cents(self) -> int:
        """What its customers have paid since the start."""
        return self._carry.taken

    def used_mw(self, megawatts: int, growth: float = 1.0) -> float:
        """Capacity in use: what customers want (after growing by a factor), at most so much."""
        return min(self.demand_mw.now * growth, float(megawatts))

    def revenue_usd_per_year(self, megawatts: int, growth: float = 1.0) -> float:
        """Revenue of the capacity in use."""
        return self.used_mw(megawatts, growth) * self.plan.price_usd_per_gw_year / 1000

    def full_use_profit_usd_per_year(self) -> float:
        """Profit its shareholders see at full run-rate, less the revenue of capacity they expect to stand idle: its
        costs stay."""
        ahead = self.demand_mw.growth_ahead(self._notary.clock.day, self._notary.rules.outlook_years)
        idle_mw = self.delivered_mw - self.used_mw(self.delivered_mw, ahead)
        plan = self.plan
        return (plan.capacity_gw * plan.net_margin - idle_mw / 1000) * plan.price_usd_per_gw_year

    def report_demand(self, days: int) -> float:
        """A quarter's surprise in demand, from which everybody learns."""
        return self.demand_mw.learn(self._notary.clock.day, days, self._notary.rules.growth_learning_per_quarter)

    def put_into_service(self, phase: Phase) -> bool:
        """A phase is ready and stays with its builder; whether the plan is still alive."""
        self.finish(phase)
        self.service_mw += phase.megawatts
        self._delivered_mw = self.service_mw
        if not self.is_alive:
            return False
        if self.status in (Status.BINDING, Status.RENEGOTIATED):
            self.move(Status.DELIVERING)
        return True

    def revalue(self) -> None:
        """Demand has moved: so has the profit of full use."""
        self.profit_usd_per_year = self.full_use_profit_usd_per_year()
        self.life_left = 1.0

    def covered(self, coverage: float) -> None:
        """Its builder's earnings cover its debt service so many times."""
        self.learn(Evidence.COVERAGE, coverage)
