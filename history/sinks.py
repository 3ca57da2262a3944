"""Where recorded rows go: into memory, or into one Parquet file per table, a row group at a time."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Protocol

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from .columns import ARROW, MISSING_INTEGER, Block, ColumnType, Texts
from .datasets import to_frame
from .table import Table
from .tables import TABLES

Tables = Mapping[str, pd.DataFrame]
"""A finished history: table name -> rows. Tables without rows are there, empty."""
GROUP_ROWS = 1 << 17
"""Rows gathered before they are written as one row group: few groups are read and written faster."""


class Sink(Protocol):
    """Takes blocks of rows; after `close` the whole history can be read."""

    def write(self, table: Table, block: Block) -> None:
        """Append some rows of one table."""

    def close(self) -> None:
        """No more rows will come."""

    def tables(self) -> Tables:
        """The whole history, after `close`."""


class LazyTables(Mapping[str, pd.DataFrame]):
    """Tables that become frames when they are first asked for."""

    def __init__(self, made: Mapping[str, Callable[[], pd.DataFrame]]) -> None:
        self._made = dict(made)
        self._frames: dict[str, pd.DataFrame] = {}

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name not in self._frames:
            self._frames[name] = self._made[name]()
        return self._frames[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._made)

    def __len__(self) -> int:
        return len(self._made)


class MemorySink:
    """Keeps the history as Arrow tables: for notebooks, sweeps and tests."""

    def __init__(self) -> None:
        self._blocks: dict[str, list[pa.Table]] = {}

    def write(self, table: Table, block: Block) -> None:
        """Append some rows of one table."""
        self._blocks.setdefault(table.name, []).append(to_arrow(table, block))

    def close(self) -> None:
        """Nothing is pending in memory."""

    def tables(self) -> Tables:
        """The whole history so far."""
        return LazyTables({name: partial(self._frame, name) for name in TABLES})

    def arrow(self, name: str) -> pa.Table:
        """One table, as its file would be read."""
        blocks = self._blocks.get(name)
        if not blocks:
            return TABLES[name].schema().empty_table()
        whole = pa.concat_tables(blocks)
        return whole.cast(TABLES[name].only(whole.column_names).schema())

    def _frame(self, name: str) -> pd.DataFrame:
        return to_frame(self.arrow(name))


class ParquetSink:
    """One streaming Parquet file per table: numbers split by bytes and packed by lz4, texts as codes of a dictionary.

    Nearly as small as packed differences under zstd, in two thirds of the time.
    """

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._files: dict[str, _ParquetFile] = {}

    def write(self, table: Table, block: Block) -> None:
        """Append some rows of one table."""
        file = self._files.get(table.name)
        if file is None:
            file = self._files[table.name] = _ParquetFile(self.directory / f"{table.name}.parquet", told(table))
        file.add(to_arrow(table, block))

    def close(self) -> None:
        """Finish every file."""
        for file in self._files.values():
            file.close()

    def tables(self) -> Tables:
        """Read the history back; a table without rows has no file."""
        return LazyTables({name: partial(_read, self.directory, name) for name in TABLES})


class _ParquetFile:
    """One file. Texts are handed to the writer as codes and say in the schema what they are: plain texts.

    A file of one row group is made in memory and written at once: twenty small files a run are so many fewer writes.
    """

    def __init__(self, path: Path, told: Mapping[str, str]) -> None:
        """`told` is what the file says of its table (`told`)."""
        self._path, self._told = path, told
        self._writer: pq.ParquetWriter | None = None
        self._pending: list[pa.Table] = []
        self._rows = 0

    def add(self, rows: pa.Table) -> None:
        """Append rows; so many make a row group."""
        self._pending.append(rows)
        self._rows += rows.num_rows
        if self._rows >= GROUP_ROWS:
            group = self._take()
            if self._writer is None:
                self._writer = _writer(self._path, group.schema)
            self._writer.write_table(group, row_group_size=group.num_rows)

    def close(self) -> None:
        """Write what is pending, then what the columns are."""
        if self._writer is not None:
            if self._pending:
                group = self._take()
                self._writer.write_table(group, row_group_size=group.num_rows)
            self._end(self._writer)
            return
        group, made = self._take(), pa.BufferOutputStream()
        writer = _writer(made, group.schema)
        writer.write_table(group, row_group_size=group.num_rows)
        self._end(writer)
        self._path.write_bytes(made.getvalue())

    def _take(self) -> pa.Table:
        """What is pending as one row group."""
        group = self._pending[0]
        if len(self._pending) > 1:
            group = pa.concat_tables(self._pending).unify_dictionaries()
        self._pending, self._rows = [], 0
        return group

    def _end(self, writer: pq.ParquetWriter) -> None:
        writer.add_key_value_metadata(self._told)
        writer.close()


TOLD: dict[tuple[str, ...], dict[str, str]] = {}


def told(table: Table) -> Mapping[str, str]:
    """What a file says of its table: meaning, rhythm, and the schema that readers are to see; worked out once."""
    key = table.name, *table.names
    if key not in TOLD:
        schema = table.schema()
        said = {name.decode(): text.decode() for name, text in (schema.metadata or {}).items()}
        TOLD[key] = said | {"ARROW:schema": base64.b64encode(schema.serialize()).decode()}
    return TOLD[key]


def _writer(place: Path | pa.NativeFile, schema: pa.Schema) -> pq.ParquetWriter:
    texts = [field.name for field in schema if pa.types.is_dictionary(field.type)]
    return pq.ParquetWriter(
        place,
        schema,
        compression="lz4",
        use_dictionary=texts,
        column_encoding={field.name: "BYTE_STREAM_SPLIT" for field in schema if field.name not in texts} or None,
        write_statistics=[field.name for field in schema if field.name == "day"],
        store_schema=False,
    )


def read_tables(directory: Path, names: Iterable[str] = tuple(TABLES)) -> Tables:
    """The tables of a run directory as data frames; those that the run has no row of, or has not kept, are empty."""
    return {name: _read(directory, name) for name in names}


def _read(directory: Path, name: str) -> pd.DataFrame:
    path = directory / f"{name}.parquet"
    return to_frame(pq.read_table(path) if path.exists() else TABLES[name].schema().empty_table())


def to_arrow(table: Table, block: Block) -> pa.Table:
    """A block of rows as an Arrow table; texts are codes into a dictionary."""
    columns = []
    for column in table.columns:
        data = block[column.name]
        if isinstance(data, Texts):
            columns.append(_coded(data))
        elif column.type is ColumnType.TEXT:
            columns.append(pa.array(data, type=pa.string()).dictionary_encode())
        elif column.type is ColumnType.NUMBER:
            numbers = np.asarray(data, dtype=np.float64)
            missing = np.isnan(numbers)
            columns.append(pa.array(numbers, mask=missing if missing.any() else None))
        elif column.type is ColumnType.DATE:
            columns.append(pa.array(np.asarray(data).astype(np.int32)).view(pa.date32()))
        else:
            columns.append(_whole_numbers(np.asarray(data), ARROW[column.type]))
    return pa.Table.from_arrays(columns, names=table.names)


def _coded(texts: Texts) -> pa.DictionaryArray:
    """A column of codes; a dictionary that says a text twice could not be written as one."""
    places = {name: place for place, name in enumerate(dict.fromkeys(texts.names))}
    codes = np.asarray(texts.codes)
    if len(places) < len(texts.names):
        codes = np.array([places[name] for name in texts.names], np.int32)[codes]
    return pa.DictionaryArray.from_arrays(
        pa.array(codes.astype(np.int32, copy=False)), pa.array(list(places), pa.string())
    )


def _whole_numbers(data: np.ndarray, kind: pa.DataType) -> pa.Array:
    """A column of whole numbers, with nulls where one is missing."""
    if data.dtype != np.int64:
        return pa.array(data.astype(kind.to_pandas_dtype(), copy=False), kind)
    numbers = np.ascontiguousarray(data, kind.to_pandas_dtype())
    is_whole = not len(data) or data.min() != MISSING_INTEGER
    return pa.array(numbers, kind, mask=None if is_whole else data == MISSING_INTEGER)
