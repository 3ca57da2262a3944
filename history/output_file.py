"""A file that a command writes: its place is claimed before the work, and it is whole or as it was before."""

from __future__ import annotations

import contextlib
import fcntl
import os
import stat
from pathlib import Path
from types import TracebackType

from ..scenarios.errors import BadInput


class OutputRefused(BadInput):
    """Nothing can be written where it was asked for: `path` is the place, `reason` why not."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path, self.reason = path, reason


class OutputFile:
    """One file in the making; `with OutputFile(path) as file: ... file.write_text(text)`.

    A link is followed. The text is written aside, in `.NAME.partial`, and renamed: without `write_text` whatever stood
    under the name stays. `path` is the file itself, `shown` the name it was asked by.
    """

    def __init__(self, path: Path | str) -> None:
        """Claim the name.

        Raises: OutputRefused if it is no ordinary file, cannot be written, or somebody else is writing it.
        """
        self.shown = Path(path)
        self.path = Path(os.path.realpath(path))
        self._mode = _mode_of(self.shown)
        if self.path.is_symlink():
            raise OutputRefused(self.shown, "is a link that leads to itself")
        if not self.path.parent.is_dir():
            raise OutputRefused(self.shown, f"the folder {self.path.parent} does not exist")
        if self._mode is not None and not os.access(self.path, os.W_OK):
            raise OutputRefused(self.shown, "may not be written")
        self.partial = self.path.parent / f".{self.path.name}.partial"
        try:
            self._handle = _claimed(self.partial)
        except BlockingIOError:
            raise OutputRefused(self.shown, "is being written by another run") from None
        except OSError as fault:
            raise OutputRefused(self.shown, f"cannot be written: {fault.strerror}") from None
        self._is_open = True

    def __enter__(self) -> OutputFile:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._is_open:
            self._is_open = False
            self.partial.unlink(missing_ok=True)
            os.close(self._handle)

    def write_text(self, text: str) -> None:
        """Write the whole text as UTF-8, durably, under the final name.  Raises: OSError; nothing is changed then."""
        with os.fdopen(self._handle, "w", encoding="utf-8", errors="backslashreplace", newline="", closefd=False) as f:
            f.truncate()
            f.write(text)
            f.flush()
            os.fsync(self._handle)
        if self._mode is not None:
            os.fchmod(self._handle, self._mode)
        os.replace(self.partial, self.path)
        self._is_open = False
        os.close(self._handle)


NO_UTF8 = "is no UTF-8 text; allowed: a path that is"


def is_utf8(path: Path) -> bool:
    """Whether a path is text in UTF-8: to no other are tables written."""
    try:
        os.fspath(path).encode()
    except UnicodeEncodeError:
        return False
    return True


def _mode_of(path: Path) -> int | None:
    """The permissions of the file that stands there; None if there is none.  Raises: OutputRefused."""
    try:
        mode = os.stat(path).st_mode
    except FileNotFoundError:
        return None
    except OSError as fault:
        raise OutputRefused(path, f"cannot be written: {fault.strerror}") from None
    if stat.S_ISDIR(mode):
        raise OutputRefused(path, "is a folder; allowed: the name of a file")
    if not stat.S_ISREG(mode):
        raise OutputRefused(path, "is a device or a pipe; allowed: the name of a file")
    return stat.S_IMODE(mode)


def _claimed(partial: Path) -> int:
    """A locked handle on the file aside, one that a dead process left included.

    Raises: BlockingIOError if somebody writes there; OSError.
    """
    while True:
        handle = os.open(partial, os.O_CREAT | os.O_RDWR | os.O_NOFOLLOW, 0o666)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            with contextlib.suppress(FileNotFoundError):
                if os.path.samestat(os.fstat(handle), os.stat(partial)):
                    return handle
        except OSError:
            os.close(handle)
            raise
        os.close(handle)  # whoever had it has renamed or removed it meanwhile
