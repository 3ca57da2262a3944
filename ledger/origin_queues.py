"""First-in-first-out and last-in-first-out tracing: cash waits in tranches, each of one origin and one lap.

All tranches of all accounts live in flat arrays and are chained by `after`. `head[account]` is the tranche paid
next. First in, first out appends at the tail; last in, first out puts on top of the head. Neighbours of equal origin
and lap are merged. Running sums of what every account holds and of what is found of every origin are kept along the
way, so that a day can be checked without looking at every tranche.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from .origin_slices import DONE, NO_ROOM, UNTRACEABLE
from .slices import LAPS

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
def fold_queues(  # type: ignore[no-untyped-def]
    entries, first, origin_of, chain, ends, free, held, found, part_ends, part_cells, part_cents, used,
    last_in_first_out,
):  # fmt: skip
    """Moves tranches of every entry from payer to payee in the order they leave, noted as by `fold_pro_rata`.

    `held` int64[accounts] and `found` int64[origins] are the running sums of the tranches. Needs one free tranche per
    entry and one more. Returns (DONE, UNTRACEABLE or NO_ROOM, the entry it stopped at, parts used).
    """
    for n in range(first, entries.shape[0]):
        if part_cells.size - used < chain.shape[0] - free[1] + 1:
            return NO_ROOM, n, used
        payer, payee, left = entries[n, 1], entries[n, 2], entries[n, 3]
        absorbed = origin_of[payee] >= 0
        step = min(entries[n, 6], LAPS - 1)
        if origin_of[payer] >= 0:
            part_cells[used] = origin_of[payer] * LAPS + step
            part_cents[used] = left
            used += 1
            part_ends[n] = used
            if not absorbed:
                found[origin_of[payer]] += left
                _receive(last_in_first_out, payee, origin_of[payer] * LAPS + step, left, chain, ends, free, held)
            continue
        while left > 0:
            head = ends[payer, 0]
            if head == NONE:
                return UNTRACEABLE, n, used
            part = min(left, chain[head, 1])
            origin = chain[head, 0] // LAPS
            lap = min(chain[head, 0] - origin * LAPS + step, LAPS - 1)
            chain[head, 1] -= part
            left -= part
            held[payer] -= part
            if chain[head, 1] == 0:
                ends[payer, 0] = chain[head, 2]
                if chain[head, 2] == NONE:
                    ends[payer, 1] = NONE
                chain[head, 2] = free[0]
                free[0] = head
                free[1] += 1
            part_cells[used] = origin * LAPS + lap
            part_cents[used] = part
            used += 1
            if absorbed:
                found[origin] -= part
            else:
                _receive(last_in_first_out, payee, origin * LAPS + lap, part, chain, ends, free, held)
        part_ends[n] = used
    return DONE, entries.shape[0], used


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
