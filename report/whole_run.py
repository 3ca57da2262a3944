"""One call from a scenario to a finished run."""

from __future__ import annotations

import sys
import time
from functools import partial
from pathlib import Path
from typing import Any

from ..history.choice import Choice
from ..history.datasets import in_memory
from ..history.recorder import Recorder
from ..history.run_directory import RunDirectory
from ..history.sinks import MemorySink, ParquetSink, Sink
from ..model import CarouselModel
from ..scenarios.schema import Scenario
from .shown_run import ShownRun, open_run
from .store import answer_of, manifest, write_run


def run(
    scenario: str | Path | Scenario = "ai-2025",
    *,
    seed: int = 0,
    out: Path | str | None = None,
    choice: Choice | None = None,
    **keywords: Any,
) -> ShownRun:
    """Simulate a scenario to its end: its tables, manifest and answer.

    `out` is the run directory to write, with figures; None keeps everything in memory. `choice` says what is kept of
    it (history/choice.py); the answer is the same for every choice. `keywords` are those of
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
        return ShownRun(made_by, answer_of(model, recorder).to_json(), tables)
    with RunDirectory(out) as directory:
        model, recorder = _recorded(CarouselModel(named, rng=seed, **keywords), ParquetSink(directory.partial), choice)
        write_run(directory, model, recorder, answer_of(model, recorder), command=sys.argv, started=started)
    return open_run(directory.path)


def _recorded(model: CarouselModel, sink: Sink, choice: Choice | None) -> tuple[CarouselModel, Recorder]:
    """The model at its end, and who has written it down."""
    recorder = Recorder(model, sink, choice)
    model.observers.append(recorder)
    while model.running:
        model.step()
    recorder.finish()
    return model, recorder
