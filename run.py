"""The command line: `python run.py` runs the default scenario and prints who paid, what moved, and did it turn.

Exit status: 0 done, 1 the run failed (reason printed), 2 bad input (one line), 130 interrupted.
"""

from __future__ import annotations

import shlex
import sys
import time
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

if __package__ in (None, ""):
    # started as a script: the folder of this file is the package, never a place to look for top-level modules
    sys.path[:] = [p for p in sys.path if Path(p or ".").resolve() != Path(__file__).resolve().parent]

from carousel.cli import experiments as commands
from carousel.cli.terminal import (
    BAD_INPUT,
    FAILED,
    INTERRUPTED,
    OK,
    RunFailed,
    announce_compilation,
    console,
    progress_of_days,
)
from carousel.engine.row_ranges import ThreadsError
from carousel.history.run_directory import RunDirectory, RunDirectoryError, free_path
from carousel.scenarios.errors import BadInput

if TYPE_CHECKING:
    from carousel.report.answer import Answer
    from carousel.scenarios.schema import Scenario

DEFAULT_SCENARIO = "ai-2025"
ClickError: Any = next(c for c in typer.BadParameter.__mro__ if c.__name__ == "ClickException")
"""The base of typer's usage errors, wherever the installed typer has its click."""


class Tracing(StrEnum):
    """The rule by which a payment carries the payer's money."""

    PRO_RATA = "pro-rata"
    FIFO = "fifo"
    LIFO = "lifo"


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
    data = _load(scenario, [*_numbers(days, holders), *(changes or [])])
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
    from carousel.cli.console import plain_table
    from carousel.scenarios.loader import bundled, load

    rows = []
    for name in bundled():
        data = load(name)
        rows.append((name, data.title, str(data.days), f"{data.holders:,}"))
    console().print(plain_table("Scenarios", ("Name", "What it is", "Days", "Holders"), rows, text_columns=2))


@app.command()
def show(
    scenario: Annotated[str, typer.Argument(help="a bundled scenario or a .toml file")] = DEFAULT_SCENARIO,
    changes: Annotated[
        list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="change a value first")
    ] = None,
) -> None:
    """Print a scenario: balance sheets, contracts, network, calendar and the source of every number."""
    from carousel.cli.console import plain_table
    from carousel.scenarios.describe import describe

    data = _load(scenario, changes or [])
    printer = console()
    printer.print(Text(data.title, style="bold"))
    printer.print(Text(" ".join(data.description.split())))
    for table in describe(data):
        printer.print(plain_table(table.title, table.columns, table.rows, text_columns=len(table.columns)))


for command in (commands.validate, commands.study, commands.events):
    app.command()(command)


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


def _run_and_write(
    directory: Any, data: Scenario, seed: int, tracing: str, errors: Console, *, figures: bool, quiet: bool
) -> tuple[Answer, str]:
    """Simulate under the recorder, answer, and fill the run directory.

    Raises: RunFailed.
    """
    from carousel.history.recorder import Recorder
    from carousel.history.sinks import ParquetSink
    from carousel.report.store import answer_of, write_run

    started = time.time()
    if not quiet:
        announce_compilation(errors)
    from carousel.model import CarouselModel

    stage = "while it was set up"
    try:
        model = CarouselModel(data, rng=seed, tracing=tracing)
        recorder = Recorder(model, ParquetSink(directory.partial))
        model.observers.append(recorder)
        with progress_of_days(model, errors, quiet=quiet) as advance:
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


def _print_answer(answer: Answer, *, quiet: bool) -> None:
    """The answer on standard output."""
    from carousel.cli.console import answer_renderables

    printer = console()
    if quiet:
        for line in answer.headlines:
            printer.print(Text(line))
        return
    for part in answer_renderables(answer):
        printer.print(part)


def _fail(text: str, status: int) -> int:
    """One line on standard error."""
    print(" ".join(text.split()), file=sys.stderr)
    return status


def _run_command(arguments: list[str]) -> int:
    """Run one command and turn every ending into an exit status.

    Nothing but bad input may look like bad input: only typer's, the scenario's and the run directory's own errors do.
    """
    try:
        result = typer.main.get_command(app).main(args=arguments, prog_name="run.py", standalone_mode=False)
    except (KeyboardInterrupt, typer.Abort):
        result = INTERRUPTED
    except typer.Exit as end:
        result = end.exit_code
    except (BadInput, RunDirectoryError, ThreadsError) as fault:
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
