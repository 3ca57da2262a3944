"""The boundary is found where it was planted, leads are measured with their sign, and a run tells its chain."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from carousel.experiments.studies.monetisation import STUDY, claims_of
from carousel.experiments.studies.monetisation_leads import first_links, left_day, margins
from carousel.experiments.studies.monetisation_runs import lagged, runs_of
from carousel.experiments.sweeps.analysis.logistic import boundary, fit
from carousel.experiments.sweeps.named_sweeps import named_sweep
from carousel.experiments.sweeps.outcomes.of_turn import smooth
from carousel.experiments.sweeps.sweep_faults import validated
from carousel.experiments.sweeps.sweep_text import plain


def planted(seeds=40, slope_x=-6.0, slope_y=2.0):
    """Outcomes drawn from a known logistic law on a grid."""
    rng = np.random.default_rng(3)
    rows = []
    for x in (-0.2, 0.0, 0.2, 0.4, 0.7, 1.0, 1.5):
        for y in (-1.0, 0.0, 1.0):
            p = 1 / (1 + np.exp(-(2.0 + slope_x * x + slope_y * y)))
            rows += [{"x": x, "y": y, "seed": s, "turned": float(rng.random() < p)} for s in range(seeds)]
    return pd.DataFrame(rows)


def test_the_boundary_lies_where_it_was_planted():
    """Within three standard errors at each of three places; the standard error is that of the band."""
    found = boundary(planted(), "x", "y")
    middle, low, high = found.x_at(np.array([-1.0, 0.0, 1.0]))
    truth = np.array([0.0, 1 / 3, 2 / 3])
    error = (high - low) / (2 * 1.96)
    assert (np.abs(middle - truth) < 3 * error).all()
    assert (error < 0.06).all()
    slopes = found.slope_interval(1), found.slope_interval(2)
    assert slopes[0][0] < -6.0 < slopes[0][1] < 0
    assert 0 < slopes[1][0] < 2.0 < slopes[1][1]


def test_a_variable_that_does_nothing_has_an_interval_around_zero():
    low, high = boundary(planted(slope_y=0.0), "x", "y").slope_interval(2)
    assert low < 0 < high


def test_outcomes_that_are_separated_without_overlap_still_have_finite_slopes():
    x = np.array([0.0, 0.0, 1.0, 1.0])
    y = np.array([0.0, 1.0, 0.0, 1.0])
    found = fit(x, y, np.array([1.0, 1.0, 0.0, 0.0]), np.full(4, 10.0))
    assert np.isfinite(found).all()
    assert found[1] < -3
    assert abs(found[2]) < 1e-6


@pytest.mark.parametrize("lag", [-7, 0, 9])
def test_the_lagged_correlation_peaks_at_the_lag_that_was_planted(lag):
    rng = np.random.default_rng(1)
    steps = rng.normal(0, 0.01, 800)
    spread = 0.01 * np.exp(np.cumsum(steps))
    chips = np.exp(-np.cumsum(np.roll(steps, lag)))
    found = np.array(lagged(spread, chips))
    assert int(np.argmax(found)) - 20 == lag


def test_a_series_has_left_its_counterfactual_only_when_it_stays_away_for_a_month():
    ratio = np.ones(30)
    ratio[5:7] = 0.9
    assert left_day(ratio, 0.95) == -1
    ratio[12:] = 0.9
    assert left_day(ratio, 0.95) == 60
    assert left_day(2 - ratio, 1.05) == 60


def test_the_first_link_of_a_chain_is_its_first_event_that_is_no_price():
    chains = pd.DataFrame(
        [
            ("committed", 0.0, 3.0, 0, "spread_rises", "market"),
            ("committed", 0.0, 3.0, 0, "bond_failed", "Oracle"),
            ("committed", 0.0, 3.0, 0, "round_failed", "OpenAI"),
            ("committed", 0.0, 1.0, 0, "round_failed", "OpenAI"),
            ("committed", 0.0, 1.0, 1, "bond_failed", "Oracle"),
            ("dry_powder", 0.0, 3.0, 0, "bond_failed", "Oracle"),
            ("dry_powder", 0.0, 3.0, 1, "households_sell", "market"),
        ],
        columns=["map", "growth", "value", "seed", "kind", "agent"],
    )
    assert first_links(chains).values.tolist() == [["bond_failed", 3, 1], ["round_failed", 1, 0]]


def test_a_month_s_mean_is_of_fewer_days_at_the_start():
    np.testing.assert_allclose(smooth(np.arange(40.0))[[1, 30]], [0.5, np.arange(10.0, 31.0).mean()])


def test_the_margin_that_says_nothing_ranks_half_of_all_pairs():
    runs = pd.DataFrame({"map": "m", "value": 1.0, "turned": [True, False, True, False]})
    for column in ("margin_at_start", "margin_at_peak", "margin_smallest"):
        runs[column] = [1.0, 2.0, 3.0, 2.0]
    assert margins(runs)["ranks_right"].tolist() == [0.5, 0.5]


def test_a_starved_circle_turns_with_a_cause_before_its_end_and_a_fed_one_does_not(tmp_path):
    """Two cells of the sweep, a seed each, through its own engine."""
    words = plain(named_sweep("monetisation"))
    values = {"monetisation_growth_per_year": (0.0, 1.5), "dry_powder_scale": (0.1, 2.0)}
    committed = (2.0, 1.0)
    for name, axis in words["vary"].items():
        words["vary"][name] = {**axis, "values": values.get(name, committed)}
    words["replications"] = {"number": 1, "first_seed": 8}
    runs = runs_of(STUDY.tables(validated(words, "test"), tmp_path / "s", 1, lambda now: None))
    starved, fed = runs.to_dict("records")
    assert starved["turned"]
    assert not fed["turned"]
    assert (starved["map"], starved["value"], fed["map"], fed["value"]) == ("committed", 2.0, "dry_powder", 2.0)
    days = [link["day"] for link in starved["chain"]]
    assert days == sorted(days)
    assert min(days) < max(days)
    assert 0 < starved["first_round_failed"] < starved["first_bill_missed"]
    assert starved["margin_smallest"] > 0
    assert (len(starved["lagged"]), len(fed["lagged"])) == (41, 0)
    assert np.array(starved["weekly"]).shape == (4, 152)


def test_a_quick_study_has_points_of_both_maps():
    sweep = STUDY.sweep(quick=True)
    whole = named_sweep("monetisation")
    assert [len(axis.values) for axis in sweep.vary.values()] == [12] * 4
    committed, dry = whole.vary["committed_scale"].values, whole.vary["dry_powder_scale"].values
    assert set(dry[:35]) == {1.0} == set(committed[35:])
    assert whole.vary["cloud.*.build_gw_per_year_max"].values == committed


def test_without_a_boundary_the_claims_miss_rather_than_hold():
    runs = pd.DataFrame(
        {
            "map": "committed", "growth": 0.0, "committed": 2.0, "dry_powder": 1.0, "seed": [0, 1], "turned": False,
            "drawdown": 0.1, "delivered_mw": 1, "regime": "stall", "trough_day": 1, "chain": [[], []],
        }
    )  # fmt: skip
    assert {str(check.verdict) for check in claims_of(runs, {})} == {"misses"}
