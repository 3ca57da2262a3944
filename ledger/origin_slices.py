"""Proportional ("haircut") tracing: a payment carries the same mix of origins and laps as the payer's whole balance."""

from __future__ import annotations

import numpy as np
from numba import njit

DONE, UNTRACEABLE, NO_ROOM = 0, 1, 2
"""How a fold ended: all entries followed; a payer had no traced cash; the next entry's parts may not fit."""


@njit(cache=True, inline="always")
def _share(running, cents, balance, ratio):  # type: ignore[no-untyped-def]
    """running * cents / balance to the nearest whole number, halves up, exactly: `units.muldiv_nearest` with the float
    ratio cents / balance worked out once."""
    quotient = np.int64(float(running) * ratio)
    remainder = np.int64(np.uint64(running) * np.uint64(cents) - np.uint64(quotient) * np.uint64(balance))
    while remainder < 0:
        quotient -= 1
        remainder += balance
    while remainder >= balance:
        quotient += 1
        remainder -= balance
    if remainder >= balance - remainder:
        quotient += 1
    return quotient


@njit(cache=True)
def fold_pro_rata(  # type: ignore[no-untyped-def]
    entries, first, origin_of, cells, held, found, top, ends, part_cells, part_cents, used
):
    """Moves the mix of every entry from payer to payee and notes it.

    entries int64[n, 7], followed from `first` on; origin_of int64[accounts]; cells int64[accounts, origins, laps] in
    place. Each entry's cents by origin and lap, as the payee receives them, are written from place `used` on (see
    `Slices`): `ends` int64[n], `part_cells` and `part_cents` int64[room]. Running sums of the cells are kept in held
    int64[accounts], a payer's summed up anew, and found int64[origins]. No cash has a higher lap than `top`: cells
    beyond are not looked at. Returns (DONE, UNTRACEABLE or NO_ROOM, the entry it stopped at, the new highest lap, parts
    used).

    With the payer's cells c_1..c_K in a fixed order and C_k their running sum, cell k gives
    round(C_k x / B) - round(C_{k-1} x / B) of a payment x out of a balance B = C_K: the parts sum to x exactly and none
    exceeds its cell.
    """
    origins, laps = cells.shape[1], cells.shape[2]
    for n in range(first, entries.shape[0]):
        if part_cells.size - used < origins * (top + 1):
            return NO_ROOM, n, top, used
        payer, payee, cents = entries[n, 1], entries[n, 2], entries[n, 3]
        step = min(entries[n, 6], laps - 1)
        if origin_of[payer] >= 0:
            part_cells[used] = origin_of[payer] * laps + step
            part_cents[used] = cents
            used += 1
            ends[n] = used
            if origin_of[payee] < 0:
                top = max(top, step)
                cells[payee, origin_of[payer], step] += cents
                held[payee] += cents
                found[origin_of[payer]] += cents
            continue
        balance = np.int64(0)
        for origin in range(origins):
            for lap in range(top + 1):
                balance += cells[payer, origin, lap]
        if balance < cents:
            return UNTRACEABLE, n, top, used
        held[payer] = balance - cents
        ratio = float(cents) / float(balance)
        absorbed = origin_of[payee] >= 0
        if not absorbed:
            held[payee] += cents
        running = given = highest = np.int64(0)
        for origin in range(origins):
            for lap in range(top + 1):
                cell = cells[payer, origin, lap]
                if cell == 0:
                    continue
                running += cell
                upto = _share(running, cents, balance, ratio)
                part = upto - given
                given = upto
                if part == 0:
                    continue
                cells[payer, origin, lap] = cell - part
                lap_then = min(lap + step, laps - 1)
                part_cells[used] = origin * laps + lap_then
                part_cents[used] = part
                used += 1
                if absorbed:
                    found[origin] -= part
                else:
                    cells[payee, origin, lap_then] += part
                    highest = max(highest, lap_then)
        ends[n] = used
        top = max(top, highest)
    return DONE, entries.shape[0], top, used


@njit(cache=True)
def cell_gaps(balances, origin_of, n_accounts, cells, inside):  # type: ignore[no-untyped-def]
    """Faults of the traced cash: (int64[accounts], int64[origins]).

    By account: balance minus traced cash; a negative cell, being none, counts as a gap itself. By origin: what
    should be inside (`inside`, int64[origins]) minus what is found on all accounts together.
    """
    gaps = balances[:n_accounts].copy()
    missing = inside.copy()
    laps = cells.shape[2]
    for account in range(n_accounts):
        if origin_of[account] >= 0:
            gaps[account] = 0
            continue
        signs = 0
        for origin in range(missing.size):
            part = 0
            for lap in range(laps):
                cell = cells[account, origin, lap]
                part += cell
                signs |= cell
            missing[origin] -= part
            gaps[account] -= part
        if signs < 0:
            gaps[account] = cells[account].min()
    return gaps, missing


@njit(cache=True)
def first_gap(gaps, missing):  # type: ignore[no-untyped-def]
    """(kind, account or origin, gap) of the first fault among those of `cell_gaps`; (0, -1, 0) if there is none.

    Kind 1: an account's balance is not its traced cash; kind 2: an origin's cash inside is not what is found.
    """
    for account in range(gaps.size):
        if gaps[account] != 0:
            return 1, account, gaps[account]
    for origin in range(missing.size):
        if missing[origin] != 0:
            return 2, origin, missing[origin]
    return 0, -1, np.int64(0)


@njit(cache=True)
def cell_sums(cells):  # type: ignore[no-untyped-def]
    """int64[accounts] and int64[origins]: what all cells hold by account and by origin."""
    held = np.zeros(cells.shape[0], np.int64)
    found = np.zeros(cells.shape[1], np.int64)
    for account in range(cells.shape[0]):
        for origin in range(cells.shape[1]):
            part = cells[account, origin].sum()
            held[account] += part
            found[origin] += part
    return held, found


@njit(cache=True)
def sums_gap(balances, origin_of, n_accounts, held, found, inside):  # type: ignore[no-untyped-def]
    """(kind, account or origin, gap) of the first fault in the running sums; (0, -1, 0) if there is none.

    Kinds as in `first_gap`.
    """
    for account in range(n_accounts):
        gap = (balances[account] if origin_of[account] < 0 else 0) - held[account]
        if gap != 0:
            return 1, account, gap
    for origin in range(inside.size):
        if inside[origin] != found[origin]:
            return 2, origin, inside[origin] - found[origin]
    return 0, -1, np.int64(0)
