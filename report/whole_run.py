"""One call from a scenario to a finished run."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa

from ..history.choice import Choice
from ..history.datasets import in_memory
from ..history.recorder import Recorder
from ..history.run_directory import RunDirectory
from ..history.sinks import MemorySink, ParquetSink, Sink
from ..model import CarouselModel
from ..scenarios.schema import Scenario
from .answer import Answer
from .shown_run import ShownRun, open_run
from .store import answer_of, manifest, write_run


class Wider(Protocol):
    """What is said in the place of a run's own answer."""

    def to_json(self) -> dict[str, Any]:
        """As data that JSON can hold."""

    def tables(self) -> Mapping[str, pa.Table]:
        """Tables beside those of the run, by name."""

    def write(self, directory: RunDirectory) -> None:
        """Its files, over those of the run's own answer."""


def run(
    scenario: str | Path | Scenario = "ai-2025",
    *,
    seed: int = 0,
    out: Path | str | None = None,
    choice: Choice | None = None,
    widen: Callable[[Answer], Wider] | None = None,
    **keywords: Any,
) -> ShownRun:
    """Simulate a scenario to its end: its tables, manifest and answer.

    `out` is the run directory to write, with figures; None keeps everything in memory. `choice` says what is kept of
    it (history/choice.py); the answer is the same for every choice. `widen` makes of the answer what is said in its
    place. `keywords` are those of
    `CarouselModel`, such as `days`, `holders`, `tracing` and the headline parameters.

    Raises: ScenarioError, ParameterError, ChoiceError, OutputRefused on bad input.
    """
    started = time.time()
    named = str(scenario) if isinstance(scenario, Path) else scenario
    if out is None:
        sink = MemorySink()
        model, recorder = _recorded(CarouselModel(named, rng=seed, **keywords), sink, choice)
        made_by = manifest(model, recorder, sys.argv, started)
        tables = {name: partial(in_memory, partial(sink.arrow, name)) for name in recorder.kept.tables}
        answer = answer_of(model, recorder)
        if widen is None:
            return ShownRun(made_by, answer.to_json(), tables)
        wider = widen(answer)
        more = {name: partial(in_memory, partial(_itself, table)) for name, table in wider.tables().items()}
        return ShownRun(made_by, wider.to_json(), tables | more)
    with RunDirectory(out) as directory:
        model, recorder = _recorded(CarouselModel(named, rng=seed, **keywords), ParquetSink(directory.partial), choice)
        answer = answer_of(model, recorder)
        write_run(directory, model, recorder, answer, command=sys.argv, started=started)
        if widen is not None:
            widen(answer).write(directory)
    return open_run(directory.path)


def _itself(table: pa.Table) -> pa.Table:
    return table


def _recorded(model: CarouselModel, sink: Sink, choice: Choice | None) -> tuple[CarouselModel, Recorder]:
    """The model at its end, and who has written it down."""
    recorder = Recorder(model, sink, choice)
    model.observers.append(recorder)
    while model.running:
        model.step()
    recorder.finish()
    return model, recorder
