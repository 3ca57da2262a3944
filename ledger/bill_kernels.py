"""Loops of the control account of bills.

Shapes: told and waiting int64[n, 4] (payer, payee, cents, cause), entries int64[n, 7] of a closed day; open_cents
int64[causes], is_bill bool[causes], seal int64[1].
"""

from __future__ import annotations

import numpy as np

from ..engine.kernels import njit
from .keyed_sums import weight

Ints = np.ndarray

NONE = -1
PARTIES = -2


@njit(cache=True, inline="always")
def keyed_bill(payer: int, payee: int, cents: int, cause: int) -> int:
    """What a bill adds to the keyed sum of all bills: cents count by who owes them to whom, and why."""
    return weight((payer << 32) + (payee << 8) + cause) * cents


@njit(cache=True)
def bills_gap(open_cents: Ints, seal: Ints, is_bill: Ints, told: Ints, entries: Ints, waiting: Ints) -> tuple[int, int]:
    """Adds what was told and takes off what entries have paid, in place; then compares with the bills that wait.

    Returns (cause, cents) of the first cause whose sum differs, (PARTIES, difference) if only the keyed sum does, or
    (NONE, 0).
    """
    for k in range(told.shape[0]):
        payer, payee, cents, cause = told[k, 0], told[k, 1], told[k, 2], told[k, 3]
        open_cents[cause] += cents
        seal[0] += keyed_bill(payer, payee, cents, cause)
    for n in range(entries.shape[0]):
        payer, payee, cents, cause = entries[n, 1], entries[n, 2], entries[n, 3], entries[n, 4]
        if is_bill[cause]:
            open_cents[cause] -= cents
            seal[0] -= keyed_bill(payer, payee, cents, cause)
    left = open_cents.copy()
    keyed = seal[0]
    for k in range(waiting.shape[0]):
        payer, payee, cents, cause = waiting[k, 0], waiting[k, 1], waiting[k, 2], waiting[k, 3]
        left[cause] -= cents
        keyed -= keyed_bill(payer, payee, cents, cause)
    for cause in range(left.size):
        if left[cause] != 0:
            return cause, left[cause]
    return (PARTIES, keyed) if keyed != 0 else (NONE, 0)


@njit(cache=True)
def add_billed(owed: Ints, earned: Ints, told: Ints) -> int:
    """Adds new bills to what payers owe and payees earn by cause, int64[accounts, causes]; what was taken off stays
    billed. Returns NONE; or adds nothing and returns the last account told of, if there is no room for it."""
    last = NONE
    for k in range(told.shape[0]):
        last = max(last, told[k, 0], told[k, 1])
    if last >= owed.shape[0]:
        return last
    for k in range(told.shape[0]):
        payer, payee, cents, cause = told[k, 0], told[k, 1], told[k, 2], told[k, 3]
        if cents > 0:
            owed[payer, cause] += cents
            earned[payee, cause] += cents
    return NONE
