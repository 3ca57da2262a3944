"""Pension and savings plans: a steady flow into the ETF, whatever the mood."""

from __future__ import annotations

import mesa

from ..engine.calendar import DAYS_PER_MONTH
from ..scenarios.schema import Households as HouseholdFacts
from .base import CarouselAgent
from .sight import Sight


def plan_order(cash_cents: int, limit_cents: int, days_left: int) -> int:
    """Whole ETF shares that plans bid for today: their cash, in equal parts over the days left of the month."""
    return cash_cents // days_left // limit_cents


class SavingsPlans(CarouselAgent):
    """All plans together: members pay in and draw pensions, the rest buys the ETF; none of it is sold."""

    kind = "savings_plans"

    def __init__(
        self, model: mesa.Model, sight: Sight, *, facts: HouseholdFacts, account: int, savers_account: int
    ) -> None:
        super().__init__(model, sight, name="savings plans", account=account)
        self.facts = facts
        self.savers_account = savers_account
        self.wished_shares = 0
        """ETF shares they bid for in today's auction."""

    def take(self, facts: HouseholdFacts) -> None:
        """What they take in changes."""
        self.facts = facts

    @property
    def saving_cents_per_month(self) -> int:
        """What they take in a month, less what they pay out."""
        return round(100 * self.facts.plan_usd_per_year / 12)

    def decide_order(self, reference_cents: int) -> tuple[int, int]:
        """ETF shares they bid for, and the limit: as far above the reference as households go."""
        limit = int(reference_cents * (1 + self._sight.rules.limit_tolerance))
        days_left = DAYS_PER_MONTH - (self._sight.day - 1) % DAYS_PER_MONTH
        self.wished_shares = plan_order(self.cash_cents, limit, days_left)
        return self.wished_shares, limit
