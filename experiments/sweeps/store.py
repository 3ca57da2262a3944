"""Reading the results of a sweep, finished or not; compaction; and the digest of the whole table of runs.

`compact` copies all parts of runs into one file, `runs.parquet`, which is renamed into place: it holds every run of the
chunks that were finished when the compaction began, once, and whoever has opened it keeps what he opened. Parts stay.
`read_runs` opens it once. Who hands its path to pandas opens it twice, and while it is compacted anew may meet two
files, which ends in an error: give pandas the open file, or the folder `runs`, which no compaction touches.
A kill at any moment leaves the file as it was before, or the new one, whole.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
import pyarrow.parquet as pq

from ...scenarios.errors import BadInput, one_line
from .parts import PartKind, place

COMPACTED = "runs.parquet"
PARTS_KEY = b"carousel.parts"
"""Key of the file's metadata under which stands which parts it holds."""
TOGETHER = 200
"""Parts whose columns are joined at a time: thousands of pieces a column would take more room than what is in them."""
NOT_DIGESTED = ("seconds", "host", "attempt", "attempts", "command")
"""Columns that say where and how fast a run was done, or where its folder lies; all others are the result."""


class DamagedTable(BadInput):
    """A file of a sweep's folder that is no whole table: `path` is the file, `reason` why not."""

    def __init__(self, path: Path, reason: str) -> None:
        allowed = "a whole table: without this file the same `sweep` command does its runs again"
        super().__init__(one_line(f"{path}: cannot be read ({' '.join(reason.split())}); allowed: {allowed}", 400))
        self.path, self.reason = path, reason

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.path, self.reason)


class Held(NamedTuple):
    """A part that a compacted file holds: its size and time of change (what tells it from another), and its rows."""

    name: str
    size: int
    changed_ns: int
    rows: int


def read_runs(folder: Path | str, columns: Sequence[str] | None = None) -> pd.DataFrame:
    """All runs so far, one row each, by run.

    Every run whose part was in place when the call began is in it exactly once, whatever is written or compacted
    meanwhile; a run whose part arrives during the call may be in it.

    Raises: FileNotFoundError if the folder has no runs yet; DamagedTable.
    """
    return runs_so_far(Path(folder), columns).to_pandas()


def runs_so_far(folder: Path, columns: Sequence[str] | None = None) -> pa.Table:
    """The same as an Arrow table.  Raises: FileNotFoundError."""
    table = _gathered(folder, columns if columns is None else list(dict.fromkeys(["run", *columns])))[0]
    runs = table["run"].to_numpy()
    ordered = table if (np.diff(runs) > 0).all() else table.take(pa.array(np.argsort(runs, kind="stable")))
    return ordered if columns is None else ordered.select(list(columns))


def read_series(
    folder: Path | str, columns: Sequence[str] | None = None, runs: Iterable[int] | None = None
) -> pd.DataFrame:
    """Daily series: run, day and the `columns` asked for (None: all), of these runs (None: all), by run and day.

    Series of a chunk are there before its runs are: rows of runs that `read_runs` does not have yet may be in it.

    Raises: FileNotFoundError if the folder has no series yet.
    """
    names = _part_names(Path(folder) / PartKind.SERIES)
    paths = [str(Path(folder) / PartKind.SERIES / name) for name in names]
    if not paths:
        raise FileNotFoundError(f"{folder}: has no series yet")
    wanted = None if columns is None else list(dict.fromkeys(["run", "day", *columns]))
    only = None if runs is None else ds.field("run").isin(list(runs))
    with _whole(Path(folder) / PartKind.SERIES):
        table = ds.dataset(paths).to_table(columns=wanted, filter=only)
    return table.sort_by([("run", "ascending"), ("day", "ascending")]).to_pandas()


def compact(folder: Path | str) -> Path:
    """Copy all parts of runs into one file, `runs.parquet`; parts stay. Returns its path.

    Any number of processes may call it at once: the last rename stands, and each of the files is whole.

    Raises: FileNotFoundError if the folder has no runs yet; OSError, and nothing is changed then.
    """
    table, held = _gathered(Path(folder), None)
    note = json.dumps([list(each) for each in held]).encode()
    return place(Path(folder), Path(folder) / COMPACTED, table.replace_schema_metadata({PARTS_KEY: note}))


def table_digest(folder: Path | str) -> str:
    """SHA-256 of all runs so far, 64 hex digits: by run, without what time, machine and attempt have left in them.

    Values are hashed, never file bytes: how runs were cut into parts, compacted or compressed changes nothing.
    """
    table = runs_so_far(Path(folder))
    whole = hashlib.sha256(b"carousel sweep 1\n")
    for name in sorted(set(table.column_names) - set(NOT_DIGESTED)):
        column = table[name].combine_chunks()
        whole.update(f"{name}\t{column.type}\t{len(column)}\n".encode())
        whole.update(hashlib.sha256(_canonical(column)).digest())
    return whole.hexdigest()


def _canonical(column: pa.Array) -> bytes:
    """Which values are there, then the values: little-endian numbers with one NaN and one zero, texts behind their
    lengths."""
    is_there = np.asarray(pc.is_valid(column).to_numpy(zero_copy_only=False), np.uint8).tobytes()
    if pa.types.is_string(column.type):
        texts = ["" if text is None else text for text in column.to_pylist()]
        raw = [text.encode() for text in texts]
        return is_there + np.array([len(each) for each in raw], "<i8").tobytes() + b"".join(raw)
    if pa.types.is_floating(column.type):
        numbers = np.array(pc.fill_null(column, 0.0).to_numpy(zero_copy_only=False), "<f8") + 0.0
        numbers[np.isnan(numbers)] = np.nan
        return is_there + numbers.tobytes()
    whole = column.cast(pa.int32()) if pa.types.is_date(column.type) else column
    return is_there + np.array(pc.fill_null(whole, 0).to_numpy(zero_copy_only=False), "<i8").tobytes()


def _gathered(folder: Path, columns: Sequence[str] | None) -> tuple[pa.Table, list[Held]]:
    """All runs in the order of their parts, and which parts they come from.

    The compacted file is opened before the parts are listed: what it lacks is in a part that the list has.
    """
    kept, compacted = _compacted(folder, columns)
    present = _parts_of(folder / PartKind.RUNS)
    held = [part for part in compacted if present.get(part.name) == part[:3]]
    tables = [kept.slice(first, rows) for first, rows in _stretches(compacted, set(held))]
    for part in held:
        del present[part.name]
    fresh: list[pa.Table] = []
    for name, (_, size, changed_ns) in present.items():
        with _whole(folder / PartKind.RUNS / name) as path:
            fresh.append(pq.read_table(path, columns=columns, partitioning=None))
        held.append(Held(name, size, changed_ns, fresh[-1].num_rows))
        if len(fresh) == TOGETHER:
            tables.append(pa.concat_tables(fresh).combine_chunks())
            fresh.clear()
    if not held:
        raise FileNotFoundError(f"{folder}: has no runs yet")
    return pa.concat_tables([*tables, *fresh]), held


@contextmanager
def _whole(path: Path) -> Iterator[Path]:
    """Raises: DamagedTable if what is read there is no whole table."""
    try:
        yield path
    except (pa.ArrowInvalid, pa.ArrowTypeError, EOFError) as fault:
        raise DamagedTable(path, str(fault)) from None


def _stretches(parts: Iterable[Held], wanted: set[Held]) -> list[tuple[int, int]]:
    """First row and number of rows of every unbroken stretch of wanted parts."""
    found: list[tuple[int, int]] = []
    row = 0
    for part in parts:
        if part in wanted:
            if found and sum(found[-1]) == row:
                found[-1] = found[-1][0], found[-1][1] + part.rows
            else:
                found.append((row, part.rows))
        row += part.rows
    return found


def _compacted(folder: Path, columns: Sequence[str] | None) -> tuple[pa.Table, list[Held]]:
    """The compacted runs and the parts that they come from; nothing without such a file."""
    try:
        with _whole(folder / COMPACTED) as path, pq.ParquetFile(path) as file:
            note = json.loads((file.schema_arrow.metadata or {}).get(PARTS_KEY, b"[]"))
            return file.read(columns=columns).replace_schema_metadata(), [Held(*each) for each in note]
    except FileNotFoundError:
        return pa.table({}), []


def _parts_of(folder: Path) -> dict[str, tuple[str, int, int]]:
    """Name, size and time of change of every part, in the order of their numbers."""
    found = {}
    for name in _part_names(folder):
        state = os.stat(folder / name)
        found[name] = (name, state.st_size, state.st_mtime_ns)
    return found


def _part_names(folder: Path) -> list[str]:
    try:
        return sorted(name for name in os.listdir(folder) if name.endswith(".parquet"))
    except FileNotFoundError:
        return []
