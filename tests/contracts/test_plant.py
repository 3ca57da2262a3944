"""Capacity in service is written off in equal parts over its life, to the cent."""

from __future__ import annotations

from itertools import pairwise

from carousel.contracts.plant import Lot, Schedule
from hypothesis import given
from hypothesis import strategies as st

LOTS = st.builds(Lot, st.integers(1, 10**15), st.integers(0, 1000), st.integers(1, 6000))


def of_lots(*lots):
    """What a schedule of these lots is."""
    schedule = Schedule()
    for lot in lots:
        schedule.enter(*lot)
    return schedule


@given(LOTS)
def test_equal_parts_within_a_cent_add_up_to_the_cost_and_then_nothing_more_is_written_off(lot):
    written_off_cents = of_lots(lot).written_off_cents
    days = range(lot.since_day, lot.since_day + lot.life_days + 1, max(1, lot.life_days // 40))
    parts = [later - sooner for sooner, later in pairwise(map(written_off_cents, days))]
    assert max(parts, default=0) - min(parts, default=0) <= 1
    end = lot.since_day + lot.life_days
    assert written_off_cents(lot.since_day) == 0
    assert written_off_cents(end) == written_off_cents(end + 500) == lot.cents


@given(st.lists(LOTS, max_size=5), st.integers(1000, 9000))
def test_of_many_lots_so_much_is_left_as_of_each_alone_and_the_rest_of_their_cost_is_written_off(lots, day):
    schedule = of_lots(*lots)
    left, cost = sum(of_lots(lot).left_cents(day) for lot in lots), sum(lot.cents for lot in lots)
    assert (schedule.left_cents(day), schedule.written_off_cents(day)) == (left, cost - left)


def test_a_life_is_fixed_when_a_lot_goes_into_service():
    schedule = Schedule()
    schedule.enter(1000, 0, 10)
    schedule.enter(1000, 0, 20)
    assert [schedule.written_off_cents(day) for day in (0, 1, 10, 20)] == [0, 150, 1500, 2000]
