"""How a sweep ends that does not come to its end, and what its failed rows say when they are done again."""

from __future__ import annotations

import errno
import json
import os
import signal

import pytest
from carousel.cli import interrupts
from carousel.cli.endings import run_command
from carousel.experiments.sweeps import crew
from carousel.experiments.sweeps.crew import Hands
from carousel.experiments.sweeps.driver import run_sweep
from carousel.experiments.sweeps.folder import SweepFolder
from carousel.experiments.sweeps.status import Progress, State
from carousel.tests.sweeps import poison

NO_SPACE = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
ILL = -5.0


def status_of(folder):
    return json.loads((folder / "status.json").read_text())


@pytest.fixture
def pressed(monkeypatch):
    """Ctrl-C as the command line hears it, in a process that has not heard it yet."""
    monkeypatch.setattr(interrupts, "_FIRST", [])
    before = signal.signal(signal.SIGINT, interrupts.end_once)
    yield lambda: signal.raise_signal(signal.SIGINT)
    signal.signal(signal.SIGINT, before)


def test_ctrl_c_in_impatience_does_not_break_off_what_is_tidied_up(pressed, monkeypatch, capsys):
    ended = []
    monkeypatch.setattr(interrupts.os, "_exit", ended.append)
    with pytest.raises(KeyboardInterrupt):
        pressed()
    pressed()
    pressed()
    assert ended == []
    interrupts._FIRST[0] -= interrupts.PATIENCE_SECONDS
    pressed()
    assert ended == [130]
    assert capsys.readouterr().err.count("\n") == 1


def test_a_process_that_is_deaf_to_ctrl_c_stays_so():
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        interrupts.heed_interrupts()
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)


def test_a_sweep_whose_disk_is_full_says_that_it_failed(tmp_path, monkeypatch):
    def full(*_):
        raise NO_SPACE

    monkeypatch.setattr(crew.Crew, "do", full)
    monkeypatch.setattr(crew.Crew, "seconds_per_run", lambda *_: 0.1)
    with pytest.raises(OSError, match="No space"):
        run_sweep(poison.asked(12), tmp_path / "s", hands=Hands(workers=1), measure=poison.quick)
    said = status_of(tmp_path / "s")
    assert (said["state"], said["done"]) == (State.FAILED, 0)
    assert "No space" in said["why"]


def test_a_status_is_written_where_no_new_file_can_be(tmp_path, monkeypatch):
    told = {"runs": 9, "failed": 0, "round": 0, "workers": 1, "rate_per_second": None, "seconds_left": None}
    told |= {"seconds_per_run": None, "process": 1, "updated": 0.0}
    with SweepFolder(tmp_path / "s") as held:
        held.write_status(Progress(state=State.RUNNING, done=10**6, **told))

        def full(path, content):
            path.touch()
            raise NO_SPACE

        monkeypatch.setattr("pathlib.Path.write_bytes", full)
        held.write_status(Progress(state=State.FAILED, done=1, **told))
        assert (status_of(held.path)["state"], status_of(held.path)["done"]) == ("failed", 1)
        assert {p.name for p in held.path.iterdir()} <= {".lock", "status.json"}


def test_a_failed_row_fails_again_as_it_did_or_says_how_it_did(tmp_path, capsys):
    """The last point is no world; of the others those with one seed failed in the sweep alone."""
    values = [1.0 + n / 100 for n in range(60)] + [ILL]
    asked = poison.asked(
        4, scenario="ai-2025", days=1, holders=300, vary={"dry_powder_scale": {"values": values}},
        limits={"same_failures_max": 1000},
    )  # fmt: skip
    run_sweep(asked, tmp_path / "s", hands=Hands(workers=1), measure=poison.deadly)
    assert run_command(["rerun", str(tmp_path / "s"), str(4 * 60)]) == 1
    said = capsys.readouterr().err
    assert said.startswith("error: the run failed while its scenario was made: SweepError")
    assert f"so it did in the sweep; to repeat: python run.py rerun {tmp_path / 's'} 240" in said
    assert run_command(["rerun", str(tmp_path / "s"), str(poison.RAISES)]) == 1
    assert "in the sweep it ended otherwise, failed: ZeroDivisionError: planted" in capsys.readouterr().out
