"""Many payments at once: the journal's compiled loops, each all or nothing.

Shapes: balances and origin_of int64[accounts], buffer int64[rows, 7], the others int64[payments].
"""

from __future__ import annotations

from ..engine.kernels import njit
from .causes import Cause
from .units import CENTS_LIMIT

OPENING = int(Cause.OPENING)
COVERED, SHORT, OUT_OF_RANGE = 0, 1, 2
"""How a batch ended: written, a payer was short, a payment was none."""


@njit(cache=True, inline="always")
def write_entry(buffer, row, day, payer, payee, cents, cause, contract):  # type: ignore[no-untyped-def]
    """Puts one entry into a row of the buffer."""
    buffer[row, 0] = day
    buffer[row, 1] = payer
    buffer[row, 2] = payee
    buffer[row, 3] = cents
    buffer[row, 4] = cause
    buffer[row, 5] = contract
    buffer[row, 6] = 0


@njit(cache=True)
def _fault(balances, origin_of, n_accounts, payer, payee, cents):  # type: ignore[no-untyped-def]
    """How one payment would end against the balances of this moment."""
    if cents < 0 or cents >= CENTS_LIMIT or payer == payee:
        return OUT_OF_RANGE
    if payer < 0 or payer >= n_accounts or payee < 0 or payee >= n_accounts:
        return OUT_OF_RANGE
    left = balances[payer] - cents
    if left < 0 and origin_of[payer] < 0:
        return SHORT
    if left <= -CENTS_LIMIT or balances[payee] + cents >= CENTS_LIMIT:
        return OUT_OF_RANGE
    return COVERED


@njit(cache=True)
def post_to_one(balances, origin_of, n_accounts, buffer, count, day, payee, payers, cents, cause, contract):  # type: ignore[no-untyped-def]
    """Payments of many payers to one payee. Returns (status, index of the first fault, entries in the buffer)."""
    row = count
    for k in range(payers.size):
        if cents[k] == 0:
            continue
        status = _fault(balances, origin_of, n_accounts, payers[k], payee, cents[k])
        if status != COVERED:
            for done in range(k):
                balances[payers[done]] += cents[done]
                balances[payee] -= cents[done]
            return status, k, count
        balances[payers[k]] -= cents[k]
        balances[payee] += cents[k]
        write_entry(buffer, row, day, payers[k], payee, cents[k], cause, contract)
        row += 1
    return COVERED, -1, row


@njit(cache=True)
def post_from_one(balances, origin_of, n_accounts, buffer, count, day, payer, payees, cents, cause, contract):  # type: ignore[no-untyped-def]
    """Payments of one payer to many payees. Returns (status, index of the first fault, entries in the buffer)."""
    row = count
    for k in range(payees.size):
        if cents[k] == 0:
            continue
        status = _fault(balances, origin_of, n_accounts, payer, payees[k], cents[k])
        if status != COVERED:
            for done in range(k):
                balances[payer] += cents[done]
                balances[payees[done]] -= cents[done]
            return status, k, count
        balances[payer] -= cents[k]
        balances[payees[k]] += cents[k]
        write_entry(buffer, row, day, payer, payees[k], cents[k], cause, contract)
        row += 1
    return COVERED, -1, row


@njit(cache=True)
def day_totals(entries, origin_of):  # type: ignore[no-untyped-def]
    """Cents the outside world paid in at the start, paid in otherwise, and took out, over one day's entries."""
    opening = inflow = outflow = 0
    for k in range(entries.shape[0]):
        if origin_of[entries[k, 1]] >= 0:
            if entries[k, 4] == OPENING:
                opening += entries[k, 3]
            else:
                inflow += entries[k, 3]
        if origin_of[entries[k, 2]] >= 0:
            outflow += entries[k, 3]
    return opening, inflow, outflow
