"""The audit: every identity of money and shares, exactly, every day; the day that broke the books does not pass."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Protocol

from .audit_kernels import (
    FINE,
    HELD,
    INSIDE,
    ISSUED,
    MOVED,
    NEGATIVE,
    OWED,
    PRICED,
    REPLAY,
    SUM,
    cash_gap,
    register_gap,
)
from .journal import IntArray, Journal
from .origins import TracingRule
from .owners import OwnersBehind
from .purse_kernels import ACCOUNT
from .registers import Registers

Identity = Callable[[], Iterable[tuple[str, str, int]]]
"""Yields (identity, where, gap) for everything it checks; a gap of zero is what must hold."""


class Audited(Protocol):
    """What the audit reads of the books."""

    @property
    def journal(self) -> Journal: ...
    @property
    def registers(self) -> Registers: ...
    @property
    def replayed(self) -> IntArray: ...
    @property
    def owners(self) -> Sequence[OwnersBehind]: ...
    @property
    def extra_identities(self) -> Sequence[Identity]: ...


Found = tuple[int, int, int, int, int]
"""What `OriginTracer.count_and_check` returns."""

CASH_IDENTITIES = {
    REPLAY: "balance = sum of entries",
    NEGATIVE: "inside balance >= 0",
    SUM: "all balances sum to 0",
    INSIDE: "inside cash = opening + inflow - outflow",
}
REGISTER_IDENTITIES = {
    HELD: "units held = units outstanding",
    ISSUED: "outstanding = issued - retired",
    OWED: "units held >= 0",
    PRICED: "cents of a trade = units x one price",
    MOVED: "units held = units held before + movements + trades",
}


class AuditError(Exception):
    """An identity that does not hold: which, on which day, where, and by how many cents or units."""

    def __init__(self, *, identity: str, day: int, where: str, gap: int) -> None:
        self.identity = identity
        self.day = day
        self.where = where
        self.gap = gap
        super().__init__(f"day {day}: {identity} does not hold for {where}: gap {gap}, allowed: 0")


def audit_day(books: Audited, entries: IntArray, found: Mapping[TracingRule, Found]) -> None:
    """Checks every identity of a day just closed: cash, sub-ledgers, registers, origins, and what the model added.

    `found` is what each tracer's `count_and_check` has found in the day's slices and in its traced cash.

    Raises: AuditError on the first that does not hold.
    """
    _audit_cash(books.journal, books.replayed, entries)
    _audit_registers(books.registers, books.journal.day, entries)
    for owners in books.owners:
        if fault := owners.first_fault(books.journal, books.registers):
            raise AuditError(identity=fault[0], day=books.journal.day, where=fault[1], gap=fault[2])
    _audit_origins(books.journal, found)
    for identity in books.extra_identities:
        for name, where, gap in identity():
            if gap:
                raise AuditError(identity=name, day=books.journal.day, where=where, gap=int(gap))


def _audit_cash(journal: Journal, replayed: IntArray, entries: IntArray) -> None:
    inside_cents = journal.opening_cents + journal.inflow_cents - journal.outflow_cents
    code, account, gap = cash_gap(journal.packed_accounts, replayed, entries, inside_cents)
    if code:
        where = journal.names[account] if account >= 0 else "all accounts"
        raise AuditError(identity=CASH_IDENTITIES[code], day=journal.day, where=where, gap=int(gap))
    for account in journal.clearing_houses:
        if gap := journal.balance(account):
            where = journal.names[account]
            raise AuditError(identity="clearing house empty at the end of a day", day=journal.day, where=where, gap=gap)


def _audit_registers(registers: Registers, day: int, entries: IntArray) -> None:
    fault, security, gap = register_gap(registers.packed_arrays, registers.movements, entries)
    if fault != FINE:
        raise AuditError(identity=REGISTER_IDENTITIES[fault], day=day, where=registers.names[security], gap=int(gap))


def _audit_origins(journal: Journal, found: Mapping[TracingRule, Found]) -> None:
    for rule, (number, missed, _, _, _) in found.items():
        if missed:
            where = f"entry {number} ({rule.value})"
            raise AuditError(identity="origin slices = cents of the entry", day=journal.day, where=where, gap=missed)
    for rule, (_, _, kind, at, gap) in found.items():
        if kind:
            account = at if kind == ACCOUNT else journal.origin_accounts[at]
            identity = "origins = balance" if kind == ACCOUNT else "origin inside = entered - left"
            where = f"{journal.names[account]} ({rule.value})"
            raise AuditError(identity=identity, day=journal.day, where=where, gap=gap)
