"""The AI lab: sells to AI customers, rents compute, and asks investors for more before the money runs out."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import mesa

from ..contracts.compute import STEPS_PER_YEAR, ComputeContract, rented_ahead
from ..engine.calendar import DAYS_PER_YEAR
from ..engine.chance import Decision
from ..ledger.units import Carry
from ..narrative.growth import Growing, Ramp, Trend
from ..narrative.valuation import lab_value_usd
from ..scenarios.schema import AiLab as LabFacts
from . import lab_rules
from .lab_rules import RUNWAY_MONTHS_MAX, LabState, PlannedDeal, served_usd_per_year
from .lab_shares import LabSeat, LabShares
from .sight import Sight


@dataclass(frozen=True, slots=True)
class LabNeeds:
    """What a lab asks of a private round."""

    wanted_cents: int
    price_cents_per_share: int
    runway_months: float


class LabDay(NamedTuple):
    """What a lab takes in and pays on a day outside compute contracts, in cents."""

    revenue_cents: int
    shared_cents: int
    costs_cents: int


class AiLab(LabShares):
    """A private lab. Its revenue is its own; its spending is other people's money until revenue catches up."""

    kind = "lab"

    def __init__(self, model: mesa.Model, sight: Sight, *, facts: LabFacts, account: int, seat: LabSeat) -> None:
        super().__init__(model, sight, facts=facts, account=account, seat=seat)
        self._costs_grown, self._yield_grown = Trend(facts.costs_growth_per_year), Trend(facts.yield_growth_per_year)
        most_gw = lab_rules.base_gw_max(facts)
        self._base_gw = Ramp(facts.base_capacity_gw, facts.base_capacity_growth_gw_per_year, most_gw)
        assumed = facts.expected_growth_per_year
        self.demand_usd_per_year = Growing(
            facts.revenue_usd_per_year,
            lab_rules.growth_terms(facts, facts.revenue_growth_per_year if assumed is None else assumed),
        )
        self.sales_usd_per_year = facts.revenue_usd_per_year
        """Annualised revenue: demand, as far as its capacity serves it."""
        self.judgement = sight.normal(Decision.JUDGEMENT, self.slot) * sight.rules.judgement_error
        """The public's error about how far it covers its bill, log points; every report leaves a part of it."""
        self.seen_coverage: float | None = None
        """Coverage as the public last reckoned it."""
        priced_on = facts.valuation_revenue_usd_per_year or facts.revenue_usd_per_year
        self.multiple = facts.valuation_usd / priced_on if priced_on else 0.0
        """Value over revenue in the last round before the start."""
        self._revenue_carry, self._share_carry, self._cost_carry = Carry(), Carry(), Carry()

    def take(self, facts: LabFacts) -> None:
        """Its facts change: demand in proportion, growth from today on; what others expect changes if the scenario
        says so."""
        demand, before, day = self.demand_usd_per_year, self.facts, self._sight.day - 1
        expected = facts.expected_growth_per_year
        assumed = demand.terms.assumed_per_year if expected in (None, before.expected_growth_per_year) else expected
        demand.take(before.revenue_usd_per_year, facts.revenue_usd_per_year, lab_rules.growth_terms(facts, assumed))
        self._costs_grown.take(day, facts.costs_growth_per_year)
        self._yield_grown.take(day, facts.yield_growth_per_year)
        added_gw = facts.base_capacity_gw - before.base_capacity_gw
        self._base_gw.take(day, added_gw, facts.base_capacity_growth_gw_per_year, lab_rules.base_gw_max(facts))
        self.facts = facts

    @property
    def lets(self) -> list[ComputeContract]:
        """Under what it lets compute of its own to others."""
        return self._sight.let_by(self.name)

    def base_capacity_in(self, years: float) -> float:
        """Compute under contracts of before the start in so many years, GW, less what it lets."""
        return self._base_gw.at(self._sight.day + years * DAYS_PER_YEAR) - rented_ahead(self.lets, years)[0]

    @property
    def base_capacity_gw(self) -> float:
        """Compute under contracts of before the start, now."""
        return self.base_capacity_in(0.0)

    @property
    def capacity_gw(self) -> float:
        """Compute in use: that of before, and what contracts have put into service since."""
        rented = sum(contract.service_mw for contract in self._sight.rented_by(self.name))
        return self.base_capacity_gw + rented / 1000

    def yield_usd_per_gw_year(self, years: float = 0.0) -> float | None:
        """Most revenue that a GW in use earns in a year, in so many years; None where compute bounds no sales."""
        per_gw = self.facts.yield_usd_per_gw_year
        return None if per_gw is None else per_gw * self._yield_grown.at(self._sight.day + years * DAYS_PER_YEAR)

    def sales_max_usd_per_year(self) -> float:
        """Revenue of a year that its capacity can serve: capacity x yield."""
        return served_usd_per_year(self.capacity_gw, self.yield_usd_per_gw_year())

    def state(self) -> LabState:
        """What its use of capacity and its burn are reckoned from today, for whoever reckons them later."""
        rented, building, bills = 0, 0, self.bills_usd_per_year()
        for contract in self._sight.rented_by(self.name):
            rented += contract.service_mw
            building += contract.building_mw
        per_gw, base_gw = self.yield_usd_per_gw_year(), self.base_capacity_gw
        grown = self._costs_grown.at(self._sight.day)
        return LabState(self.facts, self.sales_usd_per_year, per_gw, base_gw, grown, rented, building, bills)

    def meet_demand(self) -> None:
        """A day's growth of the demand for what it sells."""
        draws = (self._sight.normal(of, self.slot) for of in (Decision.LAB_REVENUE, Decision.LAB_GROWTH))
        self.demand_usd_per_year.grow(self._sight.day, *draws)

    def sell(self, usd_per_year: float) -> LabDay:
        """What customers pay today, what is shared of it, and what running costs."""
        self.sales_usd_per_year = usd_per_year
        revenue_usd = usd_per_year / DAYS_PER_YEAR
        return LabDay(
            self._revenue_carry.take(100 * revenue_usd),
            self._share_carry.take(100 * revenue_usd * self.facts.revenue_share),
            self._cost_carry.take(100 * self.costs_usd_per_year() / DAYS_PER_YEAR),
        )

    def report_revenue(self, days: int) -> float | None:
        """A quarter's surprise in revenue, from which everybody learns; None without revenue."""
        demand = self.demand_usd_per_year
        self.judgement *= 1 - self._sight.rules.growth_learning_per_quarter
        if not demand.expected:
            return None
        return demand.learn(self._sight.day, days, self._sight.rules.growth_learning_per_quarter)

    def costs_usd_per_year(self) -> float:
        """Running costs outside compute contracts and revenue shares, at today's revenue."""
        on_base = served_usd_per_year(self.base_capacity_gw, self.yield_usd_per_gw_year())
        grown = self._costs_grown.at(self._sight.day)
        return lab_rules.costs_usd_per_year(self.facts, self.sales_usd_per_year, on_base, grown)

    def bills_usd_per_year(self) -> float:
        """Compute bills it plans with, per year: in service now and soon, less what others pay it for compute."""
        months = self._sight.rules.bills_ahead_months
        total = -self.rent_usd_per_year()
        for contract in self._sight.rented_by(self.name):
            if contract.is_in_force:
                total += contract.bills_ahead_usd_per_year(months)
        return total

    def rent_usd_per_year(self, years: float = 0.0) -> float:
        """What others pay it for compute in so many years."""
        return rented_ahead(self.lets, years)[1]

    def means_and_bill_usd(self, planned: PlannedDeal | None = None) -> tuple[float, float]:
        """What it can bring up against all it has signed, a planned deal included, and that bill: both over the years
        ahead, discounted.

        Means are cash, shares that it was granted, calls that are promised, letters, subscriptions and grants of shares
        as far as they are believed, a part of its value, and what it expects to earn before compute contracts on all
        the capacity it has signed for.
        """
        rules, sight = self._sight.rules, self._sight
        steps = max(1, round(STEPS_PER_YEAR * rules.coverage_years))
        earned = owed = 0.0
        rented = [contract for contract in sight.rented_by(self.name) if contract.is_in_force]
        for k in range(steps):
            years = (k + 0.5) / STEPS_PER_YEAR
            weight = math.exp(-rules.coverage_discount_per_year * years) / STEPS_PER_YEAR
            rented_gw, bill = rented_ahead(rented, years)
            if planned is not None:
                gw = planned.gw_in(years)
                rented_gw, bill = rented_gw + gw, bill + gw * planned.price_usd_per_gw_year
            earned += weight * self._margin_ahead_usd_per_year(years, rented_gw)
            owed += weight * bill
        owned_cents = self.cash_cents + sight.valued_stakes_cents(self.account)
        promised = (sight.called_cents(self.name) + owned_cents) / 100 + sight.believed_equity_usd(self.name)
        return max(0.0, promised + earned + rules.value_as_means * self.value_usd()), owed

    def _margin_ahead_usd_per_year(self, years: float, rented_gw: float) -> float:
        """What it expects to have left of its revenue in so many years, before the bills of compute contracts."""
        facts, day = self.facts, self._sight.day
        demand, per_gw = self.demand_usd_per_year.expected_ahead(day, years), self.yield_usd_per_gw_year(years)
        grown = self._costs_grown.at(day + years * DAYS_PER_YEAR)
        base = math.inf if per_gw is None else self.base_capacity_in(years) * per_gw
        sales = min(demand, base + rented_gw * per_gw) if per_gw else demand
        return (
            sales * (1 - facts.revenue_share)
            + self.rent_usd_per_year(years)
            - facts.costs_share_of_revenue * min(sales, base)
            - facts.costs_usd_per_year * grown
        )

    def reckon_coverage(self) -> float | None:
        """The public looks at its means over its whole bill; None where it has signed nothing."""
        means, bill = self.means_and_bill_usd()
        self.seen_coverage = means / bill if bill > 0 else None
        return self.seen_coverage

    def burn_usd_per_month(self) -> float:
        """Cash burnt a month: costs, revenue share and compute bills less revenue; never negative."""
        costs, bills = self.costs_usd_per_year(), self.bills_usd_per_year()
        return lab_rules.burn_usd_per_month(self.facts, self.sales_usd_per_year, costs, bills)

    def runway_months(self) -> float:
        """Months until the cash is gone at that burn, at most 120."""
        return lab_rules.runway_months(self.cash_cents, self.burn_usd_per_month())

    def worth_by_belief(self) -> float:
        """What it is worth with its compute contracts as far as they are believed, over what it was when they were
        new: c + (1 - c) k, k the value left in default; 1 without any. Source: Myers (1977), JFE 5(2)."""
        contracts, keep = self._sight.compute_of(self.name), self._sight.rules.lab_value_in_default
        if not contracts:
            return 1.0
        worth = [[keep + (1 - keep) * c for c in (one.credibility, one.opening_credibility)] for one in contracts]
        return math.fsum(now for now, _ in worth) / math.fsum(then for _, then in worth)

    def multiple_change(self) -> float:
        """Log change of its revenue multiple against what its price assumed for today: the story, and the growth."""
        story = self._sight.log_multiple(self.name)
        return float(story + self._sight.rules.multiple_per_growth * self.demand_usd_per_year.gap_per_year)

    def marked_value_usd(self) -> float:
        """What the market would pay for it: revenue x today's multiple, which fades as growth slows; a part of that in
        default."""
        return self._value_usd(self.multiple_change())

    def value_without_story_usd(self) -> float:
        """The same without the story, which every fund counts in its own way."""
        return self._value_usd(self._sight.rules.multiple_per_growth * self.demand_usd_per_year.gap_per_year)

    def _value_usd(self, multiple_change: float) -> float:
        slowed = self._sight.rules.multiple_per_growth * self.demand_usd_per_year.slowed_per_year(self._sight.day)
        value = lab_value_usd(self.sales_usd_per_year, self.multiple, multiple_change - slowed)
        return value * self._sight.rules.lab_value_in_default if self.is_defaulted else value

    def decide_raise(self) -> LabNeeds | None:
        """Ask for `raise_months` of burn when cash and calls last too short; already when they last shorter than after
        such a round, with no money uncalled, if its price is up or what it has signed is unfunded: then for a part of
        its value at least. At a step above the marked value."""
        facts, rules = self.facts, self._sight.rules
        if self.is_defaulted or self._sight.day < self.next_round_day or not facts.shares:
            return None
        called_cents = self._sight.called_cents(self.name)
        burn, means = self.burn_usd_per_month(), (self.cash_cents + called_cents) / 100
        runway, value = means / burn if burn > 0 else RUNWAY_MONTHS_MAX, self.value_usd()
        is_short = runway < facts.raise_below_months
        is_early = runway < facts.raise_below_months + facts.raise_months and not called_cents
        is_early = is_early and (self.price_is_up() or self.is_unfunded())
        if not (is_short or is_early):
            return None
        least = rules.round_value_share * value if is_early else 0.0
        wanted_cents = round(100 * self.ask_share * max(burn * facts.raise_months - means, least))
        if wanted_cents <= 0:
            return None
        step_up = rules.round_step_up * max(0.0, min(1.0, self._sight.ai_trend() / rules.round_step_up_trend))
        price = max(1, round(100 * value * math.exp(step_up) / self.shares_outstanding))
        return LabNeeds(wanted_cents=wanted_cents, price_cents_per_share=price, runway_months=runway)

    def is_unfunded(self) -> bool:
        """Whether what it can bring up falls short of all it has signed."""
        return self.seen_coverage is not None and self.seen_coverage < self._sight.rules.round_coverage_below

    def wants_relief(self, runway_months: float) -> bool:
        """Whether it asks its providers to cut what is not yet built: a failed round, and little of the threshold
        left."""
        threshold = self.facts.raise_below_months * self._sight.rules.relief_runway_share
        return self.ask_share < 1.0 and runway_months < threshold
