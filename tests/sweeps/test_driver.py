"""Sweeps on worker processes: no run is lost, none is done twice, and a run that fails fails alone."""

from __future__ import annotations

import json
import os
import shutil
from functools import partial

import pytest
from carousel.experiments.runner.cluster import kept_processes
from carousel.experiments.sweeps.crew import Hands
from carousel.experiments.sweeps.driver import run_sweep
from carousel.experiments.sweeps.errors import SweepError
from carousel.experiments.sweeps.folder import FolderRefused, SweepFolder
from carousel.experiments.sweeps.rerun import rerun
from carousel.experiments.sweeps.status import State
from carousel.experiments.sweeps.store import read_runs, read_series, table_digest
from carousel.tests.sweeps import poison

ONE, TWO = Hands(workers=1), Hands(workers=2)
BESIDE_PARTS = {".lock", ".partial", "design.parquet", "manifest.json", "runs", "status.json", "sweep.toml"}


@pytest.fixture(scope="module", autouse=True)
def _processes():
    """One sweep after the other on the same processes, none of which dies: those that do are in test_lost_workers."""
    with kept_processes():
        yield


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A finished sweep of 60 quick runs by one worker."""
    folder = tmp_path_factory.mktemp("whole") / "s"
    run_sweep(poison.asked(60), folder, hands=ONE, measure=poison.quick)
    return folder


def test_a_value_that_fits_no_column_fails_its_own_run_alone(tmp_path):
    series = {"series": ["circle_value"]}
    result = run_sweep(poison.asked(24, **series), tmp_path / "s", hands=ONE, measure=poison.misshapen)
    runs = read_runs(tmp_path / "s").set_index("seed")
    bad = runs[runs["status"] != "ok"]
    assert list(bad.index) == [poison.RAISES, poison.KILLS_ITSELF, poison.HANGS]
    assert (result.progress.done, result.progress.failed) == (24, 3)
    assert bad["exception"].str.contains("outcome drawdown is|Arrow").all()
    assert "outcome drawdown is 'deep', in a column of float" in bad["exception"].iloc[0]
    assert set(read_series(tmp_path / "s")["run"]) == set(runs[runs["status"] == "ok"]["run"])
    again = rerun(tmp_path / "s", poison.RAISES, measure=poison.misshapen)
    assert again.ending.exception == bad["exception"].iloc[0]


def test_one_worker_or_two_make_the_same_table_and_leave_nothing_else(whole, tmp_path):
    run_sweep(poison.asked(60), tmp_path / "s", hands=TWO, measure=poison.quick)
    assert table_digest(tmp_path / "s") == table_digest(whole)
    assert {p.name for p in whole.iterdir()} == BESIDE_PARTS
    assert not list((whole / ".partial").iterdir())
    assert read_runs(whole)["run"].tolist() == list(range(60))


def test_what_is_done_is_not_done_again(whole, tmp_path):
    """A part that was taken away is the only one that is written."""
    shutil.copytree(whole, tmp_path / "s")
    parts = sorted((tmp_path / "s" / "runs").iterdir())
    before = {part: part.stat().st_mtime_ns for part in parts}
    parts[1].unlink()
    result = run_sweep(poison.asked(60), tmp_path / "s", hands=ONE, measure=poison.quick)
    changed = [part for part in parts if part.stat().st_mtime_ns != before[part]]
    assert changed == [parts[1]]
    assert result.progress.done == 60
    assert table_digest(tmp_path / "s") == table_digest(whole)


def test_more_seeds_are_added_and_what_was_there_stays(whole, tmp_path):
    shutil.copytree(whole, tmp_path / "s")
    before = read_runs(whole)
    run_sweep(poison.asked(70), tmp_path / "s", hands=ONE, measure=poison.quick)
    after = read_runs(tmp_path / "s")
    assert after["seed"].tolist() == list(range(70))
    assert after.head(60).equals(before)


@pytest.mark.parametrize(
    ("changed", "key"),
    [
        ({"days": 30}, "days"),
        ({"outcomes": ["drawdown", "turned"]}, "outcomes"),
        ({"replications": {"number": 50}}, "replications.number"),
        ({"case": [{"name": "a"}]}, "case.a.name"),
    ],
)
def test_any_other_change_is_refused_by_its_key(whole, changed, key):
    with pytest.raises(SweepError) as refused:
        run_sweep(poison.asked(60, **changed), whole, hands=ONE, measure=poison.quick)
    assert refused.value.key_path == key
    assert "\n" not in str(refused.value)


def test_a_second_driver_is_refused_in_one_line(whole):
    with SweepFolder(whole), pytest.raises(FolderRefused, match=rf"process {os.getpid()} is at work on this sweep"):
        run_sweep(poison.asked(60), whole, hands=ONE, measure=poison.quick)


def test_a_folder_to_which_no_table_could_be_written_is_refused_before_the_work(tmp_path):
    with pytest.raises(FolderRefused, match="is no UTF-8 text; allowed: a path that is"):
        run_sweep(poison.asked(60), tmp_path / os.fsdecode(b"\xff"), hands=ONE, measure=poison.quick)
    assert not list(tmp_path.iterdir())


def test_a_folder_of_something_else_is_refused(tmp_path):
    (tmp_path / "letter.txt").touch()
    with pytest.raises(FolderRefused, match=r"holds something other than a sweep \(letter.txt\)"):
        run_sweep(poison.asked(60), tmp_path, hands=ONE, measure=poison.quick)


def test_a_sweep_begun_by_another_carousel_is_refused(whole, tmp_path):
    shutil.copytree(whole, tmp_path / "s")
    manifest = json.loads((whole / "manifest.json").read_text())
    manifest["made_by"]["sources"] = "planted"
    (tmp_path / "s" / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(FolderRefused, match="was begun by another Carousel: sources is "):
        run_sweep(poison.asked(60), tmp_path / "s", hands=ONE, measure=poison.quick)


def test_twenty_first_failures_alike_stop_a_sweep(tmp_path):
    result = run_sweep(poison.asked(300), tmp_path / "s", hands=ONE, measure=poison.failing)
    assert result.progress.state is State.STOPPED
    assert result.why is not None
    assert result.why.startswith("ValueError: no root at")
    assert 20 <= result.progress.failed < 150
    assert json.loads((tmp_path / "s" / "status.json").read_text())["state"] == "stopped"


def test_failed_runs_are_done_again_when_asked_and_only_then(tmp_path):
    ask = {"hands": ONE, "measure": partial(poison.mended, tmp_path / "mended")}
    assert run_sweep(poison.asked(8), tmp_path / "s", **ask).progress.failed == 1
    (tmp_path / "mended").touch()
    assert run_sweep(poison.asked(8), tmp_path / "s", **ask).progress.failed == 1
    assert run_sweep(poison.asked(8), tmp_path / "s", retry_failed=True, **ask).progress.failed == 0
    run_sweep(poison.asked(8), tmp_path / "whole", hands=ONE, measure=poison.quick)
    assert table_digest(tmp_path / "s") == table_digest(tmp_path / "whole")


def test_series_stand_beside_the_runs(tmp_path):
    run_sweep(poison.asked(5, series=["cash.*"]), tmp_path / "s", hands=ONE, measure=poison.quick)
    series = read_series(tmp_path / "s")
    assert series["run"].tolist() == [run for run in range(5) for _ in range(3)]
    assert series.filter(like="cash").iloc[:, 0].tolist() == [run + day for run in range(5) for day in range(3)]


def test_a_run_can_be_done_again_and_a_difference_is_seen(whole):
    assert rerun(whole, 7, measure=poison.quick).differences == ()
    assert rerun(whole, 7, measure=poison.other).differences == ("drawdown",)
    assert rerun(whole, 7, measure=poison.failing).differences == ("status", "exception")
    with pytest.raises(FolderRefused, match="came run 60; allowed: 0 to 59"):
        rerun(whole, 60, measure=poison.quick)


def test_a_sweep_that_is_interrupted_with_nothing_left_to_do_is_done(tmp_path):
    told = []

    def interrupt_at_the_end(progress):
        told.append(progress)
        if [each.done for each in told].count(24) == 1:
            (tmp_path / "s" / "status.json").unlink()
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_sweep(poison.asked(24), tmp_path / "s", hands=ONE, measure=poison.quick, tell=interrupt_at_the_end)
    status = json.loads((tmp_path / "s" / "status.json").read_text())
    assert (status["state"], status["done"], len(read_runs(tmp_path / "s"))) == ("done", 24, 24)
