"""A file that a command writes is whole or as it was before, and refused before the work where it cannot be."""

from __future__ import annotations

import os
import stat
import subprocess
import sys

import pytest
from carousel.history.output_file import OutputFile, OutputRefused

WRITER = """
import sys
from carousel.history.output_file import OutputFile
with OutputFile(sys.argv[1]) as file:
    print("writing", flush=True)
    sys.stdin.read()
    file.write_text("theirs")
"""


def names(folder):
    return sorted(p.name for p in folder.iterdir())


def write(path, text="new"):
    with OutputFile(path) as file:
        file.write_text(text)


def test_a_file_is_written_whole(tmp_path):
    write(tmp_path / "out.csv", "a\nb\r\n")
    assert (tmp_path / "out.csv").read_bytes() == b"a\nb\r\n"
    assert names(tmp_path) == ["out.csv"]


def test_what_is_not_written_stays_as_it_was(tmp_path):
    (tmp_path / "out.csv").write_text("old")
    with pytest.raises(ZeroDivisionError), OutputFile(tmp_path / "out.csv"):
        raise ZeroDivisionError
    assert (tmp_path / "out.csv").read_text() == "old"
    assert names(tmp_path) == ["out.csv"]


def test_a_file_that_stands_there_keeps_its_permissions(tmp_path):
    target = tmp_path / "out.csv"
    target.write_text("something longer than what comes")
    target.chmod(0o640)
    write(target)
    assert target.read_text() == "new"
    assert stat.S_IMODE(target.stat().st_mode) == 0o640


@pytest.mark.parametrize("exists", [True, False])
def test_a_link_is_followed(tmp_path, exists):
    (tmp_path / "elsewhere").mkdir()
    behind = tmp_path / "elsewhere" / "real.csv"
    if exists:
        behind.write_text("old")
    (tmp_path / "link.csv").symlink_to(behind)
    write(tmp_path / "link.csv")
    assert (tmp_path / "link.csv").is_symlink()
    assert behind.read_text() == "new"
    assert names(tmp_path / "elsewhere") == ["real.csv"]


def no_place(folder, kind):
    """A name under which no file can be written."""
    path = folder / "out"
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    elif kind == "link to a device":
        path.symlink_to("/dev/null")
    elif kind == "link to itself":
        path.symlink_to(path)
    return {"device": "/dev/null", "no folder": folder / "no" / "out", "long": folder / ("x" * 250)}.get(kind, path)


@pytest.mark.parametrize(
    ("kind", "says"),
    [
        ("device", "a device or a pipe"),
        ("pipe", "a device or a pipe"),
        ("link to a device", "a device or a pipe"),
        ("link to itself", "cannot be written"),
        ("folder", "a folder"),
        ("no folder", "does not exist"),
        ("long", "too long"),
    ],
)
def test_what_is_no_place_for_a_file_is_refused_and_left(tmp_path, kind, says):
    path = no_place(tmp_path, kind)
    before = names(tmp_path)
    with pytest.raises(OutputRefused, match=says):
        OutputFile(path)
    assert names(tmp_path) == before
    assert stat.S_ISCHR(os.stat("/dev/null").st_mode)


def test_a_file_that_another_process_is_writing_is_refused(tmp_path):
    target = tmp_path / "out.csv"
    command = [sys.executable, "-c", WRITER, str(target)]
    writer = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert writer.stdout.readline() == "writing\n"
    with pytest.raises(OutputRefused, match="is being written by another run"):
        OutputFile(target)
    writer.communicate("")
    assert target.read_text() == "theirs"
    write(target)
    assert target.read_text() == "new"


def test_what_a_dead_process_left_is_used_again(tmp_path):
    (tmp_path / ".out.csv.partial").write_text("half of something that was much longer")
    write(tmp_path / "out.csv")
    assert (tmp_path / "out.csv").read_text() == "new"
    assert names(tmp_path) == ["out.csv"]
