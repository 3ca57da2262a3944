"""The AI lab: sells to AI customers, rents compute, and asks investors for more before the money runs out."""

from __future__ import annotations

import math
from dataclasses import dataclass

import mesa

from ..engine.calendar import DAYS_PER_YEAR
from ..engine.chance import Decision
from ..ledger.units import Carry
from ..narrative.growth import Growing, GrowthTerms, Trend
from ..narrative.valuation import lab_value_usd
from ..scenarios.schema import AiLab as LabFacts
from .firm import Firm
from .sight import Sight

RUNWAY_MONTHS_MAX = 120.0
"""Runway of who burns nothing."""


@dataclass(frozen=True, slots=True)
class LabNeeds:
    """What a lab asks of a private round."""

    wanted_cents: int
    price_cents_per_share: int
    runway_months: float


@dataclass(frozen=True, slots=True)
class LabDay:
    """What a lab takes in and pays on a day outside compute contracts, in cents."""

    revenue_cents: int
    shared_cents: int
    costs_cents: int


class AiLab(Firm):
    """A private lab. Its revenue is its own; its spending is other people's money until revenue catches up."""

    kind = "lab"

    def __init__(self, model: mesa.Model, sight: Sight, *, facts: LabFacts, account: int, security: int) -> None:
        super().__init__(model, sight, name=facts.name, account=account)
        self.facts = facts
        self._costs_grown = Trend(facts.costs_growth_per_year)
        self.security = security
        assumed = facts.expected_growth_per_year
        self.run_rate_usd_per_year = Growing(
            facts.revenue_usd_per_year,
            GrowthTerms(
                facts.revenue_growth_per_year,
                facts.revenue_growth_per_year if assumed is None else assumed,
                facts.growth_slowdown_per_year,
                facts.revenue_volatility_per_year,
            ),
        )
        self.multiple = facts.valuation_usd / facts.revenue_usd_per_year if facts.revenue_usd_per_year else 0.0
        """Value over revenue at the start."""
        self.price_cents = max(1, round(100 * facts.valuation_usd / facts.shares)) if facts.shares else 1
        """Price per share of the last round."""
        self.next_round_day = 0
        self.ask_share = 1.0
        """Share of what it needs that it still dares to ask for; falls with every failed round."""
        self._revenue_carry, self._share_carry, self._cost_carry = Carry(), Carry(), Carry()

    def take(self, facts: LabFacts) -> None:
        """Its facts change: revenue in proportion, growth from today on; what others expect changes if the scenario
        says so."""
        run_rate, before = self.run_rate_usd_per_year, self.facts.expected_growth_per_year
        expected = facts.expected_growth_per_year
        assumed = run_rate.terms.assumed_per_year if expected is None or expected == before else expected
        terms = GrowthTerms(
            facts.revenue_growth_per_year, assumed, facts.growth_slowdown_per_year, facts.revenue_volatility_per_year
        )
        run_rate.take(self.facts.revenue_usd_per_year, facts.revenue_usd_per_year, terms)
        self._costs_grown.take(self._sight.day - 1, facts.costs_growth_per_year)
        self.facts = facts

    def day_of_business(self) -> LabDay:
        """The run-rate moves by a day; what customers pay, what is shared of it, and what running costs."""
        day = self._sight.day
        self.run_rate_usd_per_year.grow(day, self._sight.normal(Decision.LAB_REVENUE, self.slot))
        revenue_usd = self.run_rate_usd_per_year.now / DAYS_PER_YEAR
        return LabDay(
            self._revenue_carry.take(100 * revenue_usd),
            self._share_carry.take(100 * revenue_usd * self.facts.revenue_share),
            self._cost_carry.take(100 * self.costs_usd_per_year() / DAYS_PER_YEAR),
        )

    def report_revenue(self, days: int) -> float | None:
        """A quarter's surprise in revenue, from which everybody learns; None without revenue."""
        run_rate = self.run_rate_usd_per_year
        if not run_rate.expected:
            return None
        return run_rate.learn(self._sight.day, days, self._sight.rules.growth_learning_per_quarter)

    def costs_usd_per_year(self) -> float:
        """Running costs outside compute contracts and revenue shares, at today's run-rate."""
        facts = self.facts
        scaling = facts.costs_share_of_revenue * self.run_rate_usd_per_year.now
        return scaling + facts.costs_usd_per_year * self._costs_grown.at(self._sight.day)

    def bills_usd_per_year(self) -> float:
        """Compute bills it plans with, per year: in service now and soon."""
        months = self._sight.rules.bills_ahead_months
        total = 0.0
        for contract in self._sight.rented_by(self.name):
            if contract.is_in_force:
                total += contract.bills_ahead_usd_per_year(months)
        return total

    def promised_usd_per_year(self) -> float:
        """What it will owe a year for capacity in service or under construction: the promises it must soon meet."""
        contracts = (c for c in self._sight.rented_by(self.name) if c.is_in_force)
        return math.fsum(c.started_mw * c.terms.price_usd_per_mw_year for c in contracts)

    def burn_usd_per_month(self) -> float:
        """Cash burnt a month: costs, revenue share and compute bills less revenue; never negative."""
        revenue = self.run_rate_usd_per_year.now * (1 - self.facts.revenue_share)
        return max(0.0, self.costs_usd_per_year() + self.bills_usd_per_year() - revenue) / 12

    def runway_months(self) -> float:
        """Months until the cash is gone at that burn, at most 120."""
        burn = self.burn_usd_per_month()
        return min(RUNWAY_MONTHS_MAX, self.cash_cents / 100 / burn) if burn > 0 else RUNWAY_MONTHS_MAX

    def relative_credibility(self) -> float:
        """Mean credibility of its compute contracts relative to what it was when they were new; 1 without any."""
        contracts = self._sight.compute_of(self.name)
        if not contracts:
            return 1.0
        return math.fsum(c.credibility for c in contracts) / math.fsum(c.opening_credibility for c in contracts)

    def multiple_change(self) -> float:
        """Log change of its revenue multiple: the story, and growth against what the opening price assumed."""
        story = self._sight.log_multiple(self.name)
        gap = self.run_rate_usd_per_year.gap_per_year
        return float(story + self._sight.rules.multiple_per_growth * gap)

    def value_usd(self) -> float:
        """What the market would pay for it: revenue run-rate x today's multiple; a part of that in default."""
        value = lab_value_usd(self.run_rate_usd_per_year.now, self.multiple, self.multiple_change())
        return value * self._sight.rules.lab_value_in_default if self.is_defaulted else value

    def fair_price_cents(self) -> int:
        """Value per share at its marked value."""
        return max(1, round(100 * self.value_usd() / self._sight.outstanding(self.security)))

    def decide_raise(self) -> LabNeeds | None:
        """Ask for `raise_months` of burn, a step above the marked value, when the runway is below its threshold."""
        facts, rules = self.facts, self._sight.rules
        if self.is_defaulted or self._sight.day < self.next_round_day or not facts.shares:
            return None
        runway = self.runway_months()
        if runway >= facts.raise_below_months:
            return None
        wanted = self.burn_usd_per_month() * facts.raise_months - self.cash_cents / 100
        wanted *= self.ask_share
        if wanted < rules.round_least_usd:
            return None
        step_up = rules.round_step_up * max(0.0, min(1.0, self._sight.ai_trend() / rules.round_step_up_trend))
        shares = self._sight.outstanding(self.security)
        price = max(1, round(100 * self.value_usd() * math.exp(step_up) / shares))
        return LabNeeds(wanted_cents=round(100 * wanted), price_cents_per_share=price, runway_months=runway)

    def round_failed(self, next_round_day: int) -> None:
        """Next time it asks for less."""
        rules = self._sight.rules
        self.next_round_day = next_round_day
        self.ask_share = max(rules.round_ask_share_min, rules.round_ask_less * self.ask_share)

    def round_closed(self, price_cents: int, next_round_day: int) -> None:
        """Its shares have a new price, and it dares to ask for all it needs."""
        self.price_cents = price_cents
        self.ask_share = 1.0
        self.next_round_day = next_round_day

    def wants_relief(self, runway_months: float) -> bool:
        """Whether it asks its providers to cut what is not yet built: a failed round, and little of the threshold
        left."""
        threshold = self.facts.raise_below_months * self._sight.rules.relief_runway_share
        return self.ask_share < 1.0 and runway_months < threshold

    def mark_down_in_default(self) -> None:
        """Its shares are worth a part of what the last round paid."""
        self.price_cents = max(1, int(self.price_cents * self._sight.rules.lab_value_in_default))
