"""Proportional ("haircut") tracing: a payment carries the same mix of origins and laps as the payer's whole balance."""

from __future__ import annotations

import numpy as np

from ..engine.kernels import njit
from .purses import DONE, END, NO_PARTS, NO_ROOM, START, TRANCHES, UNTRACEABLE, reserve
from .slices import LAPS, laps_later


@njit(cache=True, inline="always")
def _share(running, cents, balance, ratio):  # type: ignore[no-untyped-def]
    """running * cents / balance to the nearest whole number, halves up, exactly: as `units.muldiv`, with the float
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


@njit(cache=True, inline="always")
def _put(kinds, amounts, place, stop, kind, amount):  # type: ignore[no-untyped-def]
    """Adds an amount to tranches in rising order of their kinds, from `place` to `stop`; returns where it is now, and
    the new stop."""
    while place < stop and kinds[place] < kind:
        place += 1
    if place < stop and kinds[place] == kind:
        amounts[place] += amount
    else:
        for at in range(stop, place, -1):
            kinds[at] = kinds[at - 1]
            amounts[at] = amounts[at - 1]
        kinds[place] = kind
        amounts[place] = amount
        stop += 1
    return place, stop


@njit(cache=True)
def fold_pro_rata(  # type: ignore[no-untyped-def]
    entries, first, origin_of, pool, spans, extent, held, found, ends, parts, used
):
    """Moves the mix of every entry from payer to payee and notes it.

    entries int64[n, 7], followed from `first` on; origin_of int64[accounts]; for the others see `purses`, here one
    tranche per origin and lap in rising order, changed in place; what a payer holds is summed up anew. Each entry's
    cents by origin and lap, as the payee receives them, are written from place `used` on: `ends` int64[n], `parts`
    int64[2, room] (see `Slices`). Returns (how it ended, the entry it stopped at, parts used).

    With the payer's tranches c_1..c_K in order and C_k their running sum, tranche k gives
    round(C_k x / B) - round(C_{k-1} x / B) of a payment x out of a balance B = C_K: the parts sum to x exactly and none
    exceeds its tranche.
    """
    kinds, amounts = pool[0], pool[1]
    cells, shares = parts[0], parts[1]
    for n in range(first, entries.shape[0]):
        payer, payee, cents = entries[n, 1], entries[n, 2], entries[n, 3]
        step = min(entries[n, 6], LAPS - 1)
        source, absorbed = origin_of[payer], origin_of[payee] >= 0
        start, end = spans[payer, START], spans[payer, END]
        balance, count = cents, 1
        if source < 0:
            balance, count = np.int64(0), end - start
            for at in range(start, end):
                balance += amounts[at]
        if balance < cents:
            return UNTRACEABLE, n, used
        if parts.shape[1] - used < count:
            return NO_PARTS, n, used
        if not absorbed and not reserve(kinds, amounts, spans, extent, payee, count):
            return NO_ROOM, n, used
        place, stop = spans[payee, START], spans[payee, END]
        if not absorbed:
            held[payee] += cents
        if source >= 0:
            cells[used] = source * LAPS + step
            shares[used] = cents
            used += 1
            if not absorbed:
                found[source] += cents
                place, stop = _put(kinds, amounts, place, stop, source * LAPS + step, cents)
        else:
            held[payer] = balance - cents
            ratio = float(cents) / float(balance)
            running = given = np.int64(0)
            left = start
            for at in range(start, end):
                kind, amount = kinds[at], amounts[at]
                running += amount
                upto = _share(running, cents, balance, ratio)
                part = upto - given
                given = upto
                if part < amount:
                    kinds[left] = kind
                    amounts[left] = amount - part
                    left += 1
                if part == 0:
                    continue
                kind = laps_later(kind, step)
                cells[used] = kind
                shares[used] = part
                used += 1
                if absorbed:
                    found[kind // LAPS] -= part
                else:
                    place, stop = _put(kinds, amounts, place, stop, kind, part)
            extent[TRANCHES] += left - end
            spans[payer, END] = left
        extent[TRANCHES] += stop - spans[payee, END]
        spans[payee, END] = stop
        ends[n] = used
    return DONE, entries.shape[0], used
