"""Who was paid with whose money, added up: cash in and out of every account, and origins of the flows the question
asks about."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from ..ledger.books import DayEntries
from ..ledger.causes import Cause
from ..ledger.journal import CAUSE, CENTS, PAYEE, PAYER
from ..ledger.origins import TracingRule

if TYPE_CHECKING:
    from ..model import CarouselModel

RECEIVED: dict[Cause, str] = {
    Cause.CHIP_BILL: "revenue from the circle",
    Cause.COMPUTE_BILL: "revenue from labs",
    Cause.MILESTONE: "milestone investments",
    Cause.ROUND: "private rounds",
    Cause.VENDOR_LOAN: "vendor loans",
}
"""Flows counted for the payee."""
SPENT: dict[Cause, str] = {
    Cause.CHIP_BILL: "building",
    Cause.CONSTRUCTION: "building",
    Cause.COMPUTE_BILL: "spending",
    Cause.RUNNING_COSTS: "spending",
    Cause.REVENUE_SHARE: "spending",
}
"""Flows counted for the payer: a cloud's building, a lab's spending."""


@njit(cache=True)
def add_cash_flows(entries, opening, cash_in, cash_out):  # type: ignore[no-untyped-def]
    """Add each entry's cents to what its payee took in and its payer gave out; opening balances are no flow."""
    for row in range(entries.shape[0]):
        if entries[row, CAUSE] != opening:
            cash_in[entries[row, PAYEE]] += entries[row, CENTS]
            cash_out[entries[row, PAYER]] += entries[row, CENTS]


class Flows:
    """Running sums over the journal; it reads entries after the fact and never influences a run."""

    def __init__(self, model: CarouselModel) -> None:
        self.model = model
        self.cash_in = np.zeros(16, np.int64)
        self.cash_out = np.zeros(16, np.int64)
        self.origins: dict[tuple[int, str], dict[TracingRule, np.ndarray]] = {}
        """(account, flow) -> rule -> cents by origin and lap, int64 (origins, 8)."""
        self._counted = np.zeros(1 + max(Cause), bool)
        self._counted[[int(c) for c in (*RECEIVED, *SPENT)]] = True
        self._spenders = {
            "spending": frozenset(lab.account for lab in model.labs),
            "building": frozenset(cloud.account for cloud in model.clouds),
        }

    def add(self, day: DayEntries) -> None:
        """Add a day's entries; opening balances are no flow."""
        entries = day.entries
        if not len(entries):
            return
        size = len(self.model.books.journal.names)
        if len(self.cash_in) < size:
            self.cash_in = np.concatenate([self.cash_in, np.zeros(2 * size - len(self.cash_in), np.int64)])
            self.cash_out = np.concatenate([self.cash_out, np.zeros(2 * size - len(self.cash_out), np.int64)])
        add_cash_flows(entries, int(Cause.OPENING), self.cash_in, self.cash_out)
        causes = entries[:, CAUSE]
        for row in np.flatnonzero(self._counted[causes]).tolist():
            cause = Cause(causes.item(row))
            if cause in RECEIVED:
                self._count(entries.item(row, PAYEE), RECEIVED[cause], day, row)
            payer = entries.item(row, PAYER)
            if cause in SPENT and payer in self._spenders[SPENT[cause]]:
                self._count(payer, SPENT[cause], day, row)

    def _count(self, account: int, flow: str, day: DayEntries, row: int) -> None:
        book = self.origins.setdefault((account, flow), {})
        for rule, slices in day.slices.items():
            before = book.get(rule)
            if before is None:
                book[rule] = slices[row].copy()
            elif before.shape == slices[row].shape:
                before += slices[row]
            else:
                grown = slices[row].copy()
                grown[: len(before)] += before
                book[rule] = grown
