"""Where recorded rows go: into memory, or into one Parquet file per table, a row group at a time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Protocol

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from .blocks import MISSING_INTEGER
from .columns import Block, ColumnType, Table
from .tables import TABLES

Tables = Mapping[str, pd.DataFrame]
"""A finished history: table name -> rows. Tables without rows are there, empty."""


class Sink(Protocol):
    """Takes blocks of rows; after `close` the whole history can be read."""

    def write(self, table: Table, block: Block) -> None:
        """Append some rows of one table."""

    def close(self) -> None:
        """No more rows will come."""

    def tables(self) -> Tables:
        """The whole history, after `close`."""


class MemorySink:
    """Keeps the history as Arrow tables: for notebooks, sweeps and tests."""

    def __init__(self) -> None:
        self._blocks: dict[str, list[pa.Table]] = {name: [] for name in TABLES}

    def write(self, table: Table, block: Block) -> None:
        """Append some rows of one table."""
        self._blocks[table.name].append(to_arrow(table, block))

    def close(self) -> None:
        """Nothing is pending in memory."""

    def tables(self) -> Tables:
        """The whole history so far."""
        return {
            name: to_frame(pa.concat_tables(blocks) if blocks else TABLES[name].schema().empty_table())
            for name, blocks in self._blocks.items()
        }


class ParquetSink:
    """One streaming Parquet file per table: lz4, plain integers, byte-split floats, dictionaries for texts only."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._writers: dict[str, pq.ParquetWriter] = {}

    def write(self, table: Table, block: Block) -> None:
        """Append some rows of one table as a row group."""
        self._writer(table).write_table(to_arrow(table, block))

    def close(self) -> None:
        """Finish every file; a table that never had rows gets an empty one, except those taken on request."""
        for table in TABLES.values():
            if table.is_digested:
                self._writer(table)
        for writer in self._writers.values():
            writer.close()

    def tables(self) -> Tables:
        """Read the history back."""
        return read_tables(self.directory)

    def _writer(self, table: Table) -> pq.ParquetWriter:
        if table.name not in self._writers:
            texts = [c.name for c in table.columns if c.type is ColumnType.TEXT]
            split = {c.name: "BYTE_STREAM_SPLIT" for c in table.columns if c.type is ColumnType.NUMBER}
            self._writers[table.name] = pq.ParquetWriter(
                self.directory / f"{table.name}.parquet",
                table.schema(),
                compression="lz4",
                use_dictionary=texts,
                column_encoding=split or None,
            )
        return self._writers[table.name]


def read_tables(directory: Path, names: Iterable[str] = tuple(TABLES)) -> Tables:
    """The tables of a run directory as data frames.

    Raises: FileNotFoundError if a table that every run has is not there.
    """
    found: dict[str, pd.DataFrame] = {}
    for name in names:
        path = directory / f"{name}.parquet"
        if path.exists():
            found[name] = to_frame(pq.read_table(path))
        elif TABLES[name].is_digested:
            raise FileNotFoundError(f"{path}: no such table of a run")
        else:
            found[name] = to_frame(TABLES[name].schema().empty_table())
    return found


def to_arrow(table: Table, block: Block) -> pa.Table:
    """A block of rows as an Arrow table of the declared schema."""
    columns = []
    for column in table.columns:
        data = block[column.name]
        if column.type is ColumnType.TEXT:
            columns.append(pa.array(data, type=pa.string()))
        elif column.type is ColumnType.NUMBER:
            numbers = np.asarray(data, dtype=np.float64)
            columns.append(pa.array(numbers, mask=np.isnan(numbers)))
        else:
            integers = np.asarray(data, dtype=np.int64)
            kept = pa.array(integers, mask=integers == MISSING_INTEGER)
            columns.append(kept.cast(pa.int32()).cast(pa.date32()) if column.type is ColumnType.DATE else kept)
    return pa.Table.from_arrays(columns, schema=table.schema())


def to_frame(table: pa.Table) -> pd.DataFrame:
    """An Arrow table as a data frame; integers stay integers where nothing is missing."""
    return table.to_pandas(date_as_object=True, strings_to_categorical=False)
