"""`check`: does a scenario fit together, and if not, everything that is wrong with it."""

from __future__ import annotations

import sys
from typing import Annotated

import typer
from rich.console import Console

from .console import words
from .questions import ask
from .statuses import BAD_INPUT, OK


def check(file: Annotated[str, typer.Argument(help="a .toml file or a bundled scenario")]) -> int:
    """Check a scenario without running it: one line for each fault, and status 2 if there is one."""
    from ..scenarios.loader import check as faults_of
    from ..scenarios.loader import load

    faults = faults_of(file)
    for fault in faults:
        print(f"error: {fault}", file=sys.stderr)
    if faults:
        return BAD_INPUT
    data = load(file)
    ask(data)
    what = f"{data.title} ({data.days} trading days from {data.start_date}, {data.holders:,} holders)"
    Console(soft_wrap=True).print(words(f"{file} fits together: {what}"))
    return OK
