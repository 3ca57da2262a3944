"""A share is looked at after 8, 16, 32 and 64 runs only; what is told of it then covers what it promises."""

from __future__ import annotations

import numpy as np
import pytest
from carousel.experiments.sweeps.stopping import (
    hits_of,
    interval,
    is_known,
    looks_of,
    next_look,
    ways_to_stop,
    weight_of,
    wilson,
)
from carousel.experiments.sweeps.sweep import Replications
from carousel.experiments.sweeps.sweep_parts import Until
from scipy.stats import binomtest

ASKED = Replications(at_least=8, at_most=64, until=Until(outcome="turned", half_width=0.1, confidence=0.95))


def ended(share: float, rng: np.random.Generator, asked: Replications) -> tuple[int, int]:
    """(hits, runs) of one sweep that stops by the rule."""
    worlds = rng.random(64) < share
    made = asked.at_least
    while (wanted := next_look(int(worlds[:made].sum()), made, made, asked)) > made:
        made = wanted
    return int(worlds[:made].sum()), made


@pytest.mark.parametrize(("hits", "runs"), [(0, 8), (1, 16), (7, 32), (64, 64)])
def test_wilsons_interval_is_the_published_one(hits, runs):
    theirs = binomtest(hits, runs).proportion_ci(0.95, method="wilson")
    assert wilson(hits, runs, 0.95) == pytest.approx((theirs.low, theirs.high), abs=1e-12)


def test_results_are_looked_at_after_8_16_32_and_64_runs_only():
    assert looks_of(ASKED) == (8, 16, 32, 64)
    assert next_look(4, 8, 8, ASKED) == 16
    assert next_look(0, 32, 32, ASKED) == 32
    assert next_look(32, 64, 64, ASKED) == 64
    assert not is_known(4, 8, ASKED)


def test_every_way_to_stop_is_counted_once():
    ways = ways_to_stop((8, 16, 32, 64), 0.1, 0.95)
    for share in (0.02, 0.3, 0.5):
        assert sum(n * share**h * (1 - share) ** (r - h) for (h, r), n in ways.items()) == pytest.approx(1.0)


@pytest.mark.slow
@pytest.mark.parametrize("half_width", [0.1, 0.15])
@pytest.mark.parametrize("share", [0.01, 0.02, 0.05, 0.2, 0.5, 0.9])
def test_intervals_after_stopping_cover_what_they_promise_for_rare_events_too(share, half_width):
    asked = ASKED.model_copy(update={"until": ASKED.until.model_copy(update={"half_width": half_width})})
    rng, covered, told, sweeps = np.random.default_rng(7), 0, {}, 4000
    for number in range(sweeps):
        seen = ended(share, rng, asked)
        key = (*seen, number)
        told[key] = interval(*seen, asked, weight=weight_of(0, number, "only"))
        covered += told[key][0] <= share <= told[key][1]
    assert covered / sweeps == pytest.approx(0.95, abs=4 * (0.95 * 0.05 / sweeps) ** 0.5)


def test_without_a_draw_92_in_100_are_covered_at_least():
    ways = ways_to_stop((8, 16, 32, 64), 0.1, 0.95)
    told = {seen: interval(*seen, ASKED) for seen in ways}
    for share in np.linspace(0.005, 0.995, 67):
        covered = sum(
            n * share**h * (1 - share) ** (r - h)
            for (h, r), n in ways.items()
            if told[h, r][0] <= share <= told[h, r][1]
        )
        assert covered >= 0.92


def test_failed_runs_have_no_say():
    assert hits_of([True, None, 0.0, float("nan"), 1]) == (2, 3)
    assert interval(2, 3, ASKED) == interval(2, 3, Replications(number=3))
    with pytest.raises(ValueError, match="needs a run"):
        interval(0, 0, ASKED)
