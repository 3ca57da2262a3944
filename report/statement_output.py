"""Statements written in another form: CSV or Parquet for every frame, or LaTeX for every table; whole or not at all."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path

import pandas as pd

from ..history.open_run import Run
from ..history.run_directory import RunDirectory, refuse_within
from .latex import latex_table
from .statement_tables import StatementTables
from .statement_words import statement_tables


class Format(StrEnum):
    """What statements are told in."""

    TEXT = "text"
    CSV = "csv"
    LATEX = "latex"
    PARQUET = "parquet"


def write_statements(told: StatementTables, run: Run, form: Format, out: Path | None, twin: Run | None) -> Path:
    """Write a folder: a file for each frame, or for each table in LaTeX; returns it.

    Raises: OutputRefused for a place that is taken or within the run; ChoiceError for a twin that kept only a part.
    """
    stem = f"{run.folder.absolute().name if run.folder else 'run'}-statements-{form}"
    if out is not None:
        refuse_within(out, run.folder)
    with RunDirectory(out) if out is not None else RunDirectory.free("exports", stem) as directory:
        if form is Format.LATEX:
            panel = None if twin is None else told.panel_beside(twin)
            for number, table in enumerate(statement_tables(told, panel), start=1):
                name = "-".join("".join(c if c.isalnum() else " " for c in table.title.lower()).split())
                directory.write_text(f"{number:02d}-{name}.tex", latex_table(table))
        else:
            for name, frame in told.frames(twin).items():
                WRITERS[form](frame, directory.partial / f"{name}.{form}")
    return directory.path


def _csv(frame: pd.DataFrame, path: Path) -> None:
    frame.to_csv(path, index=False, lineterminator="\n")


def _parquet(frame: pd.DataFrame, path: Path) -> None:
    frame.to_parquet(path, index=False)


WRITERS: dict[Format, Callable[[pd.DataFrame, Path], None]] = {Format.CSV: _csv, Format.PARQUET: _parquet}
