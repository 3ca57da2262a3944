"""What a column of the history is: what it holds, its unit, its meaning, its values, and what fills it.

Money is integer cents; a missing number is null (a lab has no first-day return), a missing text is empty.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import NoneType, UnionType
from typing import Annotated, Any, NamedTuple, get_args, get_origin, get_type_hints

import numpy as np
import pyarrow as pa

MISSING_INTEGER = -(2**63)
"""Stands for a null in an integer column: no cents or count of a run can reach it."""


class Texts(NamedTuple):
    """A column of texts that come again and again: integer codes, and the text of each code."""

    codes: np.ndarray
    names: Sequence[str]

    def __len__(self) -> int:
        return len(self.codes)


ColumnData = np.ndarray | Sequence[object] | Texts
Block = Mapping[str, ColumnData]
"""Some rows of one table as columns: integer and float64 arrays, dates as int64 days since 1970, texts as lists or
`Texts`."""

Cents = Annotated[int, "US cents"]
"""Types of fields: what the column holds, then its unit; a field adds what it means."""
Shares = Annotated[int, "shares"]
Holders = Annotated[int, "holders"]
Megawatts = Annotated[int, "MW"]
Text = Annotated[str, "-"]


class ColumnType(StrEnum):
    """What a column holds."""

    INTEGER = "integer"
    SMALL = "small integer"
    NUMBER = "number"
    TEXT = "text"
    DATE = "date"


ARROW = {
    ColumnType.INTEGER: pa.int64(),
    ColumnType.SMALL: pa.int32(),
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
    """Its values, from the table's source; None where a row class names them."""
    values: tuple[str, ...] = ()
    """Every value it can have, where there are few."""
    is_party: bool = False
    """Whether it names somebody: a choice of agents keeps the rows in which such a column names one of them."""
    is_digested: bool = True
    """Whether it enters the history's digest."""
    field: pa.Field = field(init=False, compare=False, repr=False)
    """Its Arrow field, with unit, meaning and values in the metadata."""

    def __post_init__(self) -> None:
        said = {"unit": self.unit, "meaning": self.meaning}
        said |= {"values": ", ".join(self.values)} if self.values else {}
        object.__setattr__(self, "field", pa.field(self.name, ARROW[self.type], metadata=said))


class Stamp(NamedTuple):
    """The columns that the recorder itself puts before a row."""

    day: Annotated[int, "trading days since the start", "day of the run; 0 is the opening"]
    date: Annotated[date, "-", "calendar date of that day"]


def cents(name: str, meaning: str, fill: Callable[[Any], ColumnData], **options: Any) -> Column:
    """A column of whole cents."""
    return Column(name, ColumnType.INTEGER, "US cents", meaning, fill, **options)


def integer(name: str, unit: str, meaning: str, fill: Callable[[Any], ColumnData], **options: Any) -> Column:
    """A column of whole numbers of 64 bits."""
    return Column(name, ColumnType.INTEGER, unit, meaning, fill, **options)


def small(name: str, unit: str, meaning: str, fill: Callable[[Any], ColumnData], **options: Any) -> Column:
    """A column of whole numbers below 2**31."""
    return Column(name, ColumnType.SMALL, unit, meaning, fill, **options)


def number(name: str, unit: str, meaning: str, fill: Callable[[Any], ColumnData], **options: Any) -> Column:
    """A column of numbers with a fraction; NaN is null."""
    return Column(name, ColumnType.NUMBER, unit, meaning, fill, **options)


def text(name: str, meaning: str, fill: Callable[[Any], ColumnData], **options: Any) -> Column:
    """A column of texts."""
    return Column(name, ColumnType.TEXT, "-", meaning, fill, **options)


def party(name: str, meaning: str, fill: Callable[[Any], ColumnData]) -> Column:
    """A column that names somebody, or somebody's share."""
    return text(name, meaning, fill, is_party=True)


def columns_of(row: type[tuple[Any, ...]]) -> tuple[Column, ...]:
    """The columns that the fields of a row class declare, in order.

    Raises: TypeError if a field does not say its type, unit and meaning.
    """
    return tuple(_column(row, name, said) for name, said in get_type_hints(row, include_extras=True).items())


def _column(row: type, name: str, said: object) -> Column:
    held, *words = get_args(said) if get_origin(said) is Annotated else (said,)
    kinds = [k for k in get_args(held) if k is not NoneType] if isinstance(held, UnionType) else [held]
    values: tuple[str, ...] = ()
    if len(kinds) == 1 and isinstance(kinds[0], type) and issubclass(kinds[0], StrEnum):
        values, kinds = tuple(member.value for member in kinds[0]), [str]
    if len(kinds) != 1 or kinds[0] not in TYPE_OF or len(words) != 2:
        raise TypeError(
            f"{row.__name__}.{name} is {said}; allowed: Annotated[int, float, str, StrEnum or date, unit, meaning]"
        )
    unit, meaning = words
    return Column(name, TYPE_OF[kinds[0]], unit, meaning, values=values)
