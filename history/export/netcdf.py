"""NetCDF, a file for each table: day x agent where a table has one row for each of them, else row after row.

Whole numbers stay whole in xarray: nothing is a fill value. A cell without a row is told by `is_present`, a null by the
attribute `null` of its variable. Texts are codes; `NAME_names` has the text of each code.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from ..datasets import DAY
from ..dictionary import meaning_of
from ..extras import needed
from .databases import refuse_foreign_types
from .source import BATCH_ROWS, Source

DATE = "date"
GRIDS: dict[str, tuple[str, ...]] = {
    "daily": ("security",),
    "firms": ("firm",),
    "investors": ("investor",),
    "funds": ("fund",),
    "households": (),
    "household_deciles": ("decile",),
    "holders": ("holder",),
    "panel": ("holder",),
    "commitments": ("commitment",),
    "commitments_daily": ("commitment",),
    "loans": ("loan",),
    "loans_daily": ("loan",),
    "positions": ("party",),
    "cash": ("account",),
    "holdings": ("account", "security"),
    "registers": ("security",),
    "bonds": ("bond",),
    "etf": (),
}
"""Tables with one row for each day and agent, or agents: the columns that name these."""
CELLS_MAX = 1 << 22
"""Cells of a day above which a table stays a list of rows: a grid of what is mostly empty."""
DATE_UNITS = "days since 1970-01-01"


def write_netcdf(source: Source, folder: Path) -> None:
    """Every table."""
    refuse_foreign_types(source, "netcdf")
    netcdf = needed("netCDF4", "--to netcdf")
    for name in source.tables:
        with netcdf.Dataset(folder / f"{name}.nc", "w", format="NETCDF4") as file:
            schema = source.schema(name)
            file.setncatts({"title": name, "comment": meaning_of(schema), "Conventions": "CF-1.8", **source.about})
            axes = Axes.of(source, name) if name in GRIDS else None
            if axes is None:
                _write_rows(_Table(file, schema), source, name)
            else:
                _write_grid(_Table(file, schema), source, name, axes)


class Axes:
    """Days and agents of a grid, in the order in which they first come."""

    def __init__(self, keys: tuple[str, ...]) -> None:
        self.keys = keys
        self.days: list[int] = []
        self.dates: list[int] = []
        self.places: list[dict[Any, int]] = [{} for _ in keys]

    @classmethod
    def of(cls, source: Source, name: str) -> Axes | None:
        """The axes of a table; None if a day has two rows for one agent, or far more cells than rows."""
        axes, keys = cls(GRIDS[name]), GRIDS[name]
        if not {DAY, *keys} <= set(source.schema(name).names):
            return None
        rows = 0
        for days in whole_days(source.batches(name, is_told=False)):
            day = days[DAY].to_numpy()
            if (axes.days and day[0] <= axes.days[-1]) or (np.diff(day) < 0).any():
                return None
            firsts = np.flatnonzero(np.diff(day, prepend=-1))
            axes.days += day[firsts].tolist()
            if DATE in days.column_names:
                axes.dates += days[DATE].cast(pa.int32()).to_numpy()[firsts].tolist()
            for key, places in zip(keys, axes.places, strict=True):
                for agent in days[key].unique().to_pylist():
                    places.setdefault(agent, len(places))
            cells = axes.cells_of(days)
            if len(np.unique(cells)) < len(cells):
                return None
            rows += len(cells)
        return axes if axes.cells_per_day <= CELLS_MAX else None

    @property
    def shape(self) -> tuple[int, ...]:
        """Agents along each axis."""
        return tuple(len(places) for places in self.places)

    @property
    def cells_per_day(self) -> int:
        """Cells of one day."""
        return int(np.prod(self.shape, dtype=np.int64))

    def cells_of(self, days: pa.Table) -> np.ndarray:
        """Where each row stands in an array (days of this table, *shape) that is laid out flat."""
        day = days[DAY].to_numpy()
        cells: np.ndarray = np.cumsum(np.diff(day, prepend=day[0]) != 0)
        for key, places in zip(self.keys, self.places, strict=True):
            coded = days[key].combine_chunks().dictionary_encode()
            codes = np.array([places[agent] for agent in coded.dictionary.to_pylist()], np.int64)
            cells = cells * len(places) + codes[coded.indices.to_numpy()]
        return cells


def whole_days(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.Table]:
    """The same rows, cut where a day ends."""
    rest: list[pa.RecordBatch] = []
    for batch in batches:
        rest.append(batch)
        day = batch[DAY].to_numpy()
        if day[-1] == rest[0][DAY][0].as_py():
            continue
        table = pa.Table.from_batches(rest).combine_chunks()
        cut = int(np.searchsorted(table[DAY].to_numpy(), day[-1]))
        yield table.slice(0, cut)
        rest = table.slice(cut).to_batches()
    if rest:
        yield pa.Table.from_batches(rest).combine_chunks()


class _Table:
    """A file in the making: its variables, and the texts that have got a code so far."""

    def __init__(self, file: Any, schema: pa.Schema) -> None:
        self.file, self.schema = file, schema
        self._codes: dict[str, dict[str, int]] = {}

    def variable(self, field: pa.Field, dimensions: tuple[str, ...], chunk: tuple[int, ...] | None) -> Any:
        """A variable for a column, packed."""
        kind, null = _storage(field.type)
        packed: dict[str, Any] = {"compression": "zlib", "complevel": 1, "shuffle": True} if dimensions else {}
        made = self.file.createVariable(
            field.name.replace("/", "_"), kind, dimensions, fill_value=False, chunksizes=chunk, **packed
        )
        said = {key.decode(): text.decode() for key, text in (field.metadata or {}).items()}
        if said.get("meaning"):
            made.long_name = said["meaning"]
        if pa.types.is_date(field.type):
            made.units = DATE_UNITS
        elif "since" not in said.get("unit", "since"):  # xarray would take it for a date
            made.units = {"-": "1"}.get(said["unit"], said["unit"])
        if said.get("values"):
            made.values = said["values"]
        if null is not None:
            made.setncattr("null", np.array(null, kind)[()])
        if pa.types.is_string(field.type):
            made.texts = f"{made.name}_names"
            self._codes[field.name] = {}
        return made

    def values(self, field: pa.Field, column: pa.ChunkedArray) -> np.ndarray:
        """A column as its variable holds it."""
        kind, null = _storage(field.type)
        if pa.types.is_string(field.type):
            known = self._codes[field.name]
            coded = column.combine_chunks().dictionary_encode()
            new = [known.setdefault(text, len(known)) for text in coded.dictionary.to_pylist()]
            codes = np.array([*new, null], kind)
            return codes[coded.indices.fill_null(len(new)).to_numpy(zero_copy_only=False)]
        plain = column.cast(pa.int32()) if pa.types.is_date(field.type) else column
        if pa.types.is_integer(plain.type):
            plain = plain.cast(pa.from_numpy_dtype(kind))
        if null is not None and plain.null_count:
            plain = plain.fill_null(bool(null) if pa.types.is_boolean(plain.type) else null)
        return plain.to_numpy().astype(kind, copy=False)

    def write_texts(self) -> None:
        """The text of every code."""
        for name, known in self._codes.items():
            self.coordinate(f"{name.replace('/', '_')}_names", list(known))

    def coordinate(self, name: str, values: list[Any]) -> None:
        """A dimension with what stands along it."""
        self.file.createDimension(name, len(values))
        is_text = bool(values) and isinstance(values[0], str)
        made = self.file.createVariable(
            name, str if is_text else np.int64, (name,), fill_value=None if is_text else False
        )
        if values:
            made[:] = np.array(values, object if is_text else np.int64)


def _storage(kind: pa.DataType) -> tuple[str, int | None]:
    """Type of a variable, and what stands for a null in it: an own value where nothing says it itself."""
    if pa.types.is_floating(kind):
        return "f8", None
    if pa.types.is_string(kind):
        return "i4", -1
    if pa.types.is_boolean(kind):
        return "i1", -1
    if pa.types.is_date(kind):
        return "i4", -(2**31)
    return "i8", -(2**63)  # shares of 32 bits times a price would overflow in NumPy, and nobody say so


def _write_rows(table: _Table, source: Source, name: str) -> None:
    """A list of rows: every column along the dimension `row`."""
    rows = source.rows(name)
    table.file.createDimension("row", rows)
    chunk = (min(rows, BATCH_ROWS),) if rows else None
    made = {field.name: table.variable(field, ("row",), chunk) for field in table.schema}
    start = 0
    for batch in source.batches(name):
        for field in table.schema:
            column = pa.chunked_array([batch[field.name]])
            made[field.name][start : start + batch.num_rows] = table.values(field, column)
        start += batch.num_rows
    table.write_texts()


def _write_grid(table: _Table, source: Source, name: str, axes: Axes) -> None:
    """Every column along days and agents."""
    dimensions = (DAY, *axes.keys)
    table.coordinate(DAY, axes.days)
    table.file[DAY].long_name = "trading days since the start"
    if axes.dates:
        dates = table.variable(table.schema.field(DATE), (DAY,), None)
        dates[:] = np.array(axes.dates, np.int32)
    for key, places in zip(axes.keys, axes.places, strict=True):
        table.coordinate(key, list(places))
    along = max(1, min(len(axes.days), BATCH_ROWS // max(1, axes.cells_per_day)))
    chunk = (along, *axes.shape) if axes.days and axes.cells_per_day else None
    is_present = table.variable(pa.field("is_present", pa.bool_()), dimensions, chunk)
    fields = [field for field in table.schema if field.name not in (DATE, *dimensions)]
    made = {field.name: table.variable(field, dimensions, chunk) for field in fields}
    start = 0
    for days in whole_days(source.batches(name)):
        cells = axes.cells_of(days)
        n = len(np.unique(days[DAY].to_numpy()))
        present = np.zeros(n * axes.cells_per_day, np.int8)
        present[cells] = 1
        is_present[start : start + n] = present.reshape(n, *axes.shape)
        for field in fields:
            kind, null = _storage(field.type)
            block = np.full(n * axes.cells_per_day, np.nan if null is None else null, kind)
            block[cells] = table.values(field, days[field.name])
            made[field.name][start : start + n] = block.reshape(n, *axes.shape)
        start += n
    table.write_texts()
