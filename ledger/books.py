"""The books: journal, registers and tracers of one run, closed and audited together at the end of every day."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .audit import Identity, audit_day
from .day_entries import DayEntries
from .flows import Flows
from .journal import WIDTH, IntArray, Journal
from .origins import OriginTracer, TracingRule
from .owners import OwnersBehind
from .registers import Registers
from .statements import Statements


class Books:
    """Journal, registers, one tracer per rule, and the identities the model adds to the audit.

    `replayed` (int64 cents by account) is a second ledger that knows the closed days' entries and nothing else.
    """

    def __init__(
        self,
        rules: Sequence[TracingRule] = (TracingRule.PRO_RATA,),
        *,
        day: int = 0,
        headline_rule: TracingRule = TracingRule.PRO_RATA,
    ) -> None:
        self.headline_rule = headline_rule
        """The rule of the headline tables."""
        self.journal = Journal(day)
        self.registers = Registers()
        self.tracers = {TracingRule(rule): OriginTracer(rule, self.journal) for rule in rules}
        self.owners: list[OwnersBehind] = []
        self.extra_identities: list[Identity] = []
        self.replayed: IntArray = np.zeros(0, np.int64)
        self.last = DayEntries(-1, np.zeros((0, WIDTH), np.int64), {})
        """The day that was closed last."""
        self.flows = Flows(self.journal)
        """Running sums over the closed days."""
        self.statements = Statements()
        """Of the quarter closed last."""

    def start_day(self, day: int) -> None:
        """Dates the entries to come. Raises: BadEntry if the last day was not closed."""
        self.journal.start_day(day)

    def close_day(self, day: int) -> DayEntries:
        """Closes, traces and audits the day. Raises: AuditError; ValueError if it is not the open day."""
        if day != self.journal.day:
            raise ValueError(f"came close_day({day}), allowed: the open day {self.journal.day}")
        journal = self.journal
        if self.registers.holdings.shape[0] < journal.n_accounts:
            self.registers.ensure_account(journal.n_accounts - 1)
        entries = journal.close_day()
        if missing := len(journal.balances) - len(self.replayed):
            self.replayed = np.concatenate([self.replayed, np.zeros(missing, np.int64)])
        slices, found = {}, {}
        for rule, tracer in self.tracers.items():
            slices[rule] = tracer.apply(entries)
            found[rule] = tracer.count_and_check(entries, slices[rule])
        self.last = DayEntries(day, entries, slices)
        self.flows.add(self.last)
        audit_day(self, entries, found)
        self.registers.close_day()
        return self.last

    def export_state(self) -> dict[str, np.ndarray]:
        """Plain arrays (integers and text) of everything the books hold; only between days.

        Raises: ValueError while entries are open.
        """
        journal, registers = self.journal, self.registers
        if journal.count or registers.count:
            raise ValueError("came a state with open entries, allowed: only after close_day()")
        n = journal.n_accounts
        state: dict[str, np.ndarray] = {
            "journal.day": np.array([journal.day, journal.open], np.int64),
            "journal.names": np.array(journal.names, np.str_),
            "journal.classes": np.array([journal.origin_class(a) for a in journal.origin_accounts], np.str_),
            "journal.origin_of": journal.origin_of[:n].copy(),
            "journal.balances": journal.balances[:n].copy(),
            "journal.totals": np.array([journal.opening_cents, journal.inflow_cents, journal.outflow_cents], np.int64),
            "registers.names": np.array(registers.names, np.str_),
            "registers.kinds": np.array(registers.kinds, np.int64),
            "registers.holdings": registers.holdings.copy(),
            "registers.totals": np.stack([registers.outstanding, registers.issued, registers.retired]),
            "replayed": self.replayed[:n].copy(),
        }
        for rule, tracer in self.tracers.items():
            for name, part in tracer.export_state().items():
                state[f"tracer.{rule.value}.{name}"] = part
        return state
