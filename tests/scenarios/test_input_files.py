"""What somebody hands in as a file is read only if it is one: a pipe may wait for ever, a device may never end."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from carousel.experiments.event_study.table import NotAnAnnouncementList, read_announcements
from carousel.experiments.sweeps.calibration_file import read_calibration
from carousel.experiments.sweeps.points_file import read_points
from carousel.experiments.sweeps.sweep_file import load_sweep
from carousel.scenarios.errors import BadInput, ScenarioError
from carousel.scenarios.loader import check, load, parse, read_text

READERS: dict[str, Callable[[Path], Any]] = {
    "scenario": load,
    "sweep": load_sweep,
    "points of a sweep": partial(read_points, rows_max=10),
    "calibration": read_calibration,
    "announcements": read_announcements,
}
SAID = {
    "a folder": Path("/"),
    "a pipe or a device": Path("/dev/zero"),
    "no such file": Path("/nowhere/at/all.toml"),
}


@pytest.fixture
def soon() -> Iterator[None]:
    """Ends what waits for a writer."""
    before = signal.signal(signal.SIGALRM, lambda *_: pytest.fail("still reading"))
    signal.alarm(10)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.mark.usefixtures("soon")
@pytest.mark.parametrize("reader", READERS)
def test_what_is_no_file_is_refused_at_once_by_every_reader(reader: str, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.toml"
    os.mkfifo(pipe)
    loop = tmp_path / "loop.toml"
    loop.symlink_to(loop)
    for came, place in [*SAID.items(), ("a pipe or a device", pipe), ("no such file", loop)]:
        with pytest.raises((BadInput, NotAnAnnouncementList)) as caught:
            READERS[reader](place)
        assert came in str(caught.value)
        assert str(caught.value).splitlines() == [str(caught.value)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "scenario: came nothing; allowed: a value"),
        ("scenario = 5\n", "scenario: came 5; allowed: a text"),
        ("a = [", "broken TOML"),
    ],
)
def test_a_bad_calibration_says_key_what_came_and_what_is_allowed(text: str, said: str, tmp_path: Path) -> None:
    file = tmp_path / "c.toml"
    file.write_text(text)
    with pytest.raises(BadInput) as caught:
        read_calibration(file)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("value", "allowed"), [("nan", "a finite number"), ("inf", "a finite number"), ("[1]", "a number, text, date or")]
)
def test_a_dated_value_that_is_none_is_one_fault_at_its_own_key(value: str, allowed: str, tmp_path: Path) -> None:
    text = f'{read_text("joke")[0]}\n[[on]]\nday = 1\nset = {{ "obligation.*.amount_usd" = {value} }}\n'
    with pytest.raises(ScenarioError) as caught:
        parse(text)
    assert caught.value.key_path == "on.1.set.obligation.*.amount_usd"
    assert caught.value.allowed.startswith(allowed)
    file = tmp_path / "dated.toml"
    file.write_text(text)
    assert len(check(file)) == 1


def test_an_entry_whose_name_is_blank_is_called_by_its_number() -> None:
    with pytest.raises(ScenarioError) as caught:
        parse(read_text("joke")[0].replace('name = "The lab"', 'name = "  "', 1))
    assert caught.value.key_path == "firm.1.name"
