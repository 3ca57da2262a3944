"""`new`: a scenario to begin with, each key with what it means."""

from __future__ import annotations

import re
import shlex
from importlib import resources
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from ..history.output_file import OutputRefused
from ..scenarios.errors import one_line
from .console import words

KIND = re.compile(r"^\[+(\w+)\]+$")
KEY = re.compile(r"^(\w+) = .*$")
COMMENT_COLUMN = 48
SELF_EXPLAINING = ("name", "title")


def new(file: Annotated[Path, typer.Argument(help="the .toml file to write; one that exists is left alone")]) -> None:
    """Write a small scenario with a comment on every key; it runs as it stands."""
    if file.suffix != ".toml":
        raise OutputRefused(file, "is no name of a scenario; allowed: a name that ends in .toml")
    text = starter_text(str(file))
    try:
        _write_new(file, text)
    except FileExistsError:
        raise OutputRefused(file, "exists; a new scenario never overwrites a file") from None
    except OSError as fault:
        raise OutputRefused(file, f"cannot be written: {fault.strerror}") from None
    Console(soft_wrap=True).print(words(f"Written to {file}. It runs: python run.py simulate {shlex.quote(str(file))}"))


def _write_new(file: Path, text: str) -> None:
    """Write a file that is not there yet, whole or not at all.  Raises: OSError."""
    stream = file.open("x", encoding="utf-8")
    try:
        with stream:
            stream.write(text)
    except BaseException:
        file.unlink()
        raise


def starter_text(file: str) -> str:
    """The starter with the meaning of each key beside it, as the schema has it."""
    from ..scenarios.keys import keys_of

    called = one_line(shlex.quote(file))
    kind, lines = "scenario", []
    for line in resources.files(__package__).joinpath("starter.toml").read_text(encoding="utf-8").splitlines():
        if heading := KIND.match(line):
            kind = heading[1]
        if (found := KEY.match(line)) and found[1] not in SELF_EXPLAINING:
            key = next(key for key in keys_of(kind) if key.name == found[1])
            line = f"{line:<{COMMENT_COLUMN}} # {key.unit}: {key.meaning}"
        lines.append(line.replace("FILE", called) if line.startswith("#") else line)
    return "\n".join(lines) + "\n"
