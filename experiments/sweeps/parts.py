"""Where results are kept: one Parquet file of runs and one of daily series per chunk, each whole or not there.

A part is written aside, in `.partial`, made durable and renamed to `KIND/part-NUMBER.parquet`; the folder's own entry
is made durable as well. A part is never taken away and never changed, only replaced by another whole one under the
same name. So whoever lists and reads `runs/` or `series/`, with any library, while workers write and compaction runs,
finds every run of a finished chunk exactly once and no half file. The series part of a chunk is written before its
runs part: a run that is in `runs/` has its series.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from enum import StrEnum
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

PARTIAL = ".partial"
"""Where parts stand until they are whole: beside the folders that readers list, not in them."""


class PartKind(StrEnum):
    """What a part holds."""

    RUNS = "runs"
    SERIES = "series"


class Codec(StrEnum):
    """How the pages of a file are compressed: zstd is smaller where a page holds thousands of values, and with a few
    dozen of them no smaller than lz4 and twice as slow."""

    ZSTD = "zstd"
    LZ4 = "lz4"


CODEC = {PartKind.RUNS: Codec.LZ4, PartKind.SERIES: Codec.ZSTD}
"""A part of runs has many columns of few values."""
LEVEL = {Codec.ZSTD: 3, Codec.LZ4: None}


BEFORE_AXES = {
    "run": pa.int64(),
    "round": pa.int16(),
    "point": pa.int64(),
    "case": pa.string(),
    "replication": pa.int32(),
    "seed": pa.int64(),
}
AFTER_AXES = {
    "status": pa.string(),
    "stage": pa.string(),
    "exception": pa.string(),
    "command": pa.string(),
    "seconds": pa.float64(),
    "digest": pa.string(),
}
"""Columns that every table of runs has, before and after its axes."""
ARROW = {int: pa.int64(), float: pa.float64(), str: pa.string(), date: pa.date32()}
ENCODING = {
    pa.int64(): "DELTA_BINARY_PACKED",
    pa.int32(): "DELTA_BINARY_PACKED",
    pa.int16(): "DELTA_BINARY_PACKED",
    pa.date32(): "DELTA_BINARY_PACKED",
    pa.float64(): "BYTE_STREAM_SPLIT",
}


def runs_schema(axes: Mapping[str, type], outcomes: Mapping[str, type]) -> pa.Schema:
    """Columns of a table of runs: int, float, str or date by name of an axis or outcome.

    All parts of a sweep are written with one schema: a part of failed runs has its outcomes' types too.
    """
    typed = {name: ARROW[kind] for name, kind in axes.items()}
    measured = {name: ARROW[kind] for name, kind in outcomes.items()}
    return pa.schema(list((BEFORE_AXES | typed | AFTER_AXES | measured).items()))


def runs_table(rows: Sequence[Mapping[str, object]], schema: pa.Schema) -> pa.Table:
    """Rows of runs as a table; a column that a row does not have is null there."""
    columns = [pa.array([row.get(field.name) for row in rows], field.type) for field in schema]
    return pa.Table.from_arrays(columns, schema=schema)


def series_table(tracks: Iterable[tuple[int, Mapping[str, np.ndarray]]], series: Mapping[str, type]) -> pa.Table:
    """Daily series of several runs, (run, series by name), below each other; null in a world without that series.

    `series` are int or float by name.
    """
    kept = [(run, values, max((len(values[name]) for name in series), default=0)) for run, values in tracks]
    stamps = {
        "run": pa.array([run for run, _, length in kept for _ in range(length)], pa.int64()),
        "day": pa.array([day for *_, length in kept for day in range(length)], pa.int32()),
    }
    return pa.table(stamps | {name: _below_each_other(name, ARROW[kind], kept) for name, kind in series.items()})


def _below_each_other(
    name: str, kind: pa.DataType, kept: Sequence[tuple[int, Mapping[str, np.ndarray], int]]
) -> pa.Array:
    """One series of several runs; null in a run that has it not."""
    pieces = [values[name] for _, values, _ in kept]
    is_there = [len(values) == length for values, (*_, length) in zip(pieces, kept, strict=True)]
    if kept and all(is_there):
        return pa.array(np.concatenate(pieces), kind)
    filled = [
        pa.array(values, kind) if there else pa.nulls(length, kind)
        for values, there, (*_, length) in zip(pieces, is_there, kept, strict=True)
    ]
    return pa.chunked_array(filled, kind)


def part_path(folder: Path, kind: PartKind, chunk: int) -> Path:
    """Where the part of a chunk stands."""
    return folder / kind / f"part-{chunk:06d}.parquet"


def write_part(folder: Path, kind: PartKind, chunk: int, table: pa.Table) -> Path:
    """Write the part of a chunk, durably, in place of one of the same number.

    After a return it survives a loss of power; a process killed before leaves what was there, and a file in
    `.partial`, which `clear_partials` removes.

    Raises: OSError; nothing is changed then.
    """
    return place(folder, part_path(folder, kind, chunk), table, CODEC[kind])


def place(folder: Path, path: Path, table: pa.Table, codec: Codec = Codec.ZSTD) -> Path:
    """Write a table aside, make it durable and rename it to `path`, which lies in `folder` or below.

    Raises: OSError; nothing is changed then.
    """
    aside = folder / PARTIAL
    aside.mkdir(parents=True, exist_ok=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = aside / f"{path.stem}-{uuid.uuid4().hex}.parquet"
    try:
        write_parquet(table, partial, codec)
        _make_durable(partial)
        os.replace(partial, path)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    _make_durable(path.parent)
    return path


def write_parquet(table: pa.Table, path: Path, codec: Codec) -> None:
    """One file: whole numbers as differences, fractions byte by byte, no dictionaries, bounds of `run` only."""
    encodings = {field.name: ENCODING[field.type] for field in table.schema if field.type in ENCODING}
    pq.write_table(
        table,
        path,
        compression=codec.value,
        compression_level=LEVEL[codec],
        use_dictionary=False,
        column_encoding=encodings or None,
        write_statistics=["run"],
        store_schema=table.schema.metadata is not None,  # without it, nothing noted in the table is kept
    )


def clear_partials(folder: Path) -> int:
    """Remove what killed writers have left; returns how many. Only while nobody writes."""
    left = list((folder / PARTIAL).glob("*.parquet"))
    for partial in left:
        partial.unlink(missing_ok=True)
    return len(left)


def _make_durable(path: Path) -> None:
    """A file's contents, or a folder's entries, are on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
