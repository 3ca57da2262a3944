"""One database file: SQLite or DuckDB. Beside each table a view with its money in bn USD, and the data dictionary."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pyarrow as pa

from ..dictionary import Described, described
from ..extras import needed
from ..views import make_views, quoted
from .source import ExportRefused, Source

DICTIONARY = "dictionary"


def write_sqlite(source: Source, folder: Path) -> None:
    """Dates are texts like 2025-09-10, truths 0 and 1. Nobody reads the file before it has its name: no journal."""
    refuse_foreign_types(source, "sqlite")
    with closing(sqlite3.connect(folder / "run.sqlite", isolation_level=None)) as file:
        file.execute("PRAGMA journal_mode = OFF")
        file.execute("PRAGMA synchronous = OFF")
        file.execute("BEGIN")
        for name in source.tables:
            schema = source.schema(name)
            columns = ", ".join(f"{quoted(field.name)} {_sqlite_type(field.type)}" for field in schema)
            file.execute(f"CREATE TABLE {quoted(name)} ({columns})")
            places = ", ".join("?" * len(schema))
            for batch in source.batches(name):
                file.executemany(f"INSERT INTO {quoted(name)} VALUES ({places})", _rows(batch))
            make_views(file.execute, name, schema, with_comments=False, is_table=True)
        file.execute(f"CREATE TABLE {DICTIONARY} ({', '.join(quoted(n) for n in Described._fields)})")
        file.executemany(f"INSERT INTO {DICTIONARY} VALUES (?, ?, ?, ?, ?, ?)", dictionary_of(source))
        file.execute("COMMIT")


def write_duckdb(source: Source, folder: Path) -> None:
    """Tables, views and comments of DuckDB."""
    duckdb = needed("duckdb", "--to duckdb")
    with duckdb.connect(str(folder / "run.duckdb")) as file:
        for name in source.tables:
            file.register("incoming", source.reader(name))
            file.execute(f"CREATE TABLE {quoted(name)} AS SELECT * FROM incoming")
            file.unregister("incoming")
            make_views(file.execute, name, source.schema(name), with_comments=True, is_table=True)
        file.execute(f"CREATE TABLE {DICTIONARY} ({', '.join(f'{quoted(n)} VARCHAR' for n in Described._fields)})")
        file.executemany(f"INSERT INTO {DICTIONARY} VALUES (?, ?, ?, ?, ?, ?)", list(dictionary_of(source)))


def dictionary_of(source: Source) -> Iterator[Described]:
    """The columns of all exported tables."""
    for name in source.tables:
        yield from described(name, source.schema(name))


def refuse_foreign_types(source: Source, to: str) -> None:
    """Raises: ExportRefused for a column that holds what the format has no place for."""
    for name in source.tables:
        for field in source.schema(name):
            kind = field.type
            if not (
                _is_whole(kind) or pa.types.is_floating(kind) or pa.types.is_string(kind) or pa.types.is_date(kind)
            ):
                raise ExportRefused(f"{name}.{field.name} holds {kind}, which {to} does not; allowed: --tables others")


def _is_whole(kind: pa.DataType) -> bool:
    return bool(pa.types.is_signed_integer(kind) or pa.types.is_boolean(kind))


def _sqlite_type(kind: pa.DataType) -> str:
    if _is_whole(kind):
        return "INTEGER"
    return "REAL" if pa.types.is_floating(kind) else "TEXT"


def _rows(batch: pa.RecordBatch) -> Iterator[tuple[Any, ...]]:
    columns = [
        (column.cast(pa.string()) if pa.types.is_date(column.type) else column).to_pylist() for column in batch.columns
    ]
    return zip(*columns, strict=True)
