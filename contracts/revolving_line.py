"""A revolving line: a bank stands ready to lend a builder up to a limit at a margin agreed before; a draw is a note."""

from __future__ import annotations

from typing import final

from ..engine.calendar import DAYS_PER_MONTH
from ..ledger.units import cents
from ..narrative.announcements import Instrument
from ..scenarios.schema_deals import RevolvingLine as LineTerms
from .base import Status
from .bond import Bond
from .notary import Notary
from .promise import Agreed, Promise
from .promised import PublicContract


def line(terms: LineTerms) -> Agreed:
    """What a line promises: money when nobody else lends."""
    promise = Promise(
        name=terms.name,
        payer=terms.lender,
        payee=terms.borrower,
        beneficiary="",
        instrument=Instrument.CONTRACT,
        announced_cents=cents(terms.limit_usd),
    )
    return Agreed(promise, terms, f"{terms.lender} lends {terms.borrower} up to {terms.limit_usd / 1e9:g} bn USD")


@final
class RevolvingLine(PublicContract):
    """Binding from the start, known to everybody and valued by nobody. What is drawn is debt of its notes, repaid at
    their maturity, and can be drawn again."""

    label = "revolving_line"
    binds = True
    ends_in_default = True

    def __init__(self, notary: Notary, promise: Promise, log_odds: float, terms: LineTerms) -> None:
        super().__init__(notary, promise, log_odds)
        self.terms = terms
        self._notes: list[Bond] = []

    def amend(self, promise: Promise, terms: LineTerms, text: str) -> None:
        """Its limit, its margin or its covenant change; notes stay as they are."""
        self.terms = terms
        super().amend(promise, terms, text)

    @property
    def drawn_cents(self) -> int:
        """Face of its notes outstanding."""
        return sum(note.face_outstanding_cents for note in self._notes)

    def payer_stops(self) -> None:
        """Nothing more is lent under it; what it held ready nobody was counting on yet, so no promise is broken."""
        self.close()
        self.move(Status.DONE, text=f"{self.payer} ends its line to {self.payee}")

    def room_cents(self, spread_per_year: float) -> int:
        """What can still be drawn by a borrower of whom lenders ask this spread: nothing beyond its covenant."""
        if not self.is_in_force or spread_per_year > self.terms.covenant_spread_per_year:
            return 0
        return max(0, self.promise.announced_cents - self.drawn_cents)

    @property
    def maturity_day(self) -> int:
        """Day on which a note drawn today falls due."""
        return self._notary.clock.day + DAYS_PER_MONTH * self.terms.note_months

    def drawn(self, note: Bond) -> None:
        """A note has been placed with its lender. What counts as paid under it is the most drawn at a time."""
        self._notes = [*(old for old in self._notes if old.units), note]
        self._pay(max(0, self.drawn_cents - self.paid_cents))
        if self.status is Status.BINDING:
            self.move(Status.DELIVERING)
