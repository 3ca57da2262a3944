"""Exported tables read back as Arrow tables, each by a reader of its own format: what an exact round trip is checked
with. Nothing of `history/` is used but the names of files."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as csv
import pyarrow.feather as feather
import pyarrow.parquet as pq

EPOCH = date(1970, 1, 1).toordinal()


def read_csv(folder: Path, name: str, schema: pa.Schema) -> pa.Table:
    """Typed by the schema; what is not in quotes and empty is missing."""
    options = csv.ConvertOptions(
        column_types=dict(zip(schema.names, schema.types, strict=True)),
        strings_can_be_null=True,
        quoted_strings_can_be_null=False,
    )
    reading = csv.ParseOptions(newlines_in_values=True)
    return csv.read_csv(folder / f"{name}.csv", convert_options=options, parse_options=reading)


def read_sqlite(folder: Path, name: str, schema: pa.Schema) -> pa.Table:
    """By Python's own module; SQLite has 0 and 1 for no and yes."""
    with closing(sqlite3.connect(f"file:{folder / 'run.sqlite'}?mode=ro", uri=True)) as file:
        rows = file.execute(f'SELECT * FROM "{name}"').fetchall()
    whole = [field.with_type(pa.int8()) if pa.types.is_boolean(field.type) else field for field in schema]
    return table_of(rows, pa.schema(whole)).cast(schema)


def read_duckdb(folder: Path, name: str, schema: pa.Schema) -> pa.Table:
    """By DuckDB, in the order in which rows were written."""
    import duckdb

    with duckdb.connect(str(folder / "run.duckdb"), read_only=True) as file:
        return pa.table(file.sql(f'FROM "{name}"').to_arrow_table())


def read_netcdf(folder: Path, name: str, schema: pa.Schema) -> pa.Table:
    """By xarray: a grid becomes rows again, day by day, in the order of its agents."""
    import xarray

    with xarray.open_dataset(folder / f"{name}.nc") as found:
        is_grid = "is_present" in found
        at = np.nonzero(found["is_present"].values) if is_grid else None
        axes = found["is_present"].dims if is_grid else ()
        columns = [_netcdf_column(found, field, at, axes) for field in schema]
    return pa.Table.from_arrays(columns, schema=schema)


def _netcdf_column(found: Any, field: pa.Field, at: Any, axes: tuple[Any, ...]) -> pa.Array:
    variable = found[field.name.replace("/", "_")]
    values = variable.values
    if at is not None:
        values = values[at] if variable.dims == axes else values[at[axes.index(variable.dims[0])]]
    if "texts" in variable.attrs:
        names = found[variable.attrs["texts"]].values.tolist()
        return pa.DictionaryArray.from_arrays(
            pa.array(values, pa.int32(), mask=values == variable.attrs["null"]), pa.array(names, pa.string())
        ).cast(pa.string())
    if pa.types.is_date(field.type):
        return pa.array(values.astype("datetime64[D]"), field.type)
    if pa.types.is_floating(field.type):
        return pa.array(values, field.type, mask=np.isnan(values))
    missing = values == variable.attrs["null"] if "null" in variable.attrs else None
    return pa.array(values, field.type, mask=missing)


def read_xlsx(folder: Path, name: str, schema: pa.Schema) -> pa.Table:
    """By openpyxl; numbers that are texts were too large for Excel."""
    import openpyxl

    book = openpyxl.load_workbook(folder / "run.xlsx", read_only=True)
    with closing(book):
        rows = [tuple(row) for row in book[name].iter_rows(min_row=2, values_only=True)]
    rows = [row + (None,) * (len(schema) - len(row)) for row in rows]
    texts = [pa.types.is_string(field.type) for field in schema]  # an empty one is an empty cell
    return table_of(
        [tuple("" if v is None and is_text else v for v, is_text in zip(row, texts, strict=True)) for row in rows],
        schema,
    )


def table_of(rows: list[tuple[Any, ...]], schema: pa.Schema) -> pa.Table:
    """Rows as a table."""
    columns = zip(*rows, strict=True) if rows else ((),) * len(schema)
    return pa.Table.from_arrays(
        [
            pa.array([_value(v, field.type) for v in held], field.type)
            for held, field in zip(columns, schema, strict=True)
        ],
        schema=schema,
    )


def _value(value: Any, kind: pa.DataType) -> Any:
    if pa.types.is_string(kind):
        return value
    if pa.types.is_date(kind) and isinstance(value, str):
        return date.fromisoformat(value)
    if pa.types.is_date(kind) and value is not None:
        return value.date()
    if pa.types.is_integer(kind) and isinstance(value, str):
        return int(value)
    if pa.types.is_floating(kind) and value is not None:
        return float(value)
    return value


READERS: dict[str, Callable[[Path, str, pa.Schema], pa.Table]] = {
    "csv": read_csv,
    "parquet": lambda folder, name, _: pq.read_table(folder / f"{name}.parquet"),
    "feather": lambda folder, name, _: feather.read_table(folder / f"{name}.feather", memory_map=False),
    "sqlite": read_sqlite,
    "duckdb": read_duckdb,
    "netcdf": read_netcdf,
    "xlsx": read_xlsx,
}


def differences(wanted: pa.Table, found: pa.Table, keys: tuple[str, ...] = ()) -> list[str]:
    """Columns whose values, nulls or order are not as they were. `keys` are the columns by which both are put in order:
    a grid has its own order of agents.
    """
    if wanted.column_names != found.column_names:
        return [f"columns are {found.column_names}"]
    if wanted.num_rows != found.num_rows:
        return [f"{found.num_rows} rows, not {wanted.num_rows}"]
    if keys:
        wanted, found = (table.sort_by([(key, "ascending") for key in keys]) for table in (wanted, found))
    columns = zip(wanted.column_names, wanted.columns, found.columns, strict=True)
    return [name for name, was, now in columns if not was.equals(now.cast(was.type))]
