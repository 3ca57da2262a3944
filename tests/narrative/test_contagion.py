"""The story among households: equal to a plain oracle, indifferent to chunks, and as epidemic theory says."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from carousel.narrative.contagion import (
    ENTHUSIASTIC,
    SUSCEPTIBLE,
    TIRED,
    StoryParameters,
    block_mixing,
    catch_chance,
    lose_chance,
    next_state,
    outside_hazard,
    recover_chance,
    shares,
    story_parameters,
)
from carousel.narrative.contagion_kernels import count_states, leave_probabilities, story_rows
from carousel.scenarios.behaviour import Behaviour
from carousel.tests.oracles.contagion import block_pressure, story_by_numpy
from hypothesis import given, settings
from hypothesis import strategies as st

LIVELY = StoryParameters(0.3, 0.2, 0.5, 0.1, 0.8, 0.15)


def reproduction_number(par: StoryParameters) -> float:
    """R0 = catch / loss: holders won by one enthusiast among the susceptible. Source: Shiller (2017): R0 = c N / r."""
    return par.catch_per_day / par.loss_per_day


def a_day(state, block, counts, mixing, seed, day, news, ret, par) -> None:
    """One day of the story for all holders, in place."""
    leave = leave_probabilities(counts, mixing, news, ret, tuple(par))
    story_rows((state, block), (0, state.size), (seed, day), leave, counts)


def crowd(holders: int, blocks: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """States and blocks of a made-up population."""
    random = np.random.default_rng(seed)
    return random.integers(0, 3, holders).astype(np.uint8), random.integers(0, blocks, holders).astype(np.uint8)


@settings(max_examples=40, deadline=None)
@given(
    st.integers(0, 400),
    st.integers(1, 8),
    st.floats(0, 1),
    st.integers(0, 2**40),
    st.floats(0, 3),
    st.floats(-0.5, 0.5),
)
def test_a_day_of_the_story_equals_the_plain_oracle_bit_for_bit(holders, blocks, affinity, seed, news, ret):
    state, block = crowd(holders, blocks, seed)
    mixing = block_mixing(blocks, affinity)
    counts = count_states(state, block, blocks)
    for day in range(4):
        expected = story_by_numpy(state, block_pressure(state, block, mixing), seed, day, news, ret, LIVELY)
        a_day(state, block, counts, mixing, seed, day, news, ret, LIVELY)
        assert (state == expected).all()
        assert (counts == count_states(state, block, blocks)).all()


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 500), max_size=8), st.integers(0, 2**40))
def test_the_story_is_the_same_whatever_the_chunks(cuts, seed):
    state, block = crowd(500, 4, seed)
    mixing = block_mixing(4, 0.7)
    whole, counts = state.copy(), count_states(state, block, 4)
    leave = leave_probabilities(counts, mixing, 0.5, 0.1, tuple(LIVELY))
    chunked_counts = counts.copy()
    a_day(whole, block, counts, mixing, seed, 9, 0.5, 0.1, LIVELY)
    edges = [0, *sorted(cuts), 500]
    for first, last in reversed(list(pairwise(edges))):
        story_rows((state, block), (first, last), (seed, 9), leave, chunked_counts)
    assert (state == whole).all()
    assert (chunked_counts == counts).all()


def test_a_story_that_everybody_must_leave_is_left_by_everybody():
    state, block = crowd(5000, 4)
    before, moves = state.copy(), np.zeros((4, 3), np.int64)
    story_rows((state, block), (0, 5000), (1, 1), np.ones((4, 3)), moves)
    assert (state == (before + 1) % 3).all()
    assert (moves == count_states(state, block, 4) - count_states(before, block, 4)).all()


def test_one_more_holder_changes_no_other_holders_luck():
    """Without contagion, so that only luck could differ."""
    alone = LIVELY._replace(catch_per_day=0.0)
    state, block = crowd(301, 1)
    fewer = state[:300].copy()
    mixing = block_mixing(1, 1.0)
    a_day(state, block, count_states(state, block, 1), mixing, 5, 3, 1.0, 0.2, alone)
    a_day(fewer, block[:300], count_states(fewer, block[:300], 1), mixing, 5, 3, 1.0, 0.2, alone)
    assert (state[:300] == fewer).all()


def test_a_story_nobody_tells_is_caught_only_from_news_and_gains():
    mixing = block_mixing(2, 0.5)
    nobody = np.array([[10, 0, 0], [10, 0, 0]])
    caught = [
        leave_probabilities(nobody, mixing, news, ret, tuple(LIVELY))[0, SUSCEPTIBLE]
        for news, ret in ((0.0, -0.3), (1.0, 0.0), (0.0, 0.4))
    ]
    assert caught == pytest.approx([0.0, -math.expm1(-0.2), -math.expm1(-0.2)])


def test_losses_tire_and_gains_do_not():
    counts, mixing = np.array([[5, 5, 5]]), block_mixing(1, 1.0)
    usual, after_gain, after_loss = (
        leave_probabilities(counts, mixing, 0.0, ret, tuple(LIVELY))[0, ENTHUSIASTIC] for ret in (0.0, 0.2, -0.2)
    )
    assert usual == after_gain == pytest.approx(-math.expm1(-0.1))
    assert after_loss == pytest.approx(-math.expm1(-0.1 - 0.16))


def test_a_block_hears_its_own_enthusiasts_by_its_affinity():
    counts, mixing = np.array([[0, 10, 0], [10, 0, 0]]), block_mixing(2, 0.7)
    chance = leave_probabilities(counts, mixing, 0.0, 0.0, tuple(LIVELY))[:, SUSCEPTIBLE]
    assert chance == pytest.approx([-math.expm1(-0.3 * 0.7), -math.expm1(-0.3 * 0.3)])


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 12), st.floats(0, 1))
def test_the_contacts_of_a_block_add_up_to_one(blocks, affinity):
    assert block_mixing(blocks, affinity).sum(axis=1) == pytest.approx(np.ones(blocks))


@pytest.mark.parametrize(("blocks", "affinity"), [(0, 0.5), (2, -0.1), (2, 1.1), (2, float("nan"))])
def test_mixing_that_is_no_share_is_refused(blocks, affinity):
    with pytest.raises(ValueError, match="allowed"):
        block_mixing(blocks, affinity)


def endemic_share(par: StoryParameters) -> float:
    """Enthusiastic share at which the mean-field story rests, by iterating its one-day map."""
    lose, recover = -math.expm1(-par.loss_per_day), -math.expm1(-par.recover_per_day)
    s, e, t = 0.5, 0.3, 0.2
    for _ in range(20_000):
        caught = s * -math.expm1(-par.catch_per_day * e)
        s, e, t = s - caught + recover * t, e + caught - lose * e, t + lose * e - recover * t
    return e


def simulated_shares(par: StoryParameters, seed: int) -> list[float]:
    """Enthusiastic share of 20 000 well-mixed holders on each of 400 days."""
    state, block = crowd(20_000, 1, seed)
    counts, mixing, seen = count_states(state, block, 1), block_mixing(1, 1.0), []
    for day in range(400):
        a_day(state, block, counts, mixing, seed, day, 0.0, 0.0, par)
        seen.append(shares(counts)[ENTHUSIASTIC])
    return seen


def test_above_a_reproduction_number_of_one_the_story_stays_at_the_mean_field_level():
    par = StoryParameters(0.3, 0.0, 0.0, 0.1, 0.0, 0.15)
    assert reproduction_number(par) == pytest.approx(3.0)
    values = np.array([np.mean(simulated_shares(par, seed)[200:]) for seed in range(12)])
    assert abs(values.mean() - endemic_share(par)) < 4 * values.std(ddof=1) / math.sqrt(len(values))


def test_below_a_reproduction_number_of_one_the_story_dies():
    par = StoryParameters(0.05, 0.0, 0.0, 0.1, 0.0, 0.15)
    assert reproduction_number(par) == pytest.approx(0.5)
    assert [simulated_shares(par, seed)[-1] for seed in range(4)] == [0.0] * 4


def test_the_chances_of_a_day_by_hand():
    par = tuple(LIVELY)
    assert outside_hazard(2.0, 0.4, par) == pytest.approx(0.2 * 2 + 0.5 * 0.4)
    assert outside_hazard(-1.0, -0.4, par) == 0.0
    assert catch_chance(0.5, 0.6, 0.3) == pytest.approx(-math.expm1(-0.75))
    assert lose_chance(-0.5, par) == pytest.approx(-math.expm1(-0.1 - 0.4))
    assert lose_chance(0.5, par) == pytest.approx(-math.expm1(-0.1))
    assert recover_chance(par) == pytest.approx(-math.expm1(-0.15))
    assert [next_state(state) for state in (SUSCEPTIBLE, ENTHUSIASTIC, TIRED)] == [ENTHUSIASTIC, TIRED, SUSCEPTIBLE]


def test_shares_of_all_holders_are_counted_over_blocks():
    assert shares(np.array([[1, 2, 0], [1, 0, 4]])) == (0.25, 0.25, 0.5)
    assert shares(np.zeros((2, 3), dtype=np.int64)) == (1.0, 0.0, 0.0)


def test_the_rates_come_from_the_parameter_table():
    behaviour = Behaviour()
    assert story_parameters(behaviour).catch_per_day == behaviour.story_catch_per_day
    assert story_parameters(behaviour).recover_per_day == behaviour.story_recover_per_day


def test_the_tired_come_back_to_listen():
    state, block = np.full(50, TIRED, dtype=np.uint8), np.zeros(50, dtype=np.uint8)
    counts = count_states(state, block, 1)
    for day in range(300):
        a_day(state, block, counts, block_mixing(1, 1.0), 1, day, 0.0, 0.0, LIVELY)
    assert (state == SUSCEPTIBLE).all()
