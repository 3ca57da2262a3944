"""What may change in a sweep that was begun: more points and more replications are added, its limits may move."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from ...scenarios.errors import one_line, shown
from .errors import SweepError
from .sweep import Sweep
from .sweep_text import plain

if TYPE_CHECKING:
    pass

MAY_GROW = ("replications.number", "replications.at_most", "design.points", "design.trajectories", "limits.runs_max")
MAY_CHANGE = ("question", "limits.seconds_per_run", "limits.memory_mb_per_run", "limits.same_failures_max")
MAY_BE_ADDED_TO = (".values", ".on")
"""Ends of keys of the axes whose list may get longer at its end."""


def refuse_other_changes(begun: Sweep, asked: Sweep, folder: str) -> None:
    """Raises: SweepError, naming the first key, if what is asked is not what was begun, or more of it."""
    before, now = dict(_leaves(plain(begun))), dict(_leaves(plain(asked)))
    for key in dict.fromkeys([*now, *before]):
        was, came = before.get(key), now.get(key)
        if was == came or key == "design.file" or _is_more(key, was, came):
            continue
        allowed = f"{_said(was)}, with which the sweep in {folder} was begun; more points, seeds or another folder"
        raise SweepError("sweep", key, _said(came), allowed)


def _is_more(key: str, was: Any, came: Any) -> bool:
    """Whether a key's change adds to the sweep, or only moves a limit."""
    if key in MAY_CHANGE:
        return True
    if key in MAY_GROW:
        return came is not None and came >= (was or 1)
    if key.startswith("vary.") and key.endswith(MAY_BE_ADDED_TO):
        return bool(was) and bool(came) and tuple(came[: len(was)]) == tuple(was)
    return False


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """(key path, value) of everything said."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _leaves(inner, f"{path}.{key}" if path else key)
    elif isinstance(value, list | tuple) and value and all(isinstance(entry, Mapping) for entry in value):
        for number, entry in enumerate(value):
            yield from _leaves(entry, f"{path}.{entry.get('name', number)}")
    else:
        yield path, value


def _said(value: Any) -> str:
    if isinstance(value, list | tuple) and value:
        return one_line(", ".join(map(str, value)), 200)
    return "nothing" if value is None else shown(value)
