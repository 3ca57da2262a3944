"""Points from a CSV: a column for each axis, a row for each point."""

from __future__ import annotations

import csv
import io
import math
from datetime import date
from pathlib import Path

from ...scenarios.errors import shown
from ...scenarios.input_file import NotReadable, bytes_of
from .errors import SweepError

BYTES_MAX = 64_000_000
AXES_MAX = 1000
CELL_MAX = 400


def read_points(path: Path, *, rows_max: int) -> dict[str, tuple[float | int | str | date, ...]]:
    """The columns of the file: numbers where every cell is one, dates where every cell is one, otherwise texts.

    Raises: SweepError if there is no such file, or it is too large, no UTF-8, has no rows, a cell without a value,
    rows of unequal length, or a column without a name of its own.
    """
    lines = list(_lines(path, rows_max))
    head, rows = [name.strip() for name in lines[0]], lines[1:]
    for place, name in enumerate(head):
        if not name or name in head[:place]:
            came = "a column without a name" if not name else f"a second column {shown(name)}"
            raise SweepError(str(path), f"column {place + 1}", came, "a name of its own for each column")
    if not rows:
        raise SweepError(str(path), "rows", "none", "a row for each point")
    return {name: _typed([row[place] for row in rows]) for place, name in enumerate(head)}


def _lines(path: Path, rows_max: int) -> list[list[str]]:
    file = str(path)
    try:
        raw = bytes_of(path, BYTES_MAX)
    except NotReadable as fault:
        raise SweepError(file, "file", str(fault), "a readable .csv file") from None
    if len(raw) > BYTES_MAX:
        raise SweepError(file, "file", f"more than {BYTES_MAX} bytes", f"at most {BYTES_MAX} bytes")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SweepError(file, f"byte {error.start}", f"byte 0x{raw[error.start]:02x}", "UTF-8 text") from None
    found: list[list[str]] = []
    try:
        for number, row in enumerate(csv.reader(io.StringIO(text), strict=True), start=1):
            if row:
                _check_row(row, found, file, number)
                found.append(row)
            if len(found) > rows_max + 1:
                raise SweepError(file, "rows", f"more than {rows_max:,}", f"at most {rows_max:,}, limits.runs_max")
    except csv.Error as error:
        raise SweepError(file, "file", f"broken CSV ({error})", "valid CSV") from None
    if not found:
        raise SweepError(file, "file", "nothing", "a line with the names of the axes, then a row for each point")
    return found


def _check_row(row: list[str], before: list[list[str]], file: str, number: int) -> None:
    wanted = len(before[0]) if before else min(len(row), AXES_MAX)
    if len(row) != wanted:
        raise SweepError(file, f"line {number}", f"{len(row)} cells", f"{wanted} cells")
    for place, cell in enumerate(row if before else (), start=1):
        if not cell.strip() or len(cell) > CELL_MAX:
            came = "an empty cell" if not cell.strip() else f"a cell of {len(cell)} characters"
            raise SweepError(file, f"line {number}, cell {place}", came, "a number, date or short text")


def _typed(cells: list[str]) -> tuple[float | int | str | date, ...]:
    """A column as what all its cells are."""
    cells = [cell.strip() for cell in cells]
    for read in (int, _finite, date.fromisoformat):
        try:
            return tuple(read(cell) for cell in cells)
        except ValueError:
            continue
    return tuple(cells)


def _finite(cell: str) -> float:
    number = float(cell)
    if not math.isfinite(number):
        raise ValueError(cell)
    return number
