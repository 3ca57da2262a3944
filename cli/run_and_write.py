"""What every command that leaves a run behind does: simulate under the recorder, answer, fill a run directory."""

from __future__ import annotations

import shlex
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from rich.console import Console

from ..history.run_directory import RunDirectory
from ..scenarios.errors import BadInput
from .console import answer_renderables, console, words
from .progress import announce_compilation, progress_of_days
from .statuses import RunFailed

if TYPE_CHECKING:
    from ..history.choice import Choice
    from ..history.recipe import Recipe
    from ..history.sinks import Tables
    from ..report.answer import Answer
    from ..scenarios.schema import Scenario
    from ..visual.replay import Film


@dataclass(frozen=True, slots=True)
class Task:
    """A run to be made and kept; where it repeats another, that one and the last day on which they must be the same."""

    scenario: Scenario
    seed: int
    tracing: str
    choice: Choice
    with_figures: bool
    quiet: bool
    repeats: Recipe | None = None
    until_day: int = 0
    made_from: Mapping[str, Any] = field(default_factory=dict)
    with_page: bool | None = None
    """The run as a page beside it; None: where it has figures."""
    tells: bool = True
    """Whether every day is told, where anything is."""
    observe: Callable[[Any], None] | None = None
    """Looks at the model before its first day."""


@dataclass(frozen=True, slots=True)
class Made:
    """A run in its directory, not yet under its final name."""

    answer: Answer
    digest: str
    tables: Tables


def run_and_write(directory: RunDirectory, task: Task) -> Made:
    """Simulate under the recorder, answer, and fill the run directory.

    Raises: RunFailed; ChoiceError for an agent that is none; Unlike where a repetition parts from what it repeats.
    """
    from ..history.recorder import Recorder
    from ..history.sinks import ParquetSink
    from ..report.store import answer_of, write_run

    started = time.time()
    errors = Console(stderr=True)
    if not task.quiet:
        announce_compilation(errors)
    from ..model import CarouselModel

    with _fails("while it was set up"):
        model = CarouselModel(task.scenario, rng=task.seed, tracing=task.tracing)
        recorder = Recorder(model, ParquetSink(directory.partial), task.choice)
        model.observers.append(recorder)
        has_page = task.with_figures if task.with_page is None else task.with_page
        film = _film(model) if has_page else None
        if task.observe is not None:
            task.observe(model)
    _compare(task, model, recorder)
    with progress_of_days(model, errors, quiet=task.quiet or not task.tells) as advance:
        while model.running:
            with _fails(f"on day {model.clock.day + 1}"):
                model.step()
            advance()
    with _fails("while its answer was written"):
        digest = recorder.finish()
        answer = answer_of(model, recorder)
        write_run(
            directory, model, recorder, answer,
            command=sys.argv, started=started, with_figures=task.with_figures, made_from=task.made_from,
        )  # fmt: skip
        if film is not None:
            directory.write_text("page.html", film.html(shlex.join(["python", "run.py", *sys.argv[1:]])))
    return Made(answer, digest, recorder.tables())


def _film(model: Any) -> Film:
    """Have the run filmed for the page."""
    from ..visual.replay import Film

    film = Film(model)
    model.observers.append(film)
    return film


def _compare(task: Task, model: Any, recorder: Any) -> None:
    """Have every day of a repetition compared, the opening now."""
    if task.repeats is None:
        return
    from ..history.recipe import SameAsBefore
    from ..report.store import versions

    same = SameAsBefore(task.repeats, recorder, versions(), task.until_day)
    same(model)
    model.observers.append(same)


@contextmanager
def _fails(stage: str) -> Iterator[None]:
    """Whatever breaks within is a failed run that says where.  Raises: RunFailed."""
    try:
        yield
    except (MemoryError, BadInput):
        raise
    except Exception as fault:
        raise RunFailed(stage, f"{type(fault).__name__}: {fault}") from fault


def print_answer(answer: Answer, *, quiet: bool) -> None:
    """The answer on standard output."""
    printer = console()
    whole = answer_renderables(answer.title, answer.headlines, answer.sections)
    parts = (words(line) for line in answer.headlines) if quiet else whole
    for part in parts:
        printer.print(part)


def say_written(directory: RunDirectory, digest: str) -> None:
    """Where the run is, on standard output."""
    print()
    Console(soft_wrap=True).print(words(f"Written to {directory.shown} (history {digest[:16]})"))
