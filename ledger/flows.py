"""Who was paid with whose money, added up: cash in and out of every account, and origins of the flows the question
asks about."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

import numpy as np

from .causes import Cause
from .day_entries import DayEntries
from .flow_kernels import NO_SLOT, add_cash_flows, add_origins
from .journal import CAUSE, PAYEE, PAYER, Journal
from .origins import TracingRule
from .slices import LAPS


class Flow(StrEnum):
    """The flows of cash whose origin is followed."""

    VENDOR_LOANS = "vendor loans"
    """What a customer draws from its vendor."""
    CHIP_REVENUE = "revenue from the circle"
    """A chip maker's receipts for chips of the circle."""
    COMPUTE_REVENUE = "revenue from labs"
    """A cloud's receipts from labs."""
    LAB_SPENDING = "spending"
    """Everything a lab pays: here the receiver column names the lab."""
    BUILDING = "building"
    """What a cloud pays for chips and construction: here the receiver column names the cloud."""
    MILESTONES = "milestone investments"
    """What a lab receives from its suppliers as investment."""
    ROUNDS = "private rounds"
    """What a lab receives from venture investors."""
    LISTINGS = "listings"
    """What a lab receives when it is listed."""


RECEIVED: dict[Cause, Flow] = {
    Cause.CHIP_BILL: Flow.CHIP_REVENUE,
    Cause.COMPUTE_BILL: Flow.COMPUTE_REVENUE,
    Cause.MILESTONE: Flow.MILESTONES,
    Cause.ROUND: Flow.ROUNDS,
    Cause.LISTING: Flow.LISTINGS,
    Cause.VENDOR_LOAN: Flow.VENDOR_LOANS,
}
"""Flows counted for the payee."""
SPENT: dict[Cause, Flow] = {
    Cause.CHIP_BILL: Flow.BUILDING,
    Cause.CHIPS_RESOLD: Flow.BUILDING,
    Cause.CONSTRUCTION: Flow.BUILDING,
    Cause.COMPUTE_BILL: Flow.LAB_SPENDING,
    Cause.RUNNING_COSTS: Flow.LAB_SPENDING,
    Cause.REVENUE_SHARE: Flow.LAB_SPENDING,
}
"""Flows counted for the payer: a cloud's building, a lab's spending."""

FLOWS = tuple(dict.fromkeys((*RECEIVED.values(), *SPENT.values())))


class Flows:
    """Running sums over the journal; it reads entries after the fact and never influences a run."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self.askers: dict[Flow, list[int]] = {}
        """Accounts whose spending or building is added up, by flow."""
        self.cash_in = np.zeros(0, np.int64)
        self.cash_out = np.zeros(0, np.int64)
        self.taken_by_cause = np.zeros((0, 1 + max(Cause)), np.int64)
        """Cash in of every account by its cause, int64[accounts, causes]; opening balances included."""
        self.given_by_cause = np.zeros_like(self.taken_by_cause)
        self._keys: list[tuple[int, Flow]] = []
        self._sums: dict[TracingRule, np.ndarray] = {}
        self._received = _flow_of_cause(RECEIVED)
        self._spent = _flow_of_cause(SPENT)
        self._asked = np.zeros((0, len(FLOWS)), bool)
        self._slots = np.zeros((0, len(FLOWS)), np.int64)

    def ask(self, flow: Flow, accounts: Iterable[int]) -> None:
        """Whose spending or building is added up; before the first day is closed."""
        self.askers[flow] = list(accounts)

    @property
    def origins(self) -> dict[tuple[int, Flow], dict[TracingRule, np.ndarray]]:
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
        counted = np.empty((2 * len(entries), 3), np.int64)
        found, is_new = add_cash_flows(
            entries,
            (self.cash_in, self.cash_out),
            (self.taken_by_cause, self.given_by_cause),
            (self._received, self._spent),
            self._asked,
            self._slots,
            counted,
        )
        if found:
            counted = counted[:found]
            if is_new:
                self._open_slots(entries, counted)
            for rule, slices in day.slices.items():
                add_origins(counted, slices.ends, slices.parts, self._sums[rule])

    def _make_room(self, day: DayEntries) -> None:
        """Accounts and origins opened since."""
        journal = self._journal
        if (missing := journal.n_accounts - len(self.cash_in)) > 0:
            self.cash_in, self.cash_out = (np.pad(c, (0, missing)) for c in (self.cash_in, self.cash_out))
            room = (0, missing), (0, 0)
            self.taken_by_cause, self.given_by_cause = (
                np.pad(c, room) for c in (self.taken_by_cause, self.given_by_cause)
            )
            everybody = np.isin(FLOWS, list(RECEIVED.values()))
            self._asked = np.concatenate([self._asked, np.tile(everybody, (missing, 1))])
            self._slots = np.pad(self._slots, ((0, missing), (0, 0)), constant_values=NO_SLOT)
            for flow, accounts in self.askers.items():
                self._asked[accounts, FLOWS.index(flow)] = True
            width = journal.n_origins * LAPS
            for rule in day.slices:
                sums = self._sums.get(rule, np.zeros((len(self._keys), 0), np.int64))
                self._sums[rule] = np.pad(sums, ((0, 0), (0, width - sums.shape[1])))

    def _open_slots(self, entries: np.ndarray, counted: np.ndarray) -> None:
        """Give every counted flow a place in the sums, in order of appearance."""
        for row, _, is_received in counted[counted[:, 1] == NO_SLOT].tolist():
            side, flows = (PAYEE, self._received) if is_received else (PAYER, self._spent)
            account, flow = entries.item(row, side), flows.item(entries.item(row, CAUSE))
            if self._slots[account, flow] == NO_SLOT:
                self._slots[account, flow] = len(self._keys)
                self._keys.append((account, FLOWS[flow]))
            counted[(counted[:, 0] == row) & (counted[:, 2] == is_received), 1] = self._slots[account, flow]
        for rule, sums in self._sums.items():
            self._sums[rule] = np.pad(sums, ((0, len(self._keys) - len(sums)), (0, 0)))


def _flow_of_cause(names: dict[Cause, Flow]) -> np.ndarray:
    """Number of the flow of each cause, int64[causes]; -1 for none."""
    flows = np.full(1 + max(Cause), -1, np.int64)
    for cause, name in names.items():
        flows[int(cause)] = FLOWS.index(name)
    return flows
