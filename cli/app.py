"""All commands by name."""

from __future__ import annotations

from importlib import metadata
from typing import Annotated

import typer

from .actus import actus
from .analyse import analyse
from .branch import branch
from .calibrate import calibrate
from .check import check
from .cite import cite
from .columns import columns
from .diff import diff
from .events import events
from .explain import explain
from .export import export
from .extend import extend
from .keys import keys
from .new import new
from .outcomes import outcomes
from .rerun import rerun
from .scenarios import scenarios
from .serve import serve
from .show import show
from .simulate import simulate
from .statements import statements
from .study import study
from .sweep import sweep
from .validate import validate

app = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Carousel: who really put up the money, and when does the circle run backwards?",
)


def _say_version(is_asked: bool) -> None:
    if is_asked:
        print(f"carousel {metadata.version('carousel-circular-financing')}")
        raise typer.Exit


@app.callback()
def carousel(
    version: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=_say_version, help="print the version")
    ] = False,
) -> None:
    """What stands before any command."""


COMMANDS = (
    simulate, serve, extend, branch, diff, explain, cite, export, statements,
    scenarios, show, keys, columns, outcomes, new, check, sweep, rerun, analyse, calibrate, study, events, validate,
    actus,
)  # fmt: skip
for command in COMMANDS:
    app.command()(command)
