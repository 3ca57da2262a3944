"""Rows become columns: what the recorder gathers in a quarter as one block of every table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

import numpy as np

from .columns import Block, Column, ColumnData, ColumnType, Table

MISSING_INTEGER = -(2**63)
"""Stands for a null in an integer column: no cents or count of a run can reach it."""
EPOCH = date(1970, 1, 1).toordinal()


class Pending:
    """Rows and columns of one table that are not handed on yet, day by day."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self._empty()

    def add_rows(self, rows: Sequence[tuple[object, ...]], day: int, date_number: int) -> None:
        """Add a day's rows."""
        self._rows.extend(rows)
        self._stamp(len(rows), day, date_number)

    def add_columns(self, block: Block, day: int, date_number: int) -> None:
        """Add a day's columns."""
        self._blocks.append(block)
        self._stamp(len(block[self.table.filled[0].name]), day, date_number)

    def take(self) -> Block | None:
        """Everything pending as one block, which is pending no longer; None when there is nothing.

        Raises: ValueError for a row of the wrong width, TypeError for a number with a fraction in an integer column.
        """
        if not sum(self._counts):
            return None
        block: dict[str, ColumnData] = {
            name: np.repeat(np.array(self._stamps[name], np.int64), self._counts) for name in self.table.stamp
        }
        block |= columns_of_rows(self.table, self._rows) if self._rows else joined(self.table.filled, self._blocks)
        self._empty()
        return block

    def _empty(self) -> None:
        self._rows: list[tuple[object, ...]] = []
        self._blocks: list[Block] = []
        self._stamps: dict[str, list[int]] = {"day": [], "date": []}
        self._counts: list[int] = []

    def _stamp(self, rows: int, day: int, date_number: int) -> None:
        self._stamps["day"].append(day)
        self._stamps["date"].append(date_number)
        self._counts.append(rows)


def columns_of_rows(table: Table, rows: Sequence[Sequence[object]]) -> dict[str, ColumnData]:
    """Rows as columns. A wrong number of values is the fault of who filled them and must not pass.

    Raises: ValueError if a row is too long or too short.
    """
    width = len(table.filled)
    if wrong := next((row for row in rows if len(row) != width), None):
        names = [column.name for column in table.filled]
        raise ValueError(f"table {table.name}: a row has {len(wrong)} values; allowed: {width} ({', '.join(names)})")
    values = zip(*rows, strict=True)
    return {column.name: CONVERT[column.type](held) for column, held in zip(table.filled, values, strict=True)}


def joined(columns: Sequence[Column], blocks: Sequence[Block]) -> dict[str, ColumnData]:
    """Several blocks as one."""
    return {
        column.name: [text for block in blocks for text in block[column.name]]
        if column.type is ColumnType.TEXT
        else np.concatenate([np.asarray(block[column.name]) for block in blocks])
        for column in columns
    }


def day_number(day: date) -> int:
    """Days since 1 January 1970: how a date is stored and hashed."""
    return day.toordinal() - EPOCH


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


CONVERT: dict[ColumnType, Callable[[Sequence], np.ndarray | list[str]]] = {
    ColumnType.INTEGER: _integers,
    ColumnType.DATE: _dates,
    ColumnType.NUMBER: _numbers,
    ColumnType.TEXT: _texts,
}
