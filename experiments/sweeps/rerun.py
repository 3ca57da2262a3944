"""One run of a sweep again: the same world and seed, and whether it comes to the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...scenarios.schema import Scenario
from .attempt import Ending, Worlds, attempt_run
from .begin import job_of
from .chunk_tables import fitted
from .folder import FolderRefused, kept_design, kept_sweep
from .job import Measure
from .rounds import plain_design, plain_row
from .run_world import run_world
from .store import read_runs
from .sweep import Sweep


@dataclass(frozen=True, slots=True)
class Rerun:
    """A run done again: its row of the design, how it ended now, and the row of its first run (None: not yet done)."""

    row: Mapping[str, Any]
    ending: Ending
    recorded: Mapping[str, Any] | None
    sweep: Sweep

    @property
    def scenario(self) -> Scenario:
        """The world of the run.  Raises: ScenarioError."""
        return Worlds(self.sweep).of(self.row)

    @property
    def differences(self) -> tuple[str, ...]:
        """Columns in which the two runs differ."""
        if self.recorded is None:
            return ()
        names = ["status"]
        now: dict[str, Any] = {"status": str(self.ending.status)}
        if self.ending.measured is None:
            now["exception"] = self.ending.exception
            names.append("exception")
        else:
            now |= {"digest": self.ending.measured.digest, **self.ending.measured.scalars}
            names += ["digest", *self.ending.measured.scalars]
        return tuple(name for name in names if not _is_same(now[name], self.recorded.get(name)))


def rerun(folder: Path | str, run: int, *, measure: Measure = run_world) -> Rerun:
    """Do a run of a sweep again in this process, without its limits.

    Raises: FolderRefused if the folder holds no sweep or the sweep no such run.
    """
    path = Path(folder)
    sweep, design = kept_sweep(path), plain_design(kept_design(path))
    chosen = design[design["run"] == run]
    if not len(chosen):
        raise FolderRefused(path, f"came run {run}; allowed: 0 to {int(design['run'].max())}")
    row = plain_row(chosen.to_dict("records")[0])
    job = job_of(sweep, design, str(folder), measure)
    return Rerun(row, fitted(job, row, attempt_run(job, Worlds(sweep), row)), _recorded(path, run), sweep)


def _recorded(folder: Path, run: int) -> Mapping[str, Any] | None:
    """What the run came to when it was done; None if it was not."""
    try:
        runs = read_runs(folder)
    except FileNotFoundError:
        return None
    found = runs[runs["run"] == run].to_dict("records")
    return {str(name): value for name, value in found[0].items()} if found else None


def _is_same(one: Any, other: Any) -> bool:
    """Equal, or both nothing."""
    nothing = [value is None or value != value for value in (one, other)]
    return bool(all(nothing) or (not any(nothing) and one == other))
