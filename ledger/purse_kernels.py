"""Loops over traced cash in tranches: room made, tranches moved and looked through.

Shapes, passed in plain tuples: accounts (balances int64[accounts], origin_of int64[accounts], how many accounts);
purses (pool, spans, taken) as in `purses.Purses`; inside int64[origins], what should be there of each origin.
"""

from __future__ import annotations

import numpy as np

from ..engine.kernels import njit
from .keyed_sums import weight
from .slices import LAP_BITS

Ints = np.ndarray
Accounts = tuple[Ints, Ints, int]
Pool = tuple[Ints, Ints, Ints]

BASE, START, END, LIMIT = range(4)
WELL, ACCOUNT, ORIGIN = range(3)
"""Where a fault is: nowhere, in an account's traced cash, in what is found of an origin."""


@njit(cache=True)
def lay(pool: Ints, spans: Ints, new_pool: Ints, bases: Ints) -> None:
    """Copies the accounts' tranches into another pool, from `bases` int64[accounts] on."""
    for row in range(2):
        for account in range(spans.shape[0]):
            start = spans[account, START]
            for k in range(spans[account, END] - start):
                new_pool[row, bases[account] + k] = pool[row, start + k]


@njit(cache=True, inline="always")
def reserve(kinds: Ints, amounts: Ints, spans: Ints, taken: Ints, account: int, more: int) -> bool:
    """Makes room for `more` tranches behind those of an account; returns whether the pool had it."""
    start, end = spans[account, START], spans[account, END]
    room, needed = spans[account, LIMIT] - spans[account, BASE], 2 * (end - start + more)
    fits = end + more <= spans[account, LIMIT]
    if not fits:
        new = spans[account, BASE]
        fits = needed <= room
        if not fits and taken[0] + needed <= kinds.size:
            fits = True
            new = taken[0]
            taken[0] += needed
            spans[account, BASE] = new
            spans[account, LIMIT] = new + needed
        if fits:
            for k in range(end - start):
                kinds[new + k] = kinds[start + k]
                amounts[new + k] = amounts[start + k]
            spans[account, START] = new
            spans[account, END] = new + end - start
    return fits


@njit(cache=True)
def origins_gap(n_accounts: int, inside: Ints, purses: Pool) -> tuple[int, int, int]:
    """(ORIGIN, origin, gap) of the first origin of which not so much is found as should be; (WELL, -1, 0) if none."""
    pool, spans, _ = purses
    missing = inside.copy()
    for account in range(n_accounts):
        for at in range(spans[account, START], spans[account, END]):
            missing[pool[0, at] >> LAP_BITS] -= pool[1, at]
    for origin in range(missing.size):
        if missing[origin] != 0:
            return ORIGIN, origin, missing[origin]
    return WELL, -1, 0


@njit(cache=True)
def tranches_gap(accounts: Accounts, inside: Ints, purses: Pool) -> tuple[int, int, int]:
    """(where, account or origin, gap) of the first fault in all tranches, looked at one by one; (WELL, -1, 0) if none.

    By account: its balance, which is nothing outside, less what it holds; a tranche below zero, being none, counts as a
    gap itself. By origin: what should be inside less what is found; a keyed sum is compared first, since cents that
    changed their origin change it, and a sum for each origin takes five times as long.
    """
    balances, origin_of, n_accounts = accounts
    pool, spans, _ = purses
    keyed = 0
    for account in range(n_accounts):
        # slices of their own: the compiler then adds up eight at a time
        kinds = pool[0, spans[account, START] : spans[account, END]]
        amounts = pool[1, spans[account, START] : spans[account, END]]
        gap = balances[account] if origin_of[account] < 0 else 0
        lowest = 0
        for at in range(amounts.size):
            gap -= amounts[at]
            lowest = min(lowest, amounts[at])
            keyed += weight(kinds[at] >> LAP_BITS) * amounts[at]
        if lowest < 0:
            gap = lowest
        if gap != 0:
            return ACCOUNT, account, gap
    for origin in range(inside.size):
        keyed -= weight(origin) * inside[origin]
    return origins_gap(n_accounts, inside, purses) if keyed != 0 else (WELL, -1, 0)


@njit(cache=True)
def count_and_check(
    entries: Ints, slices: tuple[Ints, Ints], accounts: Accounts, inside: Ints, purses: Pool
) -> tuple[int, int, int, int, int]:
    """`add_net_inflow`, then `tranches_gap`: what the one and what the other returns."""
    number, missed = add_net_inflow(entries, accounts[1], slices, inside)
    where, at, gap = tranches_gap(accounts, inside, purses)
    return number, missed, where, at, gap


@njit(cache=True)
def add_net_inflow(entries: Ints, origin_of: Ints, slices: tuple[Ints, Ints], inside: Ints) -> tuple[int, int]:
    """Adds a day's cash that entered less cash that left, by origin, to `inside` in place.

    Returns the first entry whose slices (ends, parts; see `Slices`) do not sum to its cents, and the gap; (-1, 0) if
    there is none.
    """
    ends, parts = slices
    cells, cents = parts[0], parts[1]
    bad, bad_gap = -1, 0
    first = 0
    for n in range(entries.shape[0]):
        across = int(origin_of[entries[n, 1]] >= 0) - int(origin_of[entries[n, 2]] >= 0)
        gap = entries[n, 3]
        for part in range(first, ends[n]):
            gap -= cents[part]
        if across != 0:
            for part in range(first, ends[n]):
                inside[cells[part] >> LAP_BITS] += across * cents[part]
        first = ends[n]
        if gap != 0 and bad < 0:
            bad, bad_gap = n, gap
    return bad, bad_gap
