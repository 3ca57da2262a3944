"""Folders of sweeps given to commands for runs: refused in one line that helps, or cited."""

from __future__ import annotations

import json

import pytest
from carousel.cli.endings import run_command
from carousel.experiments.sweeps.crew import Hands
from carousel.experiments.sweeps.driver import run_sweep
from carousel.experiments.sweeps.store import table_digest
from carousel.experiments.sweeps.sweep_file import parse_sweep

SAID = """
scenario = "joke"
days = 4
outcomes = ["drawdown"]
[replications]
number = 2
"""


@pytest.fixture(scope="module")
def swept(tmp_path_factory):
    """A finished sweep of two runs."""
    folder = tmp_path_factory.mktemp("among") / "s"
    run_sweep(parse_sweep(SAID), folder, hands=Hands(workers=1))
    return folder


@pytest.fixture(scope="module")
def one(swept, tmp_path_factory):
    """A row of it as a run."""
    folder = tmp_path_factory.mktemp("one") / "run"
    assert run_command(["rerun", str(swept), "1", "--out", str(folder)]) == 0
    return folder


@pytest.mark.parametrize(
    "command",
    [
        ["diff", "SWEEP", "SWEEP"],
        ["diff", "SWEEP", "RUN"],
        ["diff", "RUN", "SWEEP"],
        ["extend", "SWEEP", "--days", "5"],
        ["explain", "SWEEP", "2"],
        ["branch", "SWEEP", "--from", "2"],
    ],
)
def test_a_sweep_is_no_run_and_the_line_says_how_to_get_one(swept, one, capsys, command):
    places = {"SWEEP": str(swept), "RUN": str(one)}
    assert run_command([places.get(word, word) for word in command]) == 2
    said = capsys.readouterr()
    assert said.err == (
        f"error: {swept}: this is a sweep; allowed: the folder of a finished run "
        "(`rerun SWEEP ROW --out RUN` makes one of a sweep's run)\n"
    )
    assert not said.out


def test_what_is_neither_is_not_told_that_a_sweep_would_do(one, tmp_path, capsys):
    assert run_command(["diff", str(one), str(tmp_path)]) == 2
    assert capsys.readouterr().err.endswith("has no tables; allowed: the folder of a finished run\n")


def test_a_row_of_a_sweep_becomes_a_run_like_any_other(swept, one, capsys):
    manifest = json.loads((one / "manifest.json").read_text())
    assert (manifest["seed"], manifest["days"], manifest["row_of_sweep"]["run"]) == (1, 4, 1)
    assert run_command(["explain", str(one), "2"]) == 0
    assert run_command(["diff", str(one), str(one)]) == 0
    assert "Nowhere" in capsys.readouterr().out
    assert run_command(["rerun", str(swept), "1", "--out", str(swept / "within")]) == 2
    assert "is within" in capsys.readouterr().err


def test_a_finished_sweep_is_cited_by_the_digest_of_its_runs_and_another_is_not(swept, tmp_path, capsys):
    assert run_command(["cite", str(swept)]) == 0
    entry = capsys.readouterr().out
    assert table_digest(swept) in entry
    assert "sweep of joke, 2 runs}}" in entry
    assert entry.count("{") == entry.count("}")
    held = tmp_path / "s"
    held.mkdir()
    for name in ("sweep.toml", "manifest.json", "design.parquet"):
        (held / name).write_bytes((swept / name).read_bytes())
    assert run_command(["cite", str(held)]) == 2
    assert "this sweep is not finished: 0 of 2 runs" in capsys.readouterr().err
