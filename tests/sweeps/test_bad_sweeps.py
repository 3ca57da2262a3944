"""Sweep files, command lines and folders that cannot be meant: one line each, before anything is made or run."""

from __future__ import annotations

import shutil

import pytest
from carousel.cli.endings import run_command
from carousel.experiments.sweeps.analysis.tables import read_tables
from carousel.experiments.sweeps.crew import Hands
from carousel.experiments.sweeps.driver import run_sweep
from carousel.experiments.sweeps.rerun import rerun
from carousel.scenarios.errors import BadInput
from carousel.tests.sweeps import poison

BEGIN = 'outcomes = ["turned"]\ndays = 3\n'
POWDER = "[vary.dry_powder_scale]\nlow = 0.1\nhigh = 1\n"
PATHS = 'steps = 2\nlow = 0.1\nhigh = 1\npaths = ["dry_powder_scale"]\n'
BOUNDARY = POWDER + '[design]\nkind = "boundary"\noutcome = "turned"\n'
AXES = "".join(f"[vary.{name}]\nlow = 0.1\nhigh = 1\n" for name in ("dry_powder_scale", "committed_scale", "etf_scale"))
BAD_FILES = {
    "a grid of 10^30 points": (
        "".join(f"[vary.p{i}]\nlow = 0\nhigh = 1\nsteps = 100000\n" for i in range(6)),
        "runs_max",
    ),
    "a finest grid of 10^9 places": (
        AXES + '[design]\nkind = "boundary"\noutcome = "turned"\nstart = [2, 2, 2]\nfinest = [1025, 1025, 1025]\n',
        "design.finest: came 1,076,890,625 places",
    ),
    "not a number in a range": ("[vary.dry_powder_scale]\nlow = nan\nhigh = 1\nsteps = 3\n", "low: came nan"),
    "not a number among values": ("[vary.dry_powder_scale]\nvalues = [1.0, nan]\n", "values.2: came nan"),
    "not a number in a case": ('[[case]]\nname = "a"\nset = {dry_powder_scale = nan}\n', "came nan"),
    "a level that is none": (BOUNDARY + "start = [2]\nfinest = [3]\nlevel = nan\n", "design.level: came nan"),
    "an axis called as a column": ("[vary.status]\n" + PATHS, "vary.status: came the name of a column"),
    "an axis called as an outcome": ("[vary.turned]\n" + PATHS, "vary.turned: came the name of an outcome"),
    "steps of a boundary": (
        BOUNDARY.replace("high", "steps = 9\nhigh") + "start = [2]\nfinest = [3]\n",
        "steps: came 9",
    ),
    "points of a grid": (POWDER + "steps = 2\n[design]\npoints = 8\n", "design.points: came 8"),
    "names that look alike": ('[[case]]\nname = "é"\n[[case]]\nname = "e\u0301"\n', "a name of its own"),
    "a name that turns the line round": ('[[case]]\nname = "a\u202eb"\n', "allowed: letters, digits"),
    "a picture for a name": ('[[case]]\nname = "🎉"\n', "allowed: letters, digits"),
    "a smallest number under a log scale": (
        '[vary.dry_powder_scale]\nlow = 5e-324\nhigh = 1\nscale = "log"\nsteps = 3\n',
        "dry_powder_scale = 5e-324",
    ),
}
BAD_FILES["a list for an axis"] = (
    "[vary]\ndry_powder_scale = [0.1, 1]\n",
    "vary.dry_powder_scale: came a list of 2; allowed: [vary.dry_powder_scale] with values = [...], or with low, high",
)
BAD_LINES = {
    "an axis twice": (["--grid", "dry_powder_scale=0:1:2", "--grid", "dry_powder_scale=1,2"], "dry_powder_scale twice"),
    "two designs": (["--grid", "dry_powder_scale=0:1", "--latin", "4", "--sobol", "4"], "--sobol: came with --latin"),
    "samples and a design": (["--samples", "x.csv", "--latin", "4"], "--samples: came with --latin"),
    "an empty address": (["--cluster", ""], "--cluster: came nothing"),
    "no worker": (["--workers", "0"], "--workers"),
    "a thousand workers": (["--workers", "1024"], "for each core here"),
}


def one_line(capsys) -> str:
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert said.startswith("error: ")
    return said


@pytest.mark.parametrize("what", BAD_FILES)
def test_a_sweep_file_that_cannot_be_meant_is_one_line(what, tmp_path, capsys, monkeypatch):
    text, said = BAD_FILES[what]
    (tmp_path / "b.toml").write_text(BEGIN + text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert run_command(["sweep", "b.toml"]) == 2
    assert said in one_line(capsys)
    assert [p.name for p in tmp_path.iterdir()] == ["b.toml"]


@pytest.mark.parametrize("what", BAD_LINES)
def test_a_command_line_that_cannot_be_meant_is_one_line(what, tmp_path, capsys, monkeypatch):
    options, said = BAD_LINES[what]
    monkeypatch.chdir(tmp_path)
    assert run_command(["sweep", "ai-2025", *options]) == 2
    assert said in one_line(capsys)
    assert not list(tmp_path.iterdir())


def test_an_outcome_pattern_of_anything_takes_no_axis_its_name(tmp_path, capsys):
    (tmp_path / "a.toml").write_text('outcomes = ["*"]\ndays = 3\n' + POWDER + "steps = 2\n")
    assert run_command(["sweep", str(tmp_path / "a.toml"), "--check"]) == 0


@pytest.mark.parametrize("address", ["nonsense", "tcp://127.0.0.1:99999", "foo://127.0.0.1:8786"])
def test_an_address_at_which_nobody_can_be_leaves_no_folder(address, tmp_path, capsys):
    assert run_command(["sweep", "joke", "--days", "3", "--cluster", address, "--out", str(tmp_path / "s")]) == 2
    assert f"--cluster: came '{address}'" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_a_folder_that_cannot_be_the_sweeps_is_refused_before_anything_is_said(tmp_path, capsys):
    (tmp_path / "file").touch()
    for folder in (tmp_path, tmp_path / "file"):
        assert run_command(["sweep", "joke", "--days", "3", "--out", str(folder)]) == 2
        one_line(capsys)
    for command in ("analyse", "rerun"):
        assert run_command([command, str(tmp_path / "file"), *(["0"] if command == "rerun" else [])]) == 2
        one_line(capsys)


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A finished sweep of a dozen quick runs."""
    folder = tmp_path_factory.mktemp("whole") / "s"
    run_sweep(poison.asked(12), folder, hands=Hands(workers=1), measure=poison.quick)
    return folder


def first_part(folder):
    return min((folder / "runs").iterdir())


DAMAGED = {
    "a design of no table": (lambda f: (f / "design.parquet").write_text("x"), "design.parquet", "ars"),
    "a manifest broken off": (lambda f: (f / "manifest.json").write_text("{"), "manifest.json", "s"),
    "a manifest of something else": (lambda f: (f / "manifest.json").write_text("[]"), "manifest.json", "s"),
    "a sweep that is no TOML": (lambda f: (f / "sweep.toml").write_text("x = ["), "sweep.toml", "ars"),
    "a part of no table": (lambda f: first_part(f).write_text("x"), "without this file the same `sweep`", "ars"),
    "a part without bytes": (lambda f: first_part(f).write_bytes(b""), "without this file the same `sweep`", "ars"),
    "a part of another sweep": (
        lambda f: shutil.copy(first_part(f), f / "runs" / "part-000099.parquet"),
        "holds runs of another sweep|runs twice",
        "as",
    ),
}
"""What is done to a folder, what is said of it, and by whom: analyse, rerun, sweep."""


@pytest.mark.parametrize("what", DAMAGED)
def test_a_damaged_folder_is_refused_in_one_line_by_whoever_reads_it(what, whole, tmp_path):
    damage, said, who = DAMAGED[what]
    folder = shutil.copytree(whole, tmp_path / "s")
    damage(folder)
    ways = {
        "a": lambda: read_tables(folder),
        "r": lambda: rerun(folder, 0, measure=poison.quick),
        "s": lambda: run_sweep(poison.asked(12), folder, hands=Hands(workers=1), measure=poison.quick),
    }
    for way in who:
        with pytest.raises(BadInput, match=said) as refused:
            ways[way]()
        assert "\n" not in str(refused.value)


def test_a_table_that_is_no_part_is_no_chunk(whole, tmp_path):
    folder = shutil.copytree(whole, tmp_path / "s")
    (folder / "runs" / "part-of-mine.parquet").write_bytes(first_part(folder).read_bytes())
    with pytest.raises(BadInput, match="runs twice"):
        read_tables(folder)


def test_an_analysis_among_the_parts_is_refused(whole, capsys):
    assert run_command(["analyse", str(whole), "--out", str(whole / "runs" / "mine")]) == 2
    assert "where tables stand" in one_line(capsys)
