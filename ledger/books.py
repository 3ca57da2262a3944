"""The books: journal, registers and tracers of one run, closed and audited together at the end of every day."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np

from .audit import audit_day
from .causes import OriginClass
from .day_entries import DayEntries
from .flows import Flows
from .journal import WIDTH, IntArray, Journal
from .origins import OriginTracer, TracingRule
from .owners import OwnersBehind
from .registers import Registers, SecurityKind

Identity = Callable[[], Iterable[tuple[str, str, int]]]
"""Yields (identity, where, gap) for everything it checks; a gap of zero is what must hold."""


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
        audit_day(self, entries, found)
        self.registers.close_day()
        self.flows.add(self.last)
        return self.last

    def export_state(self) -> dict[str, np.ndarray]:
        """Plain arrays (integers and text) from which `import_state` continues; only between days.

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

    def import_state(self, state: dict[str, np.ndarray]) -> None:
        """Continues from an exported state; accounts and securities not opened yet are opened.

        Owners, clearing houses and extra identities must be attached by the model. Raises: ValueError if the
        accounts or securities already opened are others, KeyError if a part is missing.
        """
        self._import_accounts(state)
        self._import_registers(state)
        self.replayed = np.zeros(len(self.journal.balances), np.int64)
        self.replayed[: self.journal.n_accounts] = state["replayed"]
        for rule, tracer in self.tracers.items():
            prefix = f"tracer.{rule.value}."
            tracer.import_state({key.removeprefix(prefix): state[key] for key in state if key.startswith(prefix)})

    def _import_accounts(self, state: dict[str, np.ndarray]) -> None:
        journal = self.journal
        classes = [OriginClass(str(text)) for text in state["journal.classes"]]
        origin_of = state["journal.origin_of"]
        for name, origin in list(zip(state["journal.names"], origin_of, strict=True))[journal.n_accounts :]:
            if origin < 0:
                journal.open_inside(str(name))
            else:
                journal.open_outside(str(name), classes[origin])
        n = journal.n_accounts
        if (
            journal.names != [str(name) for name in state["journal.names"]]
            or (journal.origin_of[:n] != origin_of).any()
        ):
            raise ValueError("came a state of other accounts, allowed: the accounts already opened, in their order")
        journal.balances[:n] = state["journal.balances"]
        journal.day, journal.count = int(state["journal.day"][0]), 0
        journal.opening_cents, journal.inflow_cents, journal.outflow_cents = (int(x) for x in state["journal.totals"])
        if not state["journal.day"][1]:
            journal._shut()

    def _import_registers(self, state: dict[str, np.ndarray]) -> None:
        registers = self.registers
        names = [str(name) for name in state["registers.names"]]
        for name, kind in list(zip(names, state["registers.kinds"], strict=True))[registers.n_securities :]:
            registers.open_security(name, SecurityKind(int(kind)))
        if registers.names != names:
            raise ValueError("came a state of other securities, allowed: those already opened, in their order")
        registers.holdings = np.array(state["registers.holdings"], np.int64, order="C")
        registers.replayed, registers.count = registers.holdings.copy(), 0
        registers.outstanding, registers.issued, registers.retired = (
            row.copy() for row in np.asarray(state["registers.totals"], np.int64)
        )
