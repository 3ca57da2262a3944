"""Traced cash in tranches: every account's purse is a row of amounts, each of one origin and one lap.

By the queues' rules the row is the order of arrival, by the pro-rata rule the fixed order of origins and laps. The rows
of all accounts lie in one pool and move to its end when they need more room. Only what is there takes room and time,
however many origins the world has.

Shapes: pool int64[2, room] (kinds, which are origin x 8 + lap, and amounts in cents), spans int64[accounts, 4] (where
an account's room begins, its first tranche, the end of its tranches, the end of its room), extent int64[2] (how much of
the pool is taken, the tranches in it), held int64[accounts] and found int64[origins] (running sums of all tranches by
account and by origin).
"""

from __future__ import annotations

import numpy as np

from ..engine.kernels import njit
from .slices import LAPS, add_net_inflow

IntArray = np.ndarray
BASE, START, END, LIMIT = range(4)
TAKEN, TRANCHES = range(2)
DONE, UNTRACEABLE, NO_PARTS, NO_ROOM = range(4)
"""How a fold ended: all entries followed; a payer had no traced cash; the next entry's parts do not fit where they are
noted, or may not fit into the pool."""
WELL, ACCOUNT, ORIGIN = range(3)
"""Where a fault is: nowhere, in an account's traced cash, in what is found of an origin."""


class Purses:
    """The tranches of all accounts, and how much an account holds of the pool."""

    def __init__(self) -> None:
        self.pool: IntArray = np.zeros((2, 64), np.int64)
        self.spans: IntArray = np.zeros((0, 4), np.int64)
        self.extent: IntArray = np.zeros(2, np.int64)

    @property
    def n_tranches(self) -> int:
        """How many tranches all accounts have together."""
        return self.extent.item(TRANCHES)

    def add_accounts(self, more: int) -> None:
        """Empty purses for accounts opened since."""
        self.spans = np.pad(self.spans, ((0, more), (0, 0)))

    def counts(self) -> IntArray:
        """Tranches by account, int64[accounts]."""
        return self.spans[:, END] - self.spans[:, START]

    @property
    def kinds(self) -> IntArray:
        """Origin x 8 + lap of what lies in the pool, int64[room]."""
        return self.pool[0]

    @property
    def amounts(self) -> IntArray:
        """Cents of what lies in the pool, int64[room]."""
        return self.pool[1]

    def packed(self) -> tuple[IntArray, IntArray]:
        """(counts int64[accounts], tranches int64[2, tranches]) of all accounts, one behind the other."""
        counts = self.counts()
        tranches = np.empty((2, self.n_tranches), np.int64)
        lay(self.pool, self.spans, tranches, np.cumsum(counts) - counts)
        return counts, tranches

    def unpack(self, counts: IntArray, tranches: IntArray) -> None:
        """Takes over packed tranches."""
        ends = np.cumsum(counts)
        self.pool = tranches
        self.spans = np.stack([ends - counts, ends - counts, ends, ends], axis=1)
        self.extent = np.full(2, tranches.shape[1], np.int64)
        self.make_room()

    def make_room(self) -> None:
        """Lets any next entry fit: it needs at most twice the tranches of its payer and payee, and one more.

        Accounts keep the room they have, so that what they needed once is there again.
        """
        rooms = self.spans[:, LIMIT] - self.spans[:, BASE]
        limits = np.cumsum(rooms)
        bases = limits - rooms
        taken = int(rooms.sum())
        pool = np.zeros((2, taken + 2 * self.n_tranches + 64), np.int64)
        lay(self.pool, self.spans, pool, bases)
        self.pool = pool
        self.spans = np.stack([bases, bases, bases + self.counts(), limits], axis=1)
        self.extent[TAKEN] = taken


@njit(cache=True)
def lay(pool, spans, new_pool, bases):  # type: ignore[no-untyped-def]
    """Copies the accounts' tranches into another pool, from `bases` int64[accounts] on."""
    for row in range(2):
        for account in range(spans.shape[0]):
            start = spans[account, START]
            for k in range(spans[account, END] - start):
                new_pool[row, bases[account] + k] = pool[row, start + k]


@njit(cache=True, inline="always")
def reserve(kinds, amounts, spans, extent, account, more):  # type: ignore[no-untyped-def]
    """Makes room for `more` tranches behind those of an account; returns whether the pool had it."""
    start, end = spans[account, START], spans[account, END]
    room, needed = spans[account, LIMIT] - spans[account, BASE], 2 * (end - start + more)
    fits = end + more <= spans[account, LIMIT]
    if not fits:
        new = spans[account, BASE]
        fits = needed <= room
        if not fits and extent[TAKEN] + needed <= kinds.size:
            fits = True
            new = extent[TAKEN]
            extent[TAKEN] += needed
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
def cells_of(pool, spans, account, width):  # type: ignore[no-untyped-def]
    """Composition of one account's tranches: int64[width]."""
    cells = np.zeros(width, np.int64)
    for at in range(spans[account, START], spans[account, END]):
        cells[pool[0, at]] += pool[1, at]
    return cells


@njit(cache=True)
def tranche_sums(pool, spans, origins):  # type: ignore[no-untyped-def]
    """(held, found): what all tranches hold by account and by origin."""
    held = np.zeros(spans.shape[0], np.int64)
    found = np.zeros(origins, np.int64)
    for account in range(spans.shape[0]):
        for at in range(spans[account, START], spans[account, END]):
            held[account] += pool[1, at]
            found[pool[0, at] // LAPS] += pool[1, at]
    return held, found


@njit(cache=True)
def sums_gap(balances, origin_of, n_accounts, held, found, inside):  # type: ignore[no-untyped-def]
    """(where, account or origin, gap) of the first fault in the running sums; (WELL, -1, 0) if there is none.

    An account's balance less what it holds, which is nothing outside; what should be inside of an origin (`inside`
    int64[origins]) less what is found.
    """
    for account in range(n_accounts):
        gap = (balances[account] if origin_of[account] < 0 else 0) - held[account]
        if gap != 0:
            return ACCOUNT, account, gap
    for origin in range(inside.size):
        if inside[origin] != found[origin]:
            return ORIGIN, origin, inside[origin] - found[origin]
    return WELL, -1, np.int64(0)


@njit(cache=True)
def tranches_gap(balances, origin_of, n_accounts, held, found, inside, pool, spans):  # type: ignore[no-untyped-def]
    """As `sums_gap`, of the tranches themselves, looked at one by one, and then of the sums.

    A tranche below zero, being none, counts as a gap itself.
    """
    kinds, amounts = pool[0], pool[1]
    missing = inside.copy()
    for account in range(n_accounts):
        gap = balances[account] if origin_of[account] < 0 else 0
        lowest = np.int64(0)
        for at in range(spans[account, START], spans[account, END]):
            gap -= amounts[at]
            lowest = min(lowest, amounts[at])
            missing[kinds[at] // LAPS] -= amounts[at]
        if lowest < 0:
            gap = lowest
        if gap != 0:
            return ACCOUNT, account, gap
    for origin in range(missing.size):
        if missing[origin] != 0:
            return ORIGIN, origin, missing[origin]
    return sums_gap(balances, origin_of, n_accounts, held, found, inside)


@njit(cache=True)
def count_and_check(  # type: ignore[no-untyped-def]
    entries, ends, parts, balances, origin_of, n_accounts, held, found, inside, pool, spans, in_full
):
    """`add_net_inflow`, then `tranches_gap` or only `sums_gap`: what the one and what the other returns."""
    number, missed = add_net_inflow(entries, origin_of, ends, parts, inside)
    if in_full:
        where, at, gap = tranches_gap(balances, origin_of, n_accounts, held, found, inside, pool, spans)
    else:
        where, at, gap = sums_gap(balances, origin_of, n_accounts, held, found, inside)
    return number, missed, where, at, gap
