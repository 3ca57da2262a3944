"""The command line as users and scripts meet it: exit status, one line for bad input, the joke's computed answer."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

RUN = Path(__file__).parent.parent / "run.py"


def run(*arguments, cwd=None):
    environment = {**os.environ, "COLUMNS": "200", "NO_COLOR": "1"}
    return subprocess.run(
        [sys.executable, str(RUN), *arguments],
        capture_output=True,
        text=True,
        cwd=cwd,
        env=environment,
        timeout=300,
        check=False,
    )


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--nonsense"], "--nonsense"),
        (["simulate", "--seed", "many"], "--seed"),
        (["simulate", "--seed", "-1"], "--seed"),
        (["simulate", "--days"], "--days"),
        (["simulate", "--days", "0"], "days"),
        (["simulate", "--holders", "-5"], "holders"),
        (["simulate", "--tracing", "random"], "--tracing"),
        (["simulate", "ai-2052"], "ai-2025"),
        (["simulate", "nowhere.toml"], "nowhere.toml"),
        (["simulate", "--set", "nonsense"], "KEY.PATH=VALUE"),
        (["simulate", "--set", "lab.OpenAI.revenu_share=0.1"], "revenue_share"),
        (["simulate", "--set", "committed_scale=much"], "committed_scale"),
        (["show", "nothing"], "nothing"),
        (["frobnicate"], "frobnicate"),
        (["scenarios", "too", "many"], "many"),
    ],
)
def test_bad_input_is_one_line_with_status_2_and_no_traceback(arguments, says, tmp_path):
    ended = run(*arguments, cwd=tmp_path)
    assert ended.returncode == 2
    assert ended.stdout == ""
    assert len(ended.stderr.splitlines()) == 1
    assert says in ended.stderr
    assert "Traceback" not in ended.stderr
    assert list(tmp_path.iterdir()) == []


def test_an_occupied_run_directory_is_refused_before_the_run(tmp_path):
    (tmp_path / "mine").write_text("keep me")
    ended = run("simulate", "--days", "1", "--out", str(tmp_path / "mine"))
    assert ended.returncode == 2
    assert len(ended.stderr.splitlines()) == 1
    assert (tmp_path / "mine").read_text() == "keep me"


def test_scenarios_are_listed():
    ended = run("scenarios")
    assert ended.returncode == 0
    for name in ("ai-2025", "ai-2025-as-printed", "ai-2025-wide", "joke"):
        assert name in ended.stdout


def test_a_scenario_is_shown_with_debts_and_sources():
    ended = run("show", "joke")
    assert ended.returncode == 0
    assert "The chip maker" in ended.stdout
    assert "each owes the next 100" in ended.stdout


def test_a_change_is_shown():
    ended = run("show", "joke", "--set", "obligation.Chips.amount_usd=55")
    assert ended.returncode == 0
    assert "55" in ended.stdout


def test_the_joke_is_settled_without_money_and_one_dollar_goes_round_100_times(tmp_path):
    ended = run("simulate", "joke", cwd=tmp_path)
    assert ended.returncode == 0, ended.stderr
    assert "$300 of debts are settled with $0 of cash; $300 cancel out" in ended.stdout
    assert "300 payments" in ended.stdout
    assert "goes round 100 times" in ended.stdout
    folder = tmp_path / "runs" / "joke-seed0"
    assert "goes round 100 times" in (folder / "answer.md").read_text()
    assert (folder / "manifest.json").exists()


def test_help_names_the_commands():
    ended = run("--help")
    assert ended.returncode == 0
    assert all(command in ended.stdout for command in ("simulate", "scenarios", "show"))


@pytest.mark.parametrize("arguments", [["--help"], ["study"], ["scenarios"], ["simulate", "ai-2052"], ["--nonsense"]])
def test_what_runs_no_market_loads_none(arguments):
    """Help, lists and refusals come at once: nothing that computes is imported for them."""
    program = f"import sys; from carousel import run; run._run_command({arguments!r}); print(sorted(sys.modules))"
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)
    loaded = ended.stdout.splitlines()[-1]
    assert "'carousel.cli.terminal'" in loaded
    assert not [name for name in ("numba", "pandas", "mesa", "matplotlib") if f"'{name}'" in loaded]
