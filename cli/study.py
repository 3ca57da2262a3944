"""`study`: run the sweep of a named study and write its report."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from ..report.wording import how_many
from .console import console, plain_table, words
from .statuses import FAILED, RunFailed
from .sweep_progress import sweep_progress


def study(
    name: Annotated[str | None, typer.Argument(help="a study; without a name, all are listed")] = None,
    out: Annotated[Path | None, typer.Option(help="folder of the report; default: runs/study-NAME")] = None,
    seeds: Annotated[int | None, typer.Option(min=2, max=100_000, help="seeds; default: as the study says")] = None,
    workers: Annotated[int | None, typer.Option(min=1, max=1024, help="worker processes; default: one a core")] = None,
    quick: Annotated[bool, typer.Option("--quick", help="a smaller design, about a minute")] = False,
) -> None:
    """Run the sweep of a named study into DIR-sweep, or what is missing of it, and write its report into DIR."""
    from ..experiments.studies.studies import STUDIES, find

    if name is None:
        rows = [(s.name, s.answers) for s in STUDIES]
        console().print(plain_table("Studies", ("Name", "What it answers"), rows, text_columns=2))
        return
    listed = find(name)
    from ..experiments.studies.study import StudyFailed, write_study
    from ..history.run_directory import RunDirectory
    from ..report.store import commit, versions

    given = [("--seeds", seeds), ("--workers", workers)]
    command = shlex.join(
        ["python", "run.py", "study", name, *(f"{k}={v}" for k, v in given if v), *(["--quick"] if quick else [])]
    )
    chosen = listed.swept
    sweep = chosen.sweep(seeds=seeds, quick=quick)
    with RunDirectory.at(out, default=f"study-{name}") as directory:
        folder = directory.shown.with_name(f"{directory.shown.name}-sweep")
        try:
            chosen.prepare()
            with sweep_progress(Console(stderr=True)) as tell:
                tables = chosen.tables(sweep, folder, workers, tell)
            result = chosen.report(tables)
        except StudyFailed as fault:
            raise RunFailed(fault.stage, str(fault)) from fault
        about = {"study": name, "commit": commit(), "versions": versions()}
        write_study(directory, result, command=command, about=about)
    for line in result.findings:
        console().print(words(line))
    if result.failed:
        print(
            f"{len(result.failed):,} of {how_many(result.runs, 'run')} failed and count in no number", file=sys.stderr
        )
    print()
    Console(soft_wrap=True).print(words(f"Written to {directory.shown}; its runs are in {folder}"))
    if result.failed:
        raise typer.Exit(FAILED)
