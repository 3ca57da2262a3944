"""The tables of a run on disk, with an empty one in the place of each that it has not, and what its manifest says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from ..history.columns import ARROW
from ..history.open_run import NotARun, Run, UnreadableTable
from ..history.sinks import LazyTables, Tables
from ..history.tables import TABLES

SPARED = frozenset({"recycled_cents"})
"""Columns that are told of where they are, beside those of the classes of origins."""
NEVER_EMPTY = frozenset({"journal", "firms", "cash"})
"""Tables that every run with a market has rows of: where shares trade, cash moves."""


def tables_of(run: Run) -> Tables:
    """Every table of the history, read when it is first asked for."""
    return LazyTables({name: partial(_table, run, name) for name in TABLES})


def need_as_written(run: Run, name: str) -> bool:
    """Whether a table has every column that is told of; what the run chose not to keep may be missing.

    Raises: UnreadableTable for a column that is not what it was, or missing without such a choice.
    """
    if name not in TABLES:
        return True
    found = dict(zip(run.table(name).schema.names, run.table(name).schema.types, strict=True))
    for column in TABLES[name].columns:
        if column.name in found and _sort(found[column.name]) != _sort(ARROW[column.type]):
            raise UnreadableTable(name, f"{column.name} is {found[column.name]}, not {ARROW[column.type]}")
    missing = [column.name for column in TABLES[name].columns if column.name not in found]
    missing = [column for column in missing if column not in SPARED and not column.startswith("from_")]
    if missing and not _are_chosen(run, name):
        raise UnreadableTable(name, f"it has no {missing[0]}")
    return not missing


def _sort(kind: pa.DataType) -> str:
    """Whether a column holds numbers, texts or something else, however wide."""
    if pa.types.is_integer(kind) or pa.types.is_floating(kind):
        return "number"
    return "text" if pa.types.is_string(kind) or pa.types.is_large_string(kind) else str(kind)


def _are_chosen(run: Run, name: str) -> bool:
    """Whether only some columns of a table were to be kept."""
    kept = run.manifest.get("kept") or {}
    return any(str(word).startswith(f"{name}.") for word in kept.get("keep") or ())


def _is_whole(run: Run) -> bool:
    """Whether nothing of a run's usual tables was left out, as far as its manifest says what was kept."""
    kept = run.manifest.get("kept") or {}
    narrower = ("keep", "agents", "first_day")
    return bool(kept) and kept.get("last_day") is None and not any(kept.get(word) for word in narrower)


def _table(run: Run, name: str) -> pd.DataFrame:
    if name in run and need_as_written(run, name):
        return run[name]
    if name in NEVER_EMPTY and name not in run and "daily" in run and _is_whole(run):
        raise UnreadableTable(name, "it is gone")
    empty: pd.DataFrame = TABLES[name].schema().empty_table().to_pandas(date_as_object=True)
    return empty


def need_said(manifest: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """Some entries of a run's manifest.  Raises: NotARun if one is missing."""
    if missing := [name for name in names if name not in manifest]:
        raise NotARun(Path("manifest.json"), f"says nothing of {', '.join(missing)}")
    return {name: manifest[name] for name in names}
