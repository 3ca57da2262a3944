"""A sweep begins, or goes on: what is measured, and whether it is the same sweep by the same makers."""

from __future__ import annotations

import sys
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..validation import planted_faults
from .attempt import worlds_of
from .design_table import first_round
from .extension import refuse_other_changes
from .folder import FolderRefused, SweepFolder, kept_manifest, kept_sweep
from .job import Job, Measure
from .outcomes.registry import names_of, series_names_of, types_of
from .preflight import differences, fingerprint
from .rounds import axis_types
from .sweep import Sweep

if TYPE_CHECKING:
    import pandas as pd

FORM = 1
"""Of the folder."""
SAME_SOURCES = "commit"
"""What may differ between two starts whose sources do not."""


@dataclass(frozen=True, slots=True)
class Start:
    """One start of a sweep: what its runs have in common, its first rows, and what earlier starts have timed."""

    job: Job
    rows: pd.DataFrame
    manifest: dict[str, Any]

    @property
    def seconds_per_run(self) -> float | None:
        """Time of one run on one worker, if that is known."""
        seconds: float | None = self.manifest.get("seconds_per_run")
        return seconds

    @property
    def seconds_before(self) -> float:
        """How long workers took to start and warm up, as far as that is known."""
        return float(self.manifest.get("seconds_before", 0.0))


def job_of(sweep: Sweep, rows: pd.DataFrame, shown: str, measure: Measure) -> Job:
    """What the runs of a sweep have in common, here and now.

    Raises: SweepError or ScenarioError if a case is no world; UnknownOutcome.
    """
    worlds = worlds_of(sweep)
    return Job(
        name=uuid.uuid4().hex,
        sweep=sweep,
        axes=axis_types(rows),
        outcomes=types_of(names_of(sweep.outcomes, *worlds, tracing=tuple(map(str, sweep.tracing)))),
        series=types_of(series_names_of(sweep.series, *worlds)),
        measure=measure,
        shown=shown,
        fingerprint=fingerprint(worlds),
        planted=planted_faults.in_force(),
    )


def begin_or_resume(held: SweepFolder, sweep: Sweep, measure: Measure) -> Start:
    """Begin a sweep in a folder, or go on with it; the folder keeps what was asked.

    Raises: as `job_of`; SweepError if another sweep was begun there; FolderRefused if it was begun by other sources,
    versions or scenarios.
    """
    rows = first_round(sweep)
    job = job_of(sweep, rows, held.shown, measure)
    if held.is_begun:
        refuse_other_changes(kept_sweep(held.path), sweep, held.shown)
        manifest = kept_manifest(held.path)
        _refuse_other_makers(held, manifest, job)
        held.write_sweep(sweep)
        return Start(job, rows, manifest)
    manifest = {
        "form": FORM,
        "begun": time.strftime("%Y-%m-%dT%H:%M:%S%z"),
        "command": sys.argv,
        "made_by": dict(job.fingerprint),
        "axes": _named(job.axes),
        "outcomes": _named(job.outcomes),
        "series": _named(job.series),
    }
    held.write_sweep(sweep)
    held.write_manifest(manifest)
    return Start(job, rows, manifest)


def _refuse_other_makers(held: SweepFolder, manifest: Mapping[str, Any], job: Job) -> None:
    """Raises: FolderRefused if today's runs would not be like those already there."""
    mine, theirs = dict(job.fingerprint), dict(manifest["made_by"])
    for makers in (mine, theirs):
        makers.pop(SAME_SOURCES, None)
    if found := differences(mine, theirs):
        raise FolderRefused(held.path, f"was begun by another Carousel: {found[0]}; allowed: a new folder")
    if _named(job.axes) != manifest["axes"]:
        raise FolderRefused(held.path, "was begun with axes whose values are of another type; allowed: a new folder")


def _named(types: Mapping[str, type]) -> dict[str, str]:
    return {name: kind.__name__ for name, kind in types.items()}
