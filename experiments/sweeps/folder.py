"""The folder of a sweep: what was asked, the design with its chunks, who holds it, and which chunks are done."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from ...history.output_file import NO_UTF8, is_utf8
from ...scenarios.errors import BadInput
from .parts import PARTIAL, PartKind, clear_partials
from .status import Progress
from .sweep import Sweep
from .sweep_text import read_sweep, text_of
from .worker import ATTEMPTS, LOCK

if TYPE_CHECKING:
    import pandas as pd

SWEEP, DESIGN, MANIFEST, STATUS = "sweep.toml", "design.parquet", "manifest.json", "status.json"
ASIDE = ".aside-"
"""How the name of a file begins that is not whole yet."""


class FolderRefused(BadInput):
    """A folder that cannot hold the sweep: `path` is the folder, `reason` why not."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path, self.reason = path, reason

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.path, self.reason)


class SweepFolder:
    """A folder that one driver holds; `with SweepFolder(path) as folder`."""

    def __init__(self, path: Path | str) -> None:
        """Make the folder if there is none, and hold it.

        Raises: FolderRefused if it holds something else, cannot be written, or another driver has it.
        """
        self.shown, self.path = str(path), Path(path).absolute()
        try:
            refuse_foreign(self.path)
            self._is_made = not self.path.exists()
            self.path.mkdir(parents=True, exist_ok=True)
            self._handle = os.open(self.path / LOCK, os.O_CREAT | os.O_RDWR, 0o666)
        except OSError as fault:
            raise FolderRefused(Path(path), f"cannot be written: {fault.strerror}") from fault
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            holder = os.pread(self._handle, 40, 0).decode(errors="replace").strip()
            os.close(self._handle)
            raise FolderRefused(Path(path), f"process {holder or '?'} is at work on this sweep") from None
        os.ftruncate(self._handle, 0)
        os.pwrite(self._handle, f"{os.getpid()}\n".encode(), 0)

    def __enter__(self) -> SweepFolder:
        self.clear()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.clear()
        os.close(self._handle)

    def clear(self) -> None:
        """Remove what killed writers have left half done."""
        clear_partials(self.path)
        for aside in self.path.glob(f"{ASIDE}*"):
            aside.unlink(missing_ok=True)

    @property
    def is_begun(self) -> bool:
        """Whether a sweep was begun here."""
        return (self.path / MANIFEST).exists()

    def write_sweep(self, sweep: Sweep) -> None:
        """Keep what is asked."""
        self._replace(SWEEP, text_of(sweep).encode())

    def write_manifest(self, manifest: dict[str, Any]) -> None:
        """Keep what the sweep was begun with; from then on it is begun."""
        self._replace(MANIFEST, (json.dumps(manifest, indent=2, ensure_ascii=False) + "\n").encode())

    def write_status(self, progress: Progress) -> None:
        """Say how far it is; where the disk is full, over what was said before.  Raises: OSError."""
        told = (json.dumps(asdict(progress), indent=2) + "\n").encode()
        try:
            self._replace(STATUS, told, is_durable=False)
        except OSError:
            (self.path / f"{ASIDE}{STATUS}").unlink(missing_ok=True)
            with (self.path / STATUS).open("r+b") as status:
                status.write(told)
                status.truncate()

    def write_design(self, design: pd.DataFrame) -> None:
        """Keep all rows so far, each with its chunk."""
        aside = self.path / f"{ASIDE}{DESIGN}"
        design.to_parquet(aside, index=False)
        _make_durable(aside)
        os.replace(aside, self.path / DESIGN)
        _make_durable(self.path)

    def design(self) -> pd.DataFrame | None:
        """All rows so far; None before the first were laid out."""
        return kept_design(self.path) if (self.path / DESIGN).exists() else None

    def done_chunks(self) -> set[int]:
        """Chunks whose runs are all written."""
        names = [p.stem.removeprefix("part-") for p in (self.path / PartKind.RUNS).glob("part-*.parquet")]
        return {int(name) for name in names if name.isdecimal()}

    def clear_attempts(self) -> None:
        """Forget the trails of chunks: all are done."""
        shutil.rmtree(self.path / ATTEMPTS, ignore_errors=True)

    def forget(self) -> None:
        """Leave nothing of a sweep of which no run was done, nor the folder if nothing else is in it."""
        if self.done_chunks():
            return
        self.clear_attempts()
        for name in (SWEEP, DESIGN, MANIFEST, STATUS, LOCK):
            (self.path / name).unlink(missing_ok=True)
        for name in (PARTIAL, *PartKind):
            with suppress(OSError):
                (self.path / name).rmdir()
        if self._is_made:
            with suppress(OSError):
                self.path.rmdir()

    def _replace(self, name: str, content: bytes, *, is_durable: bool = True) -> None:
        aside = self.path / f"{ASIDE}{name}"
        aside.write_bytes(content)
        if is_durable:
            _make_durable(aside)
        os.replace(aside, self.path / name)
        if is_durable:
            _make_durable(self.path)


def kept_sweep(folder: Path) -> Sweep:
    """What was asked of the sweep in a folder.  Raises: FolderRefused if there is none."""
    try:
        return read_sweep((folder / SWEEP).read_text(encoding="utf-8"), str(folder / SWEEP))
    except OSError:
        raise FolderRefused(folder, "holds no sweep; allowed: the folder of `run.py sweep --out`") from None
    except ValueError as fault:
        raise FolderRefused(folder, f"holds a {SWEEP} that cannot be read ({' '.join(str(fault).split())})") from None


def kept_design(folder: Path) -> pd.DataFrame:
    """All rows so far, each with its chunk.  Raises: FolderRefused if there is none."""
    import pandas as pd

    try:
        return pd.read_parquet(folder / DESIGN)
    except OSError:
        raise FolderRefused(folder, "holds no design yet: its sweep was ended before the first run") from None
    except ValueError as fault:
        raise FolderRefused(folder, f"holds a {DESIGN} that cannot be read ({' '.join(str(fault).split())})") from None


def kept_manifest(folder: Path) -> dict[str, Any]:
    """What the sweep was begun with.  Raises: FolderRefused if there is none."""
    try:
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except OSError:
        raise FolderRefused(folder, "holds no sweep; allowed: the folder of `run.py sweep --out`") from None
    except ValueError:
        manifest = {}
    if not isinstance(manifest, dict) or not {"made_by", "axes"} <= manifest.keys():
        raise FolderRefused(folder, f"holds a {MANIFEST} that says nothing of how its sweep was begun")
    return manifest


def refuse_foreign(path: Path) -> None:
    """Raises: FolderRefused if something other than a sweep is there, or no table could be written."""
    if not is_utf8(path):
        raise FolderRefused(path, NO_UTF8)
    if path.exists() and not path.is_dir():
        raise FolderRefused(path, "exists and is not a folder")
    if not path.exists() or (path / SWEEP).exists():
        return
    others = [p.name for p in path.iterdir() if p.name != LOCK and not p.name.startswith(ASIDE)]
    if others:
        raise FolderRefused(path, f"holds something other than a sweep ({sorted(others)[0]})")


def _make_durable(path: Path) -> None:
    """A file's contents, or a folder's entries, are on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
