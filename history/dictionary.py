"""The data dictionary: every column with its type, unit, meaning and values, from what a table says of itself."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import pyarrow as pa

WORDS = {
    pa.int64(): "integer",
    pa.int32(): "small integer",
    pa.float64(): "number",
    pa.string(): "text",
    pa.date32(): "date",
}
CENTS = "US cents"


class Described(NamedTuple):
    """One column of one table."""

    table: str
    column: str
    type: str
    unit: str
    meaning: str
    values: str


def described(table: str, schema: pa.Schema) -> Iterator[Described]:
    """The columns of a table, in order; what a column does not say is empty."""
    for field in schema:
        said = {key.decode(): text.decode() for key, text in (field.metadata or {}).items()}
        texts = (said.get(word, "") for word in ("unit", "meaning", "values"))
        yield Described(table, field.name, WORDS.get(field.type, str(field.type)), *texts)


def meaning_of(schema: pa.Schema) -> str:
    """What a table holds, and when its rows are written; empty if it does not say."""
    said = schema.metadata or {}
    meaning, rhythm = (said.get(word, b"").decode() for word in (b"meaning", b"rhythm"))
    return f"{meaning}; {rhythm}" if rhythm else meaning


def as_csv(rows: Iterable[Described]) -> str:
    """A dictionary as CSV with a header."""
    written = io.StringIO()
    lines = csv.writer(written, lineterminator="\n")
    lines.writerow(Described._fields)
    lines.writerows(rows)
    return written.getvalue()
