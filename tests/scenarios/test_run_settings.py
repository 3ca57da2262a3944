"""A run's seed and tracing rule are what they say they are, or are refused by name."""

from __future__ import annotations

import numpy as np
import pytest
from carousel.ledger.origins import TracingRule
from carousel.scenarios.errors import BadInput, ParameterError
from carousel.scenarios.run_settings import SEED_MAX, seed_of, tracing_of


@pytest.mark.parametrize(
    ("rng", "seed"), [(0, 0), (7, 7), (np.int64(7), 7), (np.uint64(3), 3), ("7", 7), (" 12 ", 12), (SEED_MAX, SEED_MAX)]
)
def test_a_whole_number_is_its_own_seed(rng, seed):
    assert seed_of(rng) == seed
    assert type(seed_of(rng)) is int


@pytest.mark.parametrize("rng", [None, "", "  "])
def test_no_seed_asks_for_a_fresh_one(rng):
    seeds = {seed_of(rng) for _ in range(20)}
    assert len(seeds) == 20
    assert all(0 <= seed < 2**53 for seed in seeds)


@pytest.mark.parametrize(
    "rng",
    [
        -1, SEED_MAX + 1, 2**4000, 1.9, 7.0, float("nan"), float("inf"), "x", "-1", "1.9", "1e3", "\u0661", "9" * 5000,
        True, b"7", [1], (1, 2), {}, np.float64(2.0), np.array([1, 2]), np.random.default_rng(1),
    ],
    ids=lambda rng: f"{type(rng).__name__}-{str(rng)[:12]}" if not isinstance(rng, int) else f"int-{rng.bit_length()}",
)  # fmt: skip
def test_what_is_no_seed_is_refused_in_one_line_with_its_field(rng):
    with pytest.raises(ParameterError) as error:
        seed_of(rng)
    assert isinstance(error.value, BadInput)
    assert error.value.key_path == "rng"
    assert "\n" not in str(error.value)
    assert len(str(error.value)) < 300


def test_a_tracing_rule_is_known_by_its_name():
    assert [tracing_of(str(rule)) for rule in TracingRule] == list(TracingRule)
    assert tracing_of(TracingRule.FIFO) is TracingRule.FIFO


@pytest.mark.parametrize("rule", ["x", "", None, 1, [], {}])
def test_an_unknown_tracing_rule_is_refused_with_its_field(rule):
    with pytest.raises(ParameterError) as error:
        tracing_of(rule)
    assert error.value.key_path == "tracing"
    assert "pro-rata, fifo, lifo" in str(error.value)


def test_the_nearest_tracing_rule_is_named():
    with pytest.raises(ParameterError, match="nearest: fifo"):
        tracing_of("fif0")
