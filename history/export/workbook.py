"""A workbook for Excel: the answer, the statements, deals and events. Never a table that Excel would cut.

Whole numbers above 2^53, which Excel would round, are texts of their digits; texts are never formulas.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from math import isfinite
from pathlib import Path
from typing import Any

from ...engine.calendar import DAYS_PER_MONTH
from ...engine.legible import escaped
from ..datasets import DAY
from ..dictionary import Described
from ..extras import needed
from .databases import dictionary_of
from .source import ExportRefused, Source

ROWS_MAX, COLUMNS_MAX, TEXT_MAX = 1_048_576, 16_384, 32_767
"""What a sheet, a row and a cell of Excel can hold."""
EXACT_MAX = 2**53
"""Excel's numbers are floats: above, not every whole number is one."""
STATEMENTS = ("firms", "investors", "funds", "households")
"""Of these the months' ends, unless the tables are named."""
SHEETS = (
    *STATEMENTS,
    "statements",
    "flow_of_funds",
    "positions",
    "commitments",
    "loans",
    "announcements",
    "events",
    "design",
    "runs",
)
NOT_IN_XML = re.compile(r"[\x00-\x08\x0b-\x1f]")
"""What no cell can hold: written as its escape."""
RESERVED = ("answer", "measures", "columns")


def sheets(tables: tuple[str, ...]) -> tuple[str, ...]:
    """Of all tables of a run or a sweep, those that go into a workbook."""
    return tuple(name for name in SHEETS if name in tables)


def refuse_long(source: Source) -> None:
    """Raises: ExportRefused for a table that Excel would cut."""
    for name in source.tables:
        rows, columns = source.rows(name), len(source.schema(name))
        if rows >= ROWS_MAX or columns > COLUMNS_MAX:
            raise ExportRefused(
                f"{name} has {rows:,} rows of {columns:,} columns; Excel holds {ROWS_MAX - 1:,} below the header, of "
                f"{COLUMNS_MAX:,}; allowed: fewer --days, other --tables, another format"
            )


def write_xlsx(source: Source, folder: Path) -> None:
    """Sheet after sheet; row after row, so that memory stays small."""
    openpyxl = needed("openpyxl", "--to xlsx")
    book = openpyxl.Workbook(write_only=True)
    with _aside_in(folder, book):
        answer = source.run.answer
        if answer:
            lines = [(answer.get("title", ""),), *((line,) for line in answer.get("headlines", ()))]
            _add(book, "answer", ("What the run says",), lines)
            _add(book, "measures", ("measure", "value"), flat(answer.get("measures", {})))
        is_monthly = source.tables == sheets(source.run.tables)
        for name in source.tables:
            rows = _rows(source, name, only_months=is_monthly and name in STATEMENTS)
            _add(book, f"{name} (table)" if name in RESERVED else name, source.schema(name).names, rows)
        _add(book, "columns", Described._fields, dictionary_of(source))
        book.save(folder / "run.xlsx")


@contextmanager
def _aside_in(folder: Path, book: Any) -> Iterator[None]:
    """Sheets in the making are files in this folder, and go with it if the work breaks off."""
    before, tempfile.tempdir = tempfile.tempdir, str(folder)
    try:
        yield
    except BaseException:
        for sheet in book.worksheets:
            _let_go(sheet)
        raise
    finally:
        tempfile.tempdir = before


def _let_go(sheet: Any) -> None:
    """End a sheet that will not be finished: left to themselves its writers complain when nobody can catch it."""
    parts: tuple[Any, ...] = (getattr(sheet, "_rows", None), getattr(getattr(sheet, "_writer", None), "xf", None))
    for part in parts:
        with suppress(Exception):
            part.close()


def _rows(source: Source, name: str, *, only_months: bool) -> Iterator[tuple[Any, ...]]:
    """Rows of a table, on months' ends and the last day if asked."""
    last = source.run.manifest.get("days")
    for batch in source.batches(name):
        columns = [column.to_pylist() for column in batch.columns]
        days = batch[DAY].to_pylist() if only_months else None
        for place, row in enumerate(zip(*columns, strict=True)):
            if days is None or days[place] % DAYS_PER_MONTH == 0 or days[place] == last:
                yield row


def flat(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Nested measures as one line each, `spreads.Oracle.last`; what stands in a list by its number."""
    if isinstance(value, Mapping):
        items: Iterable[tuple[Any, Any]] = value.items()
    elif isinstance(value, list | tuple):
        items = enumerate(value)
    else:
        yield path, value
        return
    for key, inner in items:
        yield from flat(inner, f"{path}.{key}" if path else str(key))


def _add(book: Any, title: str, header: Iterable[str], rows: Iterable[Iterable[Any]]) -> None:
    """A sheet with a header that stays in sight."""
    cell_class = needed("openpyxl.cell", "--to xlsx").WriteOnlyCell
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    header = list(header)
    for number, name in enumerate(header, 1):
        letter = needed("openpyxl.utils", "--to xlsx").get_column_letter(number)
        sheet.column_dimensions[letter].width = min(40, max(12, len(name) + 2))
    to_cell = _cell_maker(cell_class, sheet, title)
    sheet.append([to_cell(name) for name in header])
    for row in rows:
        sheet.append([to_cell(value) for value in row])


def _cell_maker(cell_class: Any, sheet: Any, title: str) -> Callable[[Any], Any]:
    """What makes a cell of a value: whole numbers and dates as they are, fractions with all their digits, texts as
    texts. Its function raises ExportRefused for a text that Excel would cut.
    """

    def to_cell(value: Any) -> Any:
        if isinstance(value, int) and not isinstance(value, bool) and abs(value) > EXACT_MAX:
            value = str(value)
        if isinstance(value, float):
            cell = cell_class(sheet, repr(value) if isfinite(value) else None)
            cell.data_type = "n"
            return cell
        if not isinstance(value, str):
            return value
        if len(value) > TEXT_MAX:
            raise ExportRefused(f"a text of {title} has {len(value):,} characters; Excel holds {TEXT_MAX:,}")
        cell = cell_class(sheet, NOT_IN_XML.sub(lambda found: escaped(found.group()), value))
        cell.data_type = "s"
        return cell

    return to_cell
