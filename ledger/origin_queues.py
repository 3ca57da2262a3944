"""First-in-first-out and last-in-first-out tracing: cash waits in tranches, each of one origin and one lap.

All tranches of all accounts live in flat arrays and are chained by `after`. `head[account]` is the tranche paid
next. First in, first out appends at the tail; last in, first out puts on top of the head. Neighbours of equal origin
and lap are merged. Running sums of what every account holds and of what is found of every origin are kept along the
way, so that a day can be checked without looking at every tranche.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from .origin_slices import LAPS

NONE = -1


@njit(cache=True)
def _receive(last_in_first_out, account, kind, cents, chain, ends, free, held):  # type: ignore[no-untyped-def]
    """Adds cents of one kind (origin * laps + lap) to an account; what it holds then is `held` int64[accounts].

    chain int64[tranches, 4]: kind, cents, after, owner; ends int64[accounts, 2]: head, tail; free int64[2]: head of
    the chain of unused tranches, how many there are.
    """
    held[account] += cents
    place = ends[account, 0] if last_in_first_out else ends[account, 1]
    if place != NONE and chain[place, 0] == kind:
        chain[place, 1] += cents
        return
    new = free[0]
    free[0] = chain[new, 2]
    free[1] -= 1
    chain[new, 0] = kind
    chain[new, 1] = cents
    chain[new, 3] = account
    if place == NONE:
        chain[new, 2] = NONE
        ends[account, 0] = new
        ends[account, 1] = new
    elif last_in_first_out:
        chain[new, 2] = place
        ends[account, 0] = new
    else:
        chain[new, 2] = NONE
        chain[place, 2] = new
        ends[account, 1] = new


@njit(cache=True)
def fold_queues(entries, origin_of, chain, ends, free, held, found, slices, last_in_first_out):  # type: ignore[no-untyped-def]
    """Moves tranches of every entry from payer to payee in the order they leave, and notes them in slices (see
    `fold_pro_rata`). `held` int64[accounts] and `found` int64[origins] are the running sums of the tranches. Needs one
    free tranche per entry and one more. Returns -1, or the first entry without traced cash.
    """
    for n in range(entries.shape[0]):
        payer, payee, left = entries[n, 1], entries[n, 2], entries[n, 3]
        absorbed = origin_of[payee] >= 0
        step = min(entries[n, 6], LAPS - 1)
        if origin_of[payer] >= 0:
            slices[n, origin_of[payer], step] = left
            if not absorbed:
                found[origin_of[payer]] += left
                _receive(last_in_first_out, payee, origin_of[payer] * LAPS + step, left, chain, ends, free, held)
            continue
        while left > 0:
            first = ends[payer, 0]
            if first == NONE:
                return n
            part = min(left, chain[first, 1])
            origin = chain[first, 0] // LAPS
            lap = min(chain[first, 0] - origin * LAPS + step, LAPS - 1)
            chain[first, 1] -= part
            left -= part
            held[payer] -= part
            if chain[first, 1] == 0:
                ends[payer, 0] = chain[first, 2]
                if chain[first, 2] == NONE:
                    ends[payer, 1] = NONE
                chain[first, 2] = free[0]
                free[0] = first
                free[1] += 1
            slices[n, origin, lap] += part
            if absorbed:
                found[origin] -= part
            else:
                _receive(last_in_first_out, payee, origin * LAPS + lap, part, chain, ends, free, held)
    return NONE


@njit(cache=True)
def cells_of(account, chain, ends, width):  # type: ignore[no-untyped-def]
    """Composition of one account's tranches: int64[width]."""
    cells = np.zeros(width, np.int64)
    at = ends[account, 0]
    while at != NONE:
        cells[chain[at, 0]] += chain[at, 1]
        at = chain[at, 2]
    return cells


@njit(cache=True)
def queue_gaps(balances, origin_of, n_accounts, chain, inside):  # type: ignore[no-untyped-def]
    """Faults of the traced cash by account and by origin, as `cell_gaps` returns them.

    Reads the tranches in the order of memory, by their owner: much faster than along the chains.
    """
    gaps = balances[:n_accounts].copy()
    missing = inside.copy()
    for account in range(n_accounts):
        if origin_of[account] >= 0:
            gaps[account] = 0
    for at in range(chain.shape[0]):
        gaps[chain[at, 3]] -= chain[at, 1]
        missing[chain[at, 0] // LAPS] -= chain[at, 1]
    for at in range(chain.shape[0]):
        if chain[at, 1] < 0:
            gaps[chain[at, 3]] = chain[at, 1]
    return gaps, missing


@njit(cache=True)
def queue_sums(accounts, origins, chain):  # type: ignore[no-untyped-def]
    """int64[accounts] and int64[origins]: what all tranches hold by owner and by origin."""
    held = np.zeros(accounts, np.int64)
    found = np.zeros(origins, np.int64)
    for at in range(chain.shape[0]):
        held[chain[at, 3]] += chain[at, 1]
        found[chain[at, 0] // LAPS] += chain[at, 1]
    return held, found
