"""Tables for whoever asks in SQL: beside each a view with its money in bn USD, and comments on what columns are."""

from __future__ import annotations

from collections.abc import Callable

import pyarrow as pa

from .dictionary import CENTS, described, meaning_of

CENTS_PER_BN = 1e11
USD_PER_BN = 1e9


def quoted(name: str) -> str:
    """A name as SQL takes it, whatever it is."""
    return '"' + name.replace('"', '""') + '"'


def text_of(words: str) -> str:
    """A text as SQL takes it."""
    return "'" + words.replace("'", "''") + "'"


def in_bn(name: str, unit: str) -> tuple[str, float] | None:
    """Name and divisor of a money column in bn USD; None for what is no amount of money."""
    if unit == CENTS:
        stem = name.removesuffix("cents").rstrip("_")
        return f"{stem}_bn_usd".lstrip("_"), CENTS_PER_BN
    if unit.startswith("USD") and "_usd" in name:
        return name.replace("_usd", "_bn_usd"), USD_PER_BN
    return None


def view_in_bn(name: str, schema: pa.Schema) -> str:
    """The statement that makes `NAME_bn`; empty for a table without money."""
    columns, has_money = [], False
    for column in described(name, schema):
        money = in_bn(column.column, column.unit)
        has_money |= money is not None
        shown = quoted(column.column)
        columns.append(shown if money is None else f"{shown} / {money[1]!r} AS {quoted(money[0])}")
    if not has_money:
        return ""
    return f"CREATE VIEW {quoted(name + '_bn')} AS SELECT {', '.join(columns)} FROM {quoted(name)}"


def make_views(
    execute: Callable[[str], object], name: str, schema: pa.Schema, *, with_comments: bool, is_table: bool
) -> None:
    """Make the view in bn USD of a table that is there, and say what both and their columns are."""
    view = view_in_bn(name, schema)
    if view:
        execute(view)
    if not with_comments:
        return
    says = meaning_of(schema)
    execute(f"COMMENT ON {'TABLE' if is_table else 'VIEW'} {quoted(name)} IS {text_of(says)}")
    if view:
        execute(f"COMMENT ON VIEW {quoted(name + '_bn')} IS {text_of(says + '; money in bn USD')}")
    for column in described(name, schema):
        if not column.meaning:
            continue
        execute(_comment(name, column.column, column.unit, column.meaning))
        if view:
            money = in_bn(column.column, column.unit)
            shown, unit = (column.column, column.unit) if money is None else (money[0], "bn USD")
            execute(_comment(name + "_bn", shown, unit, column.meaning))


def _comment(table: str, column: str, unit: str, meaning: str) -> str:
    says = meaning if unit == "-" else f"{meaning} ({unit})"
    return f"COMMENT ON COLUMN {quoted(table)}.{quoted(column)} IS {text_of(says)}"
