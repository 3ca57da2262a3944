"""Many runs: results in the order of the cases, and a run that fails fails alone."""

from __future__ import annotations

import math

import pytest
from carousel.experiments.runner.runs import FailedRun, map_runs
from carousel.experiments.validation.checks import Check, Verdict


@pytest.mark.parametrize("workers", [1, 2])
def test_results_stand_in_the_order_of_the_cases_and_a_failed_run_fails_alone(workers):
    told = []
    cases = [{"x": 4.0}, {"x": -1.0}, {"x": 9.0}]
    four, failed, nine = map_runs(math_sqrt, cases, workers=workers, tell=lambda done, of: told.append((done, of)))
    assert (four, nine) == (2.0, 3.0)
    assert isinstance(failed, FailedRun)
    assert failed.case == {"x": -1.0}
    assert failed.error.startswith("ValueError: ")
    assert told == [(1, 3), (2, 3), (3, 3)]


def math_sqrt(x: float) -> float:
    """The square root, which refuses negative numbers."""
    return math.sqrt(x)


@pytest.mark.parametrize(
    ("measured", "verdict"),
    [(1.0, Verdict.HOLDS), (2.0, Verdict.HOLDS), (0.99, Verdict.MISSES), (math.nan, Verdict.MISSES)],
)
def test_a_check_holds_in_its_closed_band_only(measured, verdict):
    check = Check("a.b", "a lies between 1 and 2", measured, 1.0, 2.0, "-", "this test")
    assert check.verdict is verdict
