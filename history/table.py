"""What a table of the history is, and how its rows come about.

A table is declared in one place, in `tables/`. Most are filled column by column from some days in a row (`days.py`):
`source` makes what the table needs of them, each column's `fill` takes its values from that. Tables of few rows are
filled row by row: a row class whose fields are the columns, and beside it the function that yields a day's rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum
from typing import Any, Protocol

import numpy as np
import pyarrow as pa

from ..model import CarouselModel
from .columns import MISSING_INTEGER, Column, ColumnData, ColumnType, Stamp, columns_of
from .days import Days, Look

SCHEMA_VERSION = "2"
"""Of tables and columns as they stand in files; counted up when a reader of the last version would be misled."""


class Rhythm(Enum):
    """When rows are written."""

    DAILY = "every day"
    WEEKLY = "every five trading days and on the last day"
    MONTHLY = "at the start, monthly and on the last day"
    QUARTERLY = "at the start, quarterly and on the last day"
    AT_END = "after the last day"


class Source(Protocol):
    """What the columns of a table are filled from; `counts` int64[days] are the rows of each day."""

    @property
    def counts(self) -> np.ndarray: ...


@dataclass(frozen=True, slots=True)
class Table:
    """One table of the history."""

    name: str
    columns: tuple[Column, ...]
    meaning: str
    source: Callable[[Days], Source] | None = None
    """What its columns are filled from; None for a table that is filled row by row."""
    looks: tuple[Look, ...] = ()
    """What `source` asks the days for: taken down at the end of every day."""
    rows: Callable[[CarouselModel], Iterable[tuple[Any, ...]]] | None = None
    """Today's rows, without the columns of `stamp`; None for a table that is filled column by column."""
    stamp: tuple[str, ...] = ("day", "date")
    """First columns, which the recorder writes."""
    rhythm: Rhythm = Rhythm.DAILY
    is_flow: bool = False
    """Whether its rows are what happened, not how things stand: an interval of days does not thin them out."""
    is_optional: bool = False
    """Whether the table enters the digest only when it has rows: scenarios that have nothing for it keep theirs."""
    is_digested: bool = True
    """Whether the table is part of the history's digest: a closer look is not."""
    is_on_request: bool = False
    """Whether it is kept only when a choice names it."""

    @property
    def names(self) -> tuple[str, ...]:
        """Column names in order."""
        return tuple(c.name for c in self.columns)

    @property
    def filled(self) -> tuple[Column, ...]:
        """The columns that the table fills itself: all but its stamp."""
        return self.columns[len(self.stamp) :]

    @property
    def digested(self) -> tuple[Column, ...]:
        """The columns that enter the digest."""
        return tuple(c for c in self.columns if c.is_digested) if self.is_digested else ()

    def only(self, names: Iterable[str]) -> Table:
        """The same table with some of its columns; the stamp is always among them."""
        wanted = {*names, *self.stamp}
        return replace(self, columns=tuple(c for c in self.columns if c.name in wanted))

    def block(self, days: Days) -> dict[str, ColumnData] | None:
        """All its rows of some days in a row as columns; None without a row.

        Raises: ValueError, TypeError for a row that does not fit its row class.
        """
        if self.rows is not None:
            by_day = days.rows_of(self.name)
            counts = np.array([len(rows) for rows in by_day], np.int64)
        else:
            assert self.source is not None
            made = self.source(days)
            counts = made.counts
        if not counts.sum():
            return None
        block: dict[str, ColumnData] = {name: np.repeat(days.stamps[name], counts) for name in self.stamp}
        if self.rows is not None:
            return block | columns_of_rows(self, [row for rows in by_day for row in rows])
        return block | {column.name: column.fill(made) for column in self.filled if column.fill is not None}

    def schema(self) -> pa.Schema:
        """The Arrow schema, with unit, meaning and values in each field's metadata."""
        said = {"table": self.name, "meaning": self.meaning, "rhythm": self.rhythm.value, "schema": SCHEMA_VERSION}
        return pa.schema([column.field for column in self.columns], metadata=said)


def table_of_rows(
    name: str, row: type[tuple[Any, ...]], rows: Callable[[CarouselModel], Iterable[tuple[Any, ...]]], **options: Any
) -> Table:
    """A table whose columns are the fields of a row class; its docstring is the table's meaning.

    Raises: TypeError if a field does not say its type, unit and meaning.
    """
    parties = options.pop("parties", ())
    columns = tuple(replace(c, is_party=c.name in parties) for c in columns_of(row))
    return _table(name, columns, row.__doc__ or "", rows=rows, **options)


def table_of_columns(
    name: str, columns: Iterable[Column], meaning: str, source: Callable[[Days], Source], **options: Any
) -> Table:
    """A table whose columns are filled whole, from arrays.

    Raises: TypeError if a column does not say how it is filled.
    """
    columns = tuple(columns)
    if unfilled := [c.name for c in columns if c.fill is None]:
        raise TypeError(f"table {name}: nothing fills {', '.join(unfilled)}")
    return _table(name, columns, meaning, source=source, **options)


def _table(name: str, columns: tuple[Column, ...], meaning: str, **options: Any) -> Table:
    stamp = options.pop("stamp", ("day", "date"))
    stamped = tuple(c for c in columns_of(Stamp) if c.name in stamp)
    said = " ".join((meaning[0].lower() + meaning[1:]).split()).rstrip(".")
    return Table(name, (*stamped, *columns), said, stamp=stamp, **options)


def columns_of_rows(table: Table, rows: Sequence[Sequence[object]]) -> dict[str, ColumnData]:
    """Rows as columns. A wrong number of values is the fault of who filled them and must not pass.

    Raises: ValueError if a row is too long or too short; TypeError for a number with a fraction in an integer column.
    """
    width = len(table.filled)
    if wrong := next((row for row in rows if len(row) != width), None):
        names = [column.name for column in table.filled]
        raise ValueError(f"table {table.name}: a row has {len(wrong)} values; allowed: {width} ({', '.join(names)})")
    values = zip(*rows, strict=True)
    return {column.name: CONVERT[column.type](held) for column, held in zip(table.filled, values, strict=True)}


def _integers(values: Sequence[object]) -> np.ndarray:
    """An integer column. A float would lose its cents silently, so it is refused.

    Raises: TypeError if a value is no integer.
    """
    found = np.array([MISSING_INTEGER if v is None else v for v in values])
    if found.dtype.kind not in "iu":
        wrong = next(v for v in values if v is not None and not isinstance(v, int | np.integer))
        raise TypeError(f"an integer column was given {wrong!r}")
    return found.astype(np.int64)


def _numbers(values: Sequence[object]) -> np.ndarray:
    return np.array([np.nan if v is None else v for v in values], dtype=np.float64)


def _texts(values: Sequence[object]) -> list[str]:
    return ["" if v is None else str(v) for v in values]


def _dates(values: Sequence[date]) -> np.ndarray:
    return np.array([day_number(v) for v in values], dtype=np.int64)


EPOCH = date(1970, 1, 1).toordinal()


def day_number(day: date) -> int:
    """Days since 1 January 1970: how a date is stored and hashed."""
    return day.toordinal() - EPOCH


CONVERT: dict[ColumnType, Callable[[Sequence], np.ndarray | list[str]]] = {
    ColumnType.INTEGER: _integers,
    ColumnType.SMALL: _integers,
    ColumnType.DATE: _dates,
    ColumnType.NUMBER: _numbers,
    ColumnType.TEXT: _texts,
}
