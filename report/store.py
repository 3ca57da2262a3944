"""From a recorded run to a run directory: answer, figures and manifest beside the tables, then one commit."""

from __future__ import annotations

import hashlib
import platform
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..history.recorder import Recorder
from ..history.run_directory import RunDirectory
from ..history.table import SCHEMA_VERSION
from .answer import Answer, assemble, plain
from .answer_clearing import clearing_answer, has_only_debts, ring_of
from .measures_promises import planned_mw

if TYPE_CHECKING:
    from ..model import CarouselModel

PACKAGES = ("mesa", "numpy", "numba", "pyarrow")


def answer_of(model: CarouselModel, recorder: Recorder) -> Answer:
    """The answer of a finished recording.

    Raises: ValueError if the recorder has kept no tables.
    """
    tables = recorder.tables()
    if has_only_debts(model.scenario_data):
        return clearing_answer(tables, model.scenario_data, settled_by_name(model))
    return assemble(
        tables,
        model.scenario_data,
        seed=model.clock.seed,
        tracing=str(model.books.headline_rule),
        planned_mw=planned_mw(model.scenario_data, model.clock.date),
    )


def settled_by_name(model: CarouselModel) -> dict[tuple[str, str], int]:
    """What each payer has settled with each payee, in cents, by their names."""
    names = model.books.journal.names
    settled = model.contracts.bills.settled_between
    return {(names[payer], names[payee]): cents for (payer, payee), cents in settled.items()}


def write_run(
    directory: RunDirectory,
    model: CarouselModel,
    recorder: Recorder,
    answer: Answer,
    *,
    command: Sequence[str],
    started: float,
    with_figures: bool = True,
    made_from: Mapping[str, Any] | None = None,
) -> None:
    """Write everything beside the tables; the caller commits.

    `started` is the start, in seconds since 1970; `made_from` says in the manifest which run this one was made from.
    """
    simulated = time.time()
    directory.write_json("answer.json", answer.to_json())
    directory.write_text("answer.md", answer.to_markdown())
    said = manifest(model, recorder, command, started) | dict(made_from or {})
    if with_figures and recorder.sink is not None and not has_only_debts(model.scenario_data):
        from .figure_foot import foot_of_run
        from .figures import draw_all

        tables, folder = recorder.tables(), directory.partial / "figures"
        draw_all(tables, folder, rule=str(model.books.headline_rule), foot=foot_of_run(said, tables))
    elif with_figures and (ring := ring_of(list(model.scenario_data.obligation))):
        from .figure_foot import foot_of_run
        from .figure_ring import draw_ring

        draw_ring(ring, answer.headlines[0], directory.partial / "figures", foot=foot_of_run(said, recorder.tables()))
    timings = {"simulate_seconds": round(simulated - started, 3), "write_seconds": round(time.time() - simulated, 3)}
    directory.write_json("manifest.json", said | {"timings": timings})


def manifest(model: CarouselModel, recorder: Recorder, command: Sequence[str], started: float) -> dict[str, Any]:
    """What is needed to repeat a run and to know that the repetition is the same, or on which day it parts; and what
    was kept of it."""
    scenario = model.recipe
    text = scenario.model_dump_json()
    return {
        "command": list(command),
        "scenario": scenario.name,
        "scenario_sha256": hashlib.sha256(text.encode()).hexdigest(),
        "scenario_text": text,
        "seed": model.clock.seed,
        "days": model.clock.day,
        "holders": model.cast.holders.n if model.cast.holders is not None else 0,
        "tracing": str(model.books.headline_rule),
        "parameters": plain(scenario.behaviour.model_dump()),
        "versions": versions(),
        "commit": commit(),
        "digest": recorder.digest(),
        "chain": recorder.chain,
        "kept": recorder.kept.choice.as_data(),
        "schema": SCHEMA_VERSION,
        "started": datetime.fromtimestamp(started, UTC).isoformat(timespec="seconds"),
    }


def versions() -> dict[str, str]:
    """Versions of Carousel, Python and the packages that a history depends on."""
    try:
        own = metadata.version("carousel-circular-financing")
    except metadata.PackageNotFoundError:
        own = "not installed"
    return {"carousel": own, "python": platform.python_version()} | {name: metadata.version(name) for name in PACKAGES}


def commit() -> str | None:
    """The commit the source tree is at, read from its .git folder; None for an installed package."""
    git = Path(__file__).parent.parent / ".git"
    try:
        head = (git / "HEAD").read_text().strip()
        if not head.startswith("ref: "):
            return head
        ref = head.removeprefix("ref: ")
        if (git / ref).is_file():
            return (git / ref).read_text().strip()
        packed = (git / "packed-refs").read_text().splitlines()
    except OSError:
        return None
    return next((line.split()[0] for line in packed if line.endswith(f" {ref}")), None)
