"""A watch sees and never touches; a run's fingerprint tells runs apart; moments and facts are those of functions."""

from __future__ import annotations

import numpy as np
import pytest
from carousel.experiments.sweeps.outcomes import UnknownOutcome, moments, names_of, series_names_of, stylised_facts
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
    wide = load("ai-2025-wide-september")
    names = names_of(["market_value.*", "paid.*", "payer_share.*"], wide)
    joke = load("joke")
    measured = run_world(joke, 0, names, series_names_of(["market_value.*"], wide))
    assert {name.partition(".")[0] for name, value in measured.scalars.items() if value == 0} == {"paid"}
    assert all(value is None for name, value in measured.scalars.items() if not name.startswith("paid"))
    assert all(len(course) == 0 for course in measured.tracks.values())


def test_an_unknown_name_is_refused_before_the_run(scenario):
    with pytest.raises(UnknownOutcome):
        run_world(scenario, 0, ["no_such_outcome"])


def daily(scenario, seed):
    """Returns and volume of index, ETF and shares, looked up in the model day by day."""
    model = CarouselModel(scenario, rng=seed)
    board = model.prices
    prices, traded, fund, fund_traded, outstanding = [board.price_cents.copy()], [], [board.etf_price_cents], [], []
    while model.running:
        outstanding.append(board.registers.outstanding[board.securities].copy())
        model.step()
        prices.append(board.price_cents.copy())
        traded.append(board.volume_shares.copy())
        fund.append(board.etf_price_cents)
        fund_traded.append(board.etf_volume_shares)
    price, volume, shares = (np.array(rows, dtype=float) for rows in (prices, traded, outstanding))
    worth = (price[1:] * shares).sum(axis=1)
    index = np.log(worth / (price[:-1] * shares).sum(axis=1)), (price[1:] * volume).sum(axis=1) / worth
    etf = np.diff(np.log(np.array(fund, dtype=float))), np.array(fund_traded, dtype=float)
    own = {f.name: (np.diff(np.log(price[:, f.index])), volume[:, f.index]) for f in model.cast.listed}
    return {"index": index, scenario.etf.name: etf} | own


def test_moments_of_returns_are_those_of_the_stylised_facts():
    scenario = load("ai-2025", ["days=300", "holders=300"])
    asked = ["volatility.*", "*kurtosis.*", "*autocorrelation_*", "hill.*", "leverage.*", "volume_correlation.*"]
    found = run_world(scenario, 4, names_of(asked, scenario)).scalars
    for name, (returns, volume) in daily(scenario, 4).items():
        facts = stylised_facts.stylised_facts(returns, volume)
        assert found[f"volatility.{name}"] == pytest.approx(float(np.std(returns)), rel=1e-12)
        assert found[f"excess_kurtosis.{name}"] == pytest.approx(facts["excess_kurtosis"], rel=1e-9)
        assert found[f"autocorrelation_1.{name}"] == pytest.approx(facts["acf_1"], abs=1e-12)
        for lag in (1, 5, 20, 50):
            assert found[f"abs_autocorrelation_{lag}.{name}"] == pytest.approx(facts[f"abs_acf_{lag}"], abs=1e-12)
        for stem in ("hill", "leverage"):
            assert found[f"{stem}.{name}"] == facts[stem]
        assert found[f"volume_correlation.{name}"] == facts["volume"]


def test_facts_of_less_than_a_year_are_nothing(scenario):
    found = run_world(scenario, 4, names_of(["hill.*", "leverage.*", "volume_correlation.*"], scenario)).scalars
    assert set(found.values()) == {None}


def test_skewness_is_the_third_moment_and_a_flat_series_has_none():
    series = np.array([[0.0, 0.0, 0.0, 4.0], [1.0, 1.0, 1.0, 1.0]])
    assert moments.skewness(series)[0] == pytest.approx(2 / 3**0.5)  # (24 / 4) / 3^1.5 = 2 / sqrt 3
    assert np.isnan(moments.skewness(series)[1])
    assert np.isnan(moments.autocorrelation(series, 1)[1])
    assert moments.autocorrelation(series, 4)[0] == 0
