"""What the tutorials say is what happens: their files are written, their commands and programs run, in their order."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.once

ROOT = Path(__file__).resolve().parents[1]
TUTORIALS = sorted((ROOT / "docs" / "tutorials").glob("*.md"))
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
START = "python run.py"


class TutorialFault(AssertionError):
    """A tutorial that says what is not so: `command`, what it `said`, and the line that is `missing` in it."""

    def __init__(self, command: str, missing: str, said: str) -> None:
        super().__init__(f"{command}\nsays nowhere: {missing}\nbut says:\n{said}")
        self.command, self.missing, self.said = command, missing, said


def plain(text: str) -> str:
    """A text with its blanks made one, and without the lines of tables."""
    return " ".join(text.split())


def process(command: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    """A command in a process of its own."""
    environment = {**os.environ, "COLUMNS": "300", "NO_COLOR": "1"}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=300)


def said_by(ended: subprocess.CompletedProcess[str]) -> str:
    """What a command says on both its outputs, in one line."""
    said = plain(ended.stdout + ended.stderr)
    assert "Traceback" not in said, said
    assert ended.returncode == (2 if "error:" in said else 0), said
    return said


def run_console(block: str, folder: Path, here: Any) -> None:
    """Run every command of a block; each line below it must be in what it says.  Raises: TutorialFault."""
    command = said = ""
    for line in block.splitlines():
        if line.startswith("$ "):
            command = line.removeprefix("$ ")
            words = shlex.split(command)
            if command.startswith(START):
                ended = here(*words[2:], cwd=folder, COLUMNS="300")
            else:
                ended = process([sys.executable if word == "python" else word for word in words], folder)
            said = said_by(ended)
        elif plain(line) not in said:
            raise TutorialFault(command, line, said)


def follow(text: str, folder: Path, here: Any) -> int:
    """Do what a tutorial says, block by block; how many there were."""
    blocks = BLOCK.findall(text)
    for language, block in blocks:
        name = block.splitlines()[0].removeprefix("# ")
        if language == "toml" or (language == "python" and name.endswith(".py")):
            (folder / name).write_text(block)
        elif language == "console":
            run_console(block, folder, here)
        elif language == "python":
            said_by(process([sys.executable, "-c", block], folder))
        else:
            raise AssertionError(f"a block of {language} is nothing that can be done")
    return len(blocks)


@pytest.mark.parametrize("tutorial", TUTORIALS, ids=lambda path: path.stem)
def test_a_tutorial_is_what_happens(here, tutorial, tmp_path):
    assert follow(tutorial.read_text(), tmp_path, here) >= 5


def test_a_line_that_no_command_says_is_seen(here, tmp_path):
    with pytest.raises(TutorialFault) as caught:
        follow("```console\n$ python run.py --version\ncarousel 99\n```\n", tmp_path, here)
    assert caught.value.missing == "carousel 99"


@pytest.mark.parametrize("code", ["raise SystemExit(1)", "1 / 0"])
def test_a_program_that_fails_is_seen(here, tmp_path, code):
    with pytest.raises(AssertionError):
        follow(f"```python\n{code}\n```\n", tmp_path, here)
