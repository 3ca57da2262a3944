"""A run on disk is whole or absent, whatever ends the process."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest
from carousel.history.output_file import OutputRefused
from carousel.history.run_directory import BeingWritten, RunDirectory

WRITER = """
import sys
from carousel.history.run_directory import RunDirectory
run = RunDirectory(sys.argv[1])
run.write_text("half.txt", "x" * 100000)
print("writing", flush=True)
while True:
    run.write_text("more.txt", "y" * 1000000)
"""


def names(folder):
    return sorted(p.name for p in folder.iterdir())


def test_a_committed_run_has_all_its_files_and_nothing_beside(tmp_path):
    with RunDirectory(tmp_path / "runs" / "one") as run:
        run.write_json("answer.json", {"a": 1})
        run.write_text("figures/note.txt", "hello")
        assert not run.path.exists()
    assert names(tmp_path / "runs") == ["one"]
    assert names(tmp_path / "runs" / "one") == ["answer.json", "figures"]


def test_a_failed_run_leaves_nothing(tmp_path):
    def fail():
        with RunDirectory(tmp_path / "one") as run:
            run.write_text("half.txt", "x")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert names(tmp_path) == []


def test_killed_with_9_midway_leaves_nothing_under_the_final_name_and_the_next_run_clears_up(tmp_path):
    target = tmp_path / "one"
    writer = subprocess.Popen([sys.executable, "-c", WRITER, str(target)], stdout=subprocess.PIPE, text=True)
    assert writer.stdout.readline() == "writing\n"
    os.kill(writer.pid, signal.SIGKILL)
    writer.wait()
    writer.stdout.close()
    assert not target.exists()
    assert names(tmp_path) == [f".one.partial-{writer.pid}"]
    with RunDirectory(target) as run:
        run.write_text("whole.txt", "x")
    assert names(tmp_path) == ["one"]
    assert names(target) == ["whole.txt"]


def test_a_name_that_a_living_process_is_writing_is_refused_before_any_work(tmp_path):
    target = tmp_path / "one"
    writer = subprocess.Popen([sys.executable, "-c", WRITER, str(target)], stdout=subprocess.PIPE, text=True)
    try:
        assert writer.stdout.readline() == "writing\n"
        with pytest.raises(BeingWritten, match=f"is being written by process {writer.pid}"):
            RunDirectory(target)
        assert names(tmp_path) == [f".one.partial-{writer.pid}"]
        with RunDirectory.free(tmp_path, "one") as other:
            assert other.path.name == "one-2"
    finally:
        writer.kill()
        writer.wait()
        writer.stdout.close()


def test_leftovers_of_a_process_with_our_own_number_are_cleared(tmp_path):
    leftover = tmp_path / f".one.partial-{os.getpid()}"
    leftover.mkdir()
    with RunDirectory(tmp_path / "one") as run:
        run.write_text("whole.txt", "x")
    assert names(tmp_path) == ["one"]


@pytest.mark.parametrize("occupy", ["file", "folder", "link"])
def test_an_occupied_name_is_refused_and_kept(tmp_path, occupy):
    target = tmp_path / "one"
    if occupy == "file":
        target.write_text("mine")
    elif occupy == "link":
        target.symlink_to(tmp_path)
    else:
        target.mkdir()
        (target / "mine").write_text("mine")
    with pytest.raises(OutputRefused) as caught:
        RunDirectory(target)
    assert caught.value.path == target
    assert names(tmp_path) == ["one"]


def test_a_link_is_called_a_link(tmp_path):
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to("folder")
    with pytest.raises(OutputRefused, match="is a link; allowed: a name that is free, or an empty folder"):
        RunDirectory(tmp_path / "link")


@pytest.mark.parametrize("name", [b"half \xed\xa0\x80 a character", b"another alphabet \xff/run"])
def test_a_path_that_no_table_could_be_written_to_is_refused_before_the_work(tmp_path, name):
    with pytest.raises(OutputRefused, match="is no UTF-8 text; allowed: a path that is"):
        RunDirectory(tmp_path / os.fsdecode(name))
    assert names(tmp_path) == []


def test_an_empty_folder_may_be_filled(tmp_path):
    (tmp_path / "one").mkdir()
    with RunDirectory(tmp_path / "one") as run:
        run.write_text("whole.txt", "x")
    assert names(tmp_path / "one") == ["whole.txt"]


def test_a_name_taken_meanwhile_is_not_overwritten(tmp_path):
    run = RunDirectory(tmp_path / "one")
    run.write_text("late.txt", "x")
    (tmp_path / "one").mkdir()
    (tmp_path / "one" / "mine").write_text("mine")
    with pytest.raises(OutputRefused, match="final name"):
        run.commit()
    assert names(tmp_path) == ["one"]
    assert names(tmp_path / "one") == ["mine"]


def test_the_same_name_twice_in_one_process_is_refused(tmp_path):
    with RunDirectory(tmp_path / "one") as run, pytest.raises(OutputRefused, match="is being written"):
        RunDirectory(run.path)


def test_a_place_that_cannot_be_written_gives_one_clear_error(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(OutputRefused, match="cannot be written"):
        RunDirectory(tmp_path / "file" / "one")


def test_free_names_count_up(tmp_path):
    for name in ("run", "run-2", "run-3"):
        with RunDirectory.free(tmp_path / "runs", "run") as run:
            run.write_text("whole.txt", "x")
        assert run.path.name == name


def test_two_that_take_free_names_at_once_get_one_each(tmp_path):
    with RunDirectory.free(tmp_path, "run") as one, RunDirectory.free(tmp_path, "run") as two:
        one.write_text("whole.txt", "x")
        two.write_text("whole.txt", "x")
    assert names(tmp_path) == ["run", "run-2"]


def test_a_name_that_leaves_no_room_for_the_folder_aside_is_refused(tmp_path):
    with pytest.raises(OutputRefused, match="too long"):
        RunDirectory(tmp_path / ("x" * 250))
    assert names(tmp_path) == []


def test_a_path_that_no_text_can_hold_is_escaped(tmp_path):
    with RunDirectory(tmp_path / "one") as run:
        run.write_json("manifest.json", {"command": "caf\udce9"})
    assert "caf\\udce9" in (tmp_path / "one" / "manifest.json").read_text(encoding="utf-8")


def test_no_number_that_json_cannot_hold_is_written(tmp_path):
    with RunDirectory(tmp_path / "one") as run, pytest.raises(ValueError, match="JSON"):
        run.write_json("answer.json", {"a": float("nan")})


def test_a_name_too_long_for_the_disk_is_refused_before_any_work(tmp_path):
    with pytest.raises(OutputRefused, match="cannot be written"):
        RunDirectory(tmp_path / ("x" * 300))
    assert list(tmp_path.iterdir()) == []
