"""The tables of a run on disk, with an empty one in the place of each that it has not, and what its manifest says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from ..history.open_run import NotARun, Run
from ..history.sinks import LazyTables, Tables
from ..history.tables import TABLES


def tables_of(run: Run) -> Tables:
    """Every table of the history, read when it is first asked for."""
    return LazyTables({name: partial(_table, run, name) for name in TABLES})


def _table(run: Run, name: str) -> pd.DataFrame:
    if name in run:
        return run[name]
    empty: pd.DataFrame = TABLES[name].schema().empty_table().to_pandas(date_as_object=True)
    return empty


def need_said(manifest: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """Some entries of a run's manifest.  Raises: NotARun if one is missing."""
    if missing := [name for name in names if name not in manifest]:
        raise NotARun(Path("manifest.json"), f"says nothing of {', '.join(missing)}")
    return {name: manifest[name] for name in names}
