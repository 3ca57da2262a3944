"""Narrative multipliers on a network: the simulation, the closed form, and the guard when there is none.

Source of the expected numbers: the linear recursion x(t+1) = (1-d) x + a W x + u itself, whose Neumann series sums to
(d I - a W)^-1 u if and only if a rho(W) < d.
"""

from __future__ import annotations

import numpy as np
import pytest
from carousel.model import CarouselModel
from carousel.narrative.network import Link, build_weights
from carousel.narrative.network_kernels import spillover, step
from carousel.narrative.network_stability import carried, spectral_margin, spectral_radius
from carousel.scenarios.loader import load
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays


def cumulative_response(weights, spread, decay, shock):
    """Sum over all days of the log-multiples that one shock causes: (d I - a W)^-1 u (log points x days)."""
    return np.linalg.solve(decay * np.eye(len(weights)) - spread * weights, shock)


@st.composite
def stable_networks(draw):
    """W >= 0, a, d, u with a rho(W) at most 0.9 d."""
    n = draw(st.integers(1, 6))
    weights = draw(arrays(np.int64, (n, n), elements=st.integers(0, 8))) / 8.0
    shock = draw(arrays(np.int64, n, elements=st.integers(-16, 16))) / 16.0
    decay = draw(st.floats(0.05, 1.0))
    used = draw(st.floats(0.0, 0.9))
    radius = spectral_radius(weights)
    assume(radius == 0 or radius > 1e-2)
    spread = used * decay / radius if radius > 0 else decay
    return weights, spread, decay, shock


def summed(weights, spread, decay, shock):
    """All days of the simulation of one shock, added up."""
    nothing = np.zeros(len(shock))
    today = step(nothing, weights, spread, decay, shock)
    total = today.copy()
    for _ in range(20_000):
        today = step(today, weights, spread, decay, nothing)
        total += today
        if np.abs(today).max() < 1e-15:
            return total
    raise AssertionError("the simulated response has not died out")


@settings(max_examples=60, deadline=None)
@given(stable_networks())
def test_the_simulated_response_to_a_shock_sums_to_the_closed_form(network):
    weights, spread, decay, shock = network
    expected = cumulative_response(weights, spread, decay, shock)
    assert np.abs(summed(weights, spread, decay, shock) - expected).max() <= 1e-9 * max(1.0, np.abs(expected).max())


@settings(max_examples=60, deadline=None)
@given(stable_networks(), st.floats(0.0, 1.0))
def test_the_same_day_spillover_is_identity_plus_b_w(network, share):
    weights, _, _, shock = network
    expected = (np.eye(len(shock)) + share * weights) @ shock
    assert np.allclose(spillover(shock, weights, share), expected, rtol=0, atol=1e-12)


def test_a_ring_of_three_firms_has_radius_one_and_a_hand_calculated_response():
    ring = np.roll(np.eye(3), 1, axis=0)
    # one loop returns q = (a/d)^3 of a shock: the firm gets 1 / (d (1 - q)), its neighbours a/d and (a/d)^2 of that
    decay, spread = 0.5, 0.25
    own = 1 / (decay * (1 - 0.5**3))
    assert spectral_radius(ring) == pytest.approx(1.0, abs=1e-12)
    response = cumulative_response(ring, spread, decay, np.array([1.0, 0.0, 0.0]))
    assert np.allclose(response, [own, own / 2, own / 4], rtol=0, atol=1e-12)


def test_an_unstable_network_does_grow_for_ever():
    ring = np.roll(np.eye(3), 1, axis=0)
    today = np.array([1.0, 0.0, 0.0])
    for _ in range(500):
        today = step(today, ring, 0.6, 0.5, np.zeros(3))
    assert np.abs(today).max() > 1e6


def test_weights_are_shares_of_the_books_not_typed_numbers():
    lab, cloud, chip = 0, 1, 2
    weights = build_weights(
        3,
        sales=[Link(cloud, lab, 60.0, 120.0), Link(chip, cloud, 20.0, 200.0)],
        stakes=[Link(chip, lab, 10.0, 1000.0)],
        loans=[Link(cloud, chip, 5.0, 50.0)],
        index_weights=[0.0, 1.0, 3.0],
    )
    expected = np.array([[0.0, 0.0, 0.0], [0.5, 0.0, 0.1 + 0.75], [0.01, 0.1 + 0.25, 0.0]])
    assert np.allclose(weights, expected, rtol=0, atol=1e-15)


@pytest.mark.parametrize(
    "link",
    [
        Link(0, 0, 1.0, 1.0),
        Link(0, 2, 1.0, 1.0),
        Link(-1, 1, 1.0, 1.0),
        Link(0, 1, -1.0, 1.0),
        Link(0, 1, 1.0, 0.0),
        Link(0, 1, float("nan"), 1.0),
    ],
)
def test_a_link_that_is_no_share_is_refused(link):
    with pytest.raises(ValueError, match="allowed"):
        build_weights(2, sales=[link])


@pytest.mark.parametrize("index", [[1.0], [1.0, -1.0], [1.0, float("nan")]])
def test_index_weights_that_are_no_weights_are_refused(index):
    with pytest.raises(ValueError, match="index_weights"):
        build_weights(2, index_weights=index)


@given(st.integers(2, 7).flatmap(lambda n: arrays(np.float64, (n, n), elements=st.sampled_from([0.0, 0.1, 0.7, 3.0]))))
def test_the_spectral_radius_of_firms_that_all_hear_of_each_other_is_the_largest_eigenvalue(weights):
    ring = np.roll(np.eye(len(weights)), 1, axis=0)
    assert spectral_radius(weights + ring) == pytest.approx(np.abs(np.linalg.eigvals(weights + ring)).max(), rel=1e-9)


@pytest.mark.parametrize("weights", [np.zeros((3, 3)), np.triu(np.ones((4, 4)), 1)])
def test_a_network_in_which_no_story_returns_has_no_spectral_radius_to_speak_of(weights):
    assert spectral_radius(weights) == pytest.approx(0.0, abs=1e-12)


@settings(deadline=None)
@given(st.integers(1, 6), st.floats(0, 0.5), st.integers(0, 2**32))
def test_a_network_carries_no_more_of_a_story_than_decays(n, spread, seed):
    weights = np.random.default_rng(seed).uniform(0, 1, (n, n))
    most = 0.95 * 0.5
    as_carried = carried(weights, spread, most)
    if spread * spectral_radius(weights) <= most:
        assert as_carried is weights
    else:
        assert spread * spectral_radius(as_carried) == pytest.approx(most, rel=1e-9)
    assert spectral_margin(as_carried, spread, 0.5) > 0


def test_at_most_a_set_part_of_a_storys_decay_comes_back_from_the_network_of_a_world():
    """At the opening of ai-2025 it is 0.23 of it: a lower limit scales the network down, a higher one leaves it."""

    def weights(most):
        return CarouselModel(load("ai-2025", [f"behaviour.multiplier_return_max={most}"]), rng=0).beliefs.weights

    usual, lower = weights(0.95), weights(0.1)
    rules = load("ai-2025").behaviour
    assert (weights(0.475) == usual).all()
    assert spectral_radius(lower) * rules.multiplier_spread_per_day == pytest.approx(
        0.1 * rules.multiplier_decay_per_day
    )
    np.testing.assert_allclose(lower / lower.sum(), usual / usual.sum())
