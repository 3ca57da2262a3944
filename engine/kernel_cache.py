"""Where compiled kernels are kept, so that none made of yesterday's sources is ever run.

A kernel that calls one of another file keeps a copy of it, and numba looks at its own file only: after an update the
copy would go on computing yesterday's rule. So beside the sources everything compiled is dropped when any file that a
kernel is made of is another than when it was compiled; and in any other folder (NUMBA_CACHE_DIR, or the user's own
cache where the package cannot be written) the digest of those files is part of the path.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

STAMP = "kernels.sha256"
COMPILED = ("*.nbi", "*.nbc")
VARIABLE = "NUMBA_CACHE_DIR"
DIGITS = 20
"""Characters of the digest that stand in a path."""
_IMPORT = re.compile(rb"^from (\.+)([\w.]+) import", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class KernelHome:
    """Where kernels are kept. `folder` None: beside their sources; `is_kept` False: nowhere, each process compiles."""

    folder: Path | None = None
    is_kept: bool = True


def kernel_home(root: Path) -> KernelHome:
    """The first place that can be written: the one that NUMBA_CACHE_DIR names, beside the sources, the user's cache.

    Beside the sources whatever is stale is dropped first.
    """
    sources = kernel_sources(root)
    digest = _digest(sources)
    own = f"carousel-{digest[:DIGITS]}"
    given = os.environ.get(VARIABLE, "")
    if given and _can_write(Path(given) / own):
        return KernelHome(Path(given) / own)
    folders = {(root / name).parent for name, text in sources.items() if b"@njit" in text}
    if all(_can_write(folder / "__pycache__") for folder in folders):
        drop_stale_kernels(root, digest)
        return KernelHome()
    users = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / own
    return KernelHome(users) if _can_write(users) else KernelHome(is_kept=False)


def has_kernels(root: Path) -> bool:
    """Whether anything compiled from today's sources is kept already."""
    home = kernel_home(root)
    if home.folder is not None:
        return any(home.folder.rglob(COMPILED[0]))
    return home.is_kept and any(_compiled(root))


def kernel_sources(root: Path) -> dict[str, bytes]:
    """Text by name of every file in a package of `root` that has a kernel, and of the files it takes names from."""
    files = {path: path.read_bytes() for folder in _packages(root) for path in folder.glob("*.py")}
    chosen = {path for path, text in files.items() if b"njit" in text}
    for path in tuple(chosen):
        for dots, module in _IMPORT.findall(files[path]):
            above = path.parents[len(dots) - 1]
            chosen.add(above.joinpath(*module.decode().split(".")).with_suffix(".py"))
    return {path.relative_to(root).as_posix(): files[path] for path in sorted(chosen) if path in files}


def drop_stale_kernels(root: Path, digest: str | None = None) -> bool:
    """Remove what was compiled beside the sources when they were others; whether anything was. `digest` is that of
    today's. Where nothing can be written nothing happens.
    """
    digest = digest or _digest(kernel_sources(root))
    stamp = root / "__pycache__" / STAMP
    with contextlib.suppress(OSError):
        if stamp.read_text() == digest:
            return False
    stale = list(_compiled(root))
    try:
        stamp.parent.mkdir(exist_ok=True)
        for path in stale:
            path.unlink(missing_ok=True)
        written = stamp.with_suffix(f".{os.getpid()}")
        written.write_text(digest)
        written.replace(stamp)
    except OSError:
        return False
    return bool(stale)


def _packages(root: Path) -> Iterator[Path]:
    """The folder of the package and those of the packages in it."""
    yield root
    for inner in sorted(root.glob("*/__init__.py")):
        yield from _packages(inner.parent)


def _digest(sources: dict[str, bytes]) -> str:
    return hashlib.sha256(repr(sorted(sources.items())).encode()).hexdigest()


def _compiled(root: Path) -> Iterator[Path]:
    return (path for folder in _packages(root) for kind in COMPILED for path in folder.glob(f"__pycache__/{kind}"))


def _can_write(folder: Path) -> bool:
    """Whether files can be made there, as numba finds out: by making one."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()
    except OSError:
        return False
    return True
