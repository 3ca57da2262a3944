"""`keys`: every key that a scenario may hold."""

from __future__ import annotations

from typing import Annotated

import typer

from .console import console, plain_table


def keys(
    kind: Annotated[str | None, typer.Argument(help="a kind of entry, such as lab; without one, all of them")] = None,
) -> None:
    """Print every key of a scenario with its unit, default, bounds and meaning."""
    from ..scenarios.keys import keys_of, kinds

    chosen = kinds() if kind is None else {kind: kinds().get(kind, "")}
    printer = console()
    for name, about in chosen.items():
        rows = [(k.name, k.unit, k.default, k.bounds, k.meaning) for k in keys_of(name)]
        columns = ("Key", "Unit", "Default", "Bounds", "Meaning")
        printer.print(plain_table(f"{name}: {about}", columns, rows, text_columns=len(columns)))
