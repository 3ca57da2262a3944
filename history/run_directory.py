"""A run on disk is whole or absent: everything is written aside, then renamed in one step.

The folder beside the final name is called `.NAME.partial-PID`. A process that dies, by kill -9 too, leaves at most that
folder; the next run for the same name clears it away.
"""

from __future__ import annotations

import fcntl
import itertools
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

from .output_file import NO_UTF8, OutputRefused, is_utf8


class BeingWritten(OutputRefused):
    """Another run has claimed the name."""


class RunDirectory:
    """A run directory in the making; `with RunDirectory(path) as run:` commits at the end or leaves nothing.

    `path` is the final name, `shown` that name as it was asked for; files are written below `partial`.
    """

    def __init__(self, path: Path | str) -> None:
        """Claim the name and make the folder aside.

        Raises: OutputRefused if the target exists and is not an empty folder, cannot be written, or another run is
        writing it.
        """
        self.shown, self.path = Path(path), Path(os.path.abspath(path))
        self.partial = self.path.parent / f".{self.path.name}.partial-{os.getpid()}"
        try:
            _refuse_occupied(self.path)
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with _alone_in(self.path.parent):
                _clear_leftovers(self.path)
                self.partial.mkdir()
                self._handle = os.open(self.partial, os.O_RDONLY)
                fcntl.flock(self._handle, fcntl.LOCK_EX)
        except OSError as fault:
            raise OutputRefused(self.path, f"cannot be written: {fault.strerror}") from fault
        self._is_open = True

    @classmethod
    def at(cls, path: Path | None, *, default: str) -> RunDirectory:
        """The directory that was asked for, or else the first free one of runs/DEFAULT, runs/DEFAULT-2 ...

        Raises: OutputRefused.
        """
        return cls(path) if path is not None else cls.free("runs", default)

    @classmethod
    def free(cls, parent: Path | str, stem: str) -> RunDirectory:
        """The first of STEM, STEM-2, STEM-3 ... that nobody has or is writing in `parent`.  Raises: OutputRefused."""
        for number in itertools.count(1):
            path = Path(parent) / (stem if number == 1 else f"{stem}-{number}")
            if path.exists() or path.is_symlink():
                continue
            try:
                return cls(path)
            except BeingWritten:
                continue
        raise AssertionError("numbers do not end")

    def __enter__(self) -> RunDirectory:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None and self._is_open:
            self.commit()
        else:
            self.abort()

    def write_text(self, name: str, text: str) -> None:
        """Write one UTF-8 text file below the folder; what Unicode cannot hold (a path of odd bytes) is escaped."""
        target = self.partial / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8", errors="backslashreplace")

    def write_json(self, name: str, value: object) -> None:
        """Write one JSON file; a number that JSON cannot hold (not a number, infinite) is refused with ValueError."""
        self.write_text(name, json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False) + "\n")

    def commit(self) -> Path:
        """Make every file durable, then give the folder its final name; returns it.

        Raises: OutputRefused if somebody took the name meanwhile; nothing is left under it or aside.
        """
        for folder, _, files in os.walk(self.partial):
            for name in files:
                _sync(Path(folder) / name)
            _sync(Path(folder))
        try:
            os.rename(self.partial, self.path)
        except OSError as fault:
            self.abort()
            raise OutputRefused(self.path, f"cannot take its final name: {fault.strerror}") from fault
        _sync(self.path.parent)
        self._close()
        return self.path

    def abort(self) -> None:
        """Remove everything written so far. Harmless after `commit`."""
        if self._is_open:
            shutil.rmtree(self.partial, ignore_errors=True)
            self._close()

    def _close(self) -> None:
        self._is_open = False
        os.close(self._handle)


def _refuse_occupied(path: Path) -> None:
    if not is_utf8(path):
        raise OutputRefused(path, NO_UTF8)
    if path.is_symlink():
        raise OutputRefused(path, "is a link; allowed: a name that is free, or an empty folder")
    if path.exists() and not path.is_dir():
        raise OutputRefused(path, "exists and is not a folder")
    if path.is_dir() and any(path.iterdir()):
        raise OutputRefused(path, "exists and is not empty; a run never overwrites another")


def refuse_within(target: Path, folder: Path | None) -> None:
    """A run's folder holds what it wrote and nothing else.

    Raises: OutputRefused for a target within the folder of a run (None: it stands nowhere).
    """
    if folder is not None and folder.resolve() in (place := Path(os.path.realpath(target)), *place.parents):
        raise OutputRefused(target, f"is within the run {folder}; allowed: a place outside it")


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Names in this folder are claimed by one process at a time."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _clear_leftovers(path: Path) -> None:
    """Remove what dead processes left aside for this name.  Raises: BeingWritten if a living one is writing there."""
    prefix = f".{path.name}.partial-"
    asides = [p for p in path.parent.iterdir() if p.name.startswith(prefix) and p.name[len(prefix) :].isdigit()]
    for partial in asides:
        if _is_alive(partial):
            raise BeingWritten(path, f"is being written by process {partial.name[len(prefix) :]}")
        shutil.rmtree(partial, ignore_errors=True)


def _is_alive(partial: Path) -> bool:
    """Whether somebody still writes there: a process holds the folder's lock, in another container too."""
    handle = os.open(partial, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return False
    except BlockingIOError:
        return True
    finally:
        os.close(handle)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
