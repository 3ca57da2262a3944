"""The loans of vendors to their customers and the guarantees they gave: who lent what to whom, to the cent.

A loan is a claim with two sides. The lender's side is a register of the books (one unit is one cent of principal), the
borrower's side is what it has drawn less what it has repaid and what was written off; the audit compares them daily.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..engine.chance import slot_of
from ..ledger.causes import Cause
from ..ledger.journal import CAUSE, CENTS, CONTRACT
from ..ledger.registers import SecurityKind
from ..ledger.units import cents
from ..scenarios.schema import Guarantee, VendorLoan

if TYPE_CHECKING:
    from ..model import CarouselModel

LOAN_CAUSES = (Cause.VENDOR_LOAN, Cause.VENDOR_INTEREST, Cause.VENDOR_REPAYMENT)


@dataclass(slots=True)
class Loan:
    """One committed line and what has been drawn under it. `number` is that of its commitment."""

    terms: VendorLoan
    number: int
    lender: int
    borrower: int
    security: int
    committed_cents: int
    """What may be drawn in all; falls when the lender cuts the line."""
    drawn_cents: int = 0
    opening_cents: int = 0
    """Part of the drawn sum that was outstanding at the start."""
    drawn_ahead_cents: int = 0
    """Part of the drawn sum that paid none of the lender's bills: held as cash before the line could be cut."""
    repaid_cents: int = 0
    set_off_cents: int = 0
    """Part of the repaid sum that was settled against other debts, without cash."""
    interest_cents: int = 0
    written_off_cents: int = 0
    provision_cents: int = 0
    to_repay_cents: int = 0
    """Principal at the end of the draws: what the instalments add up to."""
    is_open: bool = True
    """Whether anything may still be drawn."""
    is_held: bool = False
    """No draws this month: a covenant is broken."""
    is_lost: bool = False
    """The borrower has defaulted."""

    @property
    def slot(self) -> int:
        """Permanent slot of its luck: in which order lines are drawn where a lender is short of cash."""
        return slot_of(self.terms.name)

    @property
    def outstanding_cents(self) -> int:
        """Principal the borrower owes: drawn - repaid - written off."""
        return self.drawn_cents - self.repaid_cents - self.written_off_cents

    @property
    def undrawn_cents(self) -> int:
        """What may still be drawn."""
        return max(0, self.committed_cents - self.drawn_cents) if self.is_open else 0

    @property
    def general_left_cents(self) -> int:
        """What may still be drawn ahead of need."""
        ceiling = int(self.terms.general_share * self.committed_cents)
        return min(self.undrawn_cents, max(0, ceiling - self.drawn_ahead_cents))


@dataclass(slots=True)
class GuaranteeGiven:
    """One guarantee: what may be called, what was called and paid."""

    terms: Guarantee
    number: int
    guarantor: int
    limit_cents: int
    provision_cents: int = 0
    called_cents: int = 0
    paid_cents: int = 0


class LoanBook:
    """All vendor loans and guarantees of a run."""

    def __init__(self, model: CarouselModel) -> None:
        self.model = model
        self.loans: list[Loan] = []
        self.guarantees: list[GuaranteeGiven] = []
        self.by_number: dict[int, Loan] = {}
        self.version = 0
        """Counts the changes of what is lent, owed or provided for."""
        self._at_start: dict[int, int] = {}
        self._replayed: dict[tuple[int, int], int] = {}
        """(loan, cause) -> cents that the journal of the closed days shows."""
        self._replayed_day = -1

    def open_loan(self, terms: VendorLoan, number: int) -> Loan:
        """Enter a loan of the scenario with what is outstanding at the start."""
        journal, registers = self.model.books.journal, self.model.books.registers
        security = registers.open_security(f"{terms.name}, principal", SecurityKind.LOAN)
        lender, borrower = journal.account(terms.lender), journal.account(terms.borrower)
        opening = cents(terms.drawn_usd)
        loan = Loan(terms, number, lender, borrower, security, cents(terms.committed_usd), opening, opening)
        if opening:
            registers.issue(security, lender, opening)
        self._enter_identities()
        self.loans.append(loan)
        self.by_number[number] = loan
        self.version += 1
        return loan

    def open_guarantee(self, terms: Guarantee, number: int) -> None:
        """Enter a guarantee of the scenario."""
        guarantor = self.model.books.journal.account(terms.guarantor)
        self.guarantees.append(GuaranteeGiven(terms, number, guarantor, cents(terms.limit_usd)))
        self.version += 1

    def _enter_identities(self) -> None:
        if not self.loans:
            self.model.books.extra_identities.append(self.gaps)

    def draw(self, loan: Loan, amount_cents: int, *, ahead: bool = False) -> None:
        """Both sides of a draw: cash to the borrower (which may start a lap), principal to the lender."""
        model = self.model
        step = model.lap_step(loan.terms.lender, loan.terms.borrower)
        model.books.journal.post(loan.lender, loan.borrower, amount_cents, Cause.VENDOR_LOAN, loan.number, step)
        model.books.registers.issue(loan.security, loan.lender, amount_cents)
        loan.drawn_cents += amount_cents
        loan.drawn_ahead_cents += amount_cents if ahead else 0
        self.version += 1

    def settled(self, number: int, cause: Cause, settled_cents: int, cash_cents: int) -> None:
        """Interest, principal or a called guarantee has been settled, of it so much in cash."""
        if settled_cents <= 0:
            return
        if cause is Cause.GUARANTEE_CALL:
            for given in self.guarantees:
                if given.number == number:
                    given.paid_cents += settled_cents
        loan = self.by_number.get(number)
        if loan is None or cause not in LOAN_CAUSES:
            return
        self.version += 1
        if cause is Cause.VENDOR_INTEREST:
            loan.interest_cents += settled_cents
        elif cause is Cause.VENDOR_REPAYMENT:
            self.model.books.registers.retire(loan.security, loan.lender, settled_cents)
            loan.repaid_cents += settled_cents
            loan.set_off_cents += settled_cents - cash_cents
            loan.provision_cents = min(loan.provision_cents, loan.outstanding_cents)

    def write_off(self, loan: Loan, amount_cents: int) -> None:
        """Principal is given up; what was provided for it is used first."""
        if amount_cents <= 0:
            return
        self.model.books.registers.retire(loan.security, loan.lender, amount_cents)
        loan.written_off_cents += amount_cents
        loan.provision_cents = min(max(0, loan.provision_cents - amount_cents), loan.outstanding_cents)
        self.version += 1

    def owed_by(self, account: int) -> int:
        """Principal an account owes that is not yet among its bills overdue."""
        owed = sum(loan.outstanding_cents for loan in self.loans if loan.borrower == account)
        if owed:
            claims = self.model.dues.claims
            owed -= sum(c.cents for c in claims if c.payer == account and c.cause is Cause.VENDOR_REPAYMENT)
        return owed

    def lent_by(self, account: int) -> int:
        """Principal owed to an account."""
        return sum(loan.outstanding_cents for loan in self.loans if loan.lender == account)

    def interest_usd_per_year(self, account: int) -> float:
        """Interest of a year on what an account owes its vendors."""
        rate = self.model.behaviour.riskless_rate_per_year
        return sum(
            loan.outstanding_cents / 100 * (rate + loan.terms.spread_per_year)
            for loan in self.loans
            if loan.borrower == account and not loan.is_lost
        )

    def provided_by(self, account: int) -> int:
        """Losses an account expects on what it lent and guaranteed."""
        lent = sum(loan.provision_cents for loan in self.loans if loan.lender == account)
        return lent + sum(given.provision_cents for given in self.guarantees if given.guarantor == account)

    def position_cents(self, account: int) -> int:
        """What an account has in loans: lent, less provisions, less owed."""
        return self.lent_by(account) - self.provided_by(account) - self.owed_by(account)

    def remember_start(self) -> None:
        """The opening prices know the opening positions."""
        accounts = {loan.lender for loan in self.loans} | {loan.borrower for loan in self.loans}
        accounts |= {given.guarantor for given in self.guarantees}
        self._at_start = {account: self.position_cents(account) for account in accounts}

    def change_cents(self, account: int) -> int:
        """Change of an account's position in loans since the start."""
        if account not in self._at_start:
            return 0
        return self.position_cents(account) - self._at_start[account]

    def guarantees_for(self, issuer: str) -> list[GuaranteeGiven]:
        """Guarantees for an issuer's bonds that may still be called, by guarantors that are not in default."""
        return [
            given
            for given in self.guarantees
            if given.terms.issuer == issuer and not given.called_cents and not self.model.is_in_default(given.guarantor)
        ]

    def gaps(self) -> Iterable[tuple[str, str, int]]:
        """The loans' identities: both sides agree, loan by loan and in all, and with the journal."""
        self._replay()
        registers, borrowed = self.model.books.registers, 0
        for loan in self.loans:
            where, number = loan.terms.name, loan.number
            held = registers.held(loan.lender, loan.security)
            yield "loan principal: lender's side = borrower's side", where, held - loan.outstanding_cents
            drawn = loan.opening_cents + self._replayed.get((number, Cause.VENDOR_LOAN), 0)
            yield "loan drawn = entries of draws", where, loan.drawn_cents - drawn
            repaid = loan.set_off_cents + self._replayed.get((number, Cause.VENDOR_REPAYMENT), 0)
            yield "loan repaid = entries of repayments + set-off", where, loan.repaid_cents - repaid
            yield "loan drawn <= committed line", where, max(0, loan.drawn_cents - loan.committed_cents)
            over = max(0, loan.provision_cents - loan.outstanding_cents) + max(0, -loan.provision_cents)
            yield "0 <= loan provision <= outstanding", where, over
            borrowed += loan.outstanding_cents
        kinds = registers.kinds
        lent = sum(int(n) for n, kind in zip(registers.outstanding, kinds, strict=False) if kind is SecurityKind.LOAN)
        yield "principal over lenders = principal over borrowers", "all vendor loans", lent - borrowed

    def _replay(self) -> None:
        """Add the closed day's entries to what the journal shows, once."""
        last = self.model.books.last
        if last is None or last.day <= self._replayed_day:
            return
        self._replayed_day = last.day
        entries = last.entries
        for cause in (Cause.VENDOR_LOAN, Cause.VENDOR_REPAYMENT):
            for row in (entries[:, CAUSE] == cause).nonzero()[0].tolist():
                key = (int(entries[row, CONTRACT]), int(cause))
                self._replayed[key] = self._replayed.get(key, 0) + int(entries[row, CENTS])
