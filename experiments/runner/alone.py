"""A suspected run in a process of its own, watched by who asked for it: it dies alone, and its death is seen.

As a program (`python -m carousel.experiments.runner.alone FILE`) it is that process.
"""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cloudpickle

from .limits import RunLimits, bounded, where_it_hung


@dataclass(frozen=True, slots=True)
class Lost:
    """A run without a result: its process died (`how`), or it took too long and hung (`where`)."""

    how: str | None = None
    where: str | None = None


def call_alone(function: Callable[..., Any], arguments: Sequence[Any], limits: RunLimits) -> Any:
    """`function(*arguments)` of a new process; Lost if it ends without a result."""
    with tempfile.TemporaryDirectory(prefix="carousel-run-") as folder:
        asked, answer, trace = _names(Path(folder))
        asked.write_bytes(cloudpickle.dumps((function, tuple(arguments), limits)))
        command = [sys.executable, "-m", __name__, folder]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) as process:
            process.wait()
        if answer.exists():
            return pickle.loads(answer.read_bytes())
        if where := where_it_hung(trace):
            return Lost(where=where)
        return Lost(how=_how(process.returncode))


def _names(folder: Path) -> tuple[Path, Path, Path]:
    return folder / "asked", folder / "answer", folder / "trace"


def _how(status: int) -> str:
    """How a process ended, in words."""
    if status >= 0:
        return f"exit status {status}"
    try:
        return signal.Signals(-status).name
    except ValueError:
        return f"signal {-status}"


def main() -> None:
    """Do what the folder asks for, and leave the answer there."""
    asked, answer, trace = _names(Path(sys.argv[1]))
    threading.Thread(target=_end_with_who_asked, daemon=True).start()
    function, arguments, limits = pickle.loads(asked.read_bytes())
    result = cloudpickle.dumps(bounded(function, arguments, limits, trace))
    partial = answer.with_suffix(".partial")
    partial.write_bytes(result)
    partial.rename(answer)
    os._exit(0)  # the answer is there: no thread that the function has left may keep the process


def _end_with_who_asked() -> None:
    """The pipe to who asked closes when that process dies.

    Not by `sys.stdin`: a thread that waits in it holds its lock, and Python aborts at its end for want of that.
    """
    while os.read(0, 1):
        pass
    os._exit(1)


if __name__ == "__main__":
    main()
