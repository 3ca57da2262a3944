"""`columns`: what every column of a run's tables is."""

from __future__ import annotations

from typing import Annotated

import typer

from ..scenarios.errors import BadInput, nearest_names, shown
from .console import console, plain_table


class UnknownTable(BadInput):
    """A name that no table has."""


def columns(
    table: Annotated[str | None, typer.Argument(help="a table, such as firms; without one, all tables")] = None,
) -> None:
    """Print the tables of a run, or every column of one: its type, unit, meaning and values."""
    from ..history.dictionary import described, meaning_of
    from ..history.tables import TABLES

    printer = console()
    if table is None:
        rows = [(name, meaning_of(each.schema())) for name, each in TABLES.items()]
        printer.print(plain_table("Tables of a run", ("Table", "What it holds"), rows, text_columns=2))
        return
    if table not in TABLES:
        near = nearest_names(table, TABLES)
        nearest = f"; nearest: {', '.join(near)}" if near else ""
        raise UnknownTable(f"table is {shown(table)}; allowed: {', '.join(TABLES)}{nearest}")
    schema = TABLES[table].schema()
    lines = [
        (c.column, c.type, c.unit, f"{c.meaning}: {c.values}" if c.values else c.meaning)
        for c in described(table, schema)
    ]
    said = f"{table}: {meaning_of(schema)}"
    printer.print(plain_table(said, ("Column", "Type", "Unit", "Meaning"), lines, text_columns=4))
