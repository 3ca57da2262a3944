"""`carousel sweep` and `rerun`: what they print, how they end, and what a kill leaves."""

from __future__ import annotations

import json
import os
import random
import re
import signal
import subprocess
import sys
import time

import pytest
from carousel.benchmarks import sweep_kills
from carousel.cli.endings import run_command
from carousel.cli.sweep_options import Asked, asked_sweep
from carousel.cli.sweep_progress import duration
from carousel.experiments.sweeps.changes import world_of
from carousel.experiments.sweeps.designs import levels
from carousel.experiments.sweeps.named_sweeps import named_sweep, sweep_names
from carousel.experiments.sweeps.store import read_runs
from carousel.scenarios.loader import bundled

WRONG = ["runs are lost", "another table", "files left", "not done"]
SAID = """
scenario = "joke"
days = 5
outcomes = ["drawdown", "regime"]
[replications]
number = {seeds}
"""


@pytest.fixture
def asked(tmp_path):
    """Writes a sweep file of so many seeds."""

    def write(seeds):
        path = tmp_path / "joke.toml"
        path.write_text(SAID.format(seeds=seeds))
        return str(path)

    return write


def test_a_sweep_is_run_resumed_added_to_and_repeated_row_by_row(asked, tmp_path, capsys):
    out = ["--out", str(tmp_path / "s"), "--workers", "1"]
    assert run_command(["sweep", asked(6), *out]) == 0
    said = capsys.readouterr()
    assert "1 point x 1 case x 6 seeds = 6 runs" in said.err
    assert re.search(r"6 runs, on 1 worker: about \S+ s, \S+ ms a run", said.err)
    assert said.out.strip().endswith("of which 0 failed")
    before = read_runs(tmp_path / "s")
    assert run_command(["sweep", asked(8), *out]) == 0
    assert read_runs(tmp_path / "s").head(6).equals(before)
    capsys.readouterr()
    assert run_command(["rerun", str(tmp_path / "s"), "7"]) == 0
    assert "equal to the sweep's, digest included" in capsys.readouterr().out


def test_check_makes_every_world_and_runs_none(asked, tmp_path, capsys):
    assert run_command(["sweep", asked(6), "--check", "--out", str(tmp_path / "s")]) == 0
    said = capsys.readouterr()
    assert "= 6 runs" in said.err
    assert not (tmp_path / "s").exists()


def test_a_sweep_needs_no_file(tmp_path, capsys):
    axes = ["--grid", "dry_powder_scale=0.1:2:3", "--grid", "monetisation_growth_per_year=0:2.5:2", "--seeds", "2"]
    assert run_command(["sweep", "ai-2025", *axes, "--check"]) == 0
    assert "6 points x 1 case x 2 seeds = 12 runs" in capsys.readouterr().err
    assert run_command(["sweep", "ai-2025", "--grid", "dry_powder_scale=0.1:2", "--sobol", "4", "--check"]) == 0
    assert "x 1 case x 1 seed = 12 runs" in capsys.readouterr().err
    (tmp_path / "points.csv").write_text("dry_powder_scale\n0.5\n1.5\n")
    assert run_command(["sweep", "ai-2025", "--samples", str(tmp_path / "points.csv"), "--check"]) == 0
    assert "2 points x" in capsys.readouterr().err


def test_an_axis_may_be_of_ratios_or_of_factors(capsys):
    axis = "lab.*.revenue_usd_per_year=0.5:2:3:times:log"
    sweep = asked_sweep(Asked("ai-2025", grid=[axis]))
    revenue = sweep.vary["lab.*.revenue_usd_per_year"]
    assert levels(revenue, 3) == [0.5, 1.0, 2.0]
    worlds = [world_of(sweep, sweep.cases[0], {"lab.*.revenue_usd_per_year": v}) for v in (0.5, 2.0)]
    assert worlds[1].lab[0].revenue_usd_per_year == 4 * worlds[0].lab[0].revenue_usd_per_year
    factors = asked_sweep(Asked("ai-2025", grid=["lab.*.revenue_usd_per_year=0.5,2:times"]))
    assert factors.vary["lab.*.revenue_usd_per_year"].times


def test_without_a_name_the_sweeps_that_come_with_carousel_are_listed(capsys):
    assert run_command(["sweep"]) == 0
    listed = capsys.readouterr().out
    assert all(name in listed for name in sweep_names())


@pytest.mark.parametrize("name", sweep_names())
def test_every_named_sweep_asks_a_question_and_its_worlds_can_be_made(name, capsys):
    assert run_command(["sweep", name, "--check"]) == 0
    assert named_sweep(name).question.endswith("?")
    assert name not in bundled()


def test_a_named_sweep_takes_another_size_and_no_other_design(capsys):
    assert run_command(["sweep", "who-pays", "--seeds", "1", "--days", "5", "--check"]) == 0
    assert "1 point x 1 case x 1 seed = 1 run\n" in capsys.readouterr().err
    assert run_command(["sweep", "who-pays", "--grid", "dry_powder_scale=1,2", "--check"]) == 2
    assert "who-pays has a design of its own" in capsys.readouterr().err
    assert run_command(["sweep", "who-pay", "--check"]) == 2
    assert capsys.readouterr().err.strip().endswith("nearest: who-pays")


def test_an_outcome_that_is_none_is_said_before_anything_else(tmp_path, capsys):
    out = tmp_path / "s"
    assert run_command(["sweep", "joke", "--outcomes", "nothing", "--out", str(out)]) == 2
    assert capsys.readouterr().err.startswith("error: sweep: outcomes: came 'nothing'; allowed: ")
    assert not out.exists()


@pytest.mark.parametrize("axis", ["dry_powder_scale", "=1:2", "a=1:2:3:4", "a=x:2", "a=1,,2", "a=:log"])
def test_an_axis_that_cannot_be_read_is_one_line(axis, capsys):
    assert run_command(["sweep", "ai-2025", "--grid", axis, "--check"]) == 2
    assert "allowed: KEY=LOW:HIGH:STEPS" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("axis", "said"),
    [("dry_powder_scal=0.1:1:3", "nearest: dry_powder_scale"), ("dry_powder_scale=-5:1:3", "allowed: ")],
)
def test_an_axis_that_is_none_or_leaves_its_bounds_is_said_before_anything_is_run(axis, said, tmp_path, capsys):
    assert run_command(["sweep", "ai-2025", "--grid", axis, "--out", str(tmp_path / "s")]) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert said in error
    assert not (tmp_path / "s").exists()


@pytest.mark.parametrize("options", [["--gather"], ["--workers", "2", "--cluster", "tcp://127.0.0.1:1"]])
def test_this_machine_or_a_cluster_works_not_both(options, tmp_path, capsys):
    assert run_command(["sweep", "joke", "--out", str(tmp_path / "s"), *options]) == 2
    assert capsys.readouterr().err.startswith(f"error: {options[0]}: came ")
    assert not (tmp_path / "s").exists()


OVER = """
outcomes = ["turned"]
days = 5
[vary."lab.OpenAI.revenue_share"]
values = [0.1, 0.2]
[[case]]
name = "as it is"
[[case]]
name = "low"
{said}
"""


@pytest.mark.parametrize(
    ("said", "is_refused"),
    [
        ('set = {"lab.OpenAI.revenue_share" = 0.3}', True),
        ('times = {"lab.*.revenue_share" = 2.0}', True),
        ('set = {"lab.OpenAI.revenue_usd_per_year" = 1e9}', False),
        ('[[case.on]]\ndate = 2025-09-12\nset = {"lab.OpenAI.revenue_share" = 0.3}', False),
    ],
)
def test_a_case_that_an_axis_would_overrule_is_refused_before_any_run(said, is_refused, tmp_path, capsys):
    (tmp_path / "a.toml").write_text(OVER.format(said=said))
    assert run_command(["sweep", str(tmp_path / "a.toml"), "--check"]) == (2 if is_refused else 0)
    error = capsys.readouterr().err
    if is_refused:
        assert error.count("\n") == 1
        assert "vary.lab.OpenAI.revenue_share: came values that case.low." in error


def test_an_axis_that_another_would_overrule_is_refused_and_one_that_it_scales_is_not(capsys):
    parameter, path = "monetisation_growth_per_year=0:1:2", "lab.*.revenue_growth_per_year=0.5,1"
    refused = ["sweep", "ai-2025", "--grid", path, "--grid", parameter, "--check"]
    assert run_command(refused) == 2
    assert "came values that vary.lab.*.revenue_growth_per_year moves too" in capsys.readouterr().err
    assert run_command(["sweep", "ai-2025", "--grid", parameter, "--grid", f"{path}:times", "--check"]) == 0


DECIDING = [
    ('outcome = "regime"', "turned"),
    ('outcome = "drawdown"', "true or false"),
    ('outcome = "regim"', "one of the sweep's outcomes"),
]


@pytest.mark.parametrize(("outcome", "allowed"), DECIDING)
def test_an_outcome_that_cannot_decide_is_refused_before_anything_is_said(outcome, allowed, tmp_path, capsys):
    said = f'outcomes = ["turned", "regime", "drawdown"]\n[replications]\nuntil = {{ {outcome} }}\n'
    (tmp_path / "a.toml").write_text(said)
    assert run_command(["sweep", str(tmp_path / "a.toml"), "--check"]) == 2
    error = capsys.readouterr().err
    assert error.startswith(f"error: {tmp_path / 'a.toml'}: replications.until.outcome: ")
    assert allowed in error
    assert error.count("\n") == 1


def test_a_row_that_no_sweep_has_is_bad_input(tmp_path, capsys):
    assert run_command(["rerun", str(tmp_path), "0"]) == 2
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.slow
@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_sweep_says_so_in_one_line_and_goes_on_later(asked, tmp_path, sign):
    folder = tmp_path / "s"
    command = [sys.executable, "-m", "carousel.run", "sweep", asked(3000), "--out", str(folder), "--workers", "2"]
    process = subprocess.Popen(
        command,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # tests in the background are deaf to it
    )
    until = time.monotonic() + 600
    while time.monotonic() < until and not list(folder.glob("runs/*.parquet")):
        time.sleep(0.05)
    if sign is signal.SIGINT:
        for _ in range(3):  # in impatience
            os.killpg(process.pid, sign)  # as a terminal does
            time.sleep(0.3)
    else:
        process.send_signal(sign)
    told = process.communicate(timeout=300)[1]
    said = told.splitlines()
    assert process.returncode == 130
    assert "Traceback" not in told
    there = len(read_runs(folder))
    assert 0 < there < 3000
    assert said[-1] == f"interrupted: {there:,} of 3,000 runs are done in {folder}; the same command again goes on"
    status = json.loads((folder / "status.json").read_text())
    assert (status["state"], status["done"]) == ("interrupted", there)


@pytest.mark.slow
def test_kills_of_drivers_and_workers_lose_no_run_and_leave_nothing(tmp_path):
    """A few of the hundred kills of benchmarks/sweep_kills.py."""
    digest = sweep_kills.undisturbed(tmp_path / "undisturbed", 300)
    killer = sweep_kills.Killer(tmp_path / "s", 300, 2, random.Random(1))
    killer.until_done(4)
    assert sweep_kills.faults_of(tmp_path / "s", 300, digest) == []


def test_a_faulty_table_is_seen(tmp_path):
    digest = sweep_kills.undisturbed(tmp_path / "s", 20)
    assert sweep_kills.faults_of(tmp_path / "s", 21, digest + "0") == WRONG


def test_a_time_is_told_in_two_units_at_most():
    assert [duration(s) for s in (3, 150, 3600 * 3 + 60, 86400 * 3)] == ["3 s", "2 min", "3 h 1 min", "3.0 days"]
