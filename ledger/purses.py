"""Traced cash in tranches: every account's purse is a row of amounts, each of one origin and one lap.

By the queues' rules the row is the order of arrival, by the pro-rata rule the fixed order of origins and laps. The rows
of all accounts lie in one pool and move to its end when they need more room. Only what is there takes room and time,
however many origins the world has.

Shapes: pool int64[2, room] (kinds, which are origin x 8 + lap, and amounts in cents), spans int64[accounts, 4] (where
an account's room begins, its first tranche, the end of its tranches, the end of its room), taken int64[1] (how much of
the pool is taken).
"""

from __future__ import annotations

import numpy as np

from .purse_kernels import BASE, END, LIMIT, START, lay

IntArray = np.ndarray


class Purses:
    """The tranches of all accounts, and how much an account holds of the pool."""

    def __init__(self) -> None:
        self.pool: IntArray = np.zeros((2, 64), np.int64)
        self.spans: IntArray = np.zeros((0, 4), np.int64)
        self.taken: IntArray = np.zeros(1, np.int64)

    @property
    def packed_arrays(self) -> tuple[IntArray, IntArray, IntArray]:
        """Pool, spans and what is taken: what the kernels take, anew for every call."""
        return self.pool, self.spans, self.taken

    @property
    def n_tranches(self) -> int:
        """How many tranches all accounts have together."""
        return int(self.counts().sum())

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
        self.taken[0] = taken
