"""A watch sees and never touches; a run's fingerprint tells runs apart; what studies took is what outcomes say."""

from __future__ import annotations

import numpy as np
import pytest
from carousel.experiments.studies import monetisation_run, stylised_facts
from carousel.experiments.studies.facts_study import simulated_samples
from carousel.experiments.sweeps.outcomes import UnknownOutcome, moments, names_of, series_names_of
from carousel.experiments.sweeps.run_world import run_world
from carousel.experiments.sweeps.watch import Watch
from carousel.history.recorder import Recorder
from carousel.model import CarouselModel, run
from carousel.scenarios.loader import load

SMALL = ["days=45", "holders=300"]


@pytest.fixture(scope="module")
def scenario():
    return load("ai-2025", SMALL)


def test_a_watched_run_is_the_run_itself(scenario):
    def digest(*, is_watched):
        model = CarouselModel(scenario, rng=5)
        recorder = Recorder(model)
        model.observers.append(recorder)
        if is_watched:
            every, series = names_of(["*"], scenario), series_names_of(["*"], scenario)
            model.observers.append(Watch(model, outcomes=every, series=series))
        run(model)
        return recorder.finish()

    assert digest(is_watched=True) == digest(is_watched=False)


def test_what_is_measured_does_not_depend_on_what_else_is(scenario):
    every = names_of(["*"], scenario)
    whole = run_world(scenario, 5, every)
    for some in (every[::7], every[3::11], ("turned",), ()):
        one = run_world(scenario, 5, some)
        assert dict(one.scalars) == {name: whole.scalars[name] for name in some}
        assert list(one.scalars) == list(some)
        assert one.digest == whole.digest


def test_only_what_is_asked_for_is_noted(scenario):
    model = CarouselModel(scenario, rng=5)
    assert Watch(model, outcomes=names_of(["payer_share.*", "paid.*", "market_value.*"], scenario))._notes == {}


def test_a_fingerprint_is_of_the_world_and_the_seed(scenario):
    digests = {
        run_world(world, seed).digest
        for world in (scenario, load("ai-2025", [*SMALL, "lab.OpenAI.opening_cash_usd*=1.000000001"]))
        for seed in (5, 6)
    }
    assert len(digests) == 4
    assert run_world(scenario, 5).digest in digests
    assert all(len(digest) == 64 for digest in digests)


def test_a_world_without_the_party_is_measured_as_nothing_and_amounts_as_none_paid():
    wide = load("ai-2025-wide")
    names = names_of(["market_value.*", "paid.*", "payer_share.*"], wide)
    joke = load("joke")
    measured = run_world(joke, 0, names, series_names_of(["market_value.*"], wide))
    assert {name.partition(".")[0] for name, value in measured.scalars.items() if value == 0} == {"paid"}
    assert all(value is None for name, value in measured.scalars.items() if not name.startswith("paid"))
    assert all(len(course) == 0 for course in measured.tracks.values())


def test_an_unknown_name_is_refused_before_the_run(scenario):
    with pytest.raises(UnknownOutcome):
        run_world(scenario, 0, ["no_such_outcome"])


@pytest.mark.parametrize("growth", [0.0, 1.0])
def test_what_the_study_of_monetisation_takes_is_what_outcomes_say(growth):
    study = monetisation_run.simulate("ai-2025", 2, 504, growth, 1.0, 0.3)
    changes = ["days=504", f"holders={monetisation_run.HOLDERS}"]
    model = CarouselModel(
        load("ai-2025", changes), rng=2, monetisation_growth_per_year=growth, committed_scale=1.0, dry_powder_scale=0.3
    )
    series = ["spread_of_clouds", "chips_over_rest", "circle_value", "commitments"]
    watch = Watch(model, outcomes=names_of(["*"], model.scenario_data), series=series)
    model.observers.append(watch)
    run(model)
    found = watch.scalars()
    same = {
        "regime": "regime", "peak_day": "peak_day", "trough_day": "trough_day", "delivered_mw": "delivered_mw",
        "margin_at_start": "margin.start", "margin_at_peak": "margin.peak", "margin_smallest": "margin.smallest",
        "spread_turn_day": "turning_day.spread", "chip_turn_day": "turning_day.chips",
        "equity_peak_day": "turning_day.equity", "commitments_peak_day": "turning_day.commitments",
        "turned": "turned",
    }  # fmt: skip
    assert {key: study[key] for key in same} == {key: found[name] for key, name in same.items()}
    assert found["drawdown_relative"] == pytest.approx(study["drawdown"], rel=1e-12)
    firsts = {f"first_{kind}": f"first_day.{kind}" for kind in monetisation_run.FIRSTS}
    firsts |= {"first_spread_rise": "first_day_of.spread_rises", "first_selling": "first_day_of.households_sell"}
    assert {key: study[key] for key in firsts} == {
        key: -1 if found[name] is None else found[name] for key, name in firsts.items()
    }
    weekly = [watch.tracks()[name][:: monetisation_run.WEEK] for name in series]
    for own, theirs in zip(weekly, study["weekly"], strict=True):
        assert own == pytest.approx(theirs, rel=1e-12)


def test_moments_of_returns_are_those_of_the_stylised_facts():
    scenario = load("ai-2025", ["days=300", "holders=300"])
    found = run_world(scenario, 4, names_of(["volatility.*", "*kurtosis.*", "*autocorrelation_*"], scenario)).scalars
    samples = simulated_samples(seed=4, days=300, circle=True, holders=300)
    for sample in samples:
        name = scenario.etf.name if sample.name == "ETF" else sample.name
        facts = stylised_facts.stylised_facts(sample.returns)
        assert found[f"volatility.{name}"] == pytest.approx(stylised_facts.volatility(sample.returns), rel=1e-12)
        assert found[f"excess_kurtosis.{name}"] == pytest.approx(facts["excess_kurtosis"], rel=1e-9)
        assert found[f"autocorrelation_1.{name}"] == pytest.approx(facts["acf_1"], abs=1e-12)
        for lag in (1, 5, 20, 50):
            assert found[f"abs_autocorrelation_{lag}.{name}"] == pytest.approx(facts[f"abs_acf_{lag}"], abs=1e-12)


def test_skewness_is_the_third_moment_and_a_flat_series_has_none():
    series = np.array([[0.0, 0.0, 0.0, 4.0], [1.0, 1.0, 1.0, 1.0]])
    assert moments.skewness(series)[0] == pytest.approx(2 / 3**0.5)  # (24 / 4) / 3^1.5 = 2 / sqrt 3
    assert np.isnan(moments.skewness(series)[1])
    assert np.isnan(moments.autocorrelation(series, 1)[1])
    assert moments.autocorrelation(series, 4)[0] == 0
