"""`serve`: the page, for a scenario or for a finished run."""

from __future__ import annotations

import asyncio
import shlex
from importlib import resources
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ..scenarios.errors import BadInput
from .interrupts import end_here
from .options import DEFAULT_SCENARIO, Changes, Tracing

if TYPE_CHECKING:
    from ..scenarios.schema import Scenario

PORT = 8765
GOODBYE = "the page is served no longer; open ones play on with what they have"
CHANGING = ("--set", "--holders")
"""Options of `simulate` that make another scenario; length, seed and tracing are the recipe's own."""


def serve(
    what: Annotated[
        str, typer.Argument(metavar="[SCENARIO|RUN]", help="a bundled scenario, a .toml file, or the folder of a run")
    ] = DEFAULT_SCENARIO,
    days: Annotated[int | None, typer.Option(help="trading days; default: as the scenario says")] = None,
    holders: Annotated[int | None, typer.Option(help="retail holders; default: as the scenario says")] = None,
    seed: Annotated[int, typer.Option(min=0, max=2**63 - 1, help="seed of all chance")] = 0,
    tracing: Annotated[Tracing, typer.Option(help="tracing rule of the dots")] = Tracing.PRO_RATA,
    changes: Changes = None,
    port: Annotated[int, typer.Option(min=0, max=65535, help="port on this machine; 0 takes a free one")] = PORT,
    mesa: Annotated[bool, typer.Option("--mesa", help="Mesa's SolaraViz instead; needs the extra mesa-page")] = False,
) -> None:
    """Open the page on this machine: watch the money go round, change it, see who pays. Ctrl-C ends it."""
    offered, start, link = begun(what, changes or [])
    given: dict[str, Any] = {"days": days, "holders": holders}
    link = "" if days or holders else link
    start = {"seed": str(seed), "tracing": str(tracing)} | start | {key: n for key, n in given.items() if n is not None}
    try:
        if mesa:
            from ..visual.mesa_serve import serve_mesa

            serve_mesa(port, offered, start, _say)
        else:
            from ..visual.server import serve as serve_page

            asyncio.run(serve_page(port, offered, start, _say, link))
    except OSError as fault:
        raise BadInput(f"port {port}: {fault.strerror}; allowed: a free port, or --port 0") from fault
    except KeyboardInterrupt:
        end_here(GOODBYE)


def _say(address: str) -> None:
    print(f"Carousel is at {address} (Ctrl-C ends it)", flush=True)


def begun(what: str, changes: list[str]) -> tuple[dict[str, Scenario], dict[str, Any], str]:
    """Scenarios on offer beside the bundled ones, by the words that make them, the recipe with which it begins, and
    the last link of the chain of days that it made when it was written; empty where it is no run.

    A bundled scenario is only named: the page does not wait for it to be read.
    """
    if Path(what).is_dir():
        from ..history.open_run import open_run
        from ..history.recipe import recipe_of
        from ..visual.recipe import RUN_IN

        recipe = recipe_of(what)
        name = shlex.join(made_by(open_run(what).manifest.get("command"))) or f"{RUN_IN}{what}"
        return {name: recipe.scenario}, {
            "scenario": name, "seed": str(recipe.seed), "tracing": recipe.tracing, "days": recipe.days,
        }, recipe.chain[-1]  # fmt: skip
    is_name = what.replace("-", "").isalnum()
    if is_name and not changes and (resources.files("carousel.scenarios") / f"{what}.toml").is_file():
        return {}, {"scenario": what}, ""
    from .options import changed_scenario

    name = shlex.join([what, *(word for change in changes for word in ("--set", change))])
    return {name: changed_scenario(what, changes)}, {"scenario": name}, ""


def made_by(command: Any) -> list[str]:
    """The scenario of a `simulate` command and what changes it; nothing of what is none."""
    is_command = isinstance(command, list) and all(isinstance(word, str) for word in command)
    if not is_command or command[1:2] != ["simulate"]:
        return []
    said = [
        word
        for argument in command[2:]
        for word in (argument.split("=", 1) if argument.startswith("--") else [argument])
    ]
    made = said[:1] if said and not said[0].startswith("-") else [DEFAULT_SCENARIO]
    for name, value in pairwise(said):
        made += [name, value] if name in CHANGING else []
    return made
