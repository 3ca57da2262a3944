"""`simulate`: run a scenario, print the answer, write a run directory."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console

from ..history.run_directory import RunDirectory
from ..scenarios.errors import BadInput
from .console import answer_renderables, console, words
from .options import Drawing, Keeping, Output, World, grouped
from .progress import announce_compilation, progress_of_days
from .statuses import RunFailed

if TYPE_CHECKING:
    from ..history.choice import Choice
    from ..report.answer import Answer
    from ..scenarios.schema import Scenario


@grouped
def simulate(world: World, drawing: Drawing, output: Output, keeping: Keeping) -> None:
    """Run a scenario, print the answer, and write a run directory."""
    data, choice = world.load(), keeping.choice()
    with RunDirectory.at(output.out, default=f"{data.name}-seed{drawing.seed}") as directory:
        answer, digest = _run_and_write(directory, data, drawing, output, choice)
    _print_answer(answer, quiet=output.quiet)
    print()
    Console(soft_wrap=True).print(words(f"Written to {directory.shown} (history {digest[:16]})"))


def _run_and_write(
    directory: RunDirectory, data: Scenario, drawing: Drawing, output: Output, choice: Choice
) -> tuple[Answer, str]:
    """Simulate under the recorder, answer, and fill the run directory.

    Raises: RunFailed; ChoiceError for an agent that is none.
    """
    from ..history.recorder import Recorder
    from ..history.sinks import ParquetSink
    from ..report.store import answer_of, write_run

    started = time.time()
    errors = Console(stderr=True)
    if not output.quiet:
        announce_compilation(errors)
    from ..model import CarouselModel

    with _fails("while it was set up"):
        model = CarouselModel(data, rng=drawing.seed, tracing=str(drawing.tracing))
        recorder = Recorder(model, ParquetSink(directory.partial), choice)
        model.observers.append(recorder)
    with progress_of_days(model, errors, quiet=output.quiet) as advance:
        while model.running:
            with _fails(f"on day {model.clock.day + 1}"):
                model.step()
            advance()
    with _fails("while its answer was written"):
        digest = recorder.finish()
        answer = answer_of(model, recorder)
        figures = not output.no_figures
        write_run(directory, model, recorder, answer, command=sys.argv, started=started, with_figures=figures)
    return answer, digest


@contextmanager
def _fails(stage: str) -> Iterator[None]:
    """Whatever breaks within is a failed run that says where.  Raises: RunFailed."""
    try:
        yield
    except (MemoryError, BadInput):
        raise
    except Exception as fault:
        raise RunFailed(stage, f"{type(fault).__name__}: {fault}") from fault


def _print_answer(answer: Answer, *, quiet: bool) -> None:
    """The answer on standard output."""
    printer = console()
    parts = (words(line) for line in answer.headlines) if quiet else answer_renderables(answer)
    for part in parts:
        printer.print(part)
