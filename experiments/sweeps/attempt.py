"""One run of a sweep, tried: what it came to, or in which stage it failed and of what."""

from __future__ import annotations

import time
import traceback
from dataclasses import dataclass
from typing import Any

from ...model import CarouselModel
from ...scenarios.errors import one_line
from ...scenarios.schema import Scenario
from ..validation import planted_faults
from .changes import world_of
from .job import Job, Row
from .run_world import Measured
from .status import Status
from .sweep import Sweep
from .sweep_parts import RUN_COLUMNS


@dataclass(frozen=True, slots=True)
class Ending:
    """How a run ended: its status, in which stage and of what if it failed, how long it took, what it measured."""

    status: Status
    stage: str | None = None
    exception: str | None = None
    seconds: float | None = None
    measured: Measured | None = None


def worlds_of(sweep: Sweep) -> list[Scenario]:
    """The world of every case, as it is where no axis moves it.  Raises: ScenarioError."""
    return [world_of(sweep, case, {}) for case in sweep.cases]


class Worlds:
    """The worlds of a job; the last one is kept, for its next replication."""

    def __init__(self, sweep: Sweep) -> None:
        self._sweep = sweep
        self._cases = {case.name: case for case in sweep.cases}
        self._last: tuple[Any, Scenario] | None = None

    def of(self, row: Row) -> Scenario:
        """The world of a row of the design.  Raises: ScenarioError."""
        point = {name: value for name, value in row.items() if name not in RUN_COLUMNS}
        asked = (row["case"], point)
        if self._last is None or self._last[0] != asked:
            self._last = asked, world_of(self._sweep, self._cases[row["case"]], point)
        return self._last[1]


def attempt_run(job: Job, worlds: Worlds, row: Row) -> Ending:
    """One run in this process; whatever it raises becomes its ending.  An interruption passes through."""
    began = time.perf_counter()
    stage: str | None = "while its scenario was made"
    try:
        scenario = worlds.of(row)
        stage = None
        with planted_faults.planting(job.planted):
            measured = job.measure(scenario, int(row["seed"]), tuple(job.outcomes), tuple(job.series))
    except MemoryError:
        status, said = Status.OUT_OF_MEMORY, "MemoryError: it asked for more memory than a run may have"
    except (Exception, SystemExit) as fault:
        status, said = Status.FAILED, _said(fault)
        stage = stage or _stage_of(fault)
    else:
        return Ending(Status.OK, seconds=time.perf_counter() - began, measured=measured)
    return Ending(status, stage or "while it ran", said, time.perf_counter() - began)


def _said(fault: BaseException) -> str:
    last = traceback.extract_tb(fault.__traceback__)[-1]
    text = one_line(" ".join(str(fault).split()))
    return f"{type(fault).__name__}: {text} ({last.name}, line {last.lineno})"


def _stage_of(fault: BaseException) -> str:
    """In which part of a run it was raised, by the frames it passed through."""
    for frame, _ in traceback.walk_tb(fault.__traceback__):
        if isinstance(model := frame.f_locals.get("self"), CarouselModel):
            return f"on day {model.clock.day}" if frame.f_code.co_name == "step" else "while it was set up"
    return "while it was measured"
