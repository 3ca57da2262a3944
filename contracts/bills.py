"""Bills: what falls due, what is overdue, and what each party owes for purchases that it cannot cancel."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum
from itertools import chain

import numpy as np

from ..ledger.causes import Cause
from ..ledger.control_account import ControlAccount

NO_CONTRACT = -1
Owing = tuple[int, int, Cause]
"""Who owes (account), to whom (account), and why."""
UNBILLED = (
    Cause.OPENING, Cause.REVENUE_AI, Cause.REVENUE_OTHER, Cause.MILESTONE, Cause.CAPITAL_CALL, Cause.SAVING,
    Cause.TRADE_PAY, Cause.TRADE_RECEIVE, Cause.BOND_ISSUE, Cause.ETF_CASH, Cause.DEFAULT_COST, Cause.VENDOR_LOAN,
    Cause.BOND_INFLOW, Cause.FUND_FLOW, Cause.LISTING,
)  # fmt: skip
"""Causes of payments that nobody has billed before; every other payment is made under a bill, or billed as it is
made."""


class Rank(IntEnum):
    """Seniority in the clearing: bonds first, then bills, then subordinated loans."""

    SENIOR = 0
    TRADE = 1
    SUBORDINATED = 2


@dataclass(slots=True)
class Bill:
    """One amount due, and how long it has been. `payer` and `payee` are accounts, `contract` a contract's number."""

    payer: int
    payee: int
    cents: int
    cause: Cause
    rank: Rank = Rank.TRADE
    contract: int = NO_CONTRACT
    months_late: int = 0

    def add(self, cents: int) -> None:
        """So much more is due for the same."""
        self.cents += cents

    def pay(self, cents: int) -> None:
        """A part of it has been paid outside the clearing."""
        self.cents -= cents

    def run_late(self, short_cents: int) -> None:
        """So much of it has not been paid: it is due again, a month older."""
        self.cents = short_cents
        self.months_late += 1

    def write_down_to(self, cents: int) -> None:
        """Its payer is in default: what is kept of it falls due anew."""
        self.cents = cents
        self.months_late = 0


class BillBook:
    """All bills that are due or have a day, and what is owed beside them."""

    def __init__(self) -> None:
        self.due: list[Bill] = []
        """What the next settlement clears."""
        self.scheduled: dict[int, list[Bill]] = {}
        """Day -> bills that fall due then: plain debts, stretched arrears, what is left after a default."""
        self.version = 0
        """Counts the changes of what is owed."""
        self.set_off_cents = 0
        """Debts settled against each other, with no cash, since the start."""
        self.set_off: Counter[Owing] = Counter()
        """The same by payer, payee and cause."""
        self.given_up: Counter[Owing] = Counter()
        """Bills that will never be paid, by payer, payee and cause."""
        self.settled_between: Counter[tuple[int, int]] = Counter()
        """Payer and payee (accounts) -> debts settled since the start, in cash or against each other."""
        self.control = ControlAccount(cause for cause in Cause if cause not in UNBILLED)
        self.paid_at_once = self.control.bill
        """So much is billed and paid in one: payer, payee, cents, cause."""
        self._owed: dict[int, int] = {}
        self._late: dict[int, int] = {}

    def owed_cents(self, account: int) -> int:
        """Purchases not yet invoiced that cannot be cancelled, and bills not yet paid, those put off to a day
        included."""
        return self._owed.get(account, 0)

    def late_cents(self, account: int) -> int:
        """Bills overdue."""
        return self._late.get(account, 0)

    def add(self, bill: Bill) -> None:
        """Enter an amount due at the next settlement."""
        if bill.cents > 0:
            self.control.bill(bill.payer, bill.payee, bill.cents, bill.cause)
            self.due.append(bill)

    def add_for(self, day: int, bill: Bill) -> None:
        """Enter a new amount due on a day."""
        self.control.bill(bill.payer, bill.payee, bill.cents, bill.cause)
        self.schedule(day, bill)

    def schedule(self, day: int, bill: Bill) -> None:
        """Put off a bill, or a part of one, until a day."""
        self.scheduled.setdefault(day, []).append(bill)

    def due_on(self, day: int) -> list[Bill]:
        """Take what was scheduled for a day off the calendar."""
        return self.scheduled.pop(day, [])

    def set_aside(self, in_place: list[Bill]) -> list[Bill]:
        """Bills that wait for the month's end; in their place others are due now."""
        waiting, self.due = self.due, in_place
        return waiting

    def keep_due(self, bills: Iterable[Bill]) -> None:
        """Bills that are on record already are due, or due again."""
        self.due.extend(bills)

    def take_due(self) -> list[Bill]:
        """All that is due, one bill for each kind and age between the same parties: a month of running costs is one
        bill. Nothing is due then."""
        merged: dict[tuple[object, ...], Bill] = {}
        for bill in self.due:
            key = (bill.payer, bill.payee, bill.rank, bill.cause, bill.contract, bill.months_late)
            if key in merged:
                merged[key].add(bill.cents)
            else:
                merged[key] = bill
        self.due = []
        return list(merged.values())

    def of_contract(self, number: int, *causes: Cause) -> list[Bill]:
        """Bills due under a contract (of these causes, or of any)."""
        return [b for b in self.due if b.contract == number and (not causes or b.cause in causes)]

    def unpaid(self) -> Iterator[Bill]:
        """All bills, due now or on a later day."""
        return chain(self.due, *self.scheduled.values())

    def of_payer(self, account: int) -> list[Bill]:
        """Bills due that an account must pay."""
        return [bill for bill in self.due if bill.payer == account]

    def drop(self, bills: Iterable[Bill]) -> None:
        """Bills that nobody asks for any more."""
        dropped = {id(bill) for bill in bills}
        self.due = [bill for bill in self.due if id(bill) not in dropped]

    def give_up(self, bills: Iterable[Bill]) -> None:
        """Bills, due no more, that will never be paid."""
        for bill in bills:
            self._lose(bill, bill.cents)

    def write_down(self, bill: Bill, cents: int) -> None:
        """Of a bill that is due no more only so much is kept."""
        self._lose(bill, bill.cents - cents)
        bill.write_down_to(cents)

    def recover(self, bills: Iterable[Bill], share: float) -> list[Bill]:
        """Of bills, due no more, only a share is kept; returns those of which something is left."""
        left = []
        for bill in bills:
            if kept := int(bill.cents * share):
                self.write_down(bill, kept)
                left.append(bill)
            else:
                self.give_up([bill])
        return left

    def _lose(self, bill: Bill, cents: int) -> None:
        self.control.take_off(bill, cents)
        self.given_up[bill.payer, bill.payee, bill.cause] += cents

    def drop_paid(self) -> None:
        """Forget bills of which nothing is left."""
        self.due = [bill for bill in self.due if bill.cents > 0]

    def unschedule(self, *, contract: int | None = None, payer: int | None = None) -> list[Bill]:
        """Take later bills of a contract, or of a payer, off the calendar."""
        taken = []
        for day, later in list(self.scheduled.items()):
            gone = [b for b in later if b.contract == contract or b.payer == payer]
            taken += gone
            self.scheduled[day] = [b for b in later if b not in gone]
        return taken

    @property
    def settled_cents(self) -> int:
        """Debts settled since the start, in cash or against each other."""
        return self.settled_between.total()

    def note_settled(self, bill: Bill, settled_cents: int) -> None:
        """So much of a bill has been settled."""
        self.settled_between[bill.payer, bill.payee] += settled_cents

    def note_set_off(self, bill: Bill, cents: int) -> None:
        """So much of a bill has been settled in a clearing without cash."""
        self.control.take_off(bill, cents)
        self.set_off_cents += cents
        self.set_off[bill.payer, bill.payee, bill.cause] += cents

    def gaps(self, entries: np.ndarray) -> Iterator[tuple[str, str, int]]:
        """The identity of all bills at the end of a day with these entries (int64[n, 7])."""
        return self.control.gaps(entries, self.unpaid())

    def refresh(self, ordered_cents: Iterable[tuple[int, int]]) -> None:
        """Recompute what each account owes: its bills, and (account, cents) ordered and not yet invoiced."""
        self.version += 1
        self._owed.clear()
        self._late.clear()
        for bill in self.unpaid():
            self._owed[bill.payer] = self._owed.get(bill.payer, 0) + bill.cents
            if bill.months_late:
                self._late[bill.payer] = self._late.get(bill.payer, 0) + bill.cents
        for account, cents in ordered_cents:
            self._owed[account] = self._owed.get(account, 0) + cents
