"""Whole runs or none under a final name: a few kills here, two hundred by the script itself."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from carousel.benchmarks.history_kills import faults_of, one_line

pytestmark = pytest.mark.once
ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.slow
def test_what_is_killed_leaves_no_half_under_a_final_name():
    command = [sys.executable, "benchmarks/history_kills.py", "--kills", "7", "--no-refusals"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=600)
    assert done.returncode == 0, done.stderr + done.stdout
    assert json.loads(done.stdout)["kills"] == 7


@pytest.mark.parametrize("found", [["out/a.csv"], ["stranger"], [".other.partial/x"]])
def test_half_a_folder_or_a_stranger_is_seen(tmp_path, found):
    for name in found:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("half")
    assert faults_of(tmp_path, "out", {"a.csv": 9})


def test_what_is_aside_is_no_fault(tmp_path):
    (tmp_path / ".out.partial-7").mkdir()
    assert faults_of(tmp_path, "out", {}) == []


@pytest.mark.parametrize(
    ("status", "said", "is_fine"),
    [(2, "error: no", True), (1, "error: no", False), (2, "", False), (2, "error: a\nerror: b", False)],
)
def test_an_ending_in_one_line_is_told_from_others(status, said, is_fine):
    assert (one_line("x", status, 2, said) == []) == is_fine
