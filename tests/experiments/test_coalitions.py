"""The axioms of the Shapley value, on toy games and on games drawn at random."""

from __future__ import annotations

import pytest
from carousel.experiments.sweeps.analysis.coalitions import IncompleteGame, coalitions, shapley_values
from hypothesis import given, settings
from hypothesis import strategies as st

PLAYERS = ("a", "b", "c", "d")
ALL = coalitions(PLAYERS)
games = st.lists(st.integers(-(10**6), 10**6), min_size=len(ALL), max_size=len(ALL)).map(
    lambda worths: dict(zip(ALL, map(float, worths), strict=True))
)


def test_the_glove_game_gives_the_scarce_glove_two_thirds():
    """One left glove, two right ones: Shapley (1953) values 2/3, 1/6, 1/6."""
    players = ("left", "right 1", "right 2")
    worth = {c: float("left" in c and len(c) > 1) for c in coalitions(players)}
    assert shapley_values(players, worth) == pytest.approx({"left": 2 / 3, "right 1": 1 / 6, "right 2": 1 / 6})


@given(games)
@settings(max_examples=100, deadline=None)
def test_values_sum_to_what_all_add_together(worth):
    total = sum(shapley_values(PLAYERS, worth).values())
    assert total == pytest.approx(worth[frozenset(PLAYERS)] - worth[frozenset()], abs=1e-6)


@given(games)
@settings(max_examples=50, deadline=None)
def test_players_that_are_alike_get_alike(worth):
    swap = {"a": "b", "b": "a"}
    alike = {c: worth[c] + worth[frozenset(swap.get(p, p) for p in c)] for c in ALL}
    values = shapley_values(PLAYERS, alike)
    assert values["a"] == pytest.approx(values["b"], abs=1e-6)


@given(games)
@settings(max_examples=50, deadline=None)
def test_who_adds_nothing_to_anybody_gets_nothing(worth):
    dummy = {c: worth[c - {"d"}] for c in ALL}
    assert shapley_values(PLAYERS, dummy)["d"] == 0.0


@given(games, games)
@settings(max_examples=50, deadline=None)
def test_the_value_of_a_sum_of_games_is_the_sum_of_values(one, other):
    both = shapley_values(PLAYERS, {c: one[c] + other[c] for c in ALL})
    first, second = shapley_values(PLAYERS, one), shapley_values(PLAYERS, other)
    assert both == pytest.approx({p: first[p] + second[p] for p in PLAYERS}, abs=1e-6)


def test_a_coalition_without_a_worth_is_refused():
    worth = dict.fromkeys(ALL, 1.0)
    del worth[frozenset({"a", "c"})]
    with pytest.raises(IncompleteGame, match="no worth of"):
        shapley_values(PLAYERS, worth)
    with pytest.raises(IncompleteGame, match="11 players"):
        coalitions([str(i) for i in range(11)])
