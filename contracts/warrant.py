"""A warrant: a chip maker's own new shares for its customers' customer, as its chips are deployed and its price
rises."""

from __future__ import annotations

import math
from collections.abc import Iterable
from statistics import NormalDist
from typing import NamedTuple, Protocol, final

from ..engine.calendar import DAYS_PER_YEAR
from ..ledger.causes import Cause
from ..ledger.units import cents
from ..narrative.announcements import Instrument, Unit
from ..narrative.chronicle import Happening
from ..narrative.credibility import Evidence
from ..scenarios.schema_options import Warrant as WarrantTerms
from .base import Status
from .bills import Bill
from .notary import Notary
from .promise import Agreed, PlannedSale, Promise, in_bn
from .sales_promise import DeploymentPromise


class Issuer(Protocol):
    """A listed firm, as far as a warrant on its shares goes."""

    @property
    def security(self) -> int: ...
    @property
    def account(self) -> int: ...
    @property
    def price_cents(self) -> int: ...
    @property
    def share_volatility_per_year(self) -> float: ...


class Sales(NamedTuple):
    """Profit of a year that a grant's chip sales promise, and what a dollar of it counts in the grantor's earnings."""

    profit_usd_per_year: float
    in_own_earnings: float


def grant(terms: WarrantTerms, sales: Sales) -> Agreed:
    """What a warrant promises: shares worth what they are when the last tranche vests, for chips bought."""
    promise = Promise(
        name=terms.name,
        payer=terms.grantor,
        payee=terms.holder,
        beneficiary=terms.grantor,
        instrument=Instrument(terms.instrument.value),
        announced_cents=terms.shares * cents(terms.last_price_usd),
        profit_usd_per_year=sales.profit_usd_per_year,
        in_own_earnings=sales.in_own_earnings,
        capacity_mw=round(1000 * terms.capacity_gw),
        unit=Unit(terms.told_in.value),
    )
    worth = f"{in_bn(promise.announced_cents):g} bn USD"
    text = f"{terms.grantor} grants {terms.holder} up to {worth} of its shares for {terms.capacity_gw:g} GW"
    return Agreed(promise, terms, text)


def touched_value(price: float, barrier: float, volatility_per_year: float, years: float) -> float:
    """Value today of a share that is handed over on the first day on which its price reaches a barrier, within so
    many years: H N((-b - s^2 / 2) / s) + P N((-b + s^2 / 2) / s), b = log(H / P), s = volatility x root of the years.

    Interest is left out. Without end it is P: the higher the barrier the rarer, and the dearer is what is handed over.
    Source: Rubinstein & Reiner (1991), Risk 4(8) and 4(9), an asset paid at the hit of a barrier.
    """
    spread = volatility_per_year * math.sqrt(max(0.0, years))
    if price >= barrier:
        return price
    if not spread or not price:
        return 0.0
    high, normal = math.log(barrier / price), NormalDist()
    return barrier * normal.cdf((-high - spread**2 / 2) / spread) + price * normal.cdf((-high + spread**2 / 2) / spread)


@final
class Warrant(DeploymentPromise):
    """The grantor's shareholders capitalise the chips it sells, less the shares that they expect to hand over."""

    label = "warrant"
    binds = True
    ends_in_default = True
    endorses = True
    costs_owners = True

    def __init__(
        self, notary: Notary, promise: Promise, log_odds: float, terms: WarrantTerms, *, issuer: Issuer
    ) -> None:
        super().__init__(notary, promise, log_odds)
        self.terms = terms
        self._issuer = issuer
        self._holder = notary.books.journal.account(terms.holder)
        self.peak_cents = 0
        """Highest price of its shares at the close of a month since it has been public."""
        self.vested = 0
        """Tranches that have vested."""
        self.exercised_shares = 0
        """Bought by the lab, the strike due or paid."""
        self.issued_shares = 0
        self._unspent_cents = 0
        """Paid, and less than the strike of a share."""

    def amend(self, promise: Promise, terms: WarrantTerms, text: str) -> None:
        """What has not vested vests by the new terms."""
        self.terms = terms
        super().amend(promise, terms, text)

    @property
    def _strike_cents(self) -> int:
        return cents(self.terms.strike_usd)

    def _asked_cents(self, tranche: int) -> int:
        """Closing price that a tranche asks for, from 0."""
        first, last, others = self.terms.first_price_usd, self.terms.last_price_usd, max(1, self.terms.tranches - 1)
        return cents(first + (last - first) * tranche / others) if self.terms.tranches > 1 else cents(last)

    def _shares(self, tranches: int) -> int:
        """All shares of so many tranches."""
        return self.terms.shares * tranches // self.terms.tranches

    def _has_vested(self, tranche: int) -> bool:
        """Whether both conditions of a tranche are met."""
        asked_mw = 1000 * self.terms.capacity_gw * (tranche + 1) / self.terms.tranches
        return self.deployed_mw + 1e-6 >= asked_mw and self.peak_cents >= self._asked_cents(tranche)

    @property
    def equity_left_cents(self) -> int:
        """Value of the shares that are still to come, less their strike, if the capacity comes: `touched_value`."""
        if not self.is_alive:
            return 0
        price, volatility = self._issuer.price_cents, self._issuer.share_volatility_per_year
        clock = self._notary.clock
        years = max(0, clock.day_of(self.terms.expires) - clock.day) / DAYS_PER_YEAR
        worth = 0.0
        for tranche in range(self.terms.tranches):
            coming = self._shares(tranche + 1) - max(self._shares(tranche), self.issued_shares)
            if coming > 0:
                barrier = 0 if self.peak_cents >= self._asked_cents(tranche) else self._asked_cents(tranche)
                each = touched_value(price, barrier, volatility, years)
                worth += coming * each * max(0.0, 1 - self._strike_cents / max(price, barrier, 1))
        return round(worth)

    def due(self) -> Iterable[Bill]:
        """At a month's end tranches vest in order; the strike of all that have vested falls due once it is worth it."""
        if not self.is_in_force:
            return
        clock, price = self._notary.clock, self._issuer.price_cents
        if clock.day >= clock.day_of(self.terms.expires):
            self.move(Status.DONE, text=f"{self.name} expires")
            return
        self.peak_cents = max(self.peak_cents, price)
        while self.vested < self.terms.tranches and self._has_vested(self.vested):
            self._vest()
        shares = self._shares(self.vested) - self.exercised_shares
        if shares > 0 and price > self._strike_cents:
            self.exercised_shares += shares
            strike = shares * self._strike_cents
            yield Bill(self._holder, self._issuer.account, strike, Cause.ROUND, contract=self.number)

    def _vest(self) -> None:
        """The next tranche has vested."""
        shares = self._shares(self.vested + 1) - self._shares(self.vested)
        self.vested += 1
        text = f"tranche {self.vested} of {self.terms.tranches} vests: {shares:,} shares"
        if self.status in (Status.BINDING, Status.RENEGOTIATED):
            self.move(Status.DELIVERING, text=text)
        else:
            chronicle, worth = self._notary.chronicle, shares * self._issuer.price_cents
            chronicle.note(Happening.DELIVERING, agent=self.payer, counterparty=self.payee, cents=worth, detail=text)

    def on_cash(self, bill: Bill, cents: int) -> None:
        """Shares for cash."""
        self._hand_over(cents)

    def on_settled(self, bill: Bill, settled_cents: int, cash_cents: int) -> None:
        """Shares for what is set off against a debt of the grantor."""
        self._hand_over(settled_cents - cash_cents)

    def _hand_over(self, cents: int) -> None:
        """New shares for the strike, whole ones; what they are worth today is what the grantor has paid."""
        self._unspent_cents += cents
        shares = self._unspent_cents // self._strike_cents
        if shares > 0:
            self._unspent_cents -= shares * self._strike_cents
            self._notary.books.registers.issue(self._issuer.security, self._holder, shares)
            self.issued_shares += shares
            self._pay(shares * self._issuer.price_cents)
            self._notary.contract_changed()

    def on_paid(self, bill: Bill) -> None:
        """The grant is honoured: evidence; after the last tranche nothing is left to come."""
        if self.is_alive:
            self.learn(Evidence.PAID_ON_TIME)
            if self.issued_shares >= self.terms.shares:
                self.move(Status.DONE)

    def on_default(self, party: str) -> None:
        """What has not vested is void, and what has been exercised and not been paid: nobody owes a strike."""
        bills = self._notary.bills
        unpaid = bills.of_contract(self.number)
        bills.drop(unpaid)
        bills.give_up(unpaid)
        super().on_default(party)

    def planned_sales(self) -> Iterable[PlannedSale]:
        """What the lab is believed to get of the grantor a year."""
        yearly = self.credibility * self.equity_left_cents / 100 / max(1.0, float(self.terms.years))
        yield PlannedSale(self.payee, self.payer, yearly)
