"""Named studies: listed, refused when unknown, whole or absent on disk; a failed run is told and is no number."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest
from carousel.cli.endings import run_command
from carousel.experiments.runner.cluster import kept_processes
from carousel.experiments.runner.runs import FailedRun
from carousel.experiments.studies import shapley, studies
from carousel.experiments.studies.studies import STUDIES, UnknownStudy, find
from carousel.experiments.studies.study import (
    NoRuns,
    Section,
    StudyResult,
    failed_of,
    markdown,
    number,
    write_study,
)
from carousel.experiments.studies.swept import Swept
from carousel.experiments.sweeps.analysis import tables
from carousel.experiments.sweeps.named_sweeps import sweep_names
from carousel.experiments.sweeps.store import read_runs
from carousel.experiments.sweeps.sweep_counts import runs_of
from carousel.experiments.sweeps.sweep_faults import validated
from carousel.experiments.sweeps.sweep_text import plain
from carousel.experiments.validation.checks import Check, ClaimKind
from carousel.history.run_directory import RunDirectory

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module", autouse=True)
def _processes():
    """One study after the other on the same processes."""
    with kept_processes():
        yield


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(ROOT / "run.py"), "study", *arguments], capture_output=True, text=True, timeout=300
    )


@pytest.mark.parametrize("study", STUDIES, ids=lambda s: s.name)
def test_every_study_can_run_and_be_checked(study):
    sweep, quick = study.swept.sweep(), study.swept.sweep(quick=True)
    assert study.swept.name == study.name
    assert study.name in sweep_names()
    assert runs_of(quick) < runs_of(sweep)
    assert callable(import_module(f"carousel.experiments.studies.{study.module}").checks)


def test_without_a_name_all_are_listed():
    listed = run()
    assert listed.returncode == 0
    assert all(study.name in listed.stdout for study in STUDIES)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("monetization",), "did you mean monetisation?"),
        (("shapley", "--sedes", "3"), "--sedes"),
        (("shapley", "--seeds", "1"), "--seeds"),
        (("shapley", "--workers", "many"), "--workers"),
    ],
)
def test_a_wrong_name_or_option_is_one_line_and_status_two(arguments, words, tmp_path):
    refused = run(*arguments, "--out", str(tmp_path / "out"))
    assert refused.returncode == 2
    assert len(refused.stderr.strip().splitlines()) == 1
    assert words in refused.stderr
    assert not (tmp_path / "out").exists()


def test_an_unknown_study_names_the_known():
    with pytest.raises(UnknownStudy) as told:
        find("nothing-like-it")
    assert told.value.known == tuple(s.name for s in STUDIES)


def test_failed_runs_are_listed_in_the_report_and_in_json(tmp_path):
    failed = FailedRun({"seed": 3}, "ValueError: no", "simulate, line 1")
    table, measures = {"t": pd.DataFrame({"x": [1.5]})}, {"x": float("nan")}
    check = Check("a.b", "a claim", float("nan"), 0.0, float("inf"), "-", "a source", kind=ClaimKind.PREDICTION)
    result = StudyResult(
        "A study", ["found"], [Section("Part", ["text"], ["t"])], table, measures,
        {}, {}, [check], 2, [failed],
    )  # fmt: skip
    text = markdown(result, command="python run.py study a")
    assert "ValueError: no" in text
    assert "misses" in text
    with RunDirectory(tmp_path / "out") as directory:
        write_study(directory, result, command="c", about={"study": "a"})
    told = json.loads((tmp_path / "out" / "study.json").read_text())
    assert told["failed"][0]["case"] == {"seed": 3}
    assert told["measures"] == {"x": None}
    assert (tmp_path / "out" / "t.csv").read_text() == "x\n1.5\n"


def small(monkeypatch, *, days):
    """The study of Shapley shares on four short runs, in place of its own."""
    words = plain(shapley.STUDY.sweep(quick=True)) | {"days": days, "replications": {"number": 1}}
    words["vary"] = {name: words["vary"][name] for name in ("AI customers", "chip maker's investments")}
    study = replace(shapley.STUDY, claims=lambda tables: [])
    monkeypatch.setattr(Swept, "sweep", lambda self, **_: validated(words, "test"))
    monkeypatch.setattr(studies, "find", lambda name: SimpleNamespace(swept=study))


def test_a_study_is_its_sweep_and_a_report_and_goes_on_where_it_was_stopped(tmp_path, monkeypatch, capsys):
    small(monkeypatch, days=3)
    out = tmp_path / "out"
    assert run_command(["study", "shapley", "--out", str(out), "--workers", "1"]) == 0
    told = json.loads((out / "study.json").read_text())
    assert (told["runs"], told["failed"]) == (4, [])
    assert len(read_runs(tmp_path / "out-sweep")) == 4
    parts = {part: part.stat().st_mtime_ns for part in (tmp_path / "out-sweep" / "runs").iterdir()}
    shutil.rmtree(out)
    assert run_command(["study", "shapley", "--out", str(out), "--workers", "1"]) == 0
    assert {part: part.stat().st_mtime_ns for part in parts} == parts
    assert "out-sweep" in capsys.readouterr().out


def test_a_study_with_failed_runs_is_written_and_ends_with_status_one(tmp_path, monkeypatch, capsys):
    small(monkeypatch, days=3)
    out = tmp_path / "out"
    assert run_command(["study", "shapley", "--out", str(out), "--workers", "1"]) == 0
    runs = read_runs(tmp_path / "out-sweep")
    broken = runs.assign(status=["failed", "ok", "ok", "ok"], exception="ValueError: no", stage="there")
    monkeypatch.setattr(tables, "read_runs", lambda folder: broken)
    shutil.rmtree(out)
    study = replace(shapley.STUDY, report=lambda found: StudyResult(
        "A study", ["found"], [], {}, {}, {}, {}, [], len(found.runs), failed_of(found)
    ))  # fmt: skip
    monkeypatch.setattr(studies, "find", lambda name: SimpleNamespace(swept=study))
    assert run_command(["study", "shapley", "--out", str(out), "--workers", "1"]) == 1
    told = json.loads((out / "study.json").read_text())
    assert told["failed"][0]["error"] == "ValueError: no"
    assert told["failed"][0]["case"] == {
        "case": "base", "AI customers": "with", "chip maker's investments": "with", "seed": 0,
    }  # fmt: skip
    assert "1 of 4 runs failed" in capsys.readouterr().err


def test_a_study_without_a_single_run_says_so(tmp_path, monkeypatch):
    small(monkeypatch, days=3)
    asked = shapley.STUDY.sweep()
    monkeypatch.setattr("carousel.experiments.studies.swept.run_sweep", lambda *_, **__: SimpleNamespace(why=None))
    failed = SimpleNamespace(good=pd.DataFrame(), axes=(), failed=pd.DataFrame(
        [{"case": "base", "seed": 0, "exception": "ValueError: no", "stage": "there"}]
    ))  # fmt: skip
    monkeypatch.setattr("carousel.experiments.studies.swept.read_tables", lambda folder: failed)
    with pytest.raises(NoRuns, match="ValueError: no"):
        shapley.STUDY.tables(asked, tmp_path / "s", 1, lambda now: None)


@pytest.mark.parametrize(
    ("value", "text"), [(0.0, "0"), (1234.5, "1,234"), (0.01234, "0.0123"), (5.82, "5.82"), (float("nan"), "–")]
)
def test_numbers_show_three_figures(value, text):
    assert number(value) == text
