"""The commands that run experiments: `validate`, `study`, `events`; run.py puts them beside its own."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from .terminal import FAILED, OK, RunFailed, announce_compilation, console, steps, tell_line, tell_runs


def validate(
    quick: Annotated[bool, typer.Option("--quick", help="the small version, under 3 minutes on two cores")] = False,
    accept: Annotated[bool, typer.Option("--accept", help="make what is measured now the record")] = False,
    group: Annotated[list[str] | None, typer.Option(help="only this group of checks; may be repeated")] = None,
    workers: Annotated[int | None, typer.Option(min=1, help="processes; default: one a core")] = None,
    out: Annotated[Path | None, typer.Option(help="write the report here; default: docs/validation.md")] = None,
) -> None:
    """Repeat every check of behaviour, and fail if one holds no longer (docs/validation.md, docs/validation.json)."""
    from ..experiments.validation.groups import GROUPS
    from ..experiments.validation.record import RecordError
    from ..experiments.validation.report import outcome_lines, progress_line
    from ..experiments.validation.verdict import Request, UnknownGroup, validate_and_judge

    folder = Path(__file__).parents[1] / "docs"
    if not folder.is_dir():
        raise typer.BadParameter("there is no folder docs beside the package; allowed: a checkout of the sources")
    command = f"python run.py {shlex.join(sys.argv[1:])}"
    request = Request(quick, accept, tuple(group or ()), workers, out, command)
    try:
        outcome = validate_and_judge(GROUPS, folder, request, watch=tell_line(progress_line))
    except (RecordError, UnknownGroup) as fault:
        raise typer.BadParameter(str(fault)) from fault
    for line in outcome_lines(outcome):
        console().print(Text(line))
    if outcome.failed:
        raise typer.Exit(FAILED)


def study(
    name: Annotated[str | None, typer.Argument(help="a study; without a name, all are listed")] = None,
    out: Annotated[Path | None, typer.Option(help="folder of the report; default: runs/study-NAME")] = None,
    seeds: Annotated[int | None, typer.Option(min=2, max=100_000, help="seeds; default: as the study says")] = None,
    workers: Annotated[int | None, typer.Option(min=1, max=1024, help="worker processes; default: one a core")] = None,
    quick: Annotated[bool, typer.Option("--quick", help="a smaller design, under a minute")] = False,
) -> None:
    """Run a named study and write its report, tables and figures."""
    from ..experiments.studies.studies import STUDIES, find
    from .console import plain_table

    if name is None:
        rows = [(s.name, s.answers) for s in STUDIES]
        console().print(plain_table("Studies", ("Name", "What it answers"), rows, text_columns=2))
        return
    chosen = find(name)
    from ..experiments.studies.study import Request, StudyFailed, write_study
    from ..history.run_directory import RunDirectory, free_path
    from ..report.store import commit, versions

    target = out if out is not None else free_path("runs", f"study-{name}")
    given = [("--seeds", seeds), ("--workers", workers)]
    command = shlex.join(
        ["python", "run.py", "study", name, *(f"{k}={v}" for k, v in given if v), *(["--quick"] if quick else [])]
    )
    with RunDirectory(target) as directory:
        try:
            result = chosen.run(Request(seeds, workers, quick, tell_runs(Console(stderr=True))))
        except StudyFailed as fault:
            raise RunFailed(fault.stage, str(fault)) from fault
        write_study(
            directory, result, command=command, about={"study": name, "commit": commit(), "versions": versions()}
        )
    for line in result.findings:
        console().print(Text(line))
    if result.failed:
        print(f"{len(result.failed)} of {result.runs} runs failed and count in no number", file=sys.stderr)
    Console(soft_wrap=True).print(Text(f"\nWritten to {target}"))


def events(
    file: Annotated[Path, typer.Argument(help="a CSV of announcements (docs/events.md)")],
    out: Annotated[Path, typer.Option(help="CSV to write: the columns of FILE and the predictions")],
    workers: Annotated[int | None, typer.Option(min=1, max=256, help="processes; default: one a core")] = None,
) -> int:
    """Predict the first-day abnormal return of each listed announcement, with and without it."""
    from .events import predict_file

    errors = Console(stderr=True, soft_wrap=True)
    announce_compilation(errors)

    def say(line: str) -> None:
        errors.print(Text(line))

    with steps("announcements", errors) as tell:
        report = predict_file(file, out, workers=workers, tell=tell, say=say)
    for line in report.lines:
        say(line)
    Console(soft_wrap=True).print(Text(report.summary))
    return FAILED if report.refused else OK
