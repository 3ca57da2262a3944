"""The study of simulated returns: right series, the same function for real and simulated ones, and honest counts."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from carousel.experiments.studies import facts_report
from carousel.experiments.studies.facts_report import Comparison
from carousel.experiments.studies.facts_resampled import Measured
from carousel.experiments.studies.facts_study import (
    BANDS,
    MARKET,
    SERIES,
    STEMS,
    WITH_DEALS,
    baseline_facts,
    checks_of_facts,
    facts_of,
    median_with_interval,
)
from carousel.experiments.studies.market_data import Kind
from carousel.experiments.studies.optional import MissingData
from carousel.experiments.studies.study import StudyFailed, markdown
from carousel.experiments.sweeps.analysis.asked import asked_of
from carousel.experiments.sweeps.analysis.tables import SweepTables
from carousel.experiments.sweeps.changes import world_of
from carousel.experiments.sweeps.named_sweeps import named_sweep
from carousel.experiments.sweeps.outcomes import names_of
from carousel.experiments.sweeps.outcomes.stylised_facts import Fact
from carousel.experiments.sweeps.run_world import run_world
from carousel.experiments.validation.checks import Verdict
from carousel.experiments.validation.planted_faults import planting

INSIDE = {kind: {fact: (low + high) / 2 for fact, (low, high) in bands.items()} for kind, bands in BANDS.items()}


def facts_of_a_run(world):
    """The facts of the index of twenty years, by name."""
    names = [f"{stem}.index" for stem in STEMS.values()]
    found = run_world(world, 1, names).scalars
    return {fact: found[f"{stem}.index"] for fact, stem in STEMS.items()}


@pytest.mark.slow
def test_a_simulated_index_whose_days_are_shuffled_fails_the_checks():
    """The planted fault: the same returns, tails and all, in another order."""
    sweep = named_sweep("stylised-facts")
    world = world_of(sweep, sweep.cases[0], {})
    right = checks_of_facts(Kind.INDEX, [facts_of_a_run(world)])
    with planting("shuffled-returns"):
        wrong = checks_of_facts(Kind.INDEX, [facts_of_a_run(world)])

    def missed(checks):
        return {check.key.removeprefix("facts.index.") for check in checks if check.verdict is Verdict.MISSES}

    assert {"abs_acf_1", "abs_acf_5", "abs_acf_20", "abs_acf_50", "volume"} <= missed(wrong)
    assert len(missed(right)) < len(missed(wrong))


def test_the_market_without_the_circle_has_the_same_cast_and_no_deals():
    sweep = named_sweep("stylised-facts")
    bare, whole = (world_of(sweep, case, {}) for case in sweep.cases)
    assert (bare.contract, bare.milestone, bare.news) == ((), (), ())
    assert (bare.lab, bare.cloud, bare.active_fund) == (whole.lab, whole.cloud, whole.active_fund)
    assert whole.contract
    assert [f.name for f in (*whole.cloud, *whole.chip_maker)] == [n for n in SERIES if n not in ("index", "ETF")]
    assert set(names_of(["*"], whole)) >= {f"{stem}.{of}" for stem in STEMS.values() for of in SERIES.values()}


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


def test_facts_are_read_by_case_and_a_failed_run_gives_no_number():
    rows = pd.DataFrame({"run": [0, 1], "case": [MARKET, WITH_DEALS], "seed": [3, 3], "status": ["ok", "ok"]})
    columns = {f"{stem}.{of}": [0.5, 0.7] for stem in STEMS.values() for of in SERIES.values()}
    tables = SweepTables(asked_of({}), rows, rows.assign(**columns, stage="", exception=""))
    assert facts_of(tables, WITH_DEALS) == [dict.fromkeys(SERIES, dict.fromkeys(Fact, 0.7))]
    tables.runs.loc[1, ["status", "stage", "exception"]] = ["failed", "on day 4", "ZeroDivisionError: planted"]
    with pytest.raises(StudyFailed, match=r"seed 3: ZeroDivisionError: planted \(on day 4\)"):
        facts_of(SweepTables(tables.asked, rows, tables.runs), MARKET)


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
    result = facts_report.report_of(comparison(excess_kurtosis=OFF))
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
    numbers = facts_report.report_of(comparison(hill=OFF)).tables["facts"]
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
        facts_report.STUDY.prepare()
    assert told.value.stage == "before its first run"
