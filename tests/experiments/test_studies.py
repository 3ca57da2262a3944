"""Named studies: listed, refused when unknown, whole or absent on disk; a failed run is told and is no number."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest
from carousel.cli.endings import run_command
from carousel.experiments.runner.runs import FailedRun
from carousel.experiments.studies import studies
from carousel.experiments.studies.studies import STUDIES, UnknownStudy, find
from carousel.experiments.studies.study import (
    NoRuns,
    Section,
    StudyResult,
    markdown,
    number,
    split_failed,
    write_study,
)
from carousel.experiments.validation.checks import Check
from carousel.history.run_directory import RunDirectory

ROOT = Path(__file__).resolve().parents[2]


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(ROOT / "run.py"), "study", *arguments], capture_output=True, text=True, timeout=120
    )


@pytest.mark.parametrize("study", STUDIES, ids=lambda s: s.name)
def test_every_study_can_run_and_be_checked(study):
    assert callable(study.run)
    assert callable(study.checks)


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
    good, bad = split_failed("a", [1.0, failed])
    assert (good, bad) == ([1.0], [failed])
    table, measures = {"t": pd.DataFrame({"x": [1.5]})}, {"x": float("nan")}
    check = Check("a.b", "a claim", float("nan"), 0.0, float("inf"), "-", "a source")
    result = StudyResult(
        "A study", ["found"], [Section("Part", ["text"], ["t"])], table, measures,
        {}, {}, [check], 2, bad,
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


@pytest.mark.parametrize(("failed", "status"), [([], 0), ([FailedRun({"seed": 3}, "ValueError: no", "there")], 1)])
def test_a_study_with_failed_runs_is_written_and_ends_with_status_one(failed, status, tmp_path, monkeypatch, capsys):
    def planted(request):
        return StudyResult("A study", ["found"], [], {}, {}, {}, {}, [], 2, failed)

    monkeypatch.setattr(studies, "find", lambda name: SimpleNamespace(run=planted))
    assert run_command(["study", "planted", "--out", str(tmp_path / "out")]) == status
    assert json.loads((tmp_path / "out" / "study.json").read_text())["runs"] == 2
    assert ("1 of 2 runs failed" in capsys.readouterr().err) == bool(failed)


def test_a_study_without_a_single_run_says_so():
    with pytest.raises(NoRuns, match="ValueError: no"):
        split_failed("a", [FailedRun({}, "ValueError: no", "there")])


@pytest.mark.parametrize(
    ("value", "text"), [(0.0, "0"), (1234.5, "1,234"), (0.01234, "0.0123"), (5.82, "5.82"), (float("nan"), "–")]
)
def test_numbers_show_three_figures(value, text):
    assert number(value) == text
