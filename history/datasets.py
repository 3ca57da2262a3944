"""The tables of a folder as datasets, read when they are asked for; and what somebody asks of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial, reduce
from operator import and_
from pathlib import Path
from typing import Any, TypeAlias

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds

from .choice import ChoiceError, days_of, need_known

Opener = Callable[[], ds.Dataset]
"""Opens a table."""
DaysAsked = int | str | tuple[int | None, int | None] | None
"""One day, `"FIRST:LAST"` or (first, last), either of which may be missing, both ends included; None: all days."""
Where: TypeAlias = "Mapping[str, Any] | pc.Expression | None"
"""Column -> the value, or the values, that rows have in it; or any expression of pyarrow."""
DAY = "day"


def run_tables(folder: Path) -> dict[str, Opener]:
    """The tables of a run folder: one file each."""
    return {file.stem: partial(_file, file) for file in sorted(folder.glob("*.parquet"))}


def _file(file: Path) -> ds.Dataset:
    if file.is_dir():
        raise IsADirectoryError(file)
    return ds.dataset(str(file))


def sweep_tables(folder: Path) -> dict[str, Opener]:
    """The tables of a sweep folder: the design, and runs and series by the parts that are there when it is asked."""
    parts = {name: folder / name for name in ("runs", "series") if any((folder / name).glob("*.parquet"))}
    return {"design": partial(ds.dataset, str(folder / "design.parquet"))} | {
        name: partial(_parts, place) for name, place in parts.items()
    }


def _parts(place: Path) -> ds.Dataset:
    return ds.dataset([str(part) for part in sorted(place.glob("*.parquet"))], format="parquet")


def in_memory(made: Callable[[], pa.Table]) -> ds.Dataset:
    """A table that is no file."""
    return ds.dataset(made())


def columns_asked(schema: pa.Schema, columns: Iterable[str] | None) -> list[str]:
    """The columns that are asked for; all without a wish.  Raises: ChoiceError for one that is none."""
    if columns is None:
        return list(schema.names)
    if isinstance(columns, str):
        raise ChoiceError("columns", columns, "names, one by one")
    wanted = list(columns)
    for name in wanted:
        need_known("columns", name, schema.names, ", ".join(schema.names))
    return wanted


def rows_asked(schema: pa.Schema, days: DaysAsked = None, where: Where = None) -> pc.Expression | None:
    """Which rows are asked for; None for all.

    Raises: ChoiceError for days that are none or of a table that has none, or a column that is none.
    """
    conditions: list[pc.Expression] = []
    first, last = range_of(days)
    if first is not None or last is not None:
        need_known("days", DAY, schema.names, "nothing for a table without days")
        conditions += [] if first is None else [ds.field(DAY) >= first]
        conditions += [] if last is None else [ds.field(DAY) <= last]
    if isinstance(where, Mapping):
        conditions += [_is_one_of(schema, name, value) for name, value in where.items()]
    elif where is not None:
        conditions.append(where)
    return reduce(and_, conditions) if conditions else None


def range_of(days: DaysAsked) -> tuple[int | None, int | None]:
    """First and last day.  Raises: ChoiceError."""
    allowed = "a day, (FIRST, LAST) or 'FIRST:LAST', for example '0:126'"
    if isinstance(days, str):
        begin, end = days_of(days)
        first, last = begin or None, end
    elif isinstance(days, tuple):
        if len(days) != 2:
            raise ChoiceError("days", days, allowed)
        first, last = days
    else:
        first = last = days
    for day in (first, last):
        if day is not None and (not isinstance(day, int) or isinstance(day, bool) or day < 0):
            raise ChoiceError("days", str(days), allowed)
    if first is not None and last is not None and last < first:
        raise ChoiceError("days", f"{first}:{last}", "a last day that is not before the first")
    return first, last


def _is_one_of(schema: pa.Schema, name: str, value: Any) -> pc.Expression:
    need_known("where", name, schema.names, ", ".join(schema.names))
    values = [value] if isinstance(value, str) or not isinstance(value, Iterable) else list(value)
    try:
        return ds.field(name).isin(pa.array(values, schema.field(name).type))
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        raise ChoiceError(f"where {name}", value, f"{schema.field(name).type}") from None


def widened(table: pa.Table) -> pa.Table:
    """The same with whole numbers of 64 bits: shares of 32 bits times a price would overflow, and nobody say so."""
    fields = [field.with_type(pa.int64()) if pa.types.is_integer(field.type) else field for field in table.schema]
    return table.cast(pa.schema(fields, table.schema.metadata))


def to_frame(table: pa.Table) -> pd.DataFrame:
    """An Arrow table as a data frame; integers stay integers where nothing is missing."""
    return widened(table).to_pandas(date_as_object=True, strings_to_categorical=False)
