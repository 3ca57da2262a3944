"""Whom to blame when a process dies: it writes down which run it begins, and who does its work again reads that.

A run that was under way when a process died is suspected, and runs once more in a process of its own: if that dies too
it has died of itself, else it was in bad company. A run that hung is known by the trace it left.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

from .alone import Lost, call_alone
from .limits import RunLimits, bounded, where_it_hung


class Crumbs:
    """The trail of one piece of work; `with Crumbs(folder, name) as crumbs: crumbs.call(run, function, arguments)`.

    It is removed when the work is done, and stays when the process dies. `suspects` are the runs in which one died.
    """

    def __init__(self, folder: Path, name: str, is_doubtful: Callable[[Any], bool] = lambda _: False) -> None:
        """Read what those before have left.

        A run whose result is doubtful ends its process, as if it had died in it, and is judged by what it comes to in
        one of its own: short of memory, other threads of a process fail too, and it may never answer again.
        """
        self._is_doubtful = is_doubtful
        self._path, self._trace = folder / f"{name}.json", folder / f"{name}.txt"
        left = _read(self._path)
        self.suspects: set[int] = set(left.get("suspects", ()))
        self._hung: dict[int, str] = {int(run): where for run, where in left.get("hung", {}).items()}
        now = left.get("now")
        if now is not None and (where := where_it_hung(self._trace)):
            self._hung[now] = where
        elif now is not None:
            self.suspects.add(now)
        self._handle, self._longest = -1, 0

    def __enter__(self) -> Crumbs:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._handle = os.open(self._path, os.O_CREAT | os.O_WRONLY, 0o666)
        self._longest = os.fstat(self._handle).st_size
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self._handle)
        self._path.unlink(missing_ok=True)
        self._trace.unlink(missing_ok=True)

    def call(self, run: int, function: Callable[..., Any], arguments: Sequence[Any], limits: RunLimits) -> Any:
        """`function(*arguments)` within its limits; Lost if its process ended without a result."""
        if run in self._hung:
            return Lost(where=self._hung[run])
        if run in self.suspects:
            self._begin(None)
            return call_alone(function, arguments, limits)
        self._begin(run)
        result = bounded(function, arguments, limits, self._trace)
        if self._is_doubtful(result):
            os._exit(1)
        self._begin(None)
        return result

    def _begin(self, run: int | None) -> None:
        """That run is under way from here on; None: none is."""
        trail = {"suspects": sorted(self.suspects), "hung": self._hung, "now": run}
        text = json.dumps(trail).encode().ljust(self._longest)  # one write: who dies leaves the one trail or the other
        self._longest = len(text)
        os.pwrite(self._handle, text, 0)


def _read(path: Path) -> dict[str, Any]:
    """What was left there; nothing if nobody was there."""
    try:
        left = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return left if isinstance(left, dict) else {}
