"""What all runs of a sweep have in common, as it is sent to every worker."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ...scenarios.schema import Scenario
from ..runner.limits import SECONDS_MAX, RunLimits
from .run_world import Measured
from .sweep import Sweep

Row = Mapping[str, Any]
"""A row of the design table."""
Measure = Callable[[Scenario, int, Sequence[str], Sequence[str]], Measured]
"""As `run_world`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What every run needs to know besides its row."""

    name: str
    """No other start of any sweep has it."""
    sweep: Sweep
    axes: Mapping[str, type]
    """Type of each axis' values, by name."""
    outcomes: Mapping[str, type]
    """Type of each outcome, by its full name."""
    series: Mapping[str, type]
    """Type of each daily series, by its full name."""
    measure: Measure
    shown: str
    """The folder as the user called it."""
    fingerprint: Mapping[str, str]
    """What every worker must share with the driver."""
    planted: str | None = None
    """The fault that validation has planted, if any."""

    @property
    def limits(self) -> RunLimits:
        """What a run may take."""
        said = self.sweep.limits
        return RunLimits(said.seconds_per_run or SECONDS_MAX, said.memory_mb_per_run)

    def command(self, run: int) -> str:
        """What repeats a run by hand."""
        return shlex.join(["python", "run.py", "rerun", self.shown, str(run)])
