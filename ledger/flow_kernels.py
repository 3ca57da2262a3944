"""Loops over a day's entries: cash in and out of every account, origins of the flows that are asked about.

Shapes: entries int64[n, 7]; cash (in int64[accounts], out int64[accounts]); by_cause (the same, int64[accounts,
causes]); flow_of (received int64[causes], spent int64[causes]), the flow of a cause or -1 for none; asked
bool[accounts, flows], whose flows are asked about; slots int64[accounts, flows], where a flow is added up; counted
int64[2 x entries, 3].
"""

from __future__ import annotations

import numpy as np

from ..engine.kernels import njit
from .causes import Cause

Ints = np.ndarray
Pair = tuple[Ints, Ints]

NO_SLOT = -1
OPENING = int(Cause.OPENING)


@njit(cache=True)
def add_cash_flows(
    entries: Ints, cash: Pair, by_cause: Pair, flow_of: Pair, asked: Ints, slots: Ints, counted: Ints
) -> tuple[int, bool]:
    """Adds each entry's cents to what its payee took in and its payer gave out; opening balances are no flow, but
    have a cause.

    Lists in `counted` which entry counts for which flow (row, slot, or NO_SLOT yet, and whether it is the payee's
    flow), and returns how many do and whether one has no slot yet.
    """
    cash_in, cash_out = cash
    taken, given = by_cause
    received, spent = flow_of
    found, is_new = 0, False
    for row in range(entries.shape[0]):
        payer, payee, cents, cause = entries[row, 1], entries[row, 2], entries[row, 3], entries[row, 4]
        taken[payee, cause] += cents
        given[payer, cause] += cents
        if cause != OPENING:
            cash_in[payee] += cents
            cash_out[payer] += cents
        into, out_of = received[cause], spent[cause]
        if into >= 0 and asked[payee, into]:
            counted[found, 0], counted[found, 1], counted[found, 2] = row, slots[payee, into], 1
            is_new |= slots[payee, into] == NO_SLOT
            found += 1
        if out_of >= 0 and asked[payer, out_of]:
            counted[found, 0], counted[found, 1], counted[found, 2] = row, slots[payer, out_of], 0
            is_new |= slots[payer, out_of] == NO_SLOT
            found += 1
    return found, is_new


@njit(cache=True)
def add_origins(counted: Ints, ends: Ints, parts: Ints, sums: Ints) -> None:
    """Adds the parts (see `Slices`) of the counted entries to the sums int64[slots, origins x laps]."""
    for n in range(counted.shape[0]):
        row, slot = counted[n, 0], counted[n, 1]
        for part in range(ends[row - 1] if row else 0, ends[row]):
            sums[slot, parts[0, part]] += parts[1, part]
