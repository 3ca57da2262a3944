"""What an analysis says of planted tables: exact differences, known indices, bands that hold the line."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
from carousel.experiments.sweeps.analysis.analyse import analyse
from carousel.experiments.sweeps.analysis.discovery import cart, prim
from carousel.experiments.sweeps.analysis.extra import MissingExtra, extra
from carousel.experiments.sweeps.analysis.finding import Finding, LeftOut
from carousel.experiments.sweeps.analysis.groups import mean_of
from carousel.experiments.sweeps.analysis.intervals import mean_over, mean_over_both, wilson
from carousel.experiments.sweeps.analysis.line import line_between
from carousel.experiments.sweeps.analysis.measured import NoSuchOutcome, measured
from carousel.experiments.sweeps.analysis.paired import differences, paired
from carousel.experiments.sweeps.analysis.points import points as points_told
from carousel.experiments.sweeps.analysis.response import responses
from carousel.experiments.sweeps.analysis.sensitivity import morris, morris_effects, sobol, sobol_indices
from carousel.experiments.sweeps.analysis.tables import named_rows
from carousel.experiments.sweeps.analysis.who_pays import column_of, who_pays
from carousel.experiments.sweeps.design_table import first_round
from carousel.experiments.sweeps.stopping import interval, weight_of
from carousel.experiments.sweeps.sweep import Replications
from carousel.experiments.sweeps.sweep_faults import validated
from carousel.tests.sweeps.hand_made_sweeps import design_of, grid, sweep_of
from scipy.special import expit
from scipy.stats import binom

COMPARED = {"question": "?", "replications": {"compare_with": "before"}}


def planted(rule, *, cases=("before", "after"), replications=20, **more):
    return sweep_of(COMPARED, design_of([{}], cases=cases, replications=replications), rule, **more)


def lower(row, rng):
    luck = rng.normal(0, 1e12)
    return {"market_value.NVIDIA": luck - (3e11 if row["case"] == "after" else 0), "turned": int(luck > 0)}


def test_a_share_whose_runs_stopped_when_it_was_known_has_the_interval_of_that_rule():
    words = {"question": "?", "replications": {"until": {"outcome": "turned", "half_width": 0.1}}}
    design = design_of([{}], cases=("only",), replications=16)
    tables = sweep_of(words, design, lambda row, rng: {"turned": int(row["replication"] == 3), "fell": 0})
    turned, fell = measured(tables, ["turned", "fell"])
    everybody = np.ones(len(tables.good), dtype=bool)
    stops = Replications.model_validate(words["replications"])
    exact = interval(1, 16, stops, weight=weight_of(0, 0, "only"))
    assert mean_of(tables, turned, everybody) == (1 / 16, *exact, 16)
    assert mean_of(tables, fell, everybody) == wilson(0, 16)


def test_a_planted_difference_under_common_luck_is_found_exactly():
    tables = planted(lower)
    value, turned = measured(tables, ["market_value.NVIDIA", "turned"])
    (found,) = differences(tables, value, "before")
    assert found.mean.value == pytest.approx(-3e11, rel=1e-12)
    assert found.mean.low == pytest.approx(found.mean.high, rel=1e-9)
    assert found.same_sign.value == 1
    assert found.pairs == 20
    assert found.lost == 0
    assert found.variance_ratio == pytest.approx(0, abs=1e-20)
    (none,) = differences(tables, turned, "before")
    assert none.mean[:3] == (0, 0, 0)
    (said,) = paired(tables, [turned])
    assert said.sentences == ("after against «before», same luck: turned is the same in each of 20 pairs.",)


def test_a_failed_run_costs_its_pair_and_no_other():
    tables = planted(lower, failed=[3, 25])
    (value,) = measured(tables, ["market_value.NVIDIA"])
    (found,) = differences(tables, value, "before")
    assert (found.pairs, found.lost) == (18, 2)
    assert found.mean.value == pytest.approx(-3e11, rel=1e-12)
    assert "2 pairs are missing" in paired(tables, [value])[0].sentences[0]


def test_a_difference_that_chance_may_have_made_is_called_so():
    tables = planted(lambda row, rng: {"drawdown": rng.normal() if row["case"] == "before" else rng.normal(size=9)[8]})
    (found,) = paired(tables, measured(tables, ["drawdown"]))
    assert "chance alone may have done this" in found.sentences[0]


def test_worlds_with_other_seeds_are_not_paired():
    design = design_of([{}], cases=("before", "after"))
    design["seed"] = design["run"]
    tables = sweep_of(COMPARED, design, lower)
    (found,) = paired(tables, measured(tables, ["turned"]))
    assert isinstance(found, LeftOut)
    assert "different seeds" in found.reason


@pytest.mark.parametrize(
    ("yes", "of", "low", "high"), [(14, 20, 0.4810, 0.8545), (0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0)]
)
def test_wilsons_interval_is_the_published_one(yes, of, low, high):
    found = wilson(yes, of)
    assert found[1:3] == pytest.approx((low, high), abs=5e-5)


@pytest.mark.slow
def test_intervals_of_means_over_few_clusters_hold_the_truth_as_often_as_they_say():
    rng = np.random.default_rng(1)
    held = 0
    for _ in range(400):
        shared = rng.normal(size=10)
        values = (shared[None, :] + rng.normal(size=(5, 10))).ravel()
        found = mean_over(values, np.tile(np.arange(10), 5))
        held += found.low <= 0 <= found.high
    assert binom.cdf(held, 400, 0.95) > 0.001
    assert held <= 396


@pytest.mark.slow
def test_intervals_over_drawn_points_and_shared_luck_hold_the_truth():
    rng = np.random.default_rng(2)
    held = 0
    for _ in range(200):
        values = rng.normal(size=(30, 1)) + rng.normal(size=(1, 12)) + rng.normal(size=(30, 12))
        at, luck = np.divmod(np.arange(360), 12)
        found = mean_over_both(values.ravel(), at, luck)
        held += found.low <= 0 <= found.high
    assert held >= 186


@pytest.mark.slow
def test_a_planted_boundary_lies_in_its_band_as_often_as_it_says():
    """At every tenth place of the line; shared luck moves whole replications to one side or the other."""
    points = pd.DataFrame(grid(x=np.linspace(0, 2, 7), y=np.linspace(0.5, 4, 7)))
    rng, held, of = np.random.default_rng(3), 0, 0
    words = {"vary": {"x": {"low": 0, "high": 2}, "y": {"low": 0.5, "high": 4}}}
    tables = sweep_of(words, design_of(points.to_dict("records"), replications=1), lambda row, rng: {"turned": 0})
    for _ in range(200):
        luck = rng.normal(0, 0.7, size=20)
        odds = -4.0 * (points["x"] - 1) + 2.0 * (points["y"] - 2.25)
        turned = rng.uniform(size=(49, 20)) < expit(odds.to_numpy()[:, None] + luck[None, :])
        runs = points.loc[points.index.repeat(20)].assign(replication=np.tile(np.arange(20), 49), turned=turned.ravel())
        line = line_between(runs.astype({"turned": float}), tables.numeric_axes, level=0.5)
        truth = 1 + (line.at - 2.25) / 2 if line.along.name == "y" else 2.25 + 2 * (line.at - 1)
        is_held = (line.low <= truth) & (truth <= line.high)
        held, of = held + is_held[::10].sum(), of + len(is_held[::10])
    assert held / of >= 0.93


def ishigami(x):
    return np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])


def sampled(sampler, words, rule, replications=1):
    names = list(words["vary"])
    bounds = [[axis["low"], axis["high"]] for axis in words["vary"].values()]
    places = sampler({"num_vars": len(names), "names": names, "bounds": bounds})
    points = [dict(zip(names, row, strict=True)) for row in places]
    return sweep_of(words, design_of(points, replications=replications), rule)


PI = {"low": -np.pi, "high": np.pi}
ISHIGAMI = {"design": {"kind": "sobol", "points": 8192}, "vary": {"x1": PI, "x2": PI, "x3": PI}}


def of_ishigami(row, rng):
    return {"y": float(ishigami(np.array([[row["x1"], row["x2"], row["x3"]]]))[0])}


@pytest.mark.slow
def test_sobol_indices_of_ishigamis_function_are_within_a_hundredth_of_the_analytic_ones():
    """Our design, our analysis. Source: Ishigami & Homma (1990); first .3139, .4424, 0; total .5576, .4424, .2437 for
    a = 7, b = .1."""
    names = ("dry_powder_scale", "committed_scale", "bond_appetite_scale")
    axes = {name: {"low": 0.5, "high": 1.5} for name in names}
    words = {"outcomes": ["drawdown"], **ISHIGAMI, "vary": axes}

    def rule(row, rng):
        return {"y": float(ishigami(np.array([[2 * np.pi * (row[name] - 1.0) for name in names]]))[0])}

    tables = sweep_of(words, first_round(validated(words, "sweep")), rule)
    found = sobol_indices(tables, tables.runs["y"].to_numpy())
    assert [i.first.value for i in found] == pytest.approx([0.3139, 0.4424, 0.0], abs=0.01)
    assert [i.second.value for i in found] == pytest.approx([0.5576, 0.4424, 0.2437], abs=0.01)
    assert all(i.first.low < i.first.value < i.first.high for i in found)
    (said,) = sobol(tables, measured(tables, ["y"]))
    assert "dry_powder_scale has a part in 56% of the variance" in said.sentences[0]


def test_a_gap_in_a_sobol_design_is_refused_by_naming_its_rows():
    from SALib.sample.sobol import sample

    words = {**ISHIGAMI, "design": {"kind": "sobol", "points": 8}}
    whole = sampled(lambda problem: sample(problem, 8, calc_second_order=False, seed=1), words, of_ishigami)
    tables = sweep_of(words, whole.design, of_ishigami, failed=[4, 17])
    (left,) = sobol(tables, measured(tables, ["y"]))
    assert left.reason == "2 of 40 runs say nothing (failed, not ended, or no value): runs 4 and 17"
    assert named_rows(list(range(20))) == "runs 0, 1, 2, 3, 4, 5, 6 and 7 and 12 more"


def test_morris_effects_of_a_linear_rule_are_its_slopes_over_the_whole_range():
    from SALib.sample.morris import sample

    words = {
        "design": {"kind": "morris", "levels": 4},
        "vary": {
            "a": {"low": 0, "high": 2},
            "b": {"low": 1, "high": 3},
            "c": {"low": 1.0, "high": 100.0, "scale": "log"},
        },
    }

    def rule(row, rng):
        return {"y": 3 * row["a"] - 0.5 * row["b"] + np.log10(row["c"])}

    def in_ratios(problem):
        places = sample(problem, 12, num_levels=4, seed=1)
        places[:, 2] = 100 ** ((places[:, 2] - 1) / 99)
        return places

    tables = sampled(in_ratios, words, rule)
    found = morris_effects(tables, tables.runs["y"].to_numpy())
    assert [i.first.value for i in found] == pytest.approx([6.0, 1.0, 2.0])
    assert [i.second.value for i in found] == pytest.approx([0, 0, 0], abs=1e-9)
    assert morris(tables, measured(tables, ["y"]))[0].method == "Morris screening"


def boxed(row, rng):
    noise = rng.uniform() < 0.05
    return {"turned": int((row["a"] < 0.4 and row["b"] > 1.2) != noise)}


@pytest.mark.slow
def test_the_planted_box_is_found_by_prim_and_told_apart_by_cart():
    rng = np.random.default_rng(4)
    points = [{"a": float(a), "b": float(b), "c": float(c)} for a, b, c in rng.uniform(0, 2, size=(400, 3))]
    axis = {"low": 0, "high": 2}
    words = {"design": {"kind": "latin-hypercube", "points": 400}, "vary": dict.fromkeys("abc", axis)}
    tables = sweep_of(words, design_of(points, replications=3), boxed)
    (box,) = prim(tables, measured(tables, ["turned"]))
    limits = box.tables["prim-turned"].set_index("axis")
    assert limits.loc["a", "high"] == pytest.approx(0.4, abs=0.1)
    assert limits.loc["b", "low"] == pytest.approx(1.2, abs=0.1)
    (tree,) = cart(tables, measured(tables, ["turned"]))
    assert tree.tables["cart-turned"]["share"].iloc[0] > 0.9
    assert "a is" in tree.tables["cart-turned"]["leaf"].iloc[0]


def test_a_missing_extra_is_named_in_one_line():
    with pytest.raises(
        MissingExtra, match=r"no_such_package is not installed; allowed: pip install -e '.\[analysis\]'"
    ):
        extra("no_such_package.analysis")


def test_days_that_never_came_are_told_as_happened_and_when():
    tables = planted(lambda row, rng: {"first_day.bill_missed": 40.0 if row["seed"] % 2 else None})
    happened, day = measured(tables, ["first_day.bill_missed"])
    assert (happened.name, day.name) == ("first_day.bill_missed (happened)", "first_day.bill_missed")
    told = points_told(tables, [happened, day])
    assert told[0].sentences[0].startswith("before: first_day.bill_missed (happened) in 10 of 20 runs (95 % interval")
    assert "day 40 on average of 10 runs that have one, of 20" in told[1].sentences[0]


def test_words_are_counted_one_by_one():
    tables = planted(lambda row, rng: {"regime": "reversal" if row["seed"] < 14 else "stall"})
    reversal, stall = measured(tables, ["regime"])
    assert reversal.name == "regime: reversal"
    assert stall.values.sum() == 12
    assert "regime: reversal in 14 of 20 runs" in points_told(tables, [reversal])[0].sentences[0]


def test_no_sentence_says_what_will_be():
    tables = planted(lower)
    said = [s for f in analyse(tables).findings for s in f.sentences]
    assert said
    assert not any(word in s.split() for s in said for word in ("will", "causes"))


def test_a_response_goes_from_end_to_end_of_its_axis():
    words = {"vary": {"size": {"low": 1, "high": 5}}}
    tables = sweep_of(
        words, design_of(grid(size=[1, 2, 3, 4, 5])), lambda row, rng: {"y": row["size"] ** 2 + rng.normal()}
    )
    (found,) = responses(tables, measured(tables, ["y"]))
    table = found.tables["response-size-y"]
    assert list(table["size"]) == [1, 2, 3, 4, 5]
    assert ((table["low"] <= table["mean"]) & (table["mean"] <= table["high"])).all()
    assert "with the same luck +24.0 (95 % interval" in found.sentences[0]


def test_places_of_an_axis_of_dates_are_told_as_dates():
    days = [date(2025, 9, 9), date(2026, 9, 9)]
    tables = sweep_of({"vary": {"day": {"on": days}}}, design_of(grid(day=days)), lambda row, rng: {"y": rng.normal()})
    (found,) = responses(tables, measured(tables, ["y"]))
    assert " at 9 Sep 2025 to " in found.sentences[0]
    assert " at 9 Sep 2026 of day" in found.sentences[0]
    assert found.numbers[0].of == "y, base, day = 9 Sep 2025"


def test_a_share_that_is_the_same_in_all_redraws_has_the_interval_of_as_many_independent_runs():
    """Twelve replications at three points are twelve independent draws of luck, all of which say no."""
    tables = sweep_of({}, design_of(grid(size=[1, 2, 3]), replications=12), lambda row, rng: {"turned": 0})
    (never,) = measured(tables, ["turned"])
    assert mean_of(tables, never, np.ones(36, dtype=bool)) == wilson(0, 12)


def test_payer_shares_are_told_by_receiver_and_rule():
    assert column_of("payer_share.fifo.revenue from the circle.Acme Inc. Ltd.bond savers")[1:] == (
        "fifo", "revenue from the circle", "Acme Inc. Ltd", "bond savers",
    )  # fmt: skip
    assert column_of("payer_share.nonsense") is None

    def rule(row, rng):
        share = 0.6 + 0.1 * rng.uniform()
        stem = "payer_share.pro-rata.revenue from the circle.NVIDIA"
        return {f"{stem}.legacy": share, f"{stem}.bond savers": 1 - share}

    (found,) = who_pays(planted(rule, cases=("before",)), [])
    assert isinstance(found, Finding)
    assert "money from before the start" in found.sentences[0]
    table = found.tables["payers-revenue from the circle-NVIDIA"]
    assert table["share"].sum() == pytest.approx(1.0)


def test_an_outcome_that_no_column_has_is_refused_with_the_nearest():
    with pytest.raises(NoSuchOutcome, match=r"came 'turnd'.*nearest: turned"):
        analyse(planted(lower), ["turnd"])


def test_a_sweep_whose_runs_all_failed_says_so():
    found = analyse(planted(lower, failed=range(40)))
    assert found.findings == ()
    assert found.left_out[0].reason == "no run came to something"
