"""Slices keep the parts that are not zero, and miss nothing."""

from __future__ import annotations

import numpy as np
from carousel.ledger.causes import Cause, OriginClass
from carousel.ledger.journal import Journal
from carousel.ledger.origins import OriginTracer, TracingRule
from carousel.ledger.purse_kernels import add_net_inflow
from carousel.ledger.slices import LAPS, Slices
from carousel.tests.oracles.traced_cash import composition


def test_dense_slices_add_up_parts_of_the_same_cell():
    slices = Slices(np.array([2, 2, 3]), np.array([[3, 3, LAPS + 1, 9], [5, 6, 7, 9]]), 2)
    dense = slices.dense()
    assert dense.shape == (3, 2, LAPS)
    assert dense[0, 0, 3] == 11
    assert dense[2, 1, 1] == 7
    assert dense.sum() == 18
    assert slices.entries().tolist() == [0, 0, 2]
    assert slices.origins().tolist() == [0, 0, 1]
    assert slices.laps().tolist() == [3, 3, 1]


def test_an_entry_whose_parts_miss_a_cent_is_named():
    entries = np.zeros((2, 7), np.int64)
    entries[:, 1], entries[:, 2], entries[:, 3] = 0, 1, (10, 4)
    inside = np.zeros(1, np.int64)
    ends, parts = np.array([1, 2]), np.array([[0, 0], [10, 3]])
    assert add_net_inflow(entries, np.array([0, -1]), (ends, parts), inside) == (1, 1)
    assert inside.tolist() == [13]


def test_a_day_of_more_parts_than_there_is_room_for_is_followed_all_the_same():
    for rule in TracingRule:
        journal = Journal()
        sources = [journal.open_outside(f"source {n}", OriginClass.LEGACY) for n in range(6)]
        pool, other = journal.open_inside("pool"), journal.open_inside("other")
        for source in sources:
            journal.post(source, pool, 100, Cause.OPENING)
        for _ in range(40):
            journal.post(pool, other, 60, Cause.TRADE_PAY)
            journal.post(other, pool, 60, Cause.TRADE_PAY)
        entries = journal.close_day()
        roomy, tight = OriginTracer(rule, journal), OriginTracer(rule, journal)
        tight._parts_room = 1
        assert (tight.apply(entries).dense() == roomy.apply(entries).dense()).all()
        assert (composition(tight, pool) == composition(roomy, pool)).all()
