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
from ..ledger.slices import LAPS

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

FLOWS = tuple(dict.fromkeys((*RECEIVED.values(), *SPENT.values())))
NO_SLOT = -2


@njit(cache=True)
def add_cash_flows(entries, opening, cash_in, cash_out):  # type: ignore[no-untyped-def]
    """Add each entry's cents to what its payee took in and its payer gave out; opening balances are no flow."""
    for row in range(entries.shape[0]):
        if entries[row, CAUSE] != opening:
            cash_in[entries[row, PAYEE]] += entries[row, CENTS]
            cash_out[entries[row, PAYER]] += entries[row, CENTS]


@njit(cache=True)
def flow_slots(entries, row, received, spent, asked, slots):  # type: ignore[no-untyped-def]
    """What one entry counts for: (slot of the payee's flow, slot of the payer's); -1: none, -2: one without a slot yet.

    `received`, `spent` int64[causes] name the flow of a cause (-1: none), `asked` bool[accounts, flows] whose flows are
    asked about, `slots` int64[accounts, flows] where a flow is added up (-2: nowhere yet).
    """
    payer, payee, cause = entries[row, PAYER], entries[row, PAYEE], entries[row, CAUSE]
    into, out_of = received[cause], spent[cause]
    return (
        slots[payee, into] if into >= 0 and asked[payee, into] else -1,
        slots[payer, out_of] if out_of >= 0 and asked[payer, out_of] else -1,
    )


@njit(cache=True)
def first_without_slot(entries, start, received, spent, asked, slots):  # type: ignore[no-untyped-def]
    """The first entry from `start` on that counts for a flow without a slot; -1 if there is none."""
    for row in range(start, entries.shape[0]):
        into, out_of = flow_slots(entries, row, received, spent, asked, slots)
        if into == NO_SLOT or out_of == NO_SLOT:
            return row
    return -1


@njit(cache=True)
def add_origins(entries, received, spent, asked, slots, ends, cells, cents, sums):  # type: ignore[no-untyped-def]
    """Add the parts (see `Slices`) of entries that count to the sums int64[slots, origins x laps]."""
    first = 0
    for row in range(entries.shape[0]):
        for slot in flow_slots(entries, row, received, spent, asked, slots):
            if slot >= 0:
                for part in range(first, ends[row]):
                    sums[slot, cells[part]] += cents[part]
        first = ends[row]


class Flows:
    """Running sums over the journal; it reads entries after the fact and never influences a run."""

    def __init__(self, model: CarouselModel) -> None:
        self.model = model
        self.cash_in = np.zeros(0, np.int64)
        self.cash_out = np.zeros(0, np.int64)
        self._keys: list[tuple[int, str]] = []
        self._sums: dict[TracingRule, np.ndarray] = {}
        self._received = _flow_of_cause(RECEIVED)
        self._spent = _flow_of_cause(SPENT)
        self._asked = np.zeros((0, len(FLOWS)), bool)
        self._slots = np.zeros((0, len(FLOWS)), np.int64)

    @property
    def origins(self) -> dict[tuple[int, str], dict[TracingRule, np.ndarray]]:
        """(account, flow) -> rule -> cents by origin and lap, int64 (origins, 8), in order of first appearance."""
        return {
            key: {rule: sums[n].reshape(-1, LAPS) for rule, sums in self._sums.items()}
            for n, key in enumerate(self._keys)
        }

    def add(self, day: DayEntries) -> None:
        """Add a day's entries; opening balances are no flow."""
        entries = day.entries
        if not len(entries):
            return
        self._make_room(day)
        add_cash_flows(entries, int(Cause.OPENING), self.cash_in, self.cash_out)
        tables = self._received, self._spent, self._asked, self._slots
        row = 0
        while (row := first_without_slot(entries, row, *tables)) >= 0:
            self._open_slots(entries, row)
        for rule, slices in day.slices.items():
            add_origins(entries, *tables, slices.ends, slices.cells, slices.cents, self._sums[rule])

    def _make_room(self, day: DayEntries) -> None:
        """Accounts, slots and origins opened since."""
        accounts = len(self.model.books.journal.names)
        if (missing := accounts - len(self.cash_in)) > 0:
            self.cash_in, self.cash_out = (np.pad(c, (0, missing)) for c in (self.cash_in, self.cash_out))
            everybody = np.isin(FLOWS, list(RECEIVED.values()))
            self._asked = np.concatenate([self._asked, np.tile(everybody, (missing, 1))])
            self._slots = np.pad(self._slots, ((0, missing), (0, 0)), constant_values=NO_SLOT)
            for firms, flow in ((self.model.labs, "spending"), (self.model.clouds, "building")):
                self._asked[[firm.account for firm in firms], FLOWS.index(flow)] = True
        for rule, slices in day.slices.items():
            sums = self._sums.setdefault(rule, np.zeros((len(self._keys), 0), np.int64))
            if (more := slices.n_origins * LAPS - sums.shape[1]) > 0:
                self._sums[rule] = np.pad(sums, ((0, 0), (0, more)))

    def _open_slots(self, entries: np.ndarray, row: int) -> None:
        """Give the flows of an entry a place in the sums."""
        cause = entries.item(row, CAUSE)
        for account, flow in (
            (entries.item(row, PAYEE), self._received.item(cause)),
            (entries.item(row, PAYER), self._spent.item(cause)),
        ):
            if flow >= 0 and self._asked[account, flow] and self._slots[account, flow] == NO_SLOT:
                self._slots[account, flow] = len(self._keys)
                self._keys.append((account, FLOWS[flow]))
                self._sums = {rule: np.pad(sums, ((0, 1), (0, 0))) for rule, sums in self._sums.items()}


def _flow_of_cause(names: dict[Cause, str]) -> np.ndarray:
    """Number of the flow of each cause, int64[causes]; -1 for none."""
    flows = np.full(1 + max(Cause), -1, np.int64)
    for cause, name in names.items():
        flows[int(cause)] = FLOWS.index(name)
    return flows
