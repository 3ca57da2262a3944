"""`serve` ends as it should: when it is told to, when its port is taken, and while something is still worked out."""

from __future__ import annotations

import asyncio
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from carousel.cli.endings import run_command
from carousel.cli.serve import GOODBYE, begun, made_by
from carousel.tests.visual.loops import apart
from carousel.visual.guard import ADDRESS
from carousel.visual.house import aside_of
from carousel.visual.play import Play
from carousel.visual.recipe import Recipe


def test_a_port_that_is_taken_is_bad_input(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server((ADDRESS, 0)) as taken:
        assert apart(lambda: run_command(["serve", "--port", str(taken.getsockname()[1])])) == 2
    assert "--port 0" in capsys.readouterr().err


def test_ctrl_c_ends_it_and_says_what_has_ended() -> None:
    command = [sys.executable, "-m", "carousel.run", "serve", "joke", "--port", "0"]
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # tests in the background are deaf to it
    ) as serving:
        assert serving.stdout is not None
        assert "(Ctrl-C ends it)" in serving.stdout.readline()
        serving.send_signal(signal.SIGINT)
        _, said = serving.communicate(timeout=300)
    assert (serving.returncode, said) == (130, f"interrupted: {GOODBYE}\n")


def test_who_leaves_waits_for_nothing_that_is_worked_out_aside() -> None:
    may_end, ended = threading.Event(), []
    work = lambda: ended.append(may_end.wait(60))  # noqa: E731
    with pytest.raises(TimeoutError):
        apart(lambda: asyncio.run(asyncio.wait_for(aside_of(work), 0.05)))
    assert not ended
    may_end.set()


def test_a_manifest_that_names_no_command_says_no_words() -> None:
    assert (made_by(5), made_by([5, "simulate", 7]), made_by(["run.py", "branch", "x"])) == ([], [], [])


def test_a_run_that_is_served_comes_to_the_history_that_its_folder_holds(tmp_path: Path) -> None:
    size = ["--days", "22", "--holders", "250", "--seed", "3"]
    assert run_command(["simulate", "ai-2025", *size, "--no-figures", "--quiet", "--out", str(tmp_path / "run")]) == 0
    offered, start, link = begun(str(tmp_path / "run"), [])
    play = Play(Recipe.of(start), offered=offered)
    frames = []
    while not play.is_over:
        frames += play.slice()
    assert (frames[-1]["day"], frames[-1]["link"]) == (22, link)
