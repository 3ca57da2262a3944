"""All vendor loans and guarantees of a run together: who owes whom how much, and what is provided for it."""

from __future__ import annotations

import math
from collections.abc import Iterable

from ..ledger.books import Books
from ..ledger.causes import Cause
from ..ledger.journal import CAUSE, CENTS, CONTRACT
from ..ledger.registers import SecurityKind
from .bills import BillBook
from .guarantee import Guarantee
from .vendor_loan import VendorLoan


class Lending:
    """Sums over loans and guarantees, and the identities between their two sides and the journal."""

    def __init__(self, books: Books, bills: BillBook) -> None:
        self._books = books
        self._bills = bills
        self.loans: list[VendorLoan] = []
        self.guarantees: list[Guarantee] = []
        self._at_start: dict[int, int] = {}
        self._replayed: dict[tuple[int, int], int] = {}
        """(loan, cause) -> cents that the journal of the closed days shows."""
        self._replayed_day = -1

    def enter_loan(self, loan: VendorLoan) -> None:
        """Another loan; with the first one its identities enter the audit."""
        if not self.loans:
            self._books.extra_identities.append(self.gaps)
        self.loans.append(loan)

    def enter_guarantee(self, guarantee: Guarantee) -> None:
        """Another guarantee."""
        self.guarantees.append(guarantee)

    def owed_by(self, account: int) -> int:
        """Principal an account owes that is not yet among its bills."""
        owed = self.drawn_by(account)
        if owed:
            billed = (b for b in self._bills.unpaid() if b.payer == account and b.cause is Cause.VENDOR_REPAYMENT)
            owed -= sum(bill.cents for bill in billed)
        return owed

    def drawn_by(self, account: int) -> int:
        """Principal an account owes, billed or not."""
        return sum(loan.outstanding_cents for loan in self.loans if loan.borrower == account)

    def undrawn_from(self, account: int) -> int:
        """What may still be drawn on an account's lines."""
        return sum(loan.undrawn_cents for loan in self.loans if loan.lender == account)

    def lent_by(self, account: int) -> int:
        """Principal owed to an account."""
        return sum(loan.outstanding_cents for loan in self.loans if loan.lender == account)

    def interest_usd_per_year(self, account: int) -> float:
        """Interest of a year on what an account owes its vendors."""
        return math.fsum(
            loan.outstanding_cents / 100 * loan.rate_per_year
            for loan in self.loans
            if loan.borrower == account and not loan.is_lost
        )

    def planned_draws_cents(self, account: int, bills_cents: dict[str, int]) -> int:
        """What a borrower counts on drawing for the bills to come, by vendor: the planned part, within the lines."""
        mine = (loan for loan in self.loans if loan.borrower == account)
        planned = sum(loan.planned_draws_cents(bills_cents.get(loan.payer, 0)) for loan in mine)
        return min(planned, sum(bills_cents.values()))

    @property
    def lenders(self) -> set[int]:
        """Accounts that have lent or promised to."""
        return {loan.lender for loan in self.loans}

    def undrawn_of(self, lender: int) -> int:
        """What may still be drawn on a lender."""
        return sum(loan.undrawn_cents for loan in self.loans if loan.lender == lender)

    def withheld_share(self, lender: int) -> float:
        """Part of all that a lender has promised which it has cut or holds back, in [0, 1]."""
        lines = [loan for loan in self.loans if loan.lender == lender and loan.is_public]
        promised = sum(loan.line_cents + loan.cut_cents for loan in lines)
        return sum(loan.withheld_cents for loan in lines) / promised if promised else 0.0

    def service_cents(self, account: int, months: int) -> int:
        """Interest and instalments a borrower owes over the next months, on what is drawn now."""
        return sum(loan.service_cents(months) for loan in self.loans if loan.borrower == account)

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
        return self.position_cents(account) - self._at_start.get(account, 0)

    def gaps(self) -> Iterable[tuple[str, str, int]]:
        """The loans' identities: both sides agree, loan by loan and in all, and with the journal."""
        self._replay()
        registers, borrowed = self._books.registers, 0
        for loan in self.loans:
            where, number = loan.name, loan.number
            held = registers.held(loan.lender, loan.security)
            yield "loan principal: lender's side = borrower's side", where, held - loan.outstanding_cents
            drawn = loan.opening_cents + self._replayed.get((number, Cause.VENDOR_LOAN), 0)
            yield "loan drawn = entries of draws", where, loan.drawn_cents - drawn
            repaid = loan.set_off_cents + self._replayed.get((number, Cause.VENDOR_REPAYMENT), 0)
            yield "loan repaid = entries of repayments + set-off", where, loan.repaid_cents - repaid
            left = loan.drawn_cents - loan.repaid_cents - loan.written_off_cents
            yield "loan principal = drawn - repaid - written off", where, loan.outstanding_cents - left
            yield "loan drawn <= committed line", where, max(0, loan.drawn_cents - loan.line_cents)
            over = max(0, loan.provision_cents - loan.outstanding_cents) + max(0, -loan.provision_cents)
            yield "0 <= loan provision <= outstanding", where, over
            borrowed += loan.outstanding_cents
        kinds = registers.kinds
        lent = sum(int(n) for n, kind in zip(registers.outstanding, kinds, strict=False) if kind is SecurityKind.LOAN)
        yield "principal over lenders = principal over borrowers", "all vendor loans", lent - borrowed

    def _replay(self) -> None:
        """Add the closed day's entries to what the journal shows, once."""
        last = self._books.last
        if last.day <= self._replayed_day:
            return
        self._replayed_day = last.day
        entries = last.entries
        for cause in (Cause.VENDOR_LOAN, Cause.VENDOR_REPAYMENT):
            for row in (entries[:, CAUSE] == cause).nonzero()[0].tolist():
                key = (int(entries[row, CONTRACT]), int(cause))
                self._replayed[key] = self._replayed.get(key, 0) + int(entries[row, CENTS])
