"""The line behind a vendor's loan: what its customer may still draw, and how its lender holds, cuts or withdraws it."""

from __future__ import annotations

from abc import abstractmethod

from ..engine.calendar import DAYS_PER_MONTH
from ..ledger.causes import Cause
from ..ledger.units import cents as cents_of
from ..narrative.chronicle import Happening
from ..narrative.credibility import Evidence
from ..scenarios.schema import VendorLoan as LoanTerms
from .base import Status
from .bills import Bill
from .line_choice import LineChoice, in_words
from .notary import Notary
from .promise import Promise, in_bn
from .sales_promise import SalesPromise


class CreditLine(SalesPromise):
    """The vendor's shareholders capitalise the sales that the line pays for. Where it is cancelled nothing more can be
    drawn; what has been drawn stays due."""

    def __init__(self, notary: Notary, promise: Promise, log_odds: float, terms: LoanTerms) -> None:
        super().__init__(notary, promise, log_odds)
        journal = notary.books.journal
        self.terms = terms
        self.lender, self.borrower = journal.account(terms.lender), journal.account(terms.borrower)
        self.line_cents = cents_of(terms.committed_usd)
        """What may be drawn in all; falls when the lender cuts the line."""
        self.drawn_cents = cents_of(terms.drawn_usd)
        self.drawn_ahead_cents = 0
        """Part of the drawn sum that paid none of the lender's bills: held as cash."""
        self.cut_cents = 0
        """What its lender has taken off the line."""
        first_month = notary.clock.day_of(terms.announced) // DAYS_PER_MONTH if terms.announced else 0
        self.draws_end_month = first_month + terms.draw_months
        """Month of the run at whose end it can be drawn no more."""
        self.is_open = True
        """Whether anything may still be drawn, once it is public."""
        self.is_held = False
        """No draws this month: a covenant is broken."""

    @property
    @abstractmethod
    def outstanding_cents(self) -> int:
        """Principal the borrower owes."""

    def payer_stops(self) -> None:
        """Nothing more can be drawn; what is lent stays lent."""
        if self.is_public:
            self._cut(withdraw=True)
        else:
            self._walk_away(f"{self.payer} withdraws its line to {self.payee}")

    @property
    def undrawn_cents(self) -> int:
        """What may still be drawn."""
        return max(0, self.line_cents - self.drawn_cents) if self.is_open else 0

    @property
    def general_left_cents(self) -> int:
        """What may still be drawn ahead of need."""
        return min(self.undrawn_cents, max(0, int(self.terms.general_share * self.line_cents) - self.drawn_ahead_cents))

    @property
    def withheld_cents(self) -> int:
        """What its lender has taken off the line, or holds back this month."""
        return self.cut_cents + (self.undrawn_cents if self.is_held else 0)

    def finances(self, bill: Bill) -> bool:
        """Whether a bill is one of the lender for what it sells, no interest or instalment."""
        is_debt = bill.cause in (Cause.VENDOR_INTEREST, Cause.VENDOR_REPAYMENT, Cause.COUPON, Cause.MATURITY)
        return bill.payer == self.borrower and bill.payee == self.lender and not is_debt

    def planned_draws_cents(self, bills_cents: int) -> int:
        """What its borrower counts on drawing for the lender's bills to come."""
        can_draw = self.is_public and not self.is_held
        return min(self.undrawn_cents, round(self.terms.financed_share * bills_cents)) if can_draw else 0

    def begin_draw(self) -> None:
        """The first draw brings it to life."""
        if self.is_alive and self.status is Status.BINDING:
            self.move(Status.DELIVERING)

    def drawn(self, cents: int, why: str) -> None:
        """A month's draw is on record."""
        if cents > 0:
            self._pay(cents)
            self._note(Happening.LOAN_DRAWN, cents, agent=self.payee, counterparty=self.payer, detail=why)

    def not_honoured(self, missing_cents: int) -> None:
        """The lender has not the cash that it promised."""
        self._note(Happening.LINE_NOT_HONOURED, missing_cents)

    def review(self, choice: LineChoice) -> None:
        """Its lender keeps, holds, cuts (once a quarter) or withdraws what is undrawn."""
        if choice is LineChoice.HOLD and not self.is_held:
            self._note(Happening.LINE_HELD, self.undrawn_cents)
        self.is_held = choice is LineChoice.HOLD
        if choice is LineChoice.WITHDRAW or (choice is LineChoice.CUT and self._notary.clock.is_quarter_end):
            self._cut(withdraw=choice is LineChoice.WITHDRAW)

    def _cut(self, *, withdraw: bool) -> None:
        """The lender lends less than it promised: nothing more, or less of what is undrawn by `cut_share`."""
        undrawn, share = self.undrawn_cents, self._notary.rules.cut_share
        cut = undrawn if withdraw else int(undrawn * share)
        if cut <= 0:
            return
        self.line_cents -= cut
        self.cut_cents += cut
        self.is_open = not withdraw
        self._notary.loan_changed()
        does, done = in_words(LineChoice.WITHDRAW if withdraw else LineChoice.CUT, share)
        self._note(Happening.LINE_CUT, cut, detail=done)
        if not withdraw:
            self.profit_usd_per_year *= self.line_cents / (self.line_cents + cut)
        text = f"{self.payer} {does} its line to {self.payee}"
        if withdraw and self.outstanding_cents:
            text += f"; {in_bn(self.outstanding_cents):.2f} bn USD drawn stay due"
        status = Status.CANCELLED if withdraw else Status.RENEGOTIATED
        self.move(status, text=text, direction=-1, cents=cut)

    def revalue(self) -> None:
        """Its profit is capitalised less and less over the last part of the line."""
        fade = self._notary.rules.promise_fade_share
        self.life_left = min(1.0, self.undrawn_cents / (fade * self.line_cents)) if self.line_cents else 0.0

    def covered(self, coverage: float) -> None:
        """Its borrower's earnings cover its debt service so many times."""
        self.learn(Evidence.COVERAGE, coverage)

    def _note(self, kind: Happening, cents: int, *, agent: str = "", counterparty: str = "", detail: str = "") -> None:
        """An event between lender and borrower, in the lender's name unless another is given."""
        self._notary.chronicle.note(
            kind, agent=agent or self.payer, counterparty=counterparty or self.payee, cents=cents, detail=detail
        )
