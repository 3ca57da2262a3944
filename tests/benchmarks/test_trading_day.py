"""The households' day is the same to the last cent whether kernels, plain NumPy or ordinary Mesa agents compute it."""

from __future__ import annotations

import numpy as np
import pytest
from carousel.benchmarks.mesa_day import HouseholdDrawnAhead, PlainMesaDay
from carousel.benchmarks.trading_day import OurDay, differences
from carousel.tests.oracles.trading_day import NumpyDay

TWINS = {
    "numpy": NumpyDay,
    "mesa": PlainMesaDay,
    "mesa, drawn ahead": lambda opening: PlainMesaDay(opening, HouseholdDrawnAhead),
}


@pytest.mark.parametrize("seed", [0, 7])
@pytest.mark.parametrize("twin", TWINS)
def test_a_month_of_trading_is_the_same_in_every_twin(twin, seed):
    ours = OurDay(1500, seed=seed)
    other = TWINS[twin](ours.opening())
    for day in range(1, 22):
        quotes = ours.quotes(day)
        ours.trade(quotes)
        other.trade(quotes)
        assert differences(ours.state(), other.state()) == [], day


def test_the_month_compared_has_buyers_sellers_and_changes_of_mind():
    """The comparison above has something to compare."""
    ours = OurDay(1500)
    before, bought, sold = ours.opening().columns, 0, 0
    for day in range(1, 22):
        ours.trade(ours.quotes(day))
        bought += ours.model.cast.households.bought_shares
        sold += ours.model.cast.households.sold_shares
    assert bought > 0
    assert sold > 0
    assert (ours.holders.state != before["state"]).any()
    assert len(set(ours.prices)) > 10


@pytest.mark.parametrize("part", ["cash_cents", "state", "participant_shares", "prices"])
def test_a_twin_that_is_one_off_is_seen(part):
    ours = OurDay(400)
    twin = NumpyDay(ours.opening())
    quotes = ours.quotes(1)
    ours.trade(quotes)
    twin.trade(quotes)
    wrong = {name: np.array(value) for name, value in twin.state().items()}
    wrong[part].flat[-1] += 1
    assert differences(ours.state(), wrong) == [part]


def test_a_twin_begins_with_the_opening_only():
    ours = OurDay(400)
    ours.trade(ours.quotes(1))
    with pytest.raises(ValueError, match="opening"):
        ours.opening()
