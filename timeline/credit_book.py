"""The bonds outstanding: series, who owes what when, and the spread the market asks of every issuer."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from ..agents.bond_buyer_kernels import worth_of_bonds
from ..agents.cloud import CloudProvider
from ..agents.listed_firm import ListedFirm
from ..agents.own_demand import OUTLOOK_YEARS
from ..engine.calendar import DAYS_PER_MONTH, DAYS_PER_YEAR
from ..engine.chance import slot_of
from ..market import credit

if TYPE_CHECKING:
    from ..model import CarouselModel

FACE_CENTS = 100_000
"""Face value of one bond unit: 1,000 USD."""
RECOVERY_OF_FACE = 0.40
"""Share of face value bondholders keep. Source: Moody's long-run average of senior unsecured bonds, about 40 %."""
HORIZON_YEARS = 5.0
"""Horizon of the required spread: the five-year point at which credit is quoted."""


@dataclass(slots=True)
class Series:
    """One bond series. `face_cents` per unit falls when claims are written down in a default."""

    number: int
    name: str
    issuer: str
    issuer_account: int
    security: int
    coupon_per_year: float
    maturity_day: int
    slot: int
    """Permanent slot of its luck and of its trading day: no other series changes it."""
    face_cents: int = FACE_CENTS
    price_cents: int = FACE_CENTS
    spread_per_year: float = 0.0
    trading_day: int = field(init=False)
    """Day of the month on which it trades."""

    def __post_init__(self) -> None:
        self.trading_day = self.slot % DAYS_PER_MONTH


class CreditBook:
    """All series of a run, and the issuers' spreads."""

    def __init__(self, model: CarouselModel) -> None:
        self.model = model
        self.series: list[Series] = []
        self.by_issuer: dict[str, list[Series]] = {}
        self.spread_per_year: dict[str, float] = {}
        self.version = 0
        """Counts the changes of what issuers owe; whoever changes units or face values says so with `changed`."""
        self._debt_cents: dict[str, int] = {}
        self._asset_volatility: dict[str, float] = {}
        self._prices: dict[str, np.ndarray] = {}
        """Price by security, int64, of each issuer's bonds and (under no name) of all; empty when out of date."""

    def changed(self) -> None:
        """Units or face values are no longer what they were."""
        self.version += 1
        self._debt_cents.clear()

    def open(self, *, name: str, firm: ListedFirm, security: int, coupon_per_year: float, maturity_day: int) -> Series:
        """Enter a new series of a listed issuer."""
        series = Series(
            number=len(self.series),
            name=name,
            issuer=firm.name,
            issuer_account=firm.account,
            security=security,
            coupon_per_year=coupon_per_year,
            maturity_day=maturity_day,
            slot=slot_of(f"{firm.name}, bond of day {self.model.day}, {name if self.model.day == 0 else ''}"),
        )
        self.series.append(series)
        self._prices.clear()
        self.by_issuer.setdefault(firm.name, []).append(series)
        return series

    def units(self, series: Series) -> int:
        """Units outstanding."""
        return int(self.model.books.registers.outstanding[series.security])

    def debt_cents(self, issuer: str) -> int:
        """Face value of an issuer's bonds outstanding."""
        if issuer not in self._debt_cents:
            self._debt_cents[issuer] = sum(self.units(s) * s.face_cents for s in self.by_issuer.get(issuer, ()))
        return self._debt_cents[issuer]

    def held_cents(self, account: int, issuer: str | None = None) -> int:
        """Market value of the bonds an account holds (of one issuer, or all)."""
        holdings = self.model.books.registers.holdings
        in_all, of_issuer = worth_of_bonds(holdings, np.array([account]), self.marked(issuer or ""))
        return in_all.item(0) if issuer is None else of_issuer.item(0)

    def marked(self, issuer: str) -> tuple[np.ndarray, np.ndarray]:
        """Prices by security, int64: of all bonds, and of an issuer's alone (0 elsewhere), made when asked for after a
        change."""
        if not self._prices:
            self._prices[""] = np.zeros(self.model.books.registers.n_securities, np.int64)
            for s in self.series:
                self._prices[""][s.security] = s.price_cents
        if issuer not in self._prices:
            own = self._prices[issuer] = np.zeros_like(self._prices[""])
            for s in self.by_issuer.get(issuer, ()):
                own[s.security] = s.price_cents
        return self._prices[""], self._prices[issuer]

    def set_price(self, series: Series, price_cents: int) -> None:
        """A series has a new price."""
        series.price_cents = price_cents
        for issuer in ("", series.issuer):
            if issuer in self._prices:
                self._prices[issuer][series.security] = price_cents

    def fair_spread(self, firm: ListedFirm) -> float:
        """What lenders ask of a firm: its own spread, for the part of its bonds that others answer for theirs if that
        is lower."""
        spread = self.own_spread(firm)
        given = self.model.loans.guarantees_for(firm.name)
        if not given:
            return spread
        uncovered, blended = 1.0, 0.0
        for guarantee in given:
            part = min(uncovered, guarantee.limit_cents / max(1, firm.debt_cents))
            other = self.own_spread(self.model.listed_by_name[guarantee.terms.guarantor])
            blended += part * min(spread, other)
            uncovered -= part
        return blended + uncovered * spread

    def own_spread(self, firm: ListedFirm) -> float:
        """Merton spread of a firm at today's share price, commitments counted as debt-like, plus the liquidity floor.

        Source: Merton (1974), eq. 14; asset volatility from equity volatility times equity over assets.
        """
        rules = self.model.behaviour
        claims = self.claims_cents(firm)
        if claims <= 0:
            return rules.spread_floor_per_year
        equity = max(1.0, float(firm.market_value_cents))
        assets = equity + claims
        now = firm.share_volatility_per_year * equity / assets
        own = getattr(firm.facts, "asset_volatility_per_year", None)
        volatility = own or max(self.asset_volatility_at_start(firm), now)
        discounted = claims * credit.discount(rules.riskless_rate_per_year, HORIZON_YEARS)
        spread = rules.spread_floor_per_year + credit.required_spread(discounted / assets, volatility, HORIZON_YEARS)
        return max(spread, self._distress_spread(firm), self._plan_spread(firm))

    def claims_cents(self, firm: ListedFirm) -> float:
        """Debt, debt-like claims of the start, and commitments as far as they count as debt."""
        rules = self.model.behaviour
        owed: float = firm.debt_cents + self.model.loans.owed_by(firm.account)
        owed += rules.commitments_as_debt * firm.commitments_cents
        return float(owed + 100 * firm.facts.debt_like_usd)

    def asset_volatility_at_start(self, firm: ListedFirm) -> float:
        """Volatility of the assets when the run began: a falling share price does not make the business any calmer."""
        if firm.name not in self._asset_volatility:
            claims = firm.debt_at_start_cents + 100 * firm.facts.debt_like_usd
            equity = 100 * firm.facts.price_usd * firm.facts.shares
            yearly = firm.facts.daily_volatility * math.sqrt(DAYS_PER_YEAR)
            self._asset_volatility[firm.name] = yearly * equity / (equity + claims)
        return self._asset_volatility[firm.name]

    def _distress_spread(self, firm: ListedFirm) -> float:
        """Spread of a firm that pays late (coverage below one) or has defaulted. Source: Damodaran, Jan 2024."""
        if firm.is_defaulted:
            return credit.rating_from_coverage(0.0).spread_per_year
        if self.model.dues.late_cents(firm.account):
            return credit.rating_from_coverage(0.5).spread_per_year
        return 0.0

    def _plan_spread(self, firm: ListedFirm) -> float:
        """Rating spread of a builder for its own customers: what it is expected to earn over the interest it owes.

        Equity that is nearly gone says little about assets that are worth less than their debts; expected coverage
        does. Source: Damodaran, Jan 2024.
        """
        if not isinstance(firm, CloudProvider) or not any(b.is_own for b in firm.buildouts):
            return 0.0
        interest = self.coupons_usd_per_year(firm.name) + self.model.loans.interest_usd_per_year(firm.account)
        earned = self.model.business_usd_per_year(firm, years_ahead=OUTLOOK_YEARS)
        return credit.rating_from_coverage(earned / interest if interest else math.inf).spread_per_year

    def coupons_usd_per_year(self, issuer: str) -> float:
        """Coupons of a year on all bonds of an issuer."""
        book = self.by_issuer.get(issuer, ())
        return sum(self.units(s) * s.face_cents * s.coupon_per_year for s in book) / 100

    def retire(self, series: Series) -> None:
        """Take a series that has come due off the book."""
        self.series.remove(series)
        self.by_issuer[series.issuer].remove(series)
        self._prices.clear()
        self.changed()

    def mark(self) -> None:
        """Mark every issuer's spread and every series' price to today's share prices."""
        rules, day = self.model.behaviour, self.model.day
        self._prices.clear()
        for issuer, book in self.by_issuer.items():
            spread = self.fair_spread(self.model.listed_by_name[issuer])
            self.spread_per_year[issuer] = spread
            for s in book:
                s.spread_per_year = spread
                s.price_cents = max(
                    1,
                    credit.bond_price_cents(
                        s.coupon_per_year,
                        spread,
                        rules.riskless_rate_per_year,
                        max(0, s.maturity_day - day),
                        s.face_cents,
                    ),
                )
