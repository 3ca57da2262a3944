"""The control account of bills: what was billed, less what was paid, set off and given up, is what still waits.

Whoever bills says so here, and so does whoever settles or gives up a bill without cash. What was paid in cash nobody
says: it is read from the day's entries. So a payment that is a cent short, a cent paid to somebody else, and a cent
that a bill has lost on its way are all seen on their day.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable, Iterator
from typing import Protocol

import numpy as np

from .bill_kernels import NONE, PARTIES, add_billed, bills_gap
from .causes import Cause
from .journal import IntArray

Gap = tuple[str, str, int]
"""Identity, where it does not hold, gap."""
IDENTITY = "billed - paid - set off - given up = bills that wait"
PAYER, PAYEE, CENTS, CAUSE = range(4)
"""Columns of what was told; cents that were taken off are below zero."""
WIDTH = 4
_ROW = struct.Struct("=4q")
_pack: Callable[..., None] = _ROW.pack_into


class Owed(Protocol):
    """A bill that waits."""

    payer: int
    payee: int
    cents: int
    cause: Cause


class ControlAccount:
    """Bills of some causes, in sums of its own. `causes` are paid by bills only: every payment of theirs is billed."""

    def __init__(self, causes: Iterable[Cause]) -> None:
        billed = frozenset(causes)
        self._is_billed = [number in billed for number in range(1 + max(Cause))]
        self._is_bill = np.array(self._is_billed)
        self._open_cents = np.zeros(1 + max(Cause), np.int64)
        self._seal = np.zeros(1, np.int64)
        self.owed_by_cause: IntArray = np.zeros((0, 1 + max(Cause)), np.int64)
        """What every account was ever billed for by cause, int64[accounts, causes], paid or not."""
        self.earned_by_cause: IntArray = np.zeros_like(self.owed_by_cause)
        """What every account ever billed others for."""
        self._told: IntArray = np.zeros((64, WIDTH), np.int64)
        self._count = 0

    def bill(self, payer: int, payee: int, cents: int, cause: Cause) -> None:
        """So much is due from payer to payee. Raises: ValueError for a cause that is not paid by bills."""
        if not self._is_billed[cause]:
            raise ValueError(f"came a bill for {cause.name}, allowed: causes of this control account")
        self._tell(payer, payee, cents, cause)

    def take_off(self, bill: Owed, cents: int) -> None:
        """So much of a bill is settled without cash, or given up."""
        self._tell(bill.payer, bill.payee, -cents, bill.cause)

    @property
    def told(self) -> IntArray:
        """What was told since the last audit, int64[n, 4], in order."""
        return self._told[: self._count]

    def gaps(self, entries: IntArray, waiting: Iterable[Owed]) -> Iterator[Gap]:
        """The control account's identity at the end of a day, whose entries these are; asked once a day."""
        self._add_billed()
        rows = np.array([(b.payer, b.payee, b.cents, b.cause) for b in waiting], np.int64).reshape(-1, WIDTH)
        cause, gap = bills_gap(self._open_cents, self._seal, self._is_bill, self.told, entries, rows)
        self._count = 0
        if cause != NONE:
            yield IDENTITY, "payers and payees" if cause == PARTIES else Cause(cause).name, gap

    def _add_billed(self) -> None:
        """What was told enters the sums by account and cause."""
        while (last := add_billed(self.owed_by_cause, self.earned_by_cause, self.told)) != NONE:
            room = (0, 1 + last - len(self.owed_by_cause)), (0, 0)
            self.owed_by_cause, self.earned_by_cause = (
                np.pad(c, room) for c in (self.owed_by_cause, self.earned_by_cause)
            )

    def _tell(self, payer: int, payee: int, cents: int, cause: Cause) -> None:
        if self._count == len(self._told):
            self._told = np.concatenate([self._told, np.zeros_like(self._told)])
        _pack(self._told, self._count * _ROW.size, payer, payee, cents, cause)
        self._count += 1
