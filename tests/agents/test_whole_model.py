"""The model with its households: one and two threads leave the same history, and a copy goes on as the original."""

from __future__ import annotations

import copy
import os
import pickle
import subprocess
import sys

import numpy as np
import pytest
from carousel.model import CarouselModel
from carousel.scenarios.loader import load
from carousel.scenarios.overrides import override

SCRIPT = """
import hashlib
from carousel.model import CarouselModel
from carousel.scenarios.loader import load
from carousel.scenarios.overrides import override
found = hashlib.sha256()
for graph in ("blocks", "small-world"):
    scenario = override(load("ai-2025"), [f"households.social_graph={graph}", "households.mean_degree=4"])
    model = CarouselModel(scenario, rng=3, days=4, holders=140_000)
    while model.running:
        model.step()
        found.update(model.books.last.entries.tobytes())
    for column in model.cast.holders.arrays().values():
        found.update(column.tobytes())
print(found.hexdigest())
"""


def digest(threads):
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        env=os.environ | {"CAROUSEL_THREADS": threads},
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    return done.stdout


def test_one_and_two_threads_leave_the_same_history():
    """More rows than two chunks, so that both threads have work."""
    assert digest("1") == digest("2")


def pickled(model):
    """Through bytes in memory and back."""
    return pickle.loads(pickle.dumps(model))


@pytest.mark.parametrize("copied", [copy.deepcopy, pickled])
def test_a_copy_of_the_model_goes_on_as_the_original(copied):
    model = CarouselModel("ai-2025", rng=2, days=8, holders=400)
    for _ in range(3):
        model.step()
    other = copied(model)
    while model.running:
        model.step()
        other.step()
    assert not other.running
    for name, column in model.cast.holders.arrays().items():
        assert np.array_equal(column, other.cast.holders.arrays()[name])
    assert np.array_equal(model.books.journal.balances, other.books.journal.balances)


@pytest.mark.parametrize("graph", ["small-world", "degree-corrected"])
def test_a_scenario_may_ask_for_drawn_links(graph):
    scenario = override(load("ai-2025"), [f"households.social_graph={graph}"])
    model = CarouselModel(scenario, rng=2, days=5, holders=1000)
    while model.running:
        model.step()
    assert np.array_equal(model.cast.households.counts, model.cast.holders.counts())
    graph = model.cast.households.graph
    assert len(graph.indices) / model.cast.holders.n == pytest.approx(10, rel=0.25)


@pytest.mark.parametrize(
    ("fields", "match"),
    [
        (["households.social_graph=ring"], "social_graph"),
        (["households.social_graph=small-world", "households.mean_degree=7"], "even number"),
        (["households.social_graph=small-world", "households.mean_degree=100", "holders=100000000"], "blocks"),
    ],
)
def test_links_that_cannot_be_drawn_are_refused_with_what_is_allowed(fields, match):
    with pytest.raises(ValueError, match=match):
        override(load("ai-2025"), fields)
