"""A vendor's committed line to a customer: drawn to pay the vendor's bills, repaid in equal parts, lost in a default.

Its status is that of the line. Where the line is cancelled nothing more can be drawn; what has been drawn stays due.
A loan is a claim with two sides. The lender's side is a register of the books (one unit is one cent of principal), the
borrower's side is what it has drawn less what it has repaid and what was written off; the audit compares them daily.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import final

from ..engine.calendar import DAYS_PER_MONTH, DAYS_PER_YEAR
from ..engine.chance import slot_of
from ..ledger.causes import Cause
from ..ledger.registers import SecurityKind
from ..ledger.units import cents as cents_of
from ..narrative.chronicle import Happening
from ..narrative.credibility import Evidence
from ..scenarios.schema import VendorLoan as LoanTerms
from ..scenarios.schema_vendor import LoanRank
from .base import Status
from .bills import Bill, Rank
from .line_choice import LineChoice, in_words
from .line_debt import LineDebt, line_terms
from .loan_rules import default_probability, expected_loss_cents
from .notary import Notary
from .promise import Promise, in_bn
from .sales_promise import SalesPromise

RANKS = {LoanRank.SENIOR: Rank.SENIOR, LoanRank.TRADE: Rank.TRADE, LoanRank.SUBORDINATED: Rank.SUBORDINATED}


@final
class VendorLoan(SalesPromise):
    """The vendor's shareholders capitalise the sales that the line pays for."""

    label = "vendor_loan"
    binds = True
    ends_in_default = True
    is_debt = True

    def __init__(self, notary: Notary, promise: Promise, log_odds: float, terms: LoanTerms) -> None:
        super().__init__(notary, promise, log_odds)
        journal, registers = notary.books.journal, notary.books.registers
        self.terms = terms
        self.lender, self.borrower = journal.account(terms.lender), journal.account(terms.borrower)
        self.security = registers.open_security(f"{terms.name}, principal", SecurityKind.LOAN)
        self.slot = slot_of(terms.name)
        """Permanent slot of its luck: in which order lines are drawn where a lender is short of cash."""
        self.line_cents = cents_of(terms.committed_usd)
        """What may be drawn in all; falls when the lender cuts the line."""
        self.opening_cents = self.drawn_cents = cents_of(terms.drawn_usd)
        """Part of the drawn sum that was outstanding at the start."""
        first_month = notary.clock.day_of(terms.announced) // DAYS_PER_MONTH if terms.announced else 0
        self.draws_end_month = first_month + terms.draw_months
        """Month of the run at whose end it can be drawn no more."""
        repaid = line_terms(self.draws_end_month, terms.repayment_months)
        self._debt = LineDebt(repaid, notary.clock.day, self.opening_cents)
        self.drawn_ahead_cents = 0
        """Part of the drawn sum that paid none of the lender's bills: held as cash."""
        self.repaid_cents = 0
        self.set_off_cents = 0
        """Part of the repaid sum that was settled against other debts, without cash."""
        self.interest_cents = self.written_off_cents = 0
        self.provision_cents = 0
        self.to_repay_cents = 0
        """Principal at the end of the draws: what the instalments add up to."""
        self.is_open = True
        """Whether anything may still be drawn, once it is public."""
        self.is_held = False
        """No draws this month: a covenant is broken."""
        self.is_lost = False
        """The borrower has defaulted."""
        self.paid_cents = round(100 * terms.drawn_usd)
        if self.opening_cents:
            registers.issue(self.security, self.lender, self.opening_cents)
        notary.loan_changed()

    def amend(self, promise: Promise, terms: LoanTerms, text: str) -> None:
        """Its line changes in proportion, never below what is drawn; interest and rank from now on."""
        line = round(self.line_cents * terms.committed_usd / self.terms.committed_usd)
        self.line_cents, self.terms = max(self.drawn_cents, line), terms
        self._debt.amend(line_terms(self.draws_end_month, terms.repayment_months))
        super().amend(promise, terms, text)

    def payer_stops(self) -> None:
        """Nothing more can be drawn; what is lent stays lent."""
        if self.is_public:
            self._cut(withdraw=True)
        else:
            self._walk_away(f"{self.payer} withdraws its line to {self.payee}")

    @property
    def outstanding_cents(self) -> int:
        """Principal the borrower owes: drawn - repaid - written off."""
        return self._debt.cents

    @property
    def undrawn_cents(self) -> int:
        """What may still be drawn."""
        return max(0, self.line_cents - self.drawn_cents) if self.is_open else 0

    @property
    def general_left_cents(self) -> int:
        """What may still be drawn ahead of need."""
        return min(self.undrawn_cents, max(0, int(self.terms.general_share * self.line_cents) - self.drawn_ahead_cents))

    @property
    def rate_per_year(self) -> float:
        """Interest: the riskless rate and its spread."""
        return self._notary.rules.riskless_rate_per_year + self.terms.spread_per_year

    @property
    def rank(self) -> Rank:
        """Where it stands when its borrower cannot pay everybody."""
        return RANKS[self.terms.rank]

    @property
    def recovery_share(self) -> float:
        """Share of principal that its lender keeps in a default."""
        rules = self._notary.rules
        return rules.recovery_of_face if self.terms.rank is LoanRank.SENIOR else rules.recovery_of_junior_claims

    @property
    def has_late_bills(self) -> bool:
        """Whether anything under it is overdue."""
        return any(bill.months_late for bill in self._notary.bills.of_contract(self.number))

    @property
    def claimed_cents(self) -> int:
        """Principal that has fallen due and is not paid yet."""
        return sum(bill.cents for bill in self._notary.bills.of_contract(self.number, Cause.VENDOR_REPAYMENT))

    def due(self) -> Iterable[Bill]:
        """A month's interest on what is drawn; after the draws, equal instalments of the principal."""
        owed = self.outstanding_cents
        months = self._notary.clock.month - self.draws_end_month
        if months == 0 and self.is_open:
            self.is_open = False
            self.to_repay_cents = owed
        if self.is_lost or not owed:
            return
        day = self._notary.clock.day
        yield self._bill(self._debt.interest_cents(day, self.rate_per_year), Cause.VENDOR_INTEREST)
        if not self.to_repay_cents and months > 0:
            self.to_repay_cents = owed
        if part := self._debt.instalment_cents(day, self.to_repay_cents):
            yield self._bill(min(part, owed - self.claimed_cents), Cause.VENDOR_REPAYMENT)

    def _bill(self, cents: int, cause: Cause) -> Bill:
        return Bill(self.borrower, self.lender, cents, cause, self.rank, self.number)

    def finances(self, bill: Bill) -> bool:
        """Whether a bill is one of the lender for what it sells, no interest or instalment."""
        is_debt = bill.cause in (Cause.VENDOR_INTEREST, Cause.VENDOR_REPAYMENT, Cause.COUPON, Cause.MATURITY)
        return bill.payer == self.borrower and bill.payee == self.lender and not is_debt

    def planned_draws_cents(self, bills_cents: int) -> int:
        """What its borrower counts on drawing for the lender's bills to come."""
        can_draw = self.is_public and not self.is_held
        return min(self.undrawn_cents, round(self.terms.financed_share * bills_cents)) if can_draw else 0

    def service_cents(self, months: int) -> int:
        """Interest and instalments over the next months, on what is drawn now."""
        owed, terms = self.outstanding_cents, self.terms
        if not owed or self.is_lost:
            return 0
        total = round(owed * self.rate_per_year * months / 12)
        due_months = max(0, min(months, self._notary.clock.month + months - self.draws_end_month))
        return total + min(owed, round((self.to_repay_cents or owed) * due_months / terms.repayment_months))

    def begin_draw(self) -> None:
        """The first draw brings it to life."""
        if self.is_alive and self.status is Status.BINDING:
            self.move(Status.DELIVERING)

    def draw(self, cents: int, *, ahead: bool = False) -> None:
        """Principal for cash that the lender has just handed over."""
        self._notary.books.registers.issue(self.security, self.lender, cents)
        self._debt.draw(cents, self._notary.clock.day)
        self.drawn_cents += cents
        self.drawn_ahead_cents += cents if ahead else 0
        self._notary.loan_changed()

    def drawn(self, cents: int, why: str) -> None:
        """A month's draw is on record."""
        if cents > 0:
            self._pay(cents)
            self._note(Happening.LOAN_DRAWN, cents, agent=self.payee, counterparty=self.payer, detail=why)

    def not_honoured(self, missing_cents: int) -> None:
        """The lender has not the cash that it promised."""
        self._note(Happening.LINE_NOT_HONOURED, missing_cents)

    def on_settled(self, bill: Bill, settled_cents: int, cash_cents: int) -> None:
        """Interest or principal has been settled."""
        if settled_cents <= 0:
            return
        self._notary.loan_changed()
        if bill.cause is Cause.VENDOR_INTEREST:
            self.interest_cents += settled_cents
        else:
            self._notary.books.registers.retire(self.security, self.lender, settled_cents)
            self._debt.redeem(settled_cents, self._notary.clock.day)
            self.repaid_cents += settled_cents
            self.set_off_cents += settled_cents - cash_cents
            self.provision_cents = min(self.provision_cents, self.outstanding_cents)

    def on_paid(self, bill: Bill) -> None:
        """Interest on time is evidence."""
        if self.is_alive and bill.cause is Cause.VENDOR_INTEREST:
            self.learn(Evidence.PAID_ON_TIME)

    def end_if_repaid(self) -> None:
        """Nothing is owed and nothing may be drawn."""
        if not self.outstanding_cents and not self.is_open and self.is_alive:
            self.move(Status.DONE)

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

    def provide(self, spread_per_year: float) -> int:
        """Provision for expected losses behind its borrower's spread; returns the charge, in cents."""
        if self.is_lost:
            return 0
        rules, terms = self._notary.rules, self.terms
        floor, loss = rules.spread_floor_per_year, 1 - self.recovery_share
        ends = self.draws_end_month + terms.repayment_months
        years = max(1 / 12, min(rules.credit_horizon_years, (ends - self._notary.clock.month) / 12))
        chance = default_probability(max(floor, spread_per_year), floor, loss, years)
        before, self.provision_cents = self.provision_cents, expected_loss_cents(self.outstanding_cents, chance, loss)
        return self.provision_cents - before

    def lose(self, lost: Iterable[Bill]) -> int:
        """Its borrower is in default: all but the recovery is written off, the rest falls due in a year; what is not
        paid of it then is lost as well. Returns cents written off."""
        keep = int(self.outstanding_cents * self.recovery_share)
        write_off = self.outstanding_cents - keep
        if self.is_lost:
            overdue = (b for b in lost if b.contract == self.number and b.cause is Cause.VENDOR_REPAYMENT)
            keep, write_off = 0, sum(bill.cents for bill in overdue)
        if write_off:
            self._write_off(write_off)
            self._note(Happening.LOAN_WRITTEN_OFF, write_off)
        if keep:
            bill, day = self._bill(keep, Cause.VENDOR_REPAYMENT), self._notary.clock.day
            self._notary.bills.add_for(day + DAYS_PER_YEAR, bill)
        self.is_lost, self.is_open, self.provision_cents = True, False, 0
        self.line_cents = self.drawn_cents
        return write_off

    def _write_off(self, cents: int) -> None:
        """Principal is given up; what was provided for it is used first."""
        if cents <= 0:
            return
        self._notary.books.registers.retire(self.security, self.lender, cents)
        self._debt.write_off(cents)
        self.written_off_cents += cents
        self.provision_cents = min(max(0, self.provision_cents - cents), self.outstanding_cents)
        self._notary.loan_changed()

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
