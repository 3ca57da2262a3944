"""`worlds`: many worlds of a scenario, each beside its twin without the circle's deals."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from .console import console, section_renderables, words
from .options import World, grouped
from .progress import tell_rows
from .statuses import RunFailed


@grouped
def worlds(
    world: World,
    many: Annotated[int, typer.Option("--worlds", min=2, max=10_000, help="how many worlds")] = 20,
    first: Annotated[int, typer.Option("--first-seed", min=0, max=2**53, help="seed of the first")] = 0,
    workers: Annotated[int | None, typer.Option(min=1, max=1024, help="worker processes; default: one a core")] = None,
    out: Annotated[Path | None, typer.Option(help="folder; default: runs/SCENARIO-worlds")] = None,
) -> None:
    """Run many worlds of a scenario, each beside its twin without the circle's deals, and say what they have in
    common."""
    from ..experiments.runner.runs import FailedRun
    from ..experiments.worlds.pairs import run_pairs
    from ..experiments.worlds.seven_answers import answers
    from ..experiments.worlds.written import write_worlds
    from ..history.run_directory import RunDirectory

    scenario = world.load()
    seeds = range(first, first + many)
    with RunDirectory.at(out, default=f"{scenario.name}-worlds") as directory:
        found = run_pairs(scenario, seeds, workers=workers, tell=tell_rows(Console(stderr=True)))
        if isinstance(found, FailedRun):
            raise RunFailed(f"in the world of seed {found.case['seed']}", found.error)
        sections = answers(scenario, found)
        write_worlds(directory, scenario, found, sections)
    for section in sections:
        for part in section_renderables(section, style=""):
            console().print(part)
    print()
    said = f"Nearest to the medians: seed {found.example()}. Written to {directory.shown}"
    Console(soft_wrap=True).print(words(said))
