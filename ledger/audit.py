"""The audit: every identity of money and shares, exactly, every day; the day that broke the books does not pass."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from ..engine.kernels import njit
from .journal import Journal
from .origins import OriginTracer, TracingRule
from .purses import ACCOUNT

if TYPE_CHECKING:
    from .books import Books

FULL_EVERY_DAYS = 21
"""Queues of more than `FEW_TRANCHES` tranches are looked through once a month of trading days, else daily."""
FEW_TRANCHES = 1024
_REPLAY, _NEGATIVE, _SUM, _INSIDE = 1, 2, 3, 4


class AuditError(Exception):
    """An identity that does not hold: which, on which day, where, and by how many cents or units."""

    def __init__(self, *, identity: str, day: int, where: str, gap: int) -> None:
        self.identity = identity
        self.day = day
        self.where = where
        self.gap = gap
        super().__init__(f"day {day}: {identity} does not hold for {where}: gap {gap}, allowed: 0")


@njit(cache=True)
def _cash_gap(balances, replayed, origin_of, n_accounts, inside_cents):  # type: ignore[no-untyped-def]
    """(identity, account, gap) of the first fault in the cash of all accounts; (0, -1, 0) if there is none."""
    total = 0
    inside = 0
    for account in range(n_accounts):
        gap = balances[account] - replayed[account]
        if gap != 0:
            return _REPLAY, account, gap
        total += balances[account]
        if origin_of[account] < 0:
            inside += balances[account]
            if balances[account] < 0:
                return _NEGATIVE, account, balances[account]
    if total != 0:
        return _SUM, -1, total
    if inside != inside_cents:
        return _INSIDE, -1, inside - inside_cents
    return 0, -1, 0


@njit(cache=True)
def _register_gap(holdings, outstanding, issued, retired):  # type: ignore[no-untyped-def]
    """(kind, security, gap) of the first fault; (-1, -1, 0) if there is none.

    Kind 0: held less outstanding; 1: outstanding less issued net of retired; 2: the lowest holding, below 0.
    """
    held = np.zeros(outstanding.size, np.int64)
    lowest = np.zeros(outstanding.size, np.int64)
    for account in range(holdings.shape[0]):
        for security in range(outstanding.size):
            units = holdings[account, security]
            held[security] += units
            lowest[security] = min(lowest[security], units)
    for kind in range(3):
        for security in range(outstanding.size):
            if kind == 0:
                gap = held[security] - outstanding[security]
            elif kind == 1:
                gap = outstanding[security] - issued[security] + retired[security]
            else:
                gap = lowest[security]
            if gap != 0:
                return kind, security, gap
    return -1, -1, np.int64(0)


def audit(books: Books) -> None:
    """Checks every identity of a closed day in full: cash, sub-ledgers, registers, origins, and what the model added.

    Raises: AuditError on the first that does not hold; ValueError while entries of a day are open.
    """
    audit_day(books, {rule: (-1, 0, *tracer.first_fault()) for rule, tracer in books.tracers.items()})


def audit_day(books: Books, found: Mapping[TracingRule, tuple[int, int, int, int, int]]) -> None:
    """As `audit`, with what each tracer's `count_and_check` has `found` in the day's slices and in its traced cash.

    Raises: AuditError on the first identity that does not hold; ValueError while entries of a day are open.
    """
    if books.journal.count:
        raise ValueError("came books with open entries, allowed: an audit after close_day()")
    _audit_cash(books)
    _audit_registers(books)
    _audit_origins(books.journal, found)
    for identity in books.extra_identities:
        for name, where, gap in identity():
            if gap:
                raise AuditError(identity=name, day=books.journal.day, where=where, gap=int(gap))


def is_in_full(tracer: OriginTracer, day: int) -> bool:
    """Whether a tracer's cash is looked through on a day; queues (FIFO, LIFO) of many tranches are once a month, and
    else by their running sums."""
    if tracer.rule is TracingRule.PRO_RATA or not day % FULL_EVERY_DAYS:
        return True
    return tracer.n_tranches <= FEW_TRANCHES


def _audit_cash(books: Books) -> None:
    journal = books.journal
    inside_cents = journal.opening_cents + journal.inflow_cents - journal.outflow_cents
    code, account, gap = _cash_gap(
        journal.balances, books.replayed, journal.origin_of, journal.n_accounts, inside_cents
    )
    if code:
        identity = {
            _REPLAY: "balance = sum of entries",
            _NEGATIVE: "inside balance >= 0",
            _SUM: "all balances sum to 0",
            _INSIDE: "inside cash = opening + inflow - outflow",
        }[code]
        where = journal.names[account] if account >= 0 else "all accounts"
        raise AuditError(identity=identity, day=journal.day, where=where, gap=int(gap))
    for account, total in journal.subledgers.items():
        if gap := int(total()) - journal.balance(account):
            where = journal.names[account]
            raise AuditError(identity="sub-ledger = omnibus balance", day=journal.day, where=where, gap=gap)


def _audit_registers(books: Books) -> None:
    registers, day = books.registers, books.journal.day
    if registers.n_securities:
        kind, security, gap = _register_gap(
            registers.holdings, registers.outstanding, registers.issued, registers.retired
        )
        if kind >= 0:
            identity = ("units held = units outstanding", "outstanding = issued - retired", "units held >= 0")[kind]
            raise AuditError(identity=identity, day=day, where=registers.names[security], gap=gap)
    for (security, account), total in registers.subledgers.items():
        if gap := int(total()) - registers.held(account, security):
            where = registers.names[security]
            raise AuditError(identity="sub-ledger = omnibus holding", day=day, where=where, gap=gap)


def _audit_origins(journal: Journal, found: Mapping[TracingRule, tuple[int, int, int, int, int]]) -> None:
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
