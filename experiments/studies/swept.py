"""How a study comes to its runs: its sweep, in full or smaller, into a folder; then the tables of it."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..runner.runs import Tell
from ..sweeps.analysis.tables import SweepTables, read_tables
from ..sweeps.crew import Hands
from ..sweeps.driver import run_sweep
from ..sweeps.named_sweeps import named_sweep, resized
from ..sweeps.status import Progress
from ..sweeps.sweep import Sweep
from ..sweeps.sweep_faults import validated
from ..sweeps.sweep_text import plain
from ..validation.checks import Check
from .study import NoRuns, StudyFailed, StudyResult, failed_of

Words = dict[str, Any]
"""What a sweep says, as nested tables."""


def nothing(*_: object) -> None:
    """Change nothing, need nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Swept:
    """A study: the sweep of that name, its report, and what it claims."""

    name: str
    report: Callable[[SweepTables], StudyResult]
    claims: Callable[[SweepTables], list[Check]]
    smaller: Callable[[Words], None]
    """Changes the sweep's words to those of a quick study."""
    claimed: Callable[[Words], None] = nothing
    """Leaves of the sweep what its claims are about."""
    prepare: Callable[[], object] = nothing
    """What its report needs besides runs, looked for before the first of them."""

    def sweep(self, *, seeds: int | None = None, quick: bool = False, only_claims: bool = False) -> Sweep:
        """What is to be run.  Raises: BadInput."""
        words = plain(named_sweep(self.name))
        for change, is_asked in ((self.smaller, quick), (self.claimed, only_claims)):
            if is_asked:
                change(words)
        return resized(validated(words, self.name), {"seeds": seeds}, file=self.name)

    def tables(self, sweep: Sweep, folder: Path, workers: int | None, tell: Callable[[Progress], None]) -> SweepTables:
        """Its runs, or what is missing of them.

        Raises: StudyFailed if they are stopped because the first all fail alike; NoRuns if none succeeds; as
        `run_sweep`.
        """
        result = run_sweep(sweep, folder, hands=Hands(workers=workers), tell=tell)
        if result.why is not None:
            raise StudyFailed("early", f"the first failures are all alike: {result.why}")
        tables = read_tables(folder)
        if tables.good.empty:
            raise NoRuns(self.name, failed_of(tables))
        return tables

    def checks(self, *, quick: bool = True, workers: int | None = None, tell: Tell) -> list[Check]:
        """What it claims, measured anew."""
        sweep = self.sweep(quick=quick, only_claims=True)
        with tempfile.TemporaryDirectory(prefix="carousel-study-") as aside:

            def told(now: Progress) -> None:
                if now.done:
                    tell(now.done, now.runs)

            return self.claims(self.tables(sweep, Path(aside) / "sweep", workers, told))
