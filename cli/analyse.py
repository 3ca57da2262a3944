"""`analyse`: what the tables of a sweep say."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from .console import console, words
from .statuses import FAILED


def analyse(
    folder: Annotated[Path, typer.Argument(help="folder of a sweep, finished or not")],
    out: Annotated[Path | None, typer.Option(help="folder of the report; default: DIR/analysis, -2 ...")] = None,
    outcome: Annotated[
        list[str] | None, typer.Option(help="only these outcomes (* stands for any text); may be repeated")
    ] = None,
) -> None:
    """Analyse a sweep: indices, maps, boxes, curves, paired differences, fans; a report in words."""
    from ..experiments.sweeps.analysis.analyse import analyse as analysed
    from ..experiments.sweeps.analysis.report import counts, headlines, write_report
    from ..experiments.sweeps.analysis.tables import read_tables
    from ..experiments.sweeps.parts import PartKind
    from ..history.run_directory import RunDirectory
    from ..report.store import commit, versions

    if out is not None and out.absolute().parent in [folder.absolute() / kind for kind in PartKind]:
        raise typer.BadParameter(f"--out: came {out}, where tables stand; allowed: beside them")
    found = analysed(read_tables(folder), outcome or ())
    options = [f"--outcome={name}" for name in outcome or ()]
    command = shlex.join(["python", "run.py", "analyse", str(folder), *options])
    with RunDirectory(out) if out is not None else RunDirectory.free(folder, "analysis") as directory:
        write_report(directory, found, command=command, about={"commit": commit(), "versions": versions()})
    console().print(words(found.tables.asked.question, style="bold"))
    console().print(words(counts(found.tables)))
    for sentence in headlines(found, of_each=1):
        console().print(words(sentence))
    Console(soft_wrap=True).print(words(f"Written to {directory.shown}"))
    if found.tables.good.empty:
        raise typer.Exit(FAILED)
