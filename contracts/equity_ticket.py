"""An equity ticket: a listed firm subscribes new shares of a lab for a fixed sum, once; it can replace a letter."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, final

from ..ledger.causes import Cause
from ..ledger.units import cents
from ..narrative.announcements import Instrument
from ..scenarios.schema_deals import EquityTicket as TicketTerms
from .base import Status
from .bills import Bill
from .notary import Notary
from .promise import Agreed, PlannedSale, Promise, in_bn
from .promised import PublicContract
from .shares import purchase_cents


class Issuer(Protocol):
    """A lab, as far as a subscription goes: whose shares, at which price of the last round, paid to which account."""

    @property
    def security(self) -> int: ...
    @property
    def account(self) -> int: ...
    @property
    def price_cents(self) -> int: ...


def subscription(terms: TicketTerms) -> Agreed:
    """What a ticket promises: shares of a lab for a fixed sum."""
    promise = Promise(
        name=terms.name,
        payer=terms.investor,
        payee=terms.investee,
        beneficiary=terms.investor,
        instrument=Instrument(terms.instrument.value),
        announced_cents=cents(terms.amount_usd),
    )
    sum_bn = terms.amount_usd / 1e9
    return Agreed(promise, terms, f"{terms.investor} subscribes {sum_bn:g} bn USD of {terms.investee}'s shares")


@final
class EquityTicket(PublicContract):
    """Binding from its announcement; its money falls due once and is shares at the price of that day."""

    label = "equity_ticket"
    binds = True
    ends_in_default = True
    endorses = True
    starts_lap = True

    def __init__(
        self,
        notary: Notary,
        promise: Promise,
        log_odds: float,
        terms: TicketTerms,
        *,
        issuer: Issuer,
        replaces: PublicContract | None = None,
    ) -> None:
        super().__init__(notary, promise, log_odds)
        self._issuer = issuer
        self._replaces = replaces
        self._investor = notary.books.journal.account(terms.investor)
        self._closing_day = notary.clock.day_of(terms.closes)
        self._price_cents = 0
        """Of the shares subscribed, from the day on which the money fell due; 0 before."""
        self._unspent_cents = 0
        """Paid, and less than a share."""

    def amend(self, promise: Promise, terms: TicketTerms, text: str) -> None:
        """Its sum and closing day change, unless its money has fallen due."""
        if not self._price_cents:
            self._closing_day = self._notary.clock.day_of(terms.closes)
            super().amend(promise, terms, text)

    def payer_stops(self) -> None:
        """It is not subscribed, unless its money has fallen due."""
        if not self._price_cents:
            self._walk_away(f"{self.payer} does not subscribe {self.payee}'s shares")

    def become_public(self, surprise: float) -> None:
        """What it replaces ends on the day of its announcement."""
        super().become_public(surprise)
        if self._replaces is not None and self._replaces.is_alive:
            text = f"{self.name} of {in_bn(self.promise.announced_cents):g} bn USD replaces {self._replaces.name}"
            self._replaces.end_replaced(text, self.promise.announced_cents)

    def due(self) -> Iterable[Bill]:
        """The whole sum at the first month's end on or after the closing day, in whole shares."""
        if not self.is_in_force or self._price_cents or self._notary.clock.day < self._closing_day:
            return ()
        self._price_cents = self._issuer.price_cents
        shares = self.promise.announced_cents // self._price_cents
        cents = purchase_cents(self._notary.clock.day, shares, self._price_cents)
        return (Bill(self._investor, self._issuer.account, cents, Cause.ROUND, contract=self.number),)

    def on_cash(self, bill: Bill, cents: int) -> None:
        """Shares for cash, whole ones."""
        self._pay(cents)
        self._unspent_cents += cents
        shares = self._unspent_cents // self._price_cents
        self._unspent_cents -= shares * self._price_cents
        if shares:
            self._notary.books.registers.issue(self._issuer.security, self._investor, shares)

    def on_paid(self, bill: Bill) -> None:
        """Nothing is left to come."""
        if self.is_alive:
            self.move(Status.DONE)

    def planned_sales(self) -> Iterable[PlannedSale]:
        """What the lab is believed to get of the investor within a year."""
        left = self.promise.announced_cents - self.paid_cents
        yield PlannedSale(self.payee, self.payer, self.credibility * left / 100)
