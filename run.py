"""The command line: `python run.py` runs the default scenario and prints who paid, what moved, and did it turn.

Exit status: 0 done, 1 the run failed (reason printed), 2 bad input (one line), 130 interrupted.
"""

from __future__ import annotations

import shlex
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.text import Text

if __package__ in (None, ""):
    # started as a script: the folder of this file is the package, never a place to look for top-level modules
    sys.path[:] = [p for p in sys.path if Path(p or ".").resolve() != Path(__file__).resolve().parent]

if TYPE_CHECKING:
    from carousel.history.answer import Answer
    from carousel.model import CarouselModel
    from carousel.scenarios.schema import Scenario

DEFAULT_SCENARIO = "ai-2025"
COMPILE_SECONDS = 60
"""About how long the first compilation of all kernels takes on one core."""
PIPE_WIDTH = 150
"""Columns of output that goes to no terminal."""
PROGRESS_SECONDS = 10
"""How often long work says where it is when nobody sits at a terminal."""
OK, FAILED, BAD_INPUT, INTERRUPTED = 0, 1, 2, 130
ClickError: Any = next(c for c in typer.BadParameter.__mro__ if c.__name__ == "ClickException")
"""The base of typer's usage errors, wherever the installed typer has its click."""


class Tracing(StrEnum):
    """The rule by which a payment carries the payer's money."""

    PRO_RATA = "pro-rata"
    FIFO = "fifo"
    LIFO = "lifo"


class RunFailed(Exception):
    """A run that broke off: `stage` and `reason` say where and why."""

    def __init__(self, stage: str, reason: str) -> None:
        super().__init__(f"the run failed {stage}: {reason}")
        self.stage, self.reason = stage, reason


app = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Carousel: who really put up the money, and when does the circle run backwards?",
)


@app.command()
def simulate(
    scenario: Annotated[str, typer.Argument(help="a bundled scenario or a .toml file")] = DEFAULT_SCENARIO,
    seed: Annotated[int, typer.Option(min=0, max=2**63 - 1, help="seed of all chance")] = 0,
    days: Annotated[int | None, typer.Option(help="trading days; default: as the scenario says")] = None,
    holders: Annotated[int | None, typer.Option(help="retail holders; default: as the scenario says")] = None,
    changes: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="KEY=VALUE", help="change a value, e.g. lab.OpenAI.revenue_share=0.1"),
    ] = None,
    tracing: Annotated[Tracing, typer.Option(help="tracing rule of the headline tables")] = Tracing.PRO_RATA,
    out: Annotated[Path | None, typer.Option(help="run directory; default: runs/SCENARIO-seedN")] = None,
    no_figures: Annotated[bool, typer.Option("--no-figures", help="write no figures")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="print the headlines only")] = False,
) -> None:
    """Run a scenario, print the answer, and write a run directory."""
    from carousel.history.run_directory import RunDirectory, free_path

    data = _load(scenario, [*_numbers(days, holders), *(changes or [])])
    if _is_ring_of_debts(data):
        _print_clearing(data)
        return
    target = out if out is not None else free_path("runs", f"{data.name}-seed{seed}")
    errors = Console(stderr=True)
    with RunDirectory(target) as directory:
        answer, digest = _run_and_write(
            directory, data, seed, str(tracing), errors, figures=not no_figures, quiet=quiet
        )
    _print_answer(answer, quiet=quiet)
    Console(soft_wrap=True).print(Text(f"\nWritten to {target} (history {digest[:16]})"))


@app.command()
def scenarios() -> None:
    """List the scenarios that come with Carousel."""
    from carousel.history.console import plain_table
    from carousel.scenarios.loader import bundled, load

    rows = []
    for name in bundled():
        data = load(name)
        rows.append((name, data.title, str(data.days), f"{data.holders:,}"))
    _console().print(plain_table("Scenarios", ("Name", "What it is", "Days", "Holders"), rows, text_columns=2))


@app.command()
def show(
    scenario: Annotated[str, typer.Argument(help="a bundled scenario or a .toml file")] = DEFAULT_SCENARIO,
    changes: Annotated[
        list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="change a value first")
    ] = None,
) -> None:
    """Print a scenario: balance sheets, contracts, network, calendar and the source of every number."""
    from carousel.history.console import plain_table
    from carousel.scenarios.describe import describe

    data = _load(scenario, changes or [])
    console = _console()
    console.print(Text(data.title, style="bold"))
    console.print(Text(" ".join(data.description.split())))
    for table in describe(data):
        console.print(plain_table(table.title, table.columns, table.rows, text_columns=len(table.columns)))


@app.command()
def validate(
    quick: Annotated[bool, typer.Option("--quick", help="the small version, under 3 minutes on two cores")] = False,
    accept: Annotated[bool, typer.Option("--accept", help="make what is measured now the record")] = False,
    group: Annotated[list[str] | None, typer.Option(help="only this group of checks; may be repeated")] = None,
    workers: Annotated[int | None, typer.Option(min=1, help="processes; default: one a core")] = None,
    out: Annotated[Path | None, typer.Option(help="write the report here; default: docs/validation.md")] = None,
) -> None:
    """Repeat every check of behaviour, and fail if one holds no longer (docs/validation.md, docs/validation.json)."""
    import carousel
    from carousel.experiments.validation import GROUPS
    from carousel.experiments.validation_record import RecordError
    from carousel.experiments.validation_report import outcome_lines, progress_line
    from carousel.experiments.validation_verdict import UnknownGroup, validate_and_judge

    folder = Path(str(carousel.__file__)).parent / "docs"
    if not folder.is_dir():
        raise typer.BadParameter("there is no folder docs beside the package; allowed: a checkout of the sources")
    try:
        outcome = validate_and_judge(
            GROUPS,
            folder,
            quick=quick,
            accept=accept,
            only=group or (),
            workers=workers,
            report_to=out,
            command=f"python run.py {shlex.join(sys.argv[1:])}",
            watch=_tell_line(progress_line),
        )
    except (RecordError, UnknownGroup) as fault:
        raise typer.BadParameter(str(fault)) from fault
    for line in outcome_lines(outcome):
        _console().print(Text(line))
    if outcome.failed:
        raise typer.Exit(FAILED)


def _tell_line(line_of: Any) -> Any:
    """Shows where long work is: one line that changes at a terminal, else one line every ten seconds or new step."""
    errors = Console(stderr=True)
    last: list[Any] = [0.0, None]

    def tell(progress: Any) -> None:
        now, is_new = time.monotonic(), progress.step != last[1]
        if errors.is_terminal:
            errors.print(Text(line_of(progress)), end="\r", overflow="ellipsis", no_wrap=True)
        elif is_new or now - last[0] > PROGRESS_SECONDS:
            errors.print(Text(line_of(progress)), soft_wrap=True)
            last[:] = now, progress.step

    return tell


@app.command()
def study(
    name: Annotated[str | None, typer.Argument(help="a study; without a name, all are listed")] = None,
    out: Annotated[Path | None, typer.Option(help="folder of the report; default: runs/study-NAME")] = None,
    seeds: Annotated[int | None, typer.Option(min=2, max=100_000, help="seeds; default: as the study says")] = None,
    workers: Annotated[int | None, typer.Option(min=1, max=1024, help="worker processes; default: one a core")] = None,
    quick: Annotated[bool, typer.Option("--quick", help="a smaller design, under a minute")] = False,
) -> None:
    """Run a named study and write its report, tables and figures."""
    from carousel.experiments.studies import STUDIES, find
    from carousel.history.console import plain_table

    if name is None:
        rows = [(s.name, s.answers) for s in STUDIES]
        _console().print(plain_table("Studies", ("Name", "What it answers"), rows, text_columns=2))
        return
    chosen = find(name)
    from carousel.experiments.study import Request, StudyFailed, write_study
    from carousel.history.run_directory import RunDirectory, free_path
    from carousel.history.store import commit, versions

    target = out if out is not None else free_path("runs", f"study-{name}")
    given = [("--seeds", seeds), ("--workers", workers)]
    command = shlex.join(
        ["python", "run.py", "study", name, *(f"{k}={v}" for k, v in given if v), *(["--quick"] if quick else [])]
    )
    with RunDirectory(target) as directory:
        try:
            result = chosen.run(Request(seeds, workers, quick, _tell_runs(Console(stderr=True))))
        except StudyFailed as fault:
            raise RunFailed(fault.stage, str(fault)) from fault
        write_study(
            directory, result, command=command, about={"study": name, "commit": commit(), "versions": versions()}
        )
    for line in result.findings:
        _console().print(Text(line))
    if result.failed:
        print(f"{len(result.failed)} of {result.runs} runs failed and count in no number", file=sys.stderr)
    Console(soft_wrap=True).print(Text(f"\nWritten to {target}"))


def _tell_runs(errors: Console) -> Any:
    """Tells on standard error how many runs are done and how long the rest will take, about every tenth."""
    began = time.monotonic()
    last = [0.0]

    def tell(done: int, of: int) -> None:
        now = time.monotonic()
        if done == of or now - last[0] >= (1.0 if errors.is_terminal else 10.0):
            last[0] = now
            left = (now - began) / done * (of - done)
            errors.print(Text(f"{done} of {of} cases, {left:.0f} s left"))

    return tell


@app.command()
def events(
    file: Annotated[Path, typer.Argument(help="a CSV of announcements (docs/events.md)")],
    out: Annotated[Path, typer.Option(help="CSV to write: the columns of FILE and the predictions")],
    workers: Annotated[int | None, typer.Option(min=1, max=256, help="processes; default: one a core")] = None,
) -> int:
    """Predict the first-day abnormal return of each listed announcement, with and without it."""
    from carousel.experiments.events_command import predict_file

    errors = Console(stderr=True, soft_wrap=True)
    if _must_compile():
        errors.print(Text(f"compiling the market's kernels, once: about {COMPILE_SECONDS} s"))

    def say(line: str) -> None:
        errors.print(Text(line))

    with _steps("announcements", errors) as tell:
        report = predict_file(file, out, workers=workers, tell=tell, say=say)
    for line in report.lines:
        say(line)
    Console(soft_wrap=True).print(Text(report.summary))
    return FAILED if report.refused else OK


@contextmanager
def _steps(what: str, errors: Console) -> Iterator[Any]:
    """Shows done of all and the time left; plain lines, about ten of them, when nobody sits at a terminal."""
    if errors.is_terminal:
        columns = (TextColumn(what + " {task.completed} of {task.total}"), BarColumn(), TimeRemainingColumn())
        with Progress(*columns, console=errors, transient=True) as bar:
            task = bar.add_task("run", total=None)
            yield lambda done, of: bar.update(task, completed=done, total=of)
        return
    began = time.monotonic()

    def tell(done: int, of: int) -> None:
        if done in (1, of) or done % max(1, of // 10) == 0:
            left = (time.monotonic() - began) / done * (of - done)
            errors.print(Text(f"{what} {done} of {of}, {left:.0f} s left"))

    yield tell


def _numbers(days: int | None, holders: int | None) -> list[str]:
    """The two sizes of a run as changes to the scenario, so that one place checks them."""
    return [f"{key}={value}" for key, value in (("days", days), ("holders", holders)) if value is not None]


def _load(scenario: str, changes: Sequence[str]) -> Scenario:
    """A scenario with changes applied: key paths, or names of the headline parameters.

    Raises: ScenarioError.
    """
    from carousel.scenarios.loader import load
    from carousel.scenarios.parameters import PARAMETERS, apply_parameters

    names = {p.name for p in PARAMETERS}
    headline = [c for c in changes if c.partition("=")[0].strip() in names]
    data = load(scenario, [c for c in changes if c not in headline])
    values = {c.partition("=")[0].strip(): _number(c.partition("=")[2]) for c in headline}
    return apply_parameters(data, values)


def _number(text: str) -> Any:
    """A number where it is one; what is none is left for the parameter table to refuse."""
    try:
        return float(text)
    except ValueError:
        return text


def _is_ring_of_debts(data: Scenario) -> bool:
    """Whether there is nothing to simulate, only debts to clear."""
    return bool(data.obligation) and not (data.lab or data.listed or data.households)


def _run_and_write(
    directory: Any, data: Scenario, seed: int, tracing: str, errors: Console, *, figures: bool, quiet: bool
) -> tuple[Answer, str]:
    """Simulate under the recorder, answer, and fill the run directory.

    Raises: RunFailed.
    """
    from carousel.history.recorder import Recorder
    from carousel.history.sinks import ParquetSink
    from carousel.history.store import answer_of, write_run

    started = time.time()
    if not quiet and _must_compile():
        errors.print(Text(f"compiling the market's kernels, once: about {COMPILE_SECONDS} s"))
    from carousel.model import CarouselModel

    stage = "while it was set up"
    try:
        model = CarouselModel(data, rng=seed, tracing=tracing)
        recorder = Recorder(model, ParquetSink(directory.partial))
        model.observers.append(recorder)
        with _progress(model, errors, quiet=quiet) as advance:
            while model.running:
                stage = f"on day {model.day + 1}"
                model.step()
                advance()
        stage = "while its answer was written"
        digest = recorder.finish()
        answer = answer_of(model, recorder)
        write_run(directory, model, recorder, answer, command=sys.argv, started=started, with_figures=figures)
    except (KeyboardInterrupt, MemoryError):
        raise
    except Exception as fault:
        raise RunFailed(stage, f"{type(fault).__name__}: {fault}") from fault
    return answer, digest


@contextmanager
def _progress(model: CarouselModel, errors: Console, *, quiet: bool) -> Iterator[Any]:
    """Shows day x of n, the date and the time left; plain lines, ten of them, when nobody sits at a terminal."""
    if quiet:
        yield lambda: None
    elif errors.is_terminal:
        columns = (TextColumn("day {task.completed} of {task.total}"), BarColumn(), TextColumn("{task.fields[date]}"))
        with Progress(*columns, TimeRemainingColumn(), console=errors, transient=True) as bar:
            task = bar.add_task("run", total=model.days, date=str(model.date))
            yield lambda: bar.update(task, completed=model.day, date=str(model.date))
    else:
        began = time.monotonic()
        every = max(1, model.days // 10)

        def tell() -> None:
            if model.day % every == 0 or model.day == model.days:
                left = (time.monotonic() - began) / model.day * (model.days - model.day)
                errors.print(Text(f"day {model.day} of {model.days}, {model.date}, {left:.0f} s left"))

        yield tell


def _console() -> Console:
    """Standard output: as wide as the terminal, or wide enough for the tables when it is a file or a pipe."""
    console = Console()
    return console if console.is_terminal else Console(width=PIPE_WIDTH)


def _must_compile() -> bool:
    """Whether no compiled kernel is cached yet."""
    import carousel

    folder = Path(str(carousel.__file__)).parent
    return not any(folder.glob("market/__pycache__/*.nbi"))


def _print_answer(answer: Answer, *, quiet: bool) -> None:
    """The answer on standard output."""
    from carousel.history.console import answer_renderables

    console = _console()
    if quiet:
        for line in answer.headlines:
            console.print(Text(line))
        return
    for part in answer_renderables(answer):
        console.print(part)


def _print_clearing(data: Scenario) -> None:
    """The computed answer to the joke."""
    from carousel.history.answer_clearing import clearing_answer

    _print_answer(clearing_answer(data), quiet=False)


def _fail(text: str, status: int) -> int:
    """One line on standard error."""
    print(" ".join(text.split()), file=sys.stderr)
    return status


def _run_command(arguments: list[str]) -> int:
    """Run one command and turn every ending into an exit status.

    Nothing but bad input may look like bad input: only typer's, the scenario's and the run directory's own errors do.
    """
    from carousel.agents.row_ranges import ThreadsError
    from carousel.experiments.events_command import EventsError
    from carousel.experiments.studies import UnknownStudy
    from carousel.history.run_directory import RunDirectoryError
    from carousel.scenarios.errors import ScenarioError

    try:
        result = typer.main.get_command(app).main(args=arguments, prog_name="run.py", standalone_mode=False)
    except (KeyboardInterrupt, typer.Abort):
        result = INTERRUPTED
    except typer.Exit as end:
        result = end.exit_code
    except (ScenarioError, RunDirectoryError, UnknownStudy, EventsError, ThreadsError) as fault:
        return _fail(f"error: {fault}", BAD_INPUT)
    except ClickError as fault:
        return _fail(f"error: {fault.format_message()} (run.py --help lists the options)", BAD_INPUT)
    except RunFailed as fault:
        command = f"python run.py {shlex.join(arguments)}"
        return _fail(f"error: {fault}; to repeat: {command}", FAILED)
    except MemoryError:
        return _fail("error: the run failed: out of memory; fewer --holders need less", FAILED)
    except OSError as fault:
        return _fail(f"error: the run failed: {fault}", FAILED)
    # some versions of typer turn Ctrl-C into an exit status by themselves
    return _fail("interrupted: nothing was written", INTERRUPTED) if result == INTERRUPTED else int(result or OK)


def main() -> None:
    """Entry point: without a command, `simulate` is meant."""
    arguments = sys.argv[1:]
    if not arguments or (arguments[0].startswith("-") and arguments[0] not in ("--help", "-h")):
        arguments = ["simulate", *arguments]
    sys.exit(_run_command(arguments))


if __name__ == "__main__":
    main()
