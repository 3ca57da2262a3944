"""The AI lab: sells to AI customers, rents compute, and asks investors for more before the money runs out."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from ..ledger.units import Carry
from ..narrative.valuation import lab_value_usd
from ..scenarios.schema import AiLab as LabFacts
from .base import CarouselAgent
from .listed_firm import TRADING_DAYS

ASK_LESS = 0.6
ASK_SHARE_MIN = 0.1
"""After a failed round a lab asks for six tenths of what it needs, then for six tenths of that, at least a tenth."""


VALUE_IN_DEFAULT = 0.3
"""Share of its value that a lab keeps when it has defaulted on its bills (assumed: a sale of people and models)."""


@dataclass(frozen=True, slots=True)
class LabNeeds:
    """What a lab asks of a private round."""

    wanted_cents: int
    price_cents_per_share: int
    runway_months: float


def revenue_growth(start_per_year: float, slowdown_per_year: float, years: float) -> float:
    """Log growth per year of the run-rate after `years`: ln(1 + g) exp(-slowdown t)."""
    return math.log1p(start_per_year) * math.exp(-slowdown_per_year * years)


class AiLab(CarouselAgent):
    """A private lab. Its revenue is its own; its spending is other people's money until revenue catches up."""

    kind = "lab"

    def __init__(self, model: Any, *, facts: LabFacts, account: int, security: int, payee_account: int) -> None:
        super().__init__(model, name=facts.name, account=account)
        self.facts = facts
        self.security = security
        self.payee_account = payee_account
        """Who receives its revenue share."""
        self.run_rate_usd_per_year = facts.revenue_usd_per_year
        self.expected_run_rate_usd_per_year = facts.revenue_usd_per_year
        assumed = (
            facts.revenue_growth_per_year if facts.expected_growth_per_year is None else facts.expected_growth_per_year
        )
        self.assumed_growth_per_year = assumed
        """Growth that its opening price assumes."""
        self.growth_gap_per_year = 0.0
        """Log growth expected now, less what the opening price assumes for today."""
        self.quarter_run_rate_usd_per_year = facts.revenue_usd_per_year
        self.multiple = facts.valuation_usd / facts.revenue_usd_per_year if facts.revenue_usd_per_year else 0.0
        self.price_cents = max(1, round(100 * facts.valuation_usd / facts.shares)) if facts.shares else 1
        """Price per share of the last round."""
        self.next_round_day = 0
        self.ask_share = 1.0
        """Share of what it needs that it still dares to ask for; falls with every failed round."""
        self.is_defaulted = False
        self.revenue_carry = Carry()
        self.share_carry = Carry()
        self.cost_carry = Carry()

    def grow(self, day: int, noise: float) -> None:
        """Move the run-rate by one day: slowing growth and a shock of the stated yearly volatility."""
        growth = revenue_growth(
            self.facts.revenue_growth_per_year, self.facts.growth_slowdown_per_year, day / TRADING_DAYS
        )
        sigma = self.facts.revenue_volatility_per_year / math.sqrt(TRADING_DAYS)
        self.expected_run_rate_usd_per_year *= math.exp(self.expected_growth(day) / TRADING_DAYS)
        self.run_rate_usd_per_year *= math.exp(growth / TRADING_DAYS + sigma * noise - sigma * sigma / 2)

    def assumed_growth(self, day: int) -> float:
        """Log growth per year that the opening price assumes for this day."""
        return revenue_growth(self.assumed_growth_per_year, self.facts.growth_slowdown_per_year, day / TRADING_DAYS)

    def expected_growth(self, day: int) -> float:
        """Log growth per year that everybody expects now."""
        return self.assumed_growth(day) + self.growth_gap_per_year

    def learn_growth(self, day: int, days: int, share: float) -> float:
        """The quarter's surprise; expected growth moves a share of the way to the growth that was seen."""
        surprise = self.run_rate_usd_per_year / self.expected_run_rate_usd_per_year - 1
        seen = math.log(self.run_rate_usd_per_year / self.quarter_run_rate_usd_per_year) * TRADING_DAYS / days
        self.growth_gap_per_year += share * (seen - self.expected_growth(day - days // 2))
        self.expected_run_rate_usd_per_year = self.quarter_run_rate_usd_per_year = self.run_rate_usd_per_year
        return surprise

    def costs_usd_per_year(self, day: int) -> float:
        """Running costs outside compute contracts and revenue shares, at today's run-rate."""
        fixed = self.facts.costs_usd_per_year * math.exp(
            math.log1p(self.facts.costs_growth_per_year) * day / TRADING_DAYS
        )
        return self.facts.costs_share_of_revenue * self.run_rate_usd_per_year + fixed

    def burn_usd_per_month(self, day: int, bills_usd_per_year: float) -> float:
        """Cash burnt a month: costs, revenue share and compute bills less revenue; never negative."""
        revenue = self.run_rate_usd_per_year * (1 - self.facts.revenue_share)
        return max(0.0, self.costs_usd_per_year(day) + bills_usd_per_year - revenue) / 12

    def runway_months(self, day: int, bills_usd_per_year: float) -> float:
        """Months until the cash is gone at that burn, at most 120."""
        burn = self.burn_usd_per_month(day, bills_usd_per_year)
        return min(120.0, self.cash_cents / 100 / burn) if burn > 0 else 120.0

    def multiple_change(self) -> float:
        """Log change of its revenue multiple: the story, and growth against what the opening price assumed."""
        story = self.model.beliefs.log_multiple_of(self.name)
        return float(story + self.model.behaviour.multiple_per_growth * self.growth_gap_per_year)

    def value_usd(self) -> float:
        """What the market would pay for the lab: revenue run-rate x today's multiple (MODEL s. 5)."""
        value = lab_value_usd(self.run_rate_usd_per_year, self.multiple, self.multiple_change())
        return value * VALUE_IN_DEFAULT if self.is_defaulted else value

    def decide_raise(self, day: int, bills_usd_per_year: float, step_up: float) -> LabNeeds | None:
        """Ask for `raise_months` of burn, a step above the marked value, when the runway is below its threshold."""
        if self.is_defaulted or day < self.next_round_day or not self.facts.shares:
            return None
        runway = self.runway_months(day, bills_usd_per_year)
        if runway >= self.facts.raise_below_months:
            return None
        wanted = self.burn_usd_per_month(day, bills_usd_per_year) * self.facts.raise_months - self.cash_cents / 100
        wanted *= self.ask_share
        if wanted < 1e6:
            return None
        shares = int(self.model.books.registers.outstanding[self.security])
        price = max(1, round(100 * self.value_usd() * math.exp(step_up) / shares))
        return LabNeeds(wanted_cents=round(100 * wanted), price_cents_per_share=price, runway_months=runway)

    def round_failed(self) -> None:
        """Next time it asks for less."""
        self.ask_share = max(ASK_SHARE_MIN, ASK_LESS * self.ask_share)

    def wants_relief(self, runway_months: float) -> bool:
        """Whether it asks its providers to cut what is not yet built: a failed round, and half the threshold left."""
        return self.ask_share < 1.0 and runway_months < self.facts.raise_below_months / 2
