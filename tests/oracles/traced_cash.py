"""What tests look at in a tracer: the traced cash of an account by origin and lap, and the first fault."""

from __future__ import annotations

import numpy as np
from carousel.ledger.slices import LAPS

NOTHING = np.zeros((0, 7), np.int64)


def composition(tracer, account):
    """Cents of an account by origin and lap, int64[origins, 8]; an outside account holds none."""
    tracer._match_journal()
    counts, tranches = tracer._purses.packed()
    end = int(counts[: account + 1].sum())
    cells = np.zeros(tracer.n_origins * LAPS, np.int64)
    np.add.at(cells, *tranches[:, end - counts[account] : end])
    return cells.reshape(-1, LAPS)


def first_fault(tracer):
    """(where, account or origin, gap) that a day without entries would find."""
    return tracer.count_and_check(NOTHING, tracer.apply(NOTHING))[2:]
