"""Compiled kernels are kept beside their sources. A kernel that calls one of another file keeps a copy of it, and numba
looks at its own file only: after an update the copy would go on computing yesterday's rule. So everything compiled is
dropped when any file that a kernel is made of is another than when it was compiled.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
from pathlib import Path

STAMP = "kernels.sha256"
COMPILED = ("*.nbi", "*.nbc")
_IMPORT = re.compile(rb"^from (\.+)([\w.]+) import", re.MULTILINE)


def kernel_sources(root: Path) -> dict[str, bytes]:
    """Text by name of every file in a package of `root` that has a kernel, and of the files it takes names from."""
    files = {path: path.read_bytes() for path in (*root.glob("*.py"), *root.glob("*/*.py"))}
    chosen = {path for path, text in files.items() if b"njit" in text}
    for path in tuple(chosen):
        for dots, module in _IMPORT.findall(files[path]):
            above = path.parents[len(dots) - 1]
            chosen.add(above.joinpath(*module.decode().split(".")).with_suffix(".py"))
    return {path.relative_to(root).as_posix(): files[path] for path in sorted(chosen) if path in files}


def drop_stale_kernels(root: Path) -> bool:
    """Remove what was compiled from other sources; whether anything was. Where nothing can be written nothing happens:
    numba then compiles into a folder of the user's own.
    """
    digest = hashlib.sha256(repr(sorted(kernel_sources(root).items())).encode()).hexdigest()
    stamp = root / "__pycache__" / STAMP
    with contextlib.suppress(OSError):
        if stamp.read_text() == digest:
            return False
    stale = [
        path for pattern in COMPILED for folder in ("", "*/") for path in root.glob(f"{folder}__pycache__/{pattern}")
    ]
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
