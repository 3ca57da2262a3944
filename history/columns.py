"""What a table of the history is: its columns with their units and meanings, and the function that fills its rows.

A table is declared in one place, in `tables/`: a row class whose fields are the columns, and beside it the function
that fills them by name. Money is integer cents; a missing number is null (a lab has no first-day return), a missing
text is empty.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum, StrEnum
from types import NoneType, UnionType
from typing import Annotated, Any, NamedTuple, get_args, get_origin, get_type_hints

import numpy as np
import pyarrow as pa

from ..model import CarouselModel

ColumnData = np.ndarray | Sequence[object]
Block = Mapping[str, ColumnData]
"""Some rows of one table as columns: int64 and float64 arrays, dates as int64 days since 1970, texts as lists."""

Cents = Annotated[int, "US cents"]
"""Types of fields: what the column holds, then its unit; a field adds what it means."""
Shares = Annotated[int, "shares"]
Holders = Annotated[int, "holders"]
Megawatts = Annotated[int, "MW"]
Text = Annotated[str, "-"]


class ColumnType(StrEnum):
    """What a column holds."""

    INTEGER = "integer"
    NUMBER = "number"
    TEXT = "text"
    DATE = "date"


class Rhythm(Enum):
    """When rows are written."""

    DAILY = "every day"
    MONTHLY = "at the start, monthly and on the last day"
    AT_END = "after the last day"


ARROW = {
    ColumnType.INTEGER: pa.int64(),
    ColumnType.NUMBER: pa.float64(),
    ColumnType.TEXT: pa.string(),
    ColumnType.DATE: pa.date32(),
}
TYPE_OF = {int: ColumnType.INTEGER, float: ColumnType.NUMBER, str: ColumnType.TEXT, date: ColumnType.DATE}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: name with its unit last, type, unit and meaning."""

    name: str
    type: ColumnType
    unit: str
    meaning: str
    fill: Callable[[Any], ColumnData] | None = None
    """Its values, from what the table is made of (see `Table.block`); None where a row class names them."""


class Stamp(NamedTuple):
    """The columns that the recorder itself puts before a row."""

    day: Annotated[int, "trading days since the start", "day of the run; 0 is the opening"]
    date: Annotated[date, "-", "calendar date of that day"]


@dataclass(frozen=True, slots=True)
class Table:
    """One table of the history."""

    name: str
    columns: tuple[Column, ...]
    meaning: str
    rows: Callable[[CarouselModel], Iterable[tuple[Any, ...]]] | None = None
    """Today's rows, without the columns of `stamp`; None for a table that is filled column by column."""
    stamp: tuple[str, ...] = ("day", "date")
    """First columns, which the recorder writes."""
    rhythm: Rhythm = Rhythm.DAILY
    is_optional: bool = False
    """Whether the table enters the digest only when it has rows: scenarios that have nothing for it keep theirs."""
    is_digested: bool = True
    """Whether the table is part of the history's digest: a closer look taken on request is not."""

    @property
    def names(self) -> tuple[str, ...]:
        """Column names in order."""
        return tuple(c.name for c in self.columns)

    @property
    def filled(self) -> tuple[Column, ...]:
        """The columns that the table fills itself: all but its stamp."""
        return self.columns[len(self.stamp) :]

    def block(self, source: object) -> dict[str, ColumnData]:
        """Rows of a table that is filled column by column, without its stamp."""
        return {column.name: column.fill(source) for column in self.filled if column.fill is not None}

    def schema(self) -> pa.Schema:
        """The Arrow schema, with unit and meaning in each field's metadata."""
        fields = [
            pa.field(c.name, ARROW[c.type], metadata={"unit": c.unit, "meaning": c.meaning}) for c in self.columns
        ]
        return pa.schema(fields, metadata={"meaning": self.meaning})


def table_of_rows(
    name: str, row: type[tuple[Any, ...]], rows: Callable[[CarouselModel], Iterable[tuple[Any, ...]]], **options: Any
) -> Table:
    """A table whose columns are the fields of a row class; its docstring is the table's meaning.

    Raises: TypeError if a field does not say its type, unit and meaning.
    """
    return _table(name, columns_of(row), row.__doc__ or "", rows=rows, **options)


def table_of_columns(name: str, columns: Iterable[Column], meaning: str, **options: Any) -> Table:
    """A table whose columns are filled whole, from arrays.

    Raises: TypeError if a column does not say how it is filled.
    """
    columns = tuple(columns)
    if unfilled := [c.name for c in columns if c.fill is None]:
        raise TypeError(f"table {name}: nothing fills {', '.join(unfilled)}")
    return _table(name, columns, meaning, **options)


def _table(name: str, columns: tuple[Column, ...], meaning: str, **options: Any) -> Table:
    stamp = options.pop("stamp", ("day", "date"))
    stamped = tuple(c for c in columns_of(Stamp) if c.name in stamp)
    said = meaning[0].lower() + meaning[1:].rstrip(".")
    return Table(name, (*stamped, *columns), said, stamp=stamp, **options)


def columns_of(row: type[tuple[Any, ...]]) -> tuple[Column, ...]:
    """The columns that the fields of a row class declare, in order.

    Raises: TypeError if a field does not say its type, unit and meaning.
    """
    return tuple(_column(row, name, said) for name, said in get_type_hints(row, include_extras=True).items())


def _column(row: type, name: str, said: object) -> Column:
    held, *words = get_args(said) if get_origin(said) is Annotated else (said,)
    kinds = [k for k in get_args(held) if k is not NoneType] if isinstance(held, UnionType) else [held]
    if len(kinds) != 1 or kinds[0] not in TYPE_OF or len(words) != 2:
        raise TypeError(f"{row.__name__}.{name} is {said}; allowed: Annotated[int, float, str or date, unit, meaning]")
    return Column(name, TYPE_OF[kinds[0]], *words)
