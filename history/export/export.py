"""An export is a folder, whole or absent: the tables in another format, the data dictionary, and where they come from.

Everything that can be refused is refused before the work; everything is written aside and renamed in one step.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

from ..choice import ChoiceError
from ..datasets import DaysAsked, range_of
from ..dictionary import as_csv
from ..extras import needed
from ..open_run import Run, UnknownTable
from ..output_file import OutputRefused
from ..run_directory import RunDirectory, refuse_within
from .databases import dictionary_of
from .formats import WRITERS, Format
from .source import ExportRefused, Source

DICTIONARY = "dictionary.csv"
PARENT = "exports"
"""Where an export goes that nobody gave a place."""
Advance = Callable[[int, int], None]
"""Told how many rows are written, of how many."""


class Export:
    """One export, checked and not yet written."""

    def __init__(self, run: Run, to: Format, tables: Sequence[str] = (), days: DaysAsked = None) -> None:
        """Raises: ExportRefused, ChoiceError for what cannot be exported; MissingPackage."""
        self.to, self._writer = to, WRITERS[to]
        if self._writer.package:
            needed(self._writer.package, f"--to {to}")
        first, last = range_of(days)
        for name in tables:
            if name not in run:
                raise ExportRefused(f"--tables is {UnknownTable(name, run)}")
        chosen = tuple(dict.fromkeys(tables)) or self._writer.tables(run.tables)
        self._done = 0
        self._advance: Advance = _tell_nobody
        self._source = Source(run, chosen, (first, last), self._tell)
        self._writer.check(self._source)
        self.rows = sum(self._source.rows(name) for name in chosen)
        if first is not None or last is not None:
            _need_a_day(run, (first or 0, last))

    def write(self, target: Path | None, *, stem: str, advance: Advance | None = None) -> Path:
        """Write the folder `target`, or the first free one of exports/STEM, exports/STEM-2 ...; returns it.

        Raises: OutputRefused; OSError and the errors of databases, after which nothing is left.
        """
        if target is not None:
            _refuse_existing(target)
        refuse_within(target or Path(PARENT), self._source.run.folder)
        self._done, self._advance = 0, advance or _tell_nobody
        with RunDirectory(target) if target is not None else RunDirectory.free(PARENT, stem) as directory:
            _refuse_full(directory, self._least_bytes())
            directory.write_text(DICTIONARY, as_csv(dictionary_of(self._source)))
            self._writer.write(self._source, directory.partial)
            of_run = {
                "format": str(self.to),
                "tables": list(self._source.tables),
                "days": list(range_of(self._source.days)),
            }
            directory.write_json("manifest.json", {"export": of_run} | self._source.run.manifest)
            if self._source.run.answer:
                directory.write_json("answer.json", self._source.run.answer)
        return directory.shown

    def _tell(self, rows: int) -> None:
        self._done += rows
        self._advance(self._done, self.rows)

    def _least_bytes(self) -> int:
        """So much the export takes at the least."""
        source = self._source
        cells = sum(source.rows(name) * len(source.schema(name)) for name in source.tables)
        return int(cells * self._writer.bytes_per_cell)


def _tell_nobody(done: int, of: int) -> None:
    """Nobody wants to know."""


def _need_a_day(run: Run, asked: tuple[int, int | None]) -> None:
    """Raises: ChoiceError for days of which the run keeps none."""
    days, kept = run.manifest.get("days"), run.manifest.get("kept", {})
    if days is None:
        return
    begin, end = (n if type(n := kept.get(key)) is int else at for key, at in (("first_day", 0), ("last_day", days)))
    end = min(end, days)
    first, last = asked
    if first > end or (last is not None and last < begin):
        came = f"{first}:{'' if last is None else last}"
        raise ChoiceError("days", came, f"days of the run, which keeps {begin} to {end}")


def _refuse_existing(target: Path) -> None:
    if os.path.lexists(target):
        kind = "a folder" if target.is_dir() else "a file" if target.is_file() else "a device, a pipe or a broken link"
        raise OutputRefused(target, f"exists and is {kind}; allowed: the name of a folder that is not there")


def _refuse_full(directory: RunDirectory, least_bytes: int) -> None:
    """Raises: OutputRefused where even the smallest such export has no room."""
    free = shutil.disk_usage(directory.partial).free
    if least_bytes > free:
        room, need = f"{free / 1e6:,.1f} MB", f"{least_bytes / 1e6:,.1f} MB"
        raise OutputRefused(directory.shown, f"has {room} of room; the export needs {need} or more")
