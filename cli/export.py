"""`export`: the tables of a run or a sweep in another format."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from ..scenarios.errors import BadInput
from .console import words
from .progress import tell_rows
from .statuses import RunFailed

LONG_ROWS = 300_000
"""Rows from which on an export shows where it is."""


def export(
    run: Annotated[Path, typer.Argument(help="folder of a finished run, or of a sweep")],
    to: Annotated[str, typer.Option(metavar="FORMAT", help="csv, parquet, feather, sqlite, duckdb, netcdf or xlsx")],
    tables: Annotated[
        list[str] | None, typer.Option(metavar="TABLE", help="only this table; may be repeated, or several with commas")
    ] = None,
    days: Annotated[str, typer.Option(metavar="FIRST:LAST", help="only these days")] = ":",
    out: Annotated[
        Path | None, typer.Option(help="folder to write, one that is not there (exports/RUN-FORMAT)")
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="say nothing but what went wrong")] = False,
) -> None:
    """Write the tables of a run, or of a sweep, in another format, with a dictionary of their columns."""
    from ..history.export.export import Export
    from ..history.export.formats import format_of
    from ..history.open_run import open_run

    named = [name.strip() for given in tables or () for name in given.split(",")]
    prepared = Export(open_run(run), format_of(to), named, days)
    is_long = prepared.rows >= LONG_ROWS and not quiet
    advance = tell_rows(Console(stderr=True)) if is_long else None
    with _fails_whole():
        written = prepared.write(out, stem=f"{run.absolute().name}-{to}", advance=advance)
    if not quiet:
        Console(soft_wrap=True).print(words(f"Written to {written}"))


@contextmanager
def _fails_whole() -> Iterator[None]:
    """Whatever breaks within has left nothing, and is told in one line: databases have errors of their own for a disk
    that is full.  Raises: RunFailed."""
    try:
        yield
    except (MemoryError, BadInput):
        raise
    except (OSError, sqlite3.Error, RuntimeError) as fault:
        raise RunFailed("while it was exported", f"{fault}; nothing was written") from fault
    except Exception as fault:
        if type(fault).__module__.partition(".")[0].strip("_") != "duckdb":
            raise
        raise RunFailed("while it was exported", f"{fault}; nothing was written") from fault
