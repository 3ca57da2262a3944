"""Whatever is done to the books in whatever order, they balance every day, and what is refused changes nothing."""

from __future__ import annotations

from carousel.ledger.books import Books
from carousel.ledger.causes import Cause, OriginClass
from carousel.ledger.journal import JournalError
from carousel.ledger.origins import TracingRule
from carousel.ledger.registers import RegisterError, SecurityKind
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

account = st.integers(0, 9)
amount = st.one_of(st.integers(1, 20), st.integers(1, 10**13))


class BooksMachine(RuleBasedStateMachine):
    """A plain dictionary of balances and holdings is kept beside the books and must agree with them."""

    @initialize()
    def open(self):
        self.books = Books(list(TracingRule))
        self.cash: dict[int, int] = {}
        self.shares: dict[int, int] = {}
        self.open_outside()
        self.open_inside()
        self.open_inside()
        self.share = self.books.registers.open_security("chips", SecurityKind.SHARE)

    def _copy(self):
        journal = self.books.journal
        return (journal.balances.tolist(), journal.count, self.books.registers.holdings.tolist())

    @rule()
    def open_inside(self):
        journal = self.books.journal
        self.cash[journal.open_inside(f"inside {journal.n_accounts}")] = 0

    @rule()
    def open_outside(self):
        journal = self.books.journal
        self.cash[journal.open_outside(f"outside {journal.n_accounts}", OriginClass.BOND_SAVERS)] = 0

    @rule(payer=account, payee=account, cents=amount, step=st.integers(0, 2), fitting=st.booleans())
    def pay(self, payer, payee, cents, step, fitting):
        journal = self.books.journal
        if fitting and payer in self.cash and not journal.is_outside(payer):
            cents = min(cents, self.cash[payer])
        before = self._copy()
        try:
            journal.post(payer, payee, cents, Cause.ROUND, lap_step=step)
        except JournalError:
            assert self._copy() == before
            outside = payer in self.cash and journal.is_outside(payer)
            known = payer in self.cash and payee in self.cash and payer != payee
            assert not (known and (outside or 0 < cents <= self.cash[payer]))
        else:
            self.cash[payer] -= cents
            self.cash[payee] += cents

    @rule(holder=account, units=st.integers(1, 1_000))
    def issue(self, holder, units):
        self.books.registers.issue(self.share, holder, units)
        self.shares[holder] = self.shares.get(holder, 0) + units

    @rule(seller=account, buyer=account, units=st.integers(1, 1_000), retire=st.booleans())
    def deliver(self, seller, buyer, units, retire):
        registers = self.books.registers
        before = registers.holdings.sum(), registers.outstanding.tolist()
        try:
            if retire:
                registers.retire(self.share, seller, units)
            else:
                registers.transfer(self.share, seller, buyer, units)
        except RegisterError:
            assert (registers.holdings.sum(), registers.outstanding.tolist()) == before
            assert units > self.shares.get(seller, 0) or seller == buyer
        else:
            self.shares[seller] -= units
            if not retire:
                self.shares[buyer] = self.shares.get(buyer, 0) + units

    @rule()
    def next_day(self):
        day = self.books.journal.day
        entries = self.books.close_day(day)
        for slices in entries.slices.values():
            assert slices.dense().sum(axis=(1, 2)).tolist() == entries.entries[:, 3].tolist()
        self.books.start_day(day + 1)

    @invariant()
    def the_dictionary_agrees(self):
        if hasattr(self, "books"):
            journal = self.books.journal
            assert {k: journal.balance(k) for k in self.cash} == self.cash
            held = {k: self.books.registers.held(k, self.share) for k in self.shares} if self.shares else {}
            assert held == self.shares


BooksMachine.TestCase.settings = settings(max_examples=40, stateful_step_count=40, deadline=None)
TestBooks = BooksMachine.TestCase
