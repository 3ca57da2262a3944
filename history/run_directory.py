"""A run on disk is whole or absent: everything is written aside, then renamed in one step.

The folder beside the final name is called `.NAME.partial-PID`. A process that dies, by kill -9 too, leaves at most that
folder; the next run for the same name clears it away.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from pathlib import Path
from types import TracebackType

LOCK = ".lock"


class RunDirectoryError(OSError):
    """A run cannot be written where it was asked for: `path` is the place, `reason` why not."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path, self.reason = path, reason


class RunDirectory:
    """A run directory in the making; `with RunDirectory(path) as run:` commits at the end or leaves nothing.

    `path` is the final name; files are written below `partial`.
    """

    def __init__(self, path: Path | str) -> None:
        """Claim the name and make the folder aside.

        Raises: RunDirectoryError if the target exists and is not an empty folder, or cannot be written.
        """
        self.path = Path(os.path.abspath(path))
        _refuse_occupied(self.path)
        self.partial = self.path.parent / f".{self.path.name}.partial-{os.getpid()}"
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            _clear_leftovers(self.path)
            if self.partial.exists():
                raise RunDirectoryError(self.path, "is being written by this process already")
            self.partial.mkdir()
            self._lock = os.open(self.partial / LOCK, os.O_CREAT | os.O_RDWR)
        except RunDirectoryError:
            raise
        except OSError as fault:
            raise RunDirectoryError(self.path, f"cannot be written: {fault.strerror}") from fault
        fcntl.flock(self._lock, fcntl.LOCK_EX)
        self._is_open = True

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
        """Write one UTF-8 text file below the folder."""
        target = self.partial / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")

    def write_json(self, name: str, value: object) -> None:
        """Write one JSON file; a number that JSON cannot hold (not a number, infinite) is refused with ValueError."""
        self.write_text(name, json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False) + "\n")

    def commit(self) -> Path:
        """Make every file durable, then give the folder its final name; returns it.

        Raises: RunDirectoryError if somebody took the name meanwhile; nothing is left under it or aside.
        """
        (self.partial / LOCK).unlink()
        for folder, _, files in os.walk(self.partial):
            for name in files:
                _sync(Path(folder) / name)
            _sync(Path(folder))
        try:
            os.rename(self.partial, self.path)
        except OSError as fault:
            self.abort()
            raise RunDirectoryError(self.path, f"cannot take its final name: {fault.strerror}") from fault
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
        os.close(self._lock)


def free_path(parent: Path | str, stem: str) -> Path:
    """The first of STEM, STEM-2, STEM-3 ... that nobody has or is writing in `parent`."""
    parent = Path(parent)
    number = 1
    while True:
        path = parent / (stem if number == 1 else f"{stem}-{number}")
        if not path.exists() and not any(_is_alive(p) for p in _partials(path)):
            return path
        number += 1


def _refuse_occupied(path: Path) -> None:
    if path.is_symlink() or (path.exists() and not path.is_dir()):
        raise RunDirectoryError(path, "exists and is not a folder")
    if path.is_dir() and any(path.iterdir()):
        raise RunDirectoryError(path, "exists and is not empty; a run never overwrites another")


def _partials(path: Path) -> list[Path]:
    """Folders aside that belong to this final name, of whatever process."""
    prefix = f".{path.name}.partial-"
    if not path.parent.is_dir():
        return []
    return [p for p in path.parent.iterdir() if p.name.startswith(prefix) and p.name[len(prefix) :].isdigit()]


def _clear_leftovers(path: Path) -> None:
    for partial in _partials(path):
        if not _is_alive(partial):
            shutil.rmtree(partial, ignore_errors=True)


def _is_alive(partial: Path) -> bool:
    """Whether somebody still writes there: the process exists, or (in another container) holds the lock."""
    pid = int(partial.name.rpartition("-")[2])
    if pid != os.getpid():
        try:
            os.kill(pid, 0)
            return True
        except ProcessLookupError:
            pass
        except (PermissionError, OverflowError):
            return True
    try:
        lock = os.open(partial / LOCK, os.O_RDWR)
    except OSError:
        return False
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return False
    except BlockingIOError:
        return True
    finally:
        os.close(lock)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
