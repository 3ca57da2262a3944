"""Who paid: the origin and the lap of every cent, followed through the journal by a stated convention.

A tracer folds the journal's entries after the fact; it never influences what happens. Which cent of a mixed balance
is paid out is a convention, so three of them can be compared: in proportion (haircut), first in first out, last in
first out.
"""

from __future__ import annotations

from enum import StrEnum

import numpy as np

from .journal import CENTS, DAY, PAYER, IntArray, Journal
from .purse_kernels import count_and_check
from .purses import Purses
from .slices import LAPS as LAPS
from .slices import LAPS_MAX as LAPS_MAX
from .slices import Slices
from .tracing_kernels import DONE, FIRST_IN_FIRST_OUT, LAST_IN_FIRST_OUT, NO_PARTS, NO_ROOM, PRO_RATA, follow


class TracingRule(StrEnum):
    """Which cents of a mixed balance leave with a payment."""

    PRO_RATA = "pro-rata"
    FIFO = "fifo"
    LIFO = "lifo"


_NUMBERS = {
    TracingRule.PRO_RATA: PRO_RATA, TracingRule.FIFO: FIRST_IN_FIRST_OUT, TracingRule.LIFO: LAST_IN_FIRST_OUT
}  # fmt: skip


class Untraceable(Exception):
    """An entry whose payer holds less traced cash than it paid: the entries given are not the journal's."""

    def __init__(self, *, rule: TracingRule, day: int, account: str, cents: int) -> None:
        self.rule = rule
        self.day = day
        self.account = account
        self.cents = cents
        super().__init__(f"day {day}: {account} paid {cents} cents, allowed: its traced cash ({rule})")


class OriginTracer:
    """Follows all cash of a journal by one rule, from the journal's first entry on.

    `inside` is int64[origins]: cents of each origin that entered and have not left, added up from the slices alone; the
    audit compares it with the cash found on the accounts.
    """

    def __init__(self, rule: TracingRule, journal: Journal) -> None:
        self.rule = TracingRule(rule)
        self.journal = journal
        self._number = _NUMBERS[self.rule]
        self.n_origins = 0
        self._n_accounts = 0
        self.inside: IntArray = np.zeros(0, np.int64)
        self._purses = Purses()
        self._parts_room = 1024
        self._match_journal()

    def _match_journal(self) -> None:
        """Makes room for the accounts and origins opened since."""
        if self.journal.n_accounts == self._n_accounts:
            return
        self._n_accounts = self.journal.n_accounts
        if more := len(self.journal.balances) - len(self._purses.spans):
            self._purses.add_accounts(more)
        if more := self.journal.n_origins - self.n_origins:
            self.inside = np.pad(self.inside, (0, more))
            self.n_origins += more

    def apply(self, entries: IntArray) -> Slices:
        """Follows entries (int64[n, 7], in order, each once) and returns their slices.

        They tell how many cents of each entry came from which origin and how often they have been recycled, as the
        payee gets them: an entry's own lap step is included. Slices sum to the entry's cents. Cash from outside starts
        at lap 0.

        Raises: Untraceable.
        """
        self._match_journal()
        ends = np.empty(len(entries), np.int64)
        parts = np.empty((2, self._parts_room), np.int64)
        status, at, used = self._follow(entries, 0, ends, parts, 0)
        while status in (NO_PARTS, NO_ROOM):
            if status == NO_ROOM:
                self._purses.make_room()
            else:
                parts = np.concatenate([parts, np.empty_like(parts)], axis=1)
                self._parts_room = parts.shape[1]
            status, at, used = self._follow(entries, at, ends, parts, used)
        if status != DONE:
            day, payer, cents = (int(entries[at, column]) for column in (DAY, PAYER, CENTS))
            raise Untraceable(rule=self.rule, day=day, account=self.journal.names[payer], cents=cents)
        return Slices(ends, parts, self.n_origins)

    def _follow(
        self, entries: IntArray, first: int, ends: IntArray, parts: IntArray, used: int
    ) -> tuple[int, int, int]:
        """(status, the entry it stopped at, parts used) of the rule's fold from entry `first` on."""
        status, at, used = follow(
            entries, first, self.journal.origin_of, self._purses.packed_arrays, (ends, parts), used, self._number
        )
        return status, at, used

    @property
    def n_tranches(self) -> int:
        """Amounts of one origin and one lap that wait on all accounts: as many as a check looks through."""
        return self._purses.n_tranches

    def count_and_check(self, entries: IntArray, slices: Slices) -> tuple[int, int, int, int, int]:
        """Adds a day's slices to `inside`, then looks through all tranches for a fault.

        Returns the number and the gap of the first entry that the slices miss, (-1, 0) if none; then the first fault of
        the traced cash: (ACCOUNT, account, gap), (ORIGIN, origin, gap) in cents, or (WELL, -1, 0). By account: balance
        minus traced cash, or the lowest amount traced if that is negative. By origin: cash that entered and did not
        leave minus the cash found on all accounts.
        """
        number, missed, where, at, gap = count_and_check(
            entries, (slices.ends, slices.parts), self.journal.packed_accounts, self.inside, self._purses.packed_arrays
        )
        return number, missed, where, at, gap

    def export_state(self) -> dict[str, IntArray]:
        """Arrays of everything the tracer holds."""
        counts, tranches = self._purses.packed()
        return {"inside": self.inside.copy(), "counts": counts, "tranches": tranches}
