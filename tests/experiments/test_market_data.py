"""The real series are there, and our functions measure on them the facts whose bands the market must meet."""

from __future__ import annotations

import sys

import numpy as np
import pytest
from carousel.experiments.studies.facts_resampled import stylised_facts_resampled
from carousel.experiments.studies.facts_study import BANDS, COVERAGE, checks_of_facts
from carousel.experiments.studies.market_data import Kind, real_series
from carousel.experiments.studies.optional import MissingData, needs
from carousel.experiments.sweeps.outcomes.stylised_facts import Fact, stylised_facts
from carousel.experiments.validation.checks import Verdict

OUTSIDE = {("AAPL", Fact.EXCESS_KURTOSIS)}
"""One day, the profit warning of 29 September 2000 (-52 %), makes Apple's fourth moment."""


@pytest.fixture(scope="module")
def series():
    return real_series()


def test_six_series_of_the_stated_length_and_kind(series):
    assert [(s.name, s.kind, s.returns.size) for s in series] == [
        ("S&P 500", Kind.INDEX, 5030), ("Nasdaq", Kind.INDEX, 5030),
        ("AAPL", Kind.SHARE, 3269), ("GOOG", Kind.SHARE, 2147), ("IBM", Kind.SHARE, 3269), ("MSFT", Kind.SHARE, 3269),
    ]  # fmt: skip
    assert all(s.volume.shape == s.returns.shape for s in series)
    assert (series[0].first, series[0].last) == ("1999-01-04", "2018-12-31")


def test_every_fact_of_every_real_series_lies_in_its_printed_band(series):
    outside = set()
    for s in series:
        facts = stylised_facts(s.returns, s.volume)
        outside |= {(s.name, f) for f, (low, high) in BANDS[s.kind].items() if not low <= facts[f] <= high}
    assert outside == OUTSIDE


def test_apples_kurtosis_is_one_day():
    apple = next(s for s in real_series() if s.name == "AAPL")
    worst = int(np.argmin(apple.returns))
    assert np.expm1(apple.returns[worst]) == pytest.approx(-0.52, abs=0.005)
    assert stylised_facts(np.delete(apple.returns, worst))[Fact.EXCESS_KURTOSIS] < 14


def test_the_edges_of_the_volume_band_are_the_lowest_and_highest_real_values(series):
    """This fixes the definition: rank correlation, with the quadratic trend of log volume taken out."""
    found = [stylised_facts(s.returns, s.volume)[Fact.VOLUME] for s in series]
    assert (round(min(found), 2), round(max(found), 2)) == BANDS[Kind.SHARE][Fact.VOLUME]


def test_a_real_index_passes_the_checks_and_its_shuffled_days_fail_them(series):
    """The planted fault goes through the same function: the same returns and volumes in another order of days."""
    index = series[0]
    order = np.random.default_rng(1).permutation(index.returns.size)
    found = stylised_facts_resampled(index.returns, index.volume, seed=0, resamples=50, coverage=COVERAGE)
    values, intervals = {f: one.value for f, one in found.items()}, {f: (one.low, one.high) for f, one in found.items()}
    real = checks_of_facts(Kind.INDEX, [values], intervals=intervals)
    wrong = checks_of_facts(Kind.INDEX, [stylised_facts(index.returns[order], index.volume)])
    assert [check.key for check in real] == [f"facts.index.{fact}" for fact in Fact] == [check.key for check in wrong]
    assert all(check.verdict is Verdict.HOLDS for check in real)
    assert all(check.interval[0] < check.measured < check.interval[1] for check in real)
    missed = {check.key.removeprefix("facts.index.") for check in wrong if check.verdict is Verdict.MISSES}
    assert {"abs_acf_1", "abs_acf_5", "abs_acf_20", "abs_acf_50", "volume"} <= missed


def test_a_missing_package_is_one_clear_message(monkeypatch):
    class NotThere:
        @staticmethod
        def find_spec(name, path=None, target=None):
            if name == "arch":
                raise ModuleNotFoundError("No module named 'arch'", name="arch")

    for name in [name for name in sys.modules if name.partition(".")[0] == "arch"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(sys, "meta_path", [NotThere, *sys.meta_path])
    with pytest.raises(MissingData, match="need the package arch, which is not installed; allowed: pip") as fault:
        real_series()
    assert fault.value.package == "arch"


def test_a_fault_inside_a_package_is_not_taken_for_a_missing_one():
    with pytest.raises(MissingData, match="no_such_package"):
        needs("no_such_package.part")
    with pytest.raises(ModuleNotFoundError, match="no_such_part"):
        needs("arch.no_such_part")
