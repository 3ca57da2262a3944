"""Many runs: results in the order of the cases, and a run that fails, dies or hangs does so alone."""

from __future__ import annotations

import math
import os
import resource
import signal
import sys
import time
from pathlib import Path

import pytest
from carousel.experiments.runner.cluster import kept_processes
from carousel.experiments.runner.limits import where_it_hung
from carousel.experiments.runner.runs import FailedRun, map_runs
from carousel.experiments.validation.checks import Check, ClaimKind, Verdict


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


@pytest.mark.parametrize("workers", [1, 2])
def test_no_cases_are_no_runs(workers):
    assert map_runs(math_sqrt, [], workers=workers) == []


def ends(how: str, number: int) -> int:
    """A run that ends in one of many ways; `number` is its result where it has one."""
    if how == "exit":
        os._exit(3)
    if how == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    if how == "memory":
        _, most = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (4 * 2**30, most))
        return len(bytearray(2**45))
    if how == "leave":
        sys.exit("left")
    if how == "hang":
        time.sleep(600)
    if how == "raise":
        raise ZeroDivisionError("planted")
    time.sleep(0.05)
    return number


def outcomes(ways, **options):
    cases = [{"how": how, "number": number} for number, how in enumerate(ways)]
    results = map_runs(ends, cases, workers=2, **options)
    return [r.error.partition(":")[0] if isinstance(r, FailedRun) else r for r in results], results


@pytest.mark.slow
def test_a_process_that_dies_again_and_again_is_one_failed_run_and_no_other_is_lost():
    told = []
    ways = ["well", "exit", "well", "kill", "well", "raise", "memory", "leave", "well", "exit", "well"]
    found, results = outcomes(ways, tell=lambda done, of: told.append((done, of)))
    died = "its process died, and died again when it ran alone"
    assert found == [0, died, 2, died, 4, "ZeroDivisionError", "MemoryError", "SystemExit", 8, died, 10]
    assert results[1].case == {"how": "exit", "number": 1}
    assert told == [(done, len(ways)) for done in range(1, len(ways) + 1)]


def test_a_run_that_hangs_is_ended_and_says_where():
    found, results = outcomes(["well", "hang", "well", "well"], seconds_max=2.0)
    assert found == [0, "no result within 2 s", 2, 3]
    assert results[1].where.startswith("ends, line ")


def test_a_run_that_dies_only_beside_others_has_its_result(tmp_path):
    """The second time it runs alone."""
    cases = [{"folder": str(tmp_path), "number": number} for number in range(4)]
    assert map_runs(dies_once, cases, workers=2) == [0, 1, 2, 3]
    assert (tmp_path / "2").exists()


def process_of(folder: str, number: int) -> int:
    """Where a case ran; the first two wait for each other, so that neither process does all."""
    (Path(folder) / str(number)).touch()
    until = time.monotonic() + 60
    while number < 2 and not (Path(folder) / str(1 - number)).exists() and time.monotonic() < until:
        time.sleep(0.01)
    return os.getpid()


def test_processes_stay_for_the_next_work_only_where_they_are_kept_and_where_it_ends_well(tmp_path):
    def stopped(done, of):
        raise KeyboardInterrupt

    def processes(work, **more):
        (tmp_path / work).mkdir()
        cases = [{"folder": str(tmp_path / work), "number": number} for number in range(4)]
        return set(map_runs(process_of, cases, workers=2, **more))

    with kept_processes():
        first, second = processes("first"), processes("second")
        assert first == second
        assert len(first) == 2
        with pytest.raises(KeyboardInterrupt):
            processes("stopped", tell=stopped)
        third = processes("third")
        assert not third & first
    assert not [one for one in first | third if Path(f"/proc/{one}").exists()]


def dies_once(folder: str, number: int) -> int:
    """The number; number 2 kills its process when it runs for the first time."""
    mark = Path(folder) / str(number)
    if number == 2 and not mark.exists():
        mark.touch()
        os._exit(1)
    return number


def test_only_the_thread_that_ran_the_case_says_where_it_hung(tmp_path):
    trace = tmp_path / "trace.txt"
    assert where_it_hung(trace) is None
    trace.write_text(
        'Timeout (0:00:02)!\nThread 0x01 (most recent call first):\n  File "a.py", line 7 in wait\n\n'
        'Thread 0x02 (most recent call first):\n  File "b.py", line 12 in slow\n  File "c.py", line 30 in bounded\n'
    )
    assert where_it_hung(trace) == "slow, line 12"
    trace.write_text("Timeout (0:00:02)!\n")
    assert where_it_hung(trace) == "-"


@pytest.mark.parametrize(
    ("measured", "verdict"),
    [(1.0, Verdict.HOLDS), (2.0, Verdict.HOLDS), (0.99, Verdict.MISSES), (math.nan, Verdict.MISSES)],
)
def test_a_check_holds_in_its_closed_band_only(measured, verdict):
    check = Check("a.b", "a lies between 1 and 2", measured, 1.0, 2.0, "-", "this test", kind=ClaimKind.IDENTITY)
    assert check.verdict is verdict
