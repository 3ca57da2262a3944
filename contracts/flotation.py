"""The listing of a lab: new shares are sold at an offer price; whoever had shares before may not sell for a while."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple, final

from ..engine.calendar import DAYS_PER_MONTH
from ..narrative.announcements import Draft, Instrument
from ..narrative.chronicle import Happening
from ..scenarios.schema_options import Flotation as FlotationTerms
from .base import Status
from .bills import Bill
from .notary import Notary
from .promise import Agreed, Promise, in_bn
from .promised import PublicContract


class Offer(NamedTuple):
    """New shares on offer, and the price of one."""

    shares: int
    price_cents: int


def plan(terms: FlotationTerms) -> Agreed:
    """What a listing promises before it has a price: nothing but that it may come."""
    promise = Promise(
        name=terms.name,
        payer=terms.lab,
        payee=terms.lab,
        beneficiary=terms.lab,
        instrument=Instrument.EQUITY,
        announced_cents=0,
    )
    return Agreed(promise, terms, f"{terms.lab} may be listed")


def offer_of(value_cents: float, shares: int, offer_share: float, underpricing_share: float) -> Offer:
    """New shares n of N + n, and the offer price p at which they gain u once they trade at what the whole is worth:
    (V + n p) / (N + n) = (1 + u) p, so p = V / (N (1 + u) + n u), rounded down to cents.

    Source: Ritter & Welch (2002), Journal of Finance 57(4), for u.
    """
    new = int(shares * offer_share / (1 - offer_share))
    return Offer(new, int(value_cents / (shares * (1 + underpricing_share) + new * underpricing_share)))


@final
class Flotation(PublicContract):
    """Known from the start as a plan; the sale makes it a fact, and the end of the lock-up ends it."""

    label = "listing"
    ends_in_default = True

    def __init__(self, notary: Notary, promise: Promise, log_odds: float, terms: FlotationTerms) -> None:
        super().__init__(notary, promise, log_odds)
        self.terms = terms
        self._listed_day: int | None = None
        self.cash_before_cents = 0
        """What the lab had on the day before it was listed: what comes on top of it is worth what it is."""

    @property
    def is_listed(self) -> bool:
        """Whether the lab's new shares trade."""
        return self._listed_day is not None

    @property
    def is_unlocked(self) -> bool:
        """Whether its shares from before may be sold as well: after the lock-up, or once a default has ended it."""
        return self.is_listed and not self.is_alive

    def amend(self, promise: Promise, terms: FlotationTerms, text: str) -> None:
        """A listing that has not come comes on the new terms; a lock-up that runs ends by them."""
        self.terms = terms

    def payer_stops(self) -> None:
        """Its money is others'."""

    def falls_into_doubt(self) -> bool:
        """No board pays under it, in full or in part."""
        return False

    def placed(self, offer: Offer, cash_before_cents: int) -> None:
        """So many shares have been sold and paid today; they trade from tomorrow on."""
        cents, chronicle = offer.shares * offer.price_cents, self._notary.chronicle
        self._listed_day, self.cash_before_cents = self._notary.clock.day, cash_before_cents
        self.promise = replace(self.promise, announced_cents=cents)
        self._step(Status.DELIVERING)
        text = f"{self.payer} is listed: {in_bn(cents):.1f} bn USD of new shares at {offer.price_cents / 100:,.2f} USD"
        chronicle.note(Happening.LISTED, agent=self.payer, cents=cents, detail=text)
        item = chronicle.announce_tomorrow(
            Draft(
                firm=self.payer, instrument=Instrument.EQUITY, text=text, announced_cents=cents, direction=1,
                commitment=self.number,
            )
        )  # fmt: skip
        self.announcement = item.number
        self._commit(cents)
        self._pay(cents)
        self._notary.contract_changed()

    def due(self) -> tuple[Bill, ...]:
        """No bills; at the first month's end after the lock-up it is over."""
        locked_days, listed = self.terms.lock_up_months * DAYS_PER_MONTH, self._listed_day
        if self.is_alive and listed is not None and self._notary.clock.day >= listed + locked_days:
            self.move(Status.DONE, text=f"{self.payer}: shares from before the listing are no longer locked up")
        return ()
