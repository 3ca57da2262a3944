"""A number that is lost is seen on its day, wherever it is planted."""

from __future__ import annotations

import math

import numpy as np
import pytest
from carousel.engine.finite import FiniteGuard, NotFinite
from carousel.model import CarouselModel


@pytest.mark.parametrize("lost", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("place", range(6))
def test_a_lost_number_is_named_with_its_array_and_its_place(lost, place):
    first, second = np.zeros(2), np.ones((2, 2))
    guard = FiniteGuard({"first": first, "second": second})
    guard.check(1)
    what, array, at = ("first", first, place) if place < 2 else ("second", second.reshape(-1), place - 2)
    array[at] = lost
    with pytest.raises(NotFinite, match="allowed: a finite number") as caught:
        guard.check(3)
    error = caught.value
    assert (error.day, error.what, error.place, str(error.came)) == (3, what, at, str(lost))


def test_large_numbers_are_not_lost():
    FiniteGuard({"large": np.array([1.7e308, -1.7e308, 5e-324, 0.0])}).check(1)


@pytest.mark.parametrize("array", [np.zeros(3, np.int64), np.zeros((4, 4))[:, 1]])
def test_an_array_of_which_only_a_copy_could_be_watched_is_refused(array):
    with pytest.raises(ValueError, match="contiguous float64"):
        FiniteGuard({"copy": array})


WATCHED = {
    "narrative log-multiples": lambda m: m.beliefs.log_multiple,
    "sentiment": lambda m: m.beliefs.sentiment.level,
    "private views": lambda m: m.beliefs.sentiment.private,
    "earnings": lambda m: m.beliefs.base_earnings_usd,
    "values": lambda m: m.prices.values_cents,
    "common values": lambda m: m.prices.common_cents,
    "anchor prices": lambda m: m.prices.anchor_cents,
    "returns of prices": lambda m: m.prices.log_return,
    "variances of prices": lambda m: m.prices.variance_per_day,
}


def _end_of_day(model):
    model.beliefs.guard.check(model.clock.day)
    model.prices.guard.check(model.clock.day)


@pytest.mark.parametrize("what", WATCHED)
def test_the_day_that_loses_a_number_is_not_closed(what, monkeypatch):
    model = CarouselModel("ai-2025", rng=1, days=5, holders=300)
    model.step()

    def last_phase(_):
        WATCHED[what](model).reshape(-1)[0] = math.nan

    monkeypatch.setattr("carousel.model.report", last_phase)
    with pytest.raises(NotFinite) as caught:
        model.step()
    assert (caught.value.what, caught.value.day, caught.value.place) == (what, 2, 0)
    assert model.running
    assert model.books.journal.day == 2


def test_the_watched_arrays_are_those_of_the_model_to_its_end():
    model = CarouselModel("vendor-loans", rng=1, days=64, holders=100)
    while model.running:
        model.step()
    for what, array in WATCHED.items():
        kept = array(model).copy()
        array(model).reshape(-1)[-1] = math.inf
        with pytest.raises(NotFinite, match=what):
            _end_of_day(model)
        array(model)[...] = kept
    _end_of_day(model)
