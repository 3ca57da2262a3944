"""Whether a sweep can be run: every case's world is made once, and its outcomes are looked for."""

from __future__ import annotations

from .begin import job_of
from .design_table import first_round
from .run_world import run_world
from .sweep import Sweep
from .sweep_worlds import check_worlds


def check_sweep(sweep: Sweep) -> None:
    """Raises: BadInput, one line, if a world cannot be made or an outcome is none."""
    check_worlds(sweep)
    job_of(sweep, first_round(sweep), "sweep", run_world)
