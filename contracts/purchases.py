"""What an unlisted customer buys of a vendor month by month, until it fails: by chance, the likelier the more lenders
ask of others."""

from __future__ import annotations

from typing import final

from ..engine.calendar import DAYS_PER_YEAR
from ..engine.chance import Decision, slot_of
from ..ledger.causes import Cause
from ..narrative.announcements import Instrument
from ..narrative.credibility import start_log_odds
from ..scenarios.schema_vendor import Customer
from .base import Status
from .bills import Bill
from .loan_rules import failure_probability, hazard_per_year
from .notary import Notary
from .plant import Plant
from .promise import Promise
from .promised import PublicContract


@final
class Purchases(PublicContract):
    """A running account that ends with its buyer. Nothing is promised: what is bought is earned when it is paid for,
    and what was bought before the start is in the price."""

    label = "purchases"
    building_cents = 0
    """Equipment is in service when it is delivered."""

    def __init__(self, notary: Notary, terms: Customer, *, net_margin: float, in_own_earnings: float) -> None:
        promise = Promise(
            name=terms.name,
            payer=terms.buyer,
            payee=terms.supplier,
            beneficiary=terms.supplier,
            instrument=Instrument.ORDER,
            announced_cents=0,
            in_own_earnings=in_own_earnings,
        )
        super().__init__(notary, promise, start_log_odds(Instrument.ORDER, notary.rules))
        self.terms = terms
        self.buyer = notary.books.journal.account(terms.buyer)
        self.supplier = notary.books.journal.account(terms.supplier)
        self.slot = slot_of(f"{terms.name}, failure")
        self.plant = Plant()
        self.is_public = True
        self.status = Status.DELIVERING
        self.realised_usd_per_year = net_margin * terms.purchases_usd_per_year

    def _month_cents(self, usd_per_year: float) -> int:
        """A month's part of a sum that grows as its business does."""
        years = self._notary.clock.day / DAYS_PER_YEAR
        return round(100 * usd_per_year / 12 * (1 + self.terms.growth_per_year) ** years)

    def revenue_cents(self) -> int:
        """What a month of its business brings in; less once it has failed."""
        whole = self._month_cents(self.terms.revenue_usd_per_year)
        return whole if self.is_alive else round(whole * (1 - self._notary.rules.distress_cost_share))

    def wanted_cents(self) -> int:
        """What it would buy this month."""
        return self._month_cents(self.terms.purchases_usd_per_year)

    def hazard_per_year(self, asked: float) -> float:
        """Its hazard of failing, where lenders ask of others `asked` times what they did at the start."""
        return hazard_per_year(self.terms.hazard_per_year, asked, self.terms.hazard_elasticity)

    def spread_per_year(self, asked: float) -> float:
        """Credit spread that makes up for that hazard: s = floor + hazard x loss given default."""
        rules = self._notary.rules
        return rules.spread_floor_per_year + self.hazard_per_year(asked) * (1 - rules.recovery_of_face)

    def fails(self, asked: float) -> bool:
        """Whether it fails this month: luck of its own."""
        chance = failure_probability(self.hazard_per_year(asked), 1 / 12)
        return self._notary.clock.uniform(Decision.CUSTOMER_FAILS, self.slot) < chance

    def buy(self, cents: int) -> None:
        """So much is delivered and billed, and in service at once; nothing once it has failed."""
        if not self.is_alive:
            return
        clock, rules = self._notary.clock, self._notary.rules
        self._notary.bills.add(Bill(self.buyer, self.supplier, cents, Cause.CHIP_BILL, contract=self.number))
        self.plant.chips.enter(cents, clock.day, round(rules.chip_life_years * DAYS_PER_YEAR))

    def on_default(self, party: str) -> None:
        """Its buyer buys no more."""
        if party == self.payer:
            text = f"{party} fails: it buys no more of {self.payee}"
            self.move(Status.CANCELLED, text=text, direction=-1, cents=12 * self.wanted_cents())
