"""A boundary design finds the line of the full grid with three tenths of its runs at most."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from carousel.experiments.sweeps.boundary import next_points, sides
from carousel.experiments.sweeps.boundary_doubt import fitted
from hypothesis import given, settings
from hypothesis import strategies as st

START, FINEST = (5, 5), (33, 33)
X, Y = np.meshgrid(np.linspace(0, 1, 33), np.linspace(0, 1, 33), indexing="ij")
HEIGHTS = {
    "diagonal": X + Y - 1.05,
    "circle": np.hypot(X - 0.5, Y - 0.5) - 0.33,
    "hyperbola": (X + 0.15) * (Y + 0.15) - 0.3,
    "wave": Y - 0.5 - 0.25 * np.sin(2 * np.pi * X),
    "steep": Y - 0.2 - 0.9 * X**3,
    "corner": np.maximum(X - 0.62, Y - 0.55),
    "arc": np.hypot(X, Y) - 0.72,
}
"""Surfaces whose zero is the line."""


def explored(share: np.ndarray, start=START, level=0.5, runs=np.inf):
    """(measured values, sides of all places) of a boundary design on a known surface."""
    strides = [(f - 1) // (s - 1) for s, f in zip(start, share.shape, strict=True)]
    wanted = list(itertools.product(*[range(0, f, s) for f, s in zip(share.shape, strides, strict=True)]))
    values = {}
    while wanted:
        assert not set(wanted) & set(values)
        values |= {node: float(share[node]) for node in wanted}
        wanted = next_points(values, start=start, finest=share.shape, level=level, runs=runs)
    return values, sides(values, start=start, finest=share.shape, level=level)


def drawn(height: np.ndarray, width: float, runs: int, *, common: bool, seed: int) -> np.ndarray:
    """Shares of few runs where the chance rises over that width."""
    chance = 1 / (1 + np.exp(-1.7 * height / width))
    luck = np.random.default_rng(seed).random((runs, 1, 1) if common else (runs, *height.shape))
    return (luck < chance).mean(axis=0)


@pytest.mark.slow
@pytest.mark.parametrize("name", HEIGHTS)
def test_the_line_is_the_full_grids_with_a_fifth_of_its_runs(name):
    share = (HEIGHTS[name] >= 0).astype(float)
    values, found = explored(share)
    assert len(values) <= 0.2 * share.size
    assert (found == (share >= 0.5)).all()


@pytest.mark.slow
@pytest.mark.parametrize("width", [0.02, 0.05, 0.1])
@pytest.mark.parametrize("runs", [8, 16, 32])
@pytest.mark.parametrize("common", [True, False], ids=["common luck", "independent luck"])
def test_shares_of_few_runs_leave_two_in_a_hundred_on_the_wrong_side_at_most(width, runs, common):
    costs, wrong = [], []
    for name, seed in itertools.product(HEIGHTS, range(10 if (runs, width, common) == (8, 0.1, False) else 5)):
        share = drawn(HEIGHTS[name], width, runs, common=common, seed=seed)
        values, found = explored(share, runs=runs)
        costs.append(len(values) / share.size)
        wrong.append((found != (share >= 0.5)).mean())
    assert max(costs) <= 0.3
    assert max(wrong) <= 0.02


def test_where_luck_is_common_nothing_is_in_doubt_once_the_line_is_followed():
    cost = {
        common: [
            len(explored(drawn(HEIGHTS[name], 0.1, 8, common=common, seed=seed), runs=8)[0])
            for name, seed in itertools.product(("arc", "steep"), range(3))
        ]
        for common in (True, False)
    }
    assert np.mean(cost[True]) < 0.8 * np.mean(cost[False])


def test_a_fit_of_a_plane_is_the_plane_wherever_enough_is_measured():
    plane = 0.1 + 0.6 * X + 0.2 * Y
    measured = (np.random.default_rng(1).random(X.shape) < 0.4).astype(float)
    fit = fitted(measured, measured * plane)
    assert (fit.places > 0).all()
    assert np.abs(fit.share - plane).max() < 0.05
    far = np.zeros((200,))
    far[0] = 1.0
    assert (fitted(far, far).places == 0).all()


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_surface_of_any_number_of_axes_is_followed_to_its_line(data):
    axes = data.draw(st.integers(1, 3))
    slope = data.draw(st.lists(st.floats(-1, 1), min_size=axes, max_size=axes))
    grid = np.indices((17,) * axes) / 16 - 0.5
    share = (np.tensordot(np.array(slope), grid, 1) >= data.draw(st.floats(-0.3, 0.3))).astype(float)
    _, found = explored(share, start=(5,) * axes)
    assert (found == (share >= 0.5)).all()


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.randoms())
def test_what_comes_next_does_not_depend_on_the_order_of_what_is_known(seed, random):
    share = drawn(HEIGHTS["wave"], 0.1, 8, common=False, seed=seed)
    nodes = [(i, j) for i in range(0, 33, 8) for j in range(0, 33, 8)]
    ways = {"start": START, "finest": FINEST, "level": 0.5, "runs": 8}
    first = next_points({node: float(share[node]) for node in nodes}, **ways)
    random.shuffle(nodes)
    assert next_points({node: float(share[node]) for node in nodes}, **ways) == first


def test_a_place_where_every_run_failed_is_asked_for_once():
    share = (HEIGHTS["circle"] >= 0).astype(float)
    share[16, 16] = share[8, 8] = np.nan
    share[4, 16] = np.nan
    values, found = explored(share)
    assert len(values) <= 0.3 * share.size
    assert (found != (HEIGHTS["circle"] >= 0)).mean() <= 0.02


def test_an_island_smaller_than_the_first_cells_is_not_seen():
    share = np.zeros((33, 33))
    share[10:14, 10:14] = 1
    values, found = explored(share)
    assert len(values) == 25
    assert not found.any()
