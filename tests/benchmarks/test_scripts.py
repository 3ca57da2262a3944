"""The benchmark scripts run with tiny sizes, write what they promise, and refuse what they do not know."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from carousel.benchmarks import growth, same_digest, speed

pytestmark = pytest.mark.once

ROOT = Path(__file__).resolve().parents[2]


def script(name, *arguments):
    """Run one benchmark script from the root of the checkout."""
    return subprocess.run(
        [sys.executable, f"benchmarks/{name}.py", *map(str, arguments)],
        cwd=ROOT, env=os.environ | {"OMP_NUM_THREADS": "1"}, capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip


@pytest.mark.slow
def test_speed_writes_every_figure_of_the_issue_and_finds_everything_equal(tmp_path):
    done = script("speed", "--quick", "--json", tmp_path / "speed.json")
    assert done.returncode == 0, done.stderr
    found = json.loads((tmp_path / "speed.json").read_text())
    wanted = {goal.key for goal in speed.GOALS} - {"cost_per_holder_1e7_over_1e6"}
    assert wanted | {"ns_per_holder_1e6", "five_years_no_holders_s"} <= set(found)
    assert found["unequal"] == []
    assert speed.is_equal(found)
    assert found["environment"]["load_at_start"] >= 0
    assert "NOT EQUAL" not in done.stdout


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("twins_equal", False),
        ("digest_equal_threads", False),
        ("digest_equal_recording", False),
        ("exact_days_1e6", 4),
    ],
)
def test_any_inequality_fails_the_benchmark(name, wrong):
    fine = {"twins_equal": True, "digest_equal_threads": True, "digest_equal_recording": True}
    fine |= {"exact_days_1e6": 5, "days_checked_1e6": 5}
    assert speed.is_equal(fine)
    assert not speed.is_equal(fine | {name: wrong})


@pytest.mark.slow
def test_growth_writes_its_points_and_draws_its_figure(tmp_path):
    done = script("growth", "--quick", "--json", tmp_path / "growth.json", "--figure", tmp_path / "growth.svg")
    assert done.returncode == 0, done.stderr
    found = json.loads((tmp_path / "growth.json").read_text())
    assert {point["axis"] for point in found["points"]} == set(growth.AXES) == set(found["slopes"])
    assert (tmp_path / "growth.svg").stat().st_size > 1000


def test_an_unknown_axis_is_bad_input():
    done = script("growth", "--axis", "planets")
    assert done.returncode == 2
    assert "planets" in done.stderr


def test_a_power_law_has_its_exponent_as_slope():
    sizes = [10, 100, 1000, 10_000]
    assert growth.slope(sizes, [s**1.5 for s in sizes]) == pytest.approx(1.5)


def test_a_square_hidden_under_a_fixed_cost_is_seen_in_what_growth_adds():
    points = [growth.Point("contracts", n, 1.0 + 1e-6 * n * n, 1.0) for n in (10, 100, 1000, 3000)]
    found = growth.slopes(points)
    assert found["added"] == pytest.approx(2.0, abs=0.01)
    assert found["all"] < 0.6


def test_the_store_of_a_sweep_is_measured_and_holds_what_was_written(tmp_path):
    done = script("sweep_store", "--runs", 45, "--pairs", 1, "--days", 5, "--json", tmp_path / "store.json")
    assert done.returncode == 0, done.stderr
    found = json.loads((tmp_path / "store.json").read_text())
    assert found["runs"] == 45
    assert found["series"] == 35
    assert found["same_digest"] == 1
    assert found["partials_left"] == 0


@pytest.mark.slow
def test_one_digest_is_found_with_every_choice_and_number_of_threads(tmp_path):
    done = script("same_digest", "--quick", "--json", tmp_path / "same.json")
    assert done.returncode == 0, done.stderr
    found = json.loads((tmp_path / "same.json").read_text())
    assert found["differ"] == []
    assert [one["threads"] for one in found["found"]] == ["1", "2"]
    assert {len(digests) for one in found["found"] for digests in one["digests"].values()} == {10}


def test_a_digest_that_differs_is_told_with_where_it_was_found():
    places = [{"python": python, "mesa": "3.5.1", "threads": "1"} for python in ("3.11.2", "3.13.0")]
    found = [place | {"digests": {"a run": {"nothing": "a" * 64, "by default": "a" * 64}}} for place in places]
    assert list(same_digest.unlike(found)) == []
    found[1]["digests"]["a run"]["by default"] = "b" * 64
    (told,) = same_digest.unlike(found)
    assert "a run, Python 3.13.0, Mesa 3.5.1, threads 1, recorded by default: bbbb" in told
