"""A vendor's committed line to a customer: drawn to pay the vendor's bills, repaid in equal parts, lost in a default.

Its status is that of the line. Where the line is cancelled nothing more can be drawn; what has been drawn stays due.
A loan is a claim with two sides. The lender's side is a register of the books (one unit is one cent of principal), the
borrower's side is what it has drawn less what it has repaid and what was written off; the audit compares them daily.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import final

from ..engine.calendar import DAYS_PER_YEAR
from ..engine.chance import slot_of
from ..ledger.causes import Cause
from ..ledger.registers import SecurityKind
from ..narrative.chronicle import Happening
from ..narrative.credibility import Evidence
from ..scenarios.schema import VendorLoan as LoanTerms
from ..scenarios.schema_vendor import LoanRank
from .base import Status
from .bills import Bill, Rank
from .credit_line import CreditLine
from .line_debt import LineDebt, line_terms
from .loan_rules import default_probability, expected_loss_cents
from .notary import Notary
from .promise import Promise

RANKS = {LoanRank.SENIOR: Rank.SENIOR, LoanRank.TRADE: Rank.TRADE, LoanRank.SUBORDINATED: Rank.SUBORDINATED}


@final
class VendorLoan(CreditLine):
    """What is drawn on a line: owed, repaid, provided for, lost."""

    label = "vendor_loan"
    binds = True
    ends_in_default = True
    is_debt = True

    def __init__(self, notary: Notary, promise: Promise, log_odds: float, terms: LoanTerms) -> None:
        super().__init__(notary, promise, log_odds, terms)
        registers = notary.books.registers
        self.security = registers.open_security(f"{terms.name}, principal", SecurityKind.LOAN)
        self.slot = slot_of(terms.name)
        """Permanent slot of its luck: in which order lines are drawn where a lender is short of cash."""
        self.opening_cents = self.drawn_cents
        """Part of the drawn sum that was outstanding at the start."""
        repaid = line_terms(self.draws_end_month, terms.repayment_months)
        self._debt = LineDebt(repaid, notary.clock.day, self.opening_cents)
        self.repaid_cents = 0
        self.set_off_cents = 0
        """Part of the repaid sum that was settled against other debts, without cash."""
        self.interest_cents = self.written_off_cents = 0
        self.provision_cents = 0
        self.to_repay_cents = 0
        """Principal at the end of the draws: what the instalments add up to."""
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

    @property
    def outstanding_cents(self) -> int:
        """Principal the borrower owes: drawn - repaid - written off."""
        return self._debt.cents

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

    def service_cents(self, months: int) -> int:
        """Interest and instalments over the next months, on what is drawn now."""
        owed, terms = self.outstanding_cents, self.terms
        if not owed or self.is_lost:
            return 0
        total = round(owed * self.rate_per_year * months / 12)
        due_months = max(0, min(months, self._notary.clock.month + months - self.draws_end_month))
        return total + min(owed, round((self.to_repay_cents or owed) * due_months / terms.repayment_months))

    def draw(self, cents: int, *, ahead: bool = False) -> None:
        """Principal for cash that the lender has just handed over."""
        self._notary.books.registers.issue(self.security, self.lender, cents)
        self._debt.draw(cents, self._notary.clock.day)
        self.drawn_cents += cents
        self.drawn_ahead_cents += cents if ahead else 0
        self._notary.loan_changed()

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
