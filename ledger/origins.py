"""Who paid: the origin and the lap of every cent, followed through the journal by a stated convention.

A tracer folds the journal's entries after the fact; it never influences what happens. Which cent of a mixed balance
is paid out is a convention, so three of them can be compared: in proportion (haircut), first in first out, last in
first out.
"""

from __future__ import annotations

from enum import StrEnum

import numpy as np

from .journal import CENTS, DAY, PAYER, IntArray, Journal
from .origin_queues import cells_of, fold_queues, queue_gaps, queue_sums
from .origin_slices import DONE, NO_ROOM, cell_gaps, cell_sums, first_gap, fold_pro_rata, sums_gap
from .slices import LAPS as LAPS
from .slices import LAPS_MAX as LAPS_MAX
from .slices import PartsBuffer, Slices, add_net_inflow


class TracingRule(StrEnum):
    """Which cents of a mixed balance leave with a payment."""

    PRO_RATA = "pro-rata"
    FIFO = "fifo"
    LIFO = "lifo"


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
        self.n_origins = 0
        self.inside: IntArray = np.zeros(0, np.int64)
        self._cells: IntArray = np.zeros((0, 0, LAPS), np.int64)
        self._top_lap = 0
        self._chain: IntArray = np.zeros((0, 4), np.int64)
        self._ends: IntArray = np.full((0, 2), -1, np.int64)
        self._free: IntArray = np.array([-1, 0], np.int64)
        self._held: IntArray = np.zeros(0, np.int64)
        self._found: IntArray = np.zeros(0, np.int64)
        self._parts = PartsBuffer()
        self._match_journal()

    def _match_journal(self) -> None:
        """Makes room for the accounts and origins opened since."""
        accounts, origins = len(self.journal.balances), self.journal.n_origins
        if accounts == len(self._held) and origins == self.n_origins:
            return
        if self.rule is TracingRule.PRO_RATA:
            if accounts > self._cells.shape[0] or origins > self._cells.shape[1]:
                more = ((0, accounts - self._cells.shape[0]), (0, origins - self._cells.shape[1]), (0, 0))
                self._cells = np.pad(self._cells, more)
        elif accounts > len(self._ends):
            more_ends = np.full((accounts - len(self._ends), 2), -1, np.int64)
            self._ends = np.concatenate([self._ends, more_ends])
        if accounts > len(self._held):
            self._held = np.pad(self._held, (0, accounts - len(self._held)))
        if origins > self.n_origins:
            self.inside = np.pad(self.inside, (0, origins - self.n_origins))
            self._found = np.pad(self._found, (0, origins - len(self._found)))
            self.n_origins = origins

    def _need_free(self, tranches: int) -> None:
        """Makes sure that many tranches are unused."""
        if self._free[1] >= tranches:
            return
        old = len(self._chain)
        added = max(tranches, old)
        fresh = np.zeros((added, 4), np.int64)
        fresh[:, 2] = np.arange(old + 1, old + added + 1)
        fresh[-1, 2] = self._free[0]
        self._chain = np.concatenate([self._chain, fresh])
        self._free[0] = old
        self._free[1] += added

    def apply(self, entries: IntArray) -> Slices:
        """Follows entries (int64[n, 7], in order, each once) and returns their slices.

        They tell how many cents of each entry came from which origin and how often they have been recycled, as the
        payee gets them: an entry's own lap step is included. Slices sum to the entry's cents. Cash from outside starts
        at lap 0.

        Raises: Untraceable.
        """
        self._match_journal()
        ends = np.empty(len(entries), np.int64)
        at = used = 0
        while True:
            status, at, used = self._follow(entries, at, ends, used)
            if status == DONE:
                return self._parts.taken(ends, used, self.n_origins)
            if status != NO_ROOM:
                day, payer, cents = (int(entries[at, column]) for column in (DAY, PAYER, CENTS))
                raise Untraceable(rule=self.rule, day=day, account=self.journal.names[payer], cents=cents)
            self._parts.grow(used, self.n_parts)

    def _follow(self, entries: IntArray, first: int, ends: IntArray, used: int) -> tuple[int, int, int]:
        """(status, the entry it stopped at, parts used) of the rule's fold from entry `first` on."""
        origin_of, parts = self.journal.origin_of, self._parts
        if self.rule is TracingRule.PRO_RATA:
            status, at, self._top_lap, used = fold_pro_rata(
                entries, first, origin_of, self._cells, self._held, self._found, self._top_lap,
                ends, parts.cells, parts.cents, used,
            )  # fmt: skip
            return status, at, used
        self._need_free(len(entries) + 1)
        status, at, used = fold_queues(
            entries, first, origin_of, self._chain, self._ends, self._free, self._held, self._found,
            ends, parts.cells, parts.cents, used, self.rule is TracingRule.LIFO,
        )  # fmt: skip
        return status, at, used

    def composition(self, account: int) -> IntArray:
        """Cents of an account by origin and lap, int64[origins, 8]; sums to the balance of an inside account.

        An outside account is a source and a sink and holds nothing: all zeros.
        """
        self._match_journal()
        if self.rule is TracingRule.PRO_RATA:
            cells = self._cells[account].copy()
        else:
            cells = cells_of(account, self._chain, self._ends, self.n_origins * LAPS)
        return np.reshape(cells, (-1, LAPS))

    def faults(self) -> tuple[IntArray, IntArray]:
        """Gaps by account, int64[accounts], and by origin, int64[origins], in cents; all zero when all is well.

        By account: balance minus traced cash, or the lowest amount traced if that is negative. By origin: cash that
        entered and did not leave minus the cash found on all accounts.
        """
        self._match_journal()
        journal = self.journal
        if self.rule is TracingRule.PRO_RATA:
            found = cell_gaps(journal.balances, journal.origin_of, journal.n_accounts, self._cells, self.inside)
        else:
            found = queue_gaps(journal.balances, journal.origin_of, journal.n_accounts, self._chain, self.inside)
        by_account, by_origin = found
        return by_account, by_origin

    @property
    def n_parts(self) -> int:
        """Cells, or tranches there is room for: as many as a check in full looks through."""
        return self._cells.size if self.rule is TracingRule.PRO_RATA else len(self._chain)

    def first_fault(self) -> tuple[int, int, int]:
        """The first of `faults`, in full: (1, account, gap), (2, origin, gap), or (0, -1, 0) if all is well."""
        kind, where, gap = first_gap(*self.faults())
        return kind, where, gap

    def first_fault_in_sums(self) -> tuple[int, int, int]:
        """As `first_fault`, but only the running sums are compared: cells or tranches changed past the tracer stay
        unseen, and the time does not grow with the tranches that wait."""
        self._match_journal()
        journal = self.journal
        kind, where, gap = sums_gap(
            journal.balances, journal.origin_of, journal.n_accounts, self._held, self._found, self.inside
        )
        return kind, where, gap

    def gaps(self) -> list[tuple[int, int]]:
        """(account, gap in cents) wherever traced cash is not the balance: empty when all is well."""
        by_account, _ = self.faults()
        return [(int(account), int(by_account[account])) for account in np.flatnonzero(by_account)]

    def count_slices(self, entries: IntArray, slices: Slices) -> tuple[int, int]:
        """Adds a day's slices to `inside`; returns (number, gap) of the first entry they miss, else (-1, 0)."""
        bad, gap = add_net_inflow(entries, self.journal.origin_of, slices.ends, slices.cells, slices.cents, self.inside)
        return int(bad), int(gap)

    def export_state(self) -> dict[str, IntArray]:
        """Arrays from which `import_state` continues, for checkpoints."""
        if self.rule is TracingRule.PRO_RATA:
            return {"inside": self.inside.copy(), "cells": self._cells.copy()}
        return {
            "inside": self.inside.copy(),
            "chain": self._chain.copy(),
            "ends": self._ends.copy(),
            "free": self._free.copy(),
        }

    def import_state(self, state: dict[str, IntArray]) -> None:
        """Continues from exported arrays; the journal must already have their accounts. Raises: KeyError."""
        parts = {name: np.array(state[name], np.int64, order="C") for name in self.export_state()}
        self.inside = parts["inside"]
        self.n_origins = len(self.inside)
        if self.rule is TracingRule.PRO_RATA:
            self._cells = parts["cells"]
            self._held, self._found = cell_sums(self._cells)
            self._top_lap = int(np.flatnonzero(self._cells.any(axis=(0, 1))).max(initial=0))
        else:
            self._chain, self._ends, self._free = parts["chain"], parts["ends"], parts["free"]
            self._held, self._found = queue_sums(len(self._ends), self.n_origins, self._chain)
        self._match_journal()
