"""A convertible: notes of a listed firm that their holder may exchange for its new shares at a price set before."""

from __future__ import annotations

import math
from collections.abc import Iterable
from statistics import NormalDist
from typing import Protocol, final

from ..engine.calendar import DAYS_PER_MONTH, DAYS_PER_YEAR
from ..ledger.causes import Cause
from ..ledger.units import cents
from ..narrative.announcements import Instrument
from ..narrative.credibility import Evidence
from ..scenarios.schema_options import Convertible as ConvertibleTerms
from .base import Status
from .bills import Bill
from .bond import FACE_CENTS, Bond
from .bond_book import Bonds
from .borrowing import Borrowing, NotesOffer
from .notary import Notary
from .promise import Agreed, Promise


class Issuer(Protocol):
    """A listed firm, as far as its notes and shares go."""

    @property
    def name(self) -> str: ...
    @property
    def security(self) -> int: ...
    @property
    def account(self) -> int: ...
    @property
    def price_cents(self) -> int: ...
    @property
    def share_volatility_per_year(self) -> float: ...


def notes(terms: ConvertibleTerms) -> Agreed:
    """What a convertible promises: so much for notes that may become shares."""
    promise = Promise(
        name=terms.name,
        payer=terms.holder,
        payee=terms.issuer,
        beneficiary=terms.issuer,
        instrument=Instrument(terms.instrument.value),
        announced_cents=cents(terms.amount_usd),
    )
    sum_bn = terms.amount_usd / 1e9
    return Agreed(promise, terms, f"{terms.issuer} issues {sum_bn:g} bn USD of convertible notes to {terms.holder}")


def conversion_right(price: float, strike: float, called_at: float, volatility_per_year: float, years: float) -> float:
    """Value today of the right to a share for a strike, which its writer ends by calling once the price touches a level
    above: C(P) - (P / H) Q(H^2 / P), C the call and Q the put without interest, H the level; P - K from there on.

    Source: Black & Scholes (1973), JPE 81(3); that who has issued a convertible calls it, and its holder waits until
    then, Ingersoll (1977), JFE 4(3); the image at a barrier, Rubinstein & Reiner (1991), Risk 4(8).
    """
    if price >= called_at:
        return price - strike
    spread = volatility_per_year * math.sqrt(max(0.0, years))
    if not spread or not price:
        return max(0.0, price - strike)
    call = _call(price, strike, spread)
    image = called_at**2 / price
    put = _call(image, strike, spread) - image + strike
    return max(0.0, call - price / called_at * put)


def _call(price: float, strike: float, spread: float) -> float:
    """P N(d) - K N(d - s), d = log(P / K) / s + s / 2."""
    d, normal = math.log(price / strike) / spread + spread / 2, NormalDist()
    return price * normal.cdf(d) - strike * normal.cdf(d - spread)


@final
class Convertible(Borrowing):
    """Debt like any bond until its holder takes shares: at maturity if they are worth more, before it when the issuer
    calls. Owners see ahead what the right is worth."""

    label = "convertible"
    binds = True
    ends_in_default = True
    costs_owners = True
    starts_lap = True
    owes_beside = True
    told_as = 0

    def __init__(
        self,
        notary: Notary,
        promise: Promise,
        log_odds: float,
        terms: ConvertibleTerms,
        *,
        issuer: Issuer,
        bonds: Bonds,
    ) -> None:
        super().__init__(notary, promise, log_odds)
        self._bonds = bonds
        self.terms = terms
        self._issuer = issuer
        self._holder = notary.books.journal.account(terms.holder)
        self._reference_cents = 0
        """Last close before it was announced; 0 before."""
        self._notes: Bond | None = None
        self.issued_shares = 0

    def amend(self, promise: Promise, terms: ConvertibleTerms, text: str) -> None:
        """Its terms change, unless its notes are placed."""
        if self._notes is None:
            self.terms = terms
            super().amend(promise, terms, text)

    def payer_stops(self) -> None:
        """Its holder buys none, unless it has."""
        if self._notes is None:
            self._walk_away(f"{self.payer} buys no convertible notes of {self.payee}")

    def become_public(self, surprise: float) -> None:
        """The price of a share at which it converts is set."""
        self._reference_cents = self._issuer.price_cents
        super().become_public(surprise)

    def known_from_start(self) -> None:
        """It is the opening price that counts."""
        self._reference_cents = self._issuer.price_cents
        super().known_from_start()

    @property
    def bearer(self) -> str:
        """Its issuer's owners are diluted."""
        return self.payee

    @property
    def conversion_price_cents(self) -> int:
        """Face value that a share costs."""
        return max(1, round(self._reference_cents * (1 + self.terms.premium_share)))

    @property
    def called_at_cents(self) -> int:
        """Price of a share at which the issuer calls."""
        return math.ceil(self.conversion_price_cents * (1 + self.terms.called_above_share))

    @property
    def face_cents(self) -> int:
        """Face value of its notes, placed or to be placed."""
        return self.promise.announced_cents if self._notes is None else self._notes.face_outstanding_cents

    def _maturity_day(self) -> int:
        return self._notary.clock.day + DAYS_PER_MONTH * round(12 * self.terms.years)

    def _right_cents(self, face_cents: int) -> int:
        """What the right to convert so much face is worth."""
        if not self.is_in_force:
            return 0
        strike, clock = self.conversion_price_cents, self._notary.clock
        until = self._maturity_day() if self._notes is None else self._notes.terms.maturity_day
        each = conversion_right(
            self._issuer.price_cents,
            strike,
            self.called_at_cents,
            self._issuer.share_volatility_per_year,
            (until - clock.day) / DAYS_PER_YEAR,
        )
        return round(face_cents / strike * each)

    @property
    def cost_ahead_cents(self) -> int:
        """What its issuer's owners expect to give away beyond what they owe."""
        return self._right_cents(self.face_cents)

    def lent_beside_cents(self, party: str) -> int:
        """Its notes at their mark, where a firm holds them."""
        notes = self._notes
        if notes is None or party != self.payer:
            return 0
        return self._notary.books.registers.held(self._holder, notes.terms.security) * notes.price_cents

    def notes_offered(self) -> NotesOffer | None:
        """All of them at the first month's end on or after the closing day."""
        clock = self._notary.clock
        if not self.is_in_force or self._notes is not None or clock.day < clock.day_of(self.terms.closes):
            return None
        return NotesOffer(
            issuer=self.payee,
            account=self._issuer.account,
            lender=self.payer,
            cents=self.promise.announced_cents,
            coupon_per_year=self.terms.coupon_per_year,
            maturity_day=self._maturity_day(),
            right=lambda: self._right_cents(FACE_CENTS),
        )

    def notes_placed(self, notes: Bond | None) -> None:
        """What its holder has no means for is not issued."""
        placed = 0 if notes is None else notes.face_outstanding_cents
        self._commit(placed - self.committed_cents)
        self._notary.loan_changed()
        if notes is None:
            self.move(Status.CANCELLED, text=f"{self.payee} does not place its convertible notes", direction=-1)
            return
        self._notes = notes
        self._pay(placed)
        self.move(Status.DELIVERING)

    def due(self) -> Iterable[Bill]:
        """At a month's end its issuer calls once the share is dear enough; face that falls due becomes shares where
        they are worth more."""
        notes, price = self._notes, self._issuer.price_cents
        if notes is None or not self.is_in_force:
            return ()
        bills = self._notary.bills
        if notes.units and price >= self.called_at_cents:
            for bill in self._bonds.call(notes, notes.units):
                bills.add(bill)
        faces = [bill for bill in bills.of_contract(self.number, Cause.MATURITY) if not bill.months_late]
        if not faces:
            return ()
        converts = price > self.conversion_price_cents
        if converts:
            for bill in faces:
                self._convert(bill)
            bills.drop_paid()
        told = f"{self.payer} takes {self.issued_shares:,} shares for it" if converts else "it is due in cash"
        self.move(Status.DONE, text=f"{self.name}: {told}")
        return ()

    def _convert(self, face: Bill) -> None:
        """New shares for face that is due: what they cost is set off against it, what buys no whole share stays due."""
        bills, strike = self._notary.bills, self.conversion_price_cents
        shares = face.cents // strike
        if not shares:
            return
        cents = shares * strike
        bills.paid_at_once(face.payee, face.payer, cents, Cause.ROUND)
        price = Bill(face.payee, face.payer, cents, Cause.ROUND, contract=self.number)
        for bill in (face, price):
            bills.note_set_off(bill, cents)
            bills.note_settled(bill, cents)
        face.pay(cents)
        self._notary.books.registers.issue(self._issuer.security, face.payee, shares)
        self.issued_shares += shares
        self._notary.loan_changed()

    def on_paid(self, bill: Bill) -> None:
        """A coupon on time is evidence."""
        if self.is_alive and bill.cause is Cause.COUPON:
            self.learn(Evidence.PAID_ON_TIME)
