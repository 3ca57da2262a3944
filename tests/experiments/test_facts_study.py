"""The study of simulated returns: right series, the same function for real and simulated ones, and honest counts."""

from __future__ import annotations

import math

import numpy as np
import pytest
from carousel.experiments.studies import facts_report, facts_study
from carousel.experiments.studies.facts_report import Comparison
from carousel.experiments.studies.facts_study import (
    BANDS,
    baseline_facts,
    checks_of_facts,
    median_with_interval,
    simulated_facts,
    simulated_samples,
    without_the_circle,
)
from carousel.experiments.studies.market_data import Kind
from carousel.experiments.studies.optional import MissingData
from carousel.experiments.studies.study import Request, StudyFailed, markdown
from carousel.experiments.studies.stylised_facts import Fact, Measured, stylised_facts
from carousel.experiments.validation.checks import Verdict
from carousel.scenarios.loader import load

INSIDE = {kind: {fact: (low + high) / 2 for fact, (low, high) in bands.items()} for kind, bands in BANDS.items()}
DAYS = 5_040


@pytest.fixture(scope="module")
def long_run():
    return {sample.name: sample for sample in simulated_samples(seed=1, days=DAYS)}


@pytest.mark.slow
def test_one_run_of_twenty_years_gives_index_etf_and_single_shares(long_run):
    assert list(long_run) == ["index", "ETF", "Oracle", "NVIDIA"]
    for sample in long_run.values():
        assert sample.returns.shape == sample.volume.shape == (DAYS,)
        assert np.isfinite(sample.returns).all()
    # the fund follows the index it holds
    assert np.corrcoef(long_run["ETF"].returns, long_run["index"].returns)[0, 1] > 0.95


@pytest.mark.slow
def test_a_simulated_index_whose_days_are_shuffled_fails_the_checks(long_run):
    """The planted fault: the same returns, tails and all, in another order."""
    index = long_run["index"]
    right = checks_of_facts(Kind.INDEX, [stylised_facts(index.returns, index.volume)])
    order = np.random.default_rng(3).permutation(DAYS)
    wrong = checks_of_facts(Kind.INDEX, [stylised_facts(index.returns[order], index.volume)])

    def missed(checks):
        return {check.key.removeprefix("facts.index.") for check in checks if check.verdict is Verdict.MISSES}

    assert {"abs_acf_1", "abs_acf_5", "abs_acf_20", "abs_acf_50", "volume"} <= missed(wrong)
    assert len(missed(right)) < len(missed(wrong))


def test_the_market_without_the_circle_has_the_same_cast_and_no_deals():
    whole = load("ai-2025")
    bare = without_the_circle(whole)
    assert (bare.contract, bare.milestone, bare.news) == ((), (), ())
    assert (bare.lab, bare.cloud, bare.active_fund) == (whole.lab, whole.cloud, whole.active_fund)


def test_facts_inside_their_bands_hold_and_one_outside_misses():
    for kind in Kind:
        assert all(check.verdict is Verdict.HOLDS for check in checks_of_facts(kind, [INSIDE[kind]]))
        for fact in Fact:
            off = INSIDE[kind] | {fact: BANDS[kind][fact][1] + 0.01}
            missed = [check.key for check in checks_of_facts(kind, [off]) if check.verdict is Verdict.MISSES]
            who = "index" if kind is Kind.INDEX else "shares"
            assert missed == [f"facts.{who}.{fact}"]


def test_shares_need_seven_of_nine():
    off = dict(INSIDE[Kind.SHARE])
    for number, fact in enumerate((Fact.ACF_1, Fact.HILL, Fact.VOLUME), 1):
        off[fact] = 99.0
        last = checks_of_facts(Kind.SHARE, [off])[-1]
        assert last.key == "facts.shares.inside"
        assert last.measured == 9 - number
        assert last.verdict is (Verdict.HOLDS if number <= 2 else Verdict.MISSES)


def test_a_leverage_effect_of_zero_is_none():
    checks = checks_of_facts(Kind.INDEX, [INSIDE[Kind.INDEX] | {Fact.LEVERAGE: 0.0}])
    assert [check.key for check in checks if check.verdict is Verdict.MISSES] == ["facts.index.leverage"]


def test_the_median_and_its_interval_are_order_statistics():
    """20 values: the sixth and the fifteenth hold the median with at least 90 %."""
    assert median_with_interval(list(range(20))) == (9.5, (5.0, 14.0))
    assert median_with_interval([1.0]) == (1.0, None)
    assert math.isnan(median_with_interval([math.nan])[0])


def test_a_failed_run_gives_no_number(monkeypatch):
    def broken(**_):
        raise ZeroDivisionError("planted")

    monkeypatch.setattr(facts_study, "simulated_samples", broken)
    with pytest.raises(StudyFailed, match="seed 3: ZeroDivisionError: planted"):
        simulated_facts([3], years=1, workers=1)


def test_the_baseline_has_no_volume_and_misses_the_tails():
    facts = baseline_facts(range(1, 5))
    missed = {check.key for check in checks_of_facts(Kind.INDEX, facts) if check.verdict is Verdict.MISSES}
    assert {"facts.index.excess_kurtosis", "facts.index.volume"} <= missed


OFF = 99.0


def comparison(**planted):
    """Two runs whose facts lie in the middle of their bands, but for the planted ones of the shares."""
    share = INSIDE[Kind.SHARE] | {Fact(name): value for name, value in planted.items()}
    run = {"index": INSIDE[Kind.INDEX], "ETF": INSIDE[Kind.INDEX], "Oracle": share, "NVIDIA": share}
    real = {
        (kind, name): {fact: Measured(value, value - 1, value + 1) for fact, value in INSIDE[kind].items()}
        for kind, name in ((Kind.INDEX, "S&P 500"), (Kind.SHARE, "IBM"))
    }
    baseline = dict.fromkeys(Fact, math.nan)
    return Comparison(market=[run, run], with_circle=[run, run], baseline=[baseline, baseline], real=real)


def test_the_report_says_what_lies_outside_the_bands_and_shows_it_plain():
    result = facts_report.report(comparison(excess_kurtosis=OFF))
    text = markdown(result, command="python run.py study stylised-facts")
    assert "- Simulated index: 9 of 9 medians in the bands of real series." in text
    outside = "outside: excess kurtosis of returns 99.0 (band 6.5 to 14.0)"
    assert f"- Simulated shares: 8 of 9 medians in the bands of real series; {outside}." in text
    kurtosis = [line for line in text.splitlines() if line.startswith("| excess kurtosis of returns |")]
    assert ["**8.2 (8.2 to 8.2)**" in line for line in kurtosis] == [True, False]
    assert ["99.0 (99.0 to 99.0)" in line for line in kurtosis] == [False, True]
    assert "| inside | | 8 of 9 | 8 of 9 | 9 of 9 |" in text
    assert "median of 2 histories" in result.figures["stylised_facts"].get_supxlabel()


def test_the_report_s_numbers_are_those_of_its_tables():
    numbers = facts_report.report(comparison(hill=OFF)).tables["facts"]
    outside = numbers[~numbers["is_inside"] & (numbers["series"] != "Franke-Westerhoff")]
    assert set(outside["fact"]) == {"hill"}
    assert set(outside["series"]) == {"shares", "shares with the deals"}
    assert (outside["value"] == OFF).all()
    assert len(numbers) == len(Fact) * (5 + 3)
    assert set(numbers.loc[numbers["is_real"], "series"]) == {"S&P 500", "IBM"}


def test_without_the_real_series_the_study_says_which_package_is_missing(monkeypatch):
    def missing():
        raise MissingData("arch")

    monkeypatch.setattr(facts_report, "real_series", missing)
    with pytest.raises(StudyFailed, match="need the package arch") as told:
        facts_report.study(Request(seeds=2, workers=1))
    assert told.value.stage == "before its first run"
