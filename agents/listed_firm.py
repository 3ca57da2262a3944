"""Firms with listed shares: the passive rest of the index, and what clouds and chip makers share."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

import mesa
import numpy as np

from ..contracts.compute import STEPS_PER_YEAR, rented_ahead
from ..engine.calendar import DAYS_PER_YEAR
from ..ledger.units import Carry
from ..narrative.growth import Trend
from ..scenarios.schema import Listing
from .firm import Firm
from .sight import Sight

Cents = TypeVar("Cents", int, np.ndarray)


@dataclass(frozen=True, slots=True)
class Seat:
    """Where a listed firm has its cash, its shares and its row on the price board."""

    account: int
    security: int
    index: int


@dataclass(frozen=True, slots=True)
class OpeningPosition:
    """Debt, cash, stakes and bills to come that the opening price knows, in cents, and earnings, contracts included, it
    pays for."""

    debt_cents: int = 0
    cash_cents: int = 0
    stakes_cents: int = 0
    earnings_usd_per_year: float = 0.0
    bills_cents: int = 0

    def added(self, claims_cents: Cents, stakes_cents: Cents, cash_cents: Cents) -> Cents:
        """Claims added since, net of stakes and cash added: of one day or of many."""
        stakes, cash = stakes_cents - self.stakes_cents, cash_cents - self.cash_cents
        return claims_cents - self.debt_cents - stakes - cash


class DayOfBusiness(NamedTuple):
    """What a listed firm takes in and pays on a day outside finance, in cents."""

    surplus_cents: int = 0
    """Of its old business, which pays its own costs before money reaches the treasury; below 0 what it lacks."""
    relet_cents: int = 0
    operation_cents: int = 0


class ListedFirm(Firm):
    """A firm with shares in the closing auction. Passive: its earnings grow; it decides nothing."""

    kind = "listed"

    def __init__(self, model: mesa.Model, sight: Sight, *, facts: Listing, seat: Seat) -> None:
        super().__init__(model, sight, name=facts.name, account=seat.account)
        self.facts = facts
        self._cash_grown = Trend(facts.cash_growth_per_year)
        self.security = seat.security
        self.index = seat.index
        """Row on the price board."""
        self.base_earnings_usd_per_year = facts.earnings_usd_per_year
        """Of its business outside the circle, as last reported."""
        self.opening = OpeningPosition()
        self.written_down_cents = 0
        """What creditors have lost of bonds, loans and bills: no gain of the shareholders."""
        self.provisioned_cents = 0
        """Charges since the start for losses expected on what it lent and guaranteed, net of releases."""
        self._surplus_carry = Carry()
        self._relet_carry, self._operation_carry = Carry(), Carry()

    def take(self, facts: Listing) -> None:
        """Its facts change: earnings in proportion, growth from today on."""
        self.base_earnings_usd_per_year *= facts.earnings_usd_per_year / self.facts.earnings_usd_per_year
        self._cash_grown.take(self._sight.day - 1, facts.cash_growth_per_year)
        self.facts = facts

    def remember_opening(self) -> None:
        """The opening price knows what it owes and owns now, and what it has promised."""
        stakes = self._sight.valued_stakes_cents(self.account)
        self.opening = OpeningPosition(
            self.debt_cents + self.commitments_cents,
            self.cash_cents,
            stakes,
            self.earnings_usd_per_year,
            self.bill_seen_cents(),
        )

    @property
    def public(self) -> int:
        """The class of its shares that trades: all of them."""
        return self.security

    @property
    def classes(self) -> tuple[int, ...]:
        """Securities of all its shares."""
        return (self.security,)

    @property
    def unlocked(self) -> tuple[int, ...]:
        """Securities of shares that do not trade and may be sold all the same: none."""
        return ()

    @property
    def price_cents(self) -> int:
        """Last closing price."""
        return self._sight.price_cents(self.index)

    @property
    def shares_outstanding(self) -> int:
        """Shares outstanding, from the register."""
        return self._sight.outstanding(self.security)

    @property
    def market_value_cents(self) -> int:
        """Price times shares outstanding."""
        return self.price_cents * self.shares_outstanding

    @property
    def market_value_at_start_usd(self) -> float:
        """Market value before the first trade."""
        return self.facts.price_usd * self.facts.shares

    @property
    def debt_cents(self) -> int:
        """Face value of its bonds outstanding."""
        return self._sight.debt_cents(self.name)

    @property
    def commitments_cents(self) -> int:
        """Uncancellable purchases not yet paid, and bills, overdue or due later."""
        return self._sight.owed_cents(self.account)

    @property
    def debt_like_cents(self) -> int:
        """Debt-like claims added since the start, commitments and loans from vendors included, net of cash, stakes and
        loans to customers (less provisions) added: D of V."""
        stakes = self._sight.valued_stakes_cents(self.account)
        return int(self.opening.added(self.claims_cents, stakes, self.cash_cents))

    @property
    def claims_cents(self) -> int:
        """Bonds, what creditors have lost, commitments and what is owed beside them, less what has been lent."""
        lent = self._sight.loans_change_cents(self.account) + self._sight.lent_beside_cents(self.name)
        owed = self.debt_cents + self.commitments_cents + self._sight.owed_beside_cents(self.name)
        return owed + self.written_down_cents - lent

    @property
    def share_volatility_per_year(self) -> float:
        """Equity volatility from the board's exponentially weighted variance."""
        return math.sqrt(DAYS_PER_YEAR * self._sight.variance_per_day(self.index))

    def growth_factor(self, years: float = 0.0) -> float:
        """Growth since the start of its revenue and costs outside the circle, by now or in so many years."""
        return self._cash_grown.at(self._sight.day + years * DAYS_PER_YEAR)

    def surplus_usd_per_year(self, years: float = 0.0) -> float:
        """What its business outside the circle has left over a year, at its size of now or in so many years."""
        return (self.facts.revenue_usd_per_year - self.facts.costs_usd_per_year) * self.growth_factor(years)

    def day_of_business(self) -> DayOfBusiness:
        """Today's surplus of the business outside the circle."""
        return DayOfBusiness(self._surplus_carry.take(100 * self.surplus_usd_per_year() / DAYS_PER_YEAR))

    @property
    def sold_to_others_cents(self) -> int:
        """What customers outside the circle have paid since the start for capacity."""
        return self._relet_carry.taken

    @property
    def earnings_usd_per_year(self) -> float:
        """Earnings of its old business as last reported, and of the circle over the last months."""
        return self.base_earnings_usd_per_year + self._sight.realised_usd_per_year(self.name)

    def rent_coverage(self) -> float | None:
        """What it has and its old business brings over the years ahead, over the rent it has signed for; None where it
        rents nothing."""
        rented, rules = self._sight.compute_of(self.name), self._sight.rules
        if not rented:
            return None
        steps = max(1, round(STEPS_PER_YEAR * rules.coverage_years))
        brought, owed = max(0, self.cash_cents) / 100, 0.0
        for k in range(steps):
            years = (k + 0.5) / STEPS_PER_YEAR
            weight = math.exp(-rules.coverage_discount_per_year * years) / STEPS_PER_YEAR
            brought += weight * max(0.0, self.surplus_usd_per_year(years))
            owed += weight * rented_ahead(rented, years)[1]
        return brought / owed if owed > 0 else None

    def bill_seen_cents(self) -> int:
        """What its promises will still cost its owners, as far as they believe and see it: it builds nothing, but may
        have promised shares."""
        return round(100 * self._sight.cost_ahead_usd(self.name))

    def report_base_earnings(self, usd_per_year: float) -> None:
        """Its base earnings are reported anew."""
        self.base_earnings_usd_per_year = usd_per_year

    def charge_provision(self, cents: int) -> bool:
        """Expected losses on what it lent and guaranteed; whether owners notice the charge."""
        self.provisioned_cents += cents
        return cents >= self._sight.rules.newsworthy_charge * 100 * self.earnings_usd_per_year

    def write_down(self, cents: int) -> None:
        """Its creditors have lost so much."""
        self.written_down_cents += cents
