"""The circle's five-year worlds: regimes come from contracts, effects are paired, the page says what its data say."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from carousel.docs import circle_page
from carousel.experiments.validation.checks import ClaimKind
from carousel.experiments.validation.circle_horizon import Quarter
from carousel.experiments.validation.circle_mechanisms import MECHANISMS, QUANTITIES, effects, paired
from carousel.experiments.validation.circle_regimes import (
    LINKS_QUARTER,
    SHORT,
    WORLDS,
    boom_checks,
    moods_of_twin,
    regime_checks,
)
from carousel.experiments.validation.circle_worlds import DEALS, world

PLAIN = Quarter(10e9, 20e9, 0.0, 100.0, 14e9, 4e12, 1e12, 0.5e12, 0.01)


def run(seed, regime="expansion", kinds=(), **changes):
    quarters = [list(PLAIN._replace(**changes)) for _ in range(20)]
    return {"seed": seed, "days": 1260, "regime": regime, "times": dict.fromkeys(kinds, 1), "quarters": quarters}


def told(checks):
    return {check.key.removeprefix("circle."): check for check in checks}


def growing(seed, by):
    """A world whose market value grows by a factor."""
    grown = run(seed)
    grown["quarters"][-1] = list(PLAIN._replace(nvidia_usd=by * PLAIN.nvidia_usd))
    return grown


@pytest.fixture
def runs():
    """Ten seeds: one world turns, two cut the letter; of slow ones four are reset; twins have no deals."""
    whole = [growing(seed, 1 + seed / 10) for seed in range(7)]
    cut = [run(seed, "stall", ["milestone_cut"]) for seed in (7, 8)]
    turned = [run(9, "reversal", ["renegotiated"], oracle_usd=0.2e12)]
    slow = [run(seed, "reversal", ["cancelled"] if seed < 4 else ()) for seed in range(10)]
    return {
        "circle": [*whole, *cut, *turned], "slow": slow, "slower": slow[:3] + whole[3:] + cut + turned,
        "twin": [run(seed, "none", oracle_usd=0.9e12) for seed in range(10)],
        "calm": [growing(seed, 1.2) for seed in range(7)],
        "calm twin": [run(seed, "none", ["down_round"] if seed == 1 else ()) for seed in range(3)],
        "boom": [run(seed, rounds_usd=12e9 + seed, nvidia_usd=4.1e12) for seed in range(4)],
    }  # fmt: skip


def test_turns_resets_and_moods_are_told_from_pairs(runs):
    found = told(regime_checks(runs))
    assert found["resets_slow"].measured == pytest.approx(0.1)
    assert found["turned_is_worth_less"].measured < 0
    assert found["moods"].measured == pytest.approx(1)
    assert found["moods"].kind is ClaimKind.REPORTED


@pytest.mark.parametrize(("changes", "changed"), [({}, 0), ({"regime": "default"}, 1), ({"kinds": ["default"]}, 1)])
def test_a_regime_or_a_default_that_moods_make_is_seen_and_a_price_is_none(runs, changes, changed):
    calm = [*runs["calm twin"], run(3, **{"regime": "none", **changes})]
    found = moods_of_twin(runs["twin"], calm)
    assert (found.measured, found.verdict) == (changed, "misses" if changed else "holds")
    assert "4 pairs" in found.note
    assert "down_round in 1" in found.note
    assert math.isnan(moods_of_twin(runs["twin"], []).measured)


def test_a_boom_that_moves_one_link_only_misses_the_others(runs):
    found = told(boom_checks(runs))
    assert found["boom.raised"].verdict == "holds"
    assert found["boom.raised"].measured == pytest.approx(2, abs=0.1)
    assert (found["boom.delivered_mw"].interval, found["boom.delivered_mw"].verdict) == ((0, 0), "misses")
    assert found["boom.back_nvidia"].measured == pytest.approx(
        np.mean([100 * np.log(4.1 / (4 + 0.4 * seed)) for seed in range(4)])
    )
    assert LINKS_QUARTER == 11


def test_an_effect_is_the_mean_of_pairs_with_students_interval():
    effect = paired(np.array([[1.0], [2.0], [3.0]]))[0]
    assert effect.mean == 2
    assert effect.high - effect.mean == pytest.approx(4.3027 / np.sqrt(3), abs=1e-4)
    on, off = [run(seed) for seed in range(3)], [run(seed, bonds_usd=15e9, spread=0.02) for seed in range(3)]
    found = dict(zip(QUANTITIES, effects(on, off), strict=True))
    assert found["funding, bn USD"].mean == pytest.approx(5)
    assert found["spread, bp"].mean == pytest.approx(-100)
    assert found["built, MW"].is_noise


def test_every_world_of_the_page_is_a_scenario():
    for one in (*WORLDS.values(), *SHORT.values(), *circle_page.worlds().values()):
        assert world(one.changes, days=1, without=one.without)
    assert not any(getattr(world((), days=1, without=DEALS), deal) for deal in DEALS)
    assert len({mechanism.name for mechanism in MECHANISMS}) == len(MECHANISMS)


def test_the_page_of_the_circle_is_what_its_data_say():
    """After a change: `python docs/circle_page.py measure`."""
    assert circle_page.PAGE.read_text(encoding="utf-8") == circle_page.page(circle_page.load())
    for line in circle_page.DATA.read_text(encoding="utf-8").splitlines():
        assert json.loads(line)["world"] in circle_page.worlds()
