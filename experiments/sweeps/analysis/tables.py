"""A sweep's tables as an analysis sees them: design, runs that came to something, runs that failed, daily series."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd

from ..parts import PartKind
from ..status import Status
from ..store import NOT_DIGESTED, read_runs, read_series
from ..sweep_parts import CHUNK, RUN_COLUMNS
from .asked import Asked, AxisFacts, NotASweep, read_asked

ABOUT_RUN = (*RUN_COLUMNS, "status", "stage", "exception", "command", "seconds", "digest", *NOT_DIGESTED)
"""Columns of runs that are neither axes nor outcomes."""
SHOWN_MAX = 8
"""Rows named in a sentence before the rest is only counted."""


@dataclass(frozen=True)
class SweepTables:
    """What was asked, the design so far, and a row for each run that has ended."""

    asked: Asked
    design: pd.DataFrame
    runs: pd.DataFrame
    folder: Path | None = None

    @cached_property
    def good(self) -> pd.DataFrame:
        """Runs that came to something."""
        return self.runs[self.runs["status"].eq(Status.OK)].reset_index(drop=True)

    @cached_property
    def failed(self) -> pd.DataFrame:
        """Runs that came to nothing."""
        return self.runs[self.runs["status"].ne(Status.OK)].reset_index(drop=True)

    @property
    def missing(self) -> int:
        """Rows of the design that no run has ended for."""
        return int((~self.design["run"].isin(self.runs["run"])).sum())

    @cached_property
    def axes(self) -> tuple[AxisFacts, ...]:
        """Every axis of the design, as its file says it."""
        names = [c for c in self.design.columns if c not in (*RUN_COLUMNS, CHUNK)]
        return tuple(self.asked.axes.get(name, AxisFacts(name)) for name in names)

    @cached_property
    def cases(self) -> tuple[str, ...]:
        """Names of the cases, in the design's order."""
        return tuple(dict.fromkeys(self.design["case"].astype(str)))

    @cached_property
    def outcomes(self) -> tuple[str, ...]:
        """Columns that measure something."""
        axes = {axis.name for axis in self.axes}
        return tuple(c for c in self.runs.columns if c not in ABOUT_RUN and c not in axes)

    @property
    def numeric_axes(self) -> tuple[AxisFacts, ...]:
        """Axes whose values are numbers or dates, and differ."""
        return tuple(
            axis
            for axis in self.axes
            if axis.number(self.design[axis.name]) is not None and self.design[axis.name].nunique() > 1
        )

    @cached_property
    def series_names(self) -> tuple[str, ...]:
        """Daily series that were kept."""
        import pyarrow.parquet as pq

        parts = sorted((self.folder / PartKind.SERIES).glob("*.parquet")) if self.folder is not None else []
        names = [name for part in parts for name in pq.read_schema(part).names]
        return tuple(name for name in dict.fromkeys(names) if name not in ("run", "day"))

    def all_series(self, names: Sequence[str]) -> pd.DataFrame:
        """Several daily series of the runs that came to something: run, day and each of them, by run and day."""
        if self.folder is None:
            return pd.DataFrame(columns=["run", "day", *names])
        table = read_series(self.folder, list(names))
        return table[table["run"].isin(self.good["run"])].reset_index(drop=True)

    def series(self, name: str) -> pd.DataFrame:
        """One daily series of the runs that came to something: run, day and value."""
        return self.all_series([name]).rename(columns={name: "value"})


def read_tables(folder: Path) -> SweepTables:
    """The tables of a folder, also while it is being written.  Raises: NotASweep; DamagedTable."""
    asked = read_asked(folder)
    try:
        runs = read_runs(folder)
    except FileNotFoundError:
        runs = None
    try:
        design = pd.read_parquet(folder / "design.parquet")  # after the runs: it holds whatever has been run by then
    except FileNotFoundError:
        raise NotASweep(folder, "no design.parquet: no run was laid out") from None
    except (OSError, ValueError) as fault:
        raise NotASweep(folder, f"tables that cannot be read ({fault})") from fault
    if runs is None:
        return SweepTables(asked, design, design.head(0).assign(status=""), folder)
    if runs["run"].duplicated().any() or not runs["run"].isin(design["run"]).all():
        raise NotASweep(folder, "runs twice, or runs that its design has not, in the files under runs/")
    return SweepTables(asked, design, runs, folder)


def named_rows(runs: Sequence[int] | np.ndarray) -> str:
    """run 4, 7 and 9; beyond a few only how many more."""
    shown = [f"{int(run)}" for run in runs[:SHOWN_MAX]]
    more = len(runs) - len(shown)
    listed = ", ".join(shown[:-1]) + (" and " if len(shown) > 1 else "") + shown[-1] if shown else "none"
    return f"run{'s' if len(runs) > 1 else ''} {listed}" + (f" and {more:,} more" if more else "")
