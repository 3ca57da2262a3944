"""How fast a cloud builds: with what owners pay for a dollar of earnings, within bounds, and slower without funds."""

from __future__ import annotations

import pytest
from carousel.agents.cloud import pace_of_value
from carousel.model import CarouselModel
from carousel.scenarios.loader import bundled, load
from hypothesis import given
from hypothesis import strategies as st

MULTIPLES = st.floats(0.01, 100)


@pytest.fixture
def oracle():
    model = CarouselModel("ai-2025", rng=1, days=2, holders=240)
    model.step()
    return model, model.cast.clouds[0]


@pytest.mark.parametrize("name", [name for name in bundled() if load(name).cloud])
def test_every_builder_begins_at_the_pace_of_its_plan(name):
    """Its opening price pays for what its contracts earn already."""
    model = CarouselModel(name, rng=1, days=load(name).days, holders=240 if load(name).holders else None)
    model.step()
    assert [cloud.wanted_pace() for cloud in model.cast.clouds] == pytest.approx([1.0] * len(model.cast.clouds))


def revalued(model, cloud, factor):
    """Owners pay so many times as much for a dollar of its earnings as at the opening."""
    opening = cloud.facts.price_usd * cloud.facts.shares / cloud.facts.earnings_usd_per_year
    model.prices.steady_value_cents[cloud.index] = factor * opening * 100 * cloud.earnings_usd_per_year


@pytest.mark.parametrize(("multiple", "pace"), [(1, 1), (1.21, 1.1), (4, 1.5), (0.81, 0.9), (0.01, 0.5)])
def test_by_hand_the_pace_is_the_root_of_the_multiple_within_its_bounds(multiple, pace):
    assert pace_of_value(multiple, 0.5, (0.5, 1.5)) == pytest.approx(pace)


@given(MULTIPLES, MULTIPLES, st.floats(0, 5))
def test_who_is_valued_more_highly_never_builds_more_slowly(one, other, elasticity):
    low, high = sorted((one, other))
    assert pace_of_value(low, elasticity, (0.5, 1.5)) <= pace_of_value(high, elasticity, (0.5, 1.5))


@pytest.mark.parametrize(("factor", "paces"), [(1.44, [1.1, 1.2, 1.2]), (0.64, [0.8, 0.8]), (1.0, [1.0])])
def test_it_moves_towards_that_pace_month_by_month(oracle, factor, paces):
    model, cloud = oracle
    revalued(model, cloud, factor)
    for pace in paces:
        assert not cloud.set_pace(10**12, 0)
        assert cloud.build_pace == pytest.approx(pace)


def test_without_funds_it_slows_whatever_its_value_and_says_so(oracle):
    model, cloud = oracle
    revalued(model, cloud, 4.0)
    assert cloud.set_pace(10**12, 10**12)
    assert cloud.build_pace == 0.75


def test_who_earns_nothing_builds_at_the_lowest_pace(oracle):
    _, cloud = oracle
    cloud.report_base_earnings(0.0)
    assert cloud.earnings_usd_per_year <= 0
    assert cloud.wanted_pace() == 0.5


def test_a_faster_pace_starts_more_capacity_in_a_month(oracle):
    _, cloud = oracle
    plain = sum(phase.megawatts for _, phase in cloud.plan_starts())
    cloud.build_pace = 1.2
    assert (plain, sum(phase.megawatts for _, phase in cloud.plan_starts())) == (125, 150)
