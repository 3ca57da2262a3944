"""The cloud provider: builds toward what it promised, orders chips ahead, and finds the money."""

from __future__ import annotations

from dataclasses import dataclass

import mesa

from ..contracts.base import Status
from ..contracts.build_plan import BuildPlan
from ..contracts.capacity import CapacityContract
from ..contracts.phase import Phase
from ..engine.calendar import DAYS_PER_MONTH, DAYS_PER_YEAR
from ..market.session import SentOrder
from ..scenarios.schema import CloudProvider as CloudFacts
from .listed_firm import DayOfBusiness, ListedFirm, Seat
from .share_sale import order_of_day
from .sight import Sight


@dataclass(frozen=True, slots=True)
class FundingPlan:
    """What to raise, and how much of it to ask lenders for, in cents; the rest shareholders are asked for."""

    cents: int = 0
    bonds_cents: int = 0


def share_in_bonds(spread_per_year: float, limit_per_year: float, thinning_per_year: float) -> float:
    """Part of a need that goes to lenders: all up to the limit of the spread, then less, none `thinning` above it."""
    if spread_per_year <= limit_per_year:
        return 1.0
    return max(0.0, 1.0 - (spread_per_year - limit_per_year) / thinning_per_year)


def pace_of_value(multiple_over_opening: float, elasticity: float, bounds: tuple[float, float]) -> float:
    """Building over the planned rate: (m / m_0)^e within bounds; m is what owners pay for a dollar of earnings.

    Who is valued highly against what he earns builds more: Tobin (1969), JMCB 1(1); Hayashi (1982), Econometrica 50(1).
    """
    low, high = bounds
    return min(high, max(low, multiple_over_opening**elasticity))


class CloudProvider(ListedFirm):
    """A listed firm that turns promises into buildings before anybody has paid for them."""

    kind = "cloud"

    def __init__(self, model: mesa.Model, sight: Sight, *, facts: CloudFacts, seat: Seat) -> None:
        super().__init__(model, sight, facts=facts, seat=seat)
        self.facts: CloudFacts = facts
        self._opening_usd = facts.price_usd * facts.shares
        """Its market value in the scenario."""
        self.build_pace = 1.0
        """Its building over the planned rate."""
        self.share_sale_left_cents = 0
        """What is left of a running at-the-market programme."""
        self.unplaced_share = 0.0
        """Share of its last funding need that no lender placed: what makes it draw its lines."""
        self._start_carry_mw = 0.0

    @property
    def contracts(self) -> list[CapacityContract]:
        """What it builds under, in the order of their opening."""
        return self._sight.built_by(self.name)

    @property
    def plans(self) -> list[BuildPlan]:
        """Its plans for customers of its own."""
        return [contract for contract in self.contracts if isinstance(contract, BuildPlan)]

    @property
    def delivered_mw(self) -> int:
        """MW in service under contract."""
        return sum(contract.service_mw for contract in self.contracts)

    @property
    def building_mw(self) -> int:
        """MW under construction."""
        return sum(contract.building_mw for contract in self.contracts)

    def bill_seen_cents(self) -> int:
        """What its promises will still cost to build as well."""
        return super().bill_seen_cents() + round(100 * sum(c.bill_seen_usd() for c in self.contracts if c.is_in_force))

    def day_of_business(self) -> DayOfBusiness:
        """Today's surplus outside the circle, capacity re-let and the operation of what is in service."""
        own, contracts = super().day_of_business(), self.contracts
        if not contracts:
            return own
        relet_usd, megawatts = 0.0, 0
        for contract in contracts:
            megawatts += contract.service_mw + contract.relet_mw
            relet_usd += contract.relet_mw * contract.terms.price_usd_per_mw_year
        relet_usd *= 1 - self._sight.rules.relet_discount
        operating_usd = megawatts * self.facts.operating_cost_usd_per_gw_year / 1000
        return DayOfBusiness(
            own.surplus_cents,
            self._relet_carry.take(100 * relet_usd / DAYS_PER_YEAR) if relet_usd else 0,
            self._operation_carry.take(100 * operating_usd / DAYS_PER_YEAR),
        )

    @property
    def sold_to_others_cents(self) -> int:
        """Of capacity re-let, and of its plans for customers of its own."""
        return super().sold_to_others_cents + sum(plan.sold_cents for plan in self.plans)

    def build_gw_per_year(self) -> float:
        """What it means to build in a year: its plan, and what it has added for deals that are not begun in full."""
        added: float = sum(c.terms.added_gw_per_year for c in self.contracts if c.remaining_mw > 0)
        return self.facts.build_gw_per_year_max + added

    def cost_usd_per_gw_year(self) -> float:
        """What a GW in service costs it a year: operation, and what chips and sites are written off."""
        rules, supplies = self._sight.rules, self._sight.supplies_of(self.name)
        written_off = sum(
            s.share * (s.chips_usd_per_gw / rules.chip_life_years + s.other_usd_per_gw / rules.site_life_years)
            for s in supplies
        )
        return float(self.facts.operating_cost_usd_per_gw_year + written_off)

    def plan_starts(self) -> list[tuple[CapacityContract, Phase]]:
        """Building phases to start this month: planned rate times pace, spread over contracts by what remains."""
        if self.is_defaulted:
            return []
        month, monthly_mw = self._sight.month, self.build_gw_per_year() * 1000 / 12
        open_ = [contract for contract in self.contracts if contract.remaining_mw > 0]
        self._start_carry_mw += monthly_mw * self.build_pace
        budget = int(self._start_carry_mw)
        if not open_ or budget <= 0:
            self._start_carry_mw = min(self._start_carry_mw, monthly_mw)
            return []
        remaining = sum(contract.remaining_mw for contract in open_)
        starts = []
        for contract in open_:
            megawatts = min(contract.remaining_mw, budget * contract.remaining_mw // remaining)
            if megawatts <= 0:
                continue
            service = max(month + self.facts.build_months, contract.terms.first_service_month)
            order = max(month, service - self.facts.chip_lead_months)
            starts.append((contract, Phase(megawatts, month, order, service)))
        self._start_carry_mw -= sum(phase.megawatts for _, phase in starts)
        return starts

    def business_usd_per_year(self, *, years_ahead: float = 0.0) -> float:
        """What its business outside contracts earns a year before debt service: own customers included.

        Ahead: with demand as expected by then, for all that it has begun to build.
        """
        facts = self.facts
        earned = self.surplus_usd_per_year()
        earned -= self.delivered_mw * facts.operating_cost_usd_per_gw_year / 1000
        for plan in self.plans:
            megawatts = plan.started_mw if years_ahead > 0 else plan.service_mw
            earned += plan.revenue_usd_per_year(megawatts, plan.demand_mw.growth_ahead(self._sight.day, years_ahead))
            earned -= (megawatts - plan.service_mw) * facts.operating_cost_usd_per_gw_year / 1000
        return earned

    def coverage(self) -> float | None:
        """Earnings outside contracts over a year's debt service, 0 with losses; None where nothing is owed."""
        owed_cents = 100 * self._sight.coupons_usd_per_year(self.name)
        owed_cents += self._sight.loan_service_cents(self.account, 12) + self._sight.dues_ahead_cents(self.name, 12)
        return max(0.0, 100 * self.business_usd_per_year() / owed_cents) if owed_cents > 0 else None

    def need_cents(self) -> int:
        """Cash it will lack over its planning horizon: building and maturities, less cash, business and believed
        bills."""
        horizon, facts = self._sight.rules.funding_plan_months, self.facts
        out = sum(bill.cents for bill in self._sight.bills_of(self.account))
        out += self._building_ahead_cents(horizon) + self._sight.loan_service_cents(self.account, horizon)
        out += self._bonds_ahead_cents(horizon) + self._sight.dues_ahead_cents(self.name, horizon)
        business = self.surplus_usd_per_year() - self.delivered_mw * facts.operating_cost_usd_per_gw_year / 1000
        income = round(100 * (business * horizon / 12 + self._believed_bills_usd(horizon)))
        return out + round(100 * facts.cash_buffer_usd) - self.cash_cents - income

    def _building_ahead_cents(self, horizon_months: int) -> int:
        """Construction and chips of what is begun, less what vendors' lines are to pay of the chips."""
        out, last_month = 0, self._sight.month + horizon_months
        chips: dict[str, int] = {}
        for contract in self.contracts:
            for phase in contract.phases:
                months = phase.months
                ahead = min(horizon_months, max(0, months - phase.months_paid))
                out += contract.construction_cents(phase) * ahead // months
                if not phase.has_chips and phase.service_month - 1 <= last_month:
                    for supply in contract.terms.supplies:
                        left, maker = contract.chips_left_of(supply, phase), supply.supplier or ""
                        chips[maker] = chips.get(maker, 0) + left
        return out + sum(chips.values()) - self._sight.planned_draws_cents(self.account, chips)

    def _bonds_ahead_cents(self, horizon_months: int) -> int:
        """Coupons, and the face of what matures."""
        out = 0
        for bond in self._sight.bonds_of(self.name):
            face = bond.face_outstanding_cents
            out += round(face * bond.terms.coupon_per_year * horizon_months / 12)
            if 0 < bond.terms.maturity_day - self._sight.day <= horizon_months * DAYS_PER_MONTH:
                out += face
        return out

    def _believed_bills_usd(self, horizon_months: int) -> float:
        """What customers will pay for capacity in service, as far as it believes them."""
        bills = 0.0
        for contract in self.contracts:
            if isinstance(contract, BuildPlan):
                bills += contract.revenue_usd_per_year(contract.service_mw) * horizon_months / 12
            elif contract.is_alive and contract.status is not Status.LATE:
                price = contract.terms.price_usd_per_mw_year
                bills += contract.credibility * contract.service_mw * price * horizon_months / 12
        return bills

    def plan_funding(self, need_cents: int, spread_per_year: float) -> FundingPlan:
        """Close a gap with bonds, with fewer of them the further the spread is above its limit (docs/odd.md)."""
        self.share_sale_left_cents = 0
        if self.is_defaulted or need_cents <= 0:
            return FundingPlan()
        thinning = self._sight.rules.bond_thinning_per_year
        in_bonds = share_in_bonds(spread_per_year, self.facts.spread_limit_per_year, thinning)
        return FundingPlan(need_cents, int(in_bonds * need_cents))

    def bond_limit_per_year(self) -> float:
        """The spread at which it sells no bonds any more."""
        return self.facts.spread_limit_per_year + self._sight.rules.bond_thinning_per_year

    def sell_shares_for(self, plan: FundingPlan, missing_cents: int) -> int:
        """What no lender placed is sought from the market for shares, up to a part of its value; returns how much."""
        self.unplaced_share = missing_cents / plan.cents if missing_cents else 0.0
        if missing_cents:
            most_cents = self.market_value_cents // self._sight.rules.share_issue_parts
            self.share_sale_left_cents = min(missing_cents, most_cents)
        return self.share_sale_left_cents

    def dearness(self) -> float:
        """What owners pay today, moods aside, for a dollar that it earns, over that of the opening; 0 with losses."""
        if min(self.earnings_usd_per_year, self.opening.earnings_usd_per_year) <= 0:
            return 0.0
        value = self._sight.steady_value_cents(self.index) / (100 * self._opening_usd)
        return value / (self.earnings_usd_per_year / self.opening.earnings_usd_per_year)

    def wanted_pace(self) -> float:
        """`pace_of_value` at its dearness; the slowest with losses."""
        rules, dearness = self._sight.rules, self.dearness()
        bounds = rules.build_pace_min, rules.build_pace_max
        return pace_of_value(dearness, rules.build_pace_elasticity, bounds) if dearness else rules.build_pace_min

    def set_pace(self, need_cents: int, missing_cents: int) -> bool:
        """Build as fast as its value makes it worth while while funded; slow down while funds fail. Whether it slows
        for want of funds."""
        rules, before = self._sight.rules, self.build_pace
        if missing_cents > max(0, need_cents) // rules.shortfall_tolerated_parts:
            self.build_pace = max(0.0, before - rules.build_pace_loss_per_month)
            return self.build_pace < before
        least, most = before - rules.build_pace_loss_per_month, before + rules.build_pace_gain_per_month
        self.build_pace = min(max(self.wanted_pace(), least), most)
        return False

    def decide_share_sale(self) -> SentOrder | None:
        """A day of its running programme: within a part of the usual volume, at worst a little below the last price;
        with little of its cash buffer left all of it at once, an offering at a discount."""
        floor_cents = 100 * self.facts.cash_buffer_usd * self._sight.rules.offering_below_buffer
        is_urgent = self.cash_cents < floor_cents
        return order_of_day(self, self._sight, self.share_sale_left_cents, is_urgent=is_urgent)

    def sold(self, shares: int) -> None:
        """So many new shares have been sold today, at the closing price."""
        self.share_sale_left_cents = max(0, self.share_sale_left_cents - shares * self.price_cents)
