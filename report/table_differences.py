"""The tables of two runs beside each other, row by row and to the cent: which differ, and where first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ..engine.legible import legible
from ..history.datasets import DAY, DaysAsked
from ..history.open_run import Run
from ..history.table import Rhythm
from ..history.tables import TABLES
from ..scenarios.errors import shown
from .run_tables import need_as_written

TOLD_MAX = 2
"""Columns of a row whose values are told."""
KEYS_MAX = 4
"""Words that say which row is meant."""
NO_KEYS = frozenset({"date", "text", "detail"})
"""Texts and dates that say no row apart that is not said by the others."""


def parted(a: Run, b: Run, days: DaysAsked = None, *, daily_only: bool = False) -> list[str]:
    """A line for each table that differs on some days; `daily_only` leaves out those whose rows tell of the end.

    Raises: UnreadableTable.
    """
    if _rows_kept(a.manifest) != _rows_kept(b.manifest):
        return ["Not the same rows were kept of both: they are not compared one by one."]
    lines: list[str] = []
    for name in dict.fromkeys([*a.tables, *b.tables]):
        if daily_only and (name not in TABLES or TABLES[name].rhythm is not Rhythm.DAILY):
            continue
        if name in a and name in b:
            lines += _parted(a, b, name, days)
        elif _is_kept(a, name) and _is_kept(b, name):
            lines.append(f"{name}: only {'A' if name in a else 'B'} has rows of it.")
    return lines


def are_comparable(a: Run, b: Run, name: str) -> bool:
    """Whether both kept a table whole, of the same days and parties: else what only one has tells nothing.

    Raises: UnreadableTable.
    """
    if _rows_kept(a.manifest) != _rows_kept(b.manifest):
        return False
    return all(_is_kept(run, name) and (name not in run or need_as_written(run, name)) for run in (a, b))


def _rows_kept(manifest: Mapping[str, Any]) -> tuple[Any, ...]:
    """Whose rows of which days were kept, whatever the tables."""
    kept = manifest.get("kept") or {}
    days = (kept.get("first_day", 0), kept.get("last_day"), kept.get("every_days", 1))
    return (*days, kept.get("panel", 0), *(kept.get("agents") or ()))


def _is_kept(run: Run, name: str) -> bool:
    """Whether a run would have the table if there were rows for it."""
    kept = run.manifest.get("kept") or {}
    wanted = kept.get("keep") or [each.name for each in TABLES.values() if not each.is_on_request]
    return name in {str(word).partition(".")[0] for word in [*wanted, *(kept.get("also") or ())]}


def _parted(a: Run, b: Run, name: str, days: DaysAsked) -> Iterator[str]:
    """Where a table that both have differs, if it does; columns that only one has are told by name."""
    for run in (a, b):
        need_as_written(run, name)
    names = [run.table(name).schema.names for run in (a, b)]
    both = [column for column in names[0] if column in names[1]]
    for who, own, others in (("A", *names), ("B", *reversed(names))):
        if alone := [column for column in own if column not in others]:
            yield f"{name}: only {who} has {', '.join(alone)}."
    asked = days if DAY in both else None
    one, two = (run.arrow(name, both, asked) for run in (a, b))
    common = min(len(one), len(two))
    wrong = {c: rows for c in both if len(rows := _unlike(one[c][:common], two[c][:common]))}
    if len(one) == len(two) and not wrong:
        return
    if len(one) != len(two):
        first = min((int(rows[0]) for rows in wrong.values()), default=common)
        whose, who = (one, "A") if first < len(one) else (two, "B")
        where = f"they part at {_key(whose, first)} of {who}" if first < len(whose) else "they part at the end"
        yield legible(f"{name}: {len(one)} rows in A, {len(two)} in B; {where}.")
        return
    places = np.unique(np.concatenate(list(wrong.values())))
    first = int(places[0])
    told = [
        f"{column} {_value(one, column, first)} in A, {_value(two, column, first)} in B"
        for column, rows in wrong.items()
        if rows[0] == first
    ]
    told[TOLD_MAX:] = [f"and {len(told) - TOLD_MAX} columns more"] if len(told) > TOLD_MAX else []
    columns = "" if len(wrong) == 1 else f", in {', '.join(wrong)}"
    more = f"; {len(places)} of {len(one)} rows{columns}" if len(places) > 1 else ""
    yield legible(f"{name}: {_key(one, first)}: {'; '.join(told)}{more}.")


def _unlike(one: pa.ChunkedArray, two: pa.ChunkedArray) -> np.ndarray:
    """Places in which two columns of one length are not the same; nothing is like nothing."""
    if one.equals(two):
        return np.empty(0, np.int64)
    if pa.types.is_floating(one.type) and pa.types.is_floating(two.type):
        x, y = (column.to_numpy() for column in (one, two))
        return np.flatnonzero(~((x == y) | (np.isnan(x) & np.isnan(y))))
    if one.type != two.type:
        one, two = one.cast(pa.string()), two.cast(pa.string())
    x, y = one.combine_chunks(), two.combine_chunks()
    is_alike = pc.or_(pc.fill_null(pc.equal(x, y), False), pc.and_(pc.is_null(x), pc.is_null(y)))
    return np.flatnonzero(~is_alike.to_numpy(zero_copy_only=False))


def _key(table: pa.Table, row: int) -> str:
    """Which row: its day, then the texts and numbers that say whose it is."""
    names = [field.name for field in table.schema if _says_whose(field)][: KEYS_MAX + 1]
    said = {name: table[name][row].as_py() for name in names}
    return ", ".join(f"{name} {value}" for name, value in said.items() if value not in (None, "")) or f"row {row}"


def _says_whose(field: pa.Field) -> bool:
    is_text = pa.types.is_string(field.type) or pa.types.is_dictionary(field.type)
    return field.name in (DAY, "entry", "holder", "decile", "lap", "number") or (is_text and field.name not in NO_KEYS)


def _value(table: pa.Table, column: str, row: int) -> str:
    """A value as it stands in the table, to the last cent."""
    value = table[column][row].as_py()
    if value is None:
        return "nothing"
    return str(value) if isinstance(value, (int, float)) or not isinstance(value, str) else shown(value)
