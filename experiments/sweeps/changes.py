"""From a sweep, one of its cases and a point to the world that is run: scenario, size, case, then axes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from ...scenarios.addresses import address
from ...scenarios.errors import ScenarioError, nearest_names, one_line, shown
from ...scenarios.key_paths import apply_to_path, is_number, replaced, times
from ...scenarios.loader import load
from ...scenarios.names import one_form
from ...scenarios.parameters import PARAMETERS, change_by_parameters
from ...scenarios.schema import KINDS, Scenario
from ...scenarios.validated import validated
from .errors import SweepError
from .sweep import Sweep
from .sweep_parts import DAY_AXIS, WITHOUT, Announcement, Case, Changes, DatedChanges

Value = float | int | str | date | bool
HERE = "sweep"
"""What errors call a sweep whose file they do not know."""
HEADLINES = {row.name for row in PARAMETERS}


def world_of(sweep: Sweep, case: Case, point: Mapping[str, Value]) -> Scenario:
    """The scenario of a case at a point; an axis that the point leaves out changes nothing.

    Changes are made in this order: days and holders, the case's, the axes' in the order of the file. What a case
    changes takes force on the point's `day`, where there is one after the start.

    Raises: SweepError if a path leads nowhere or the changed world is none; ScenarioError if there is no such scenario.
    """
    data = _base(case.scenario or sweep.scenario).model_dump()
    data.update({key: n for key, n in (("days", sweep.days), ("holders", sweep.holders)) if n is not None})
    _apply_case(data, case, point.get(DAY_AXIS))
    for name, value in point.items():
        if name != DAY_AXIS:
            _apply_axis(data, sweep, name, value)
    where = ", ".join([f"case.{case.name}", *(f"{name} = {value}" for name, value in point.items())])
    try:
        return validated(data, HERE)
    except ScenarioError as error:
        came = f"a world in which {error.key_path} is {error.came}"
        raise SweepError(HERE, where, came, error.allowed, error.nearest) from None


def _base(name: str) -> Scenario:
    """The scenario of that name, read once as long as its file stays as it is."""
    path = Path(name)
    try:
        stamp = path.stat().st_mtime_ns if name.endswith(".toml") else 0
    except (OSError, ValueError):
        stamp = 0
    return _read(name, stamp)


@lru_cache(maxsize=16)
def _read(name: str, stamp: int) -> Scenario:
    return load(name)


def _apply_case(data: dict[str, Any], case: Case, day: Any) -> None:
    """The case's changes, at the start or from a day on, and what it changes during the run."""
    key = f"case.{case.name}"
    since = date.fromisoformat(day) if isinstance(day, str) else day
    if since is None or since <= data["start_date"]:
        _apply_changes(data, case, key, data["start_date"])
    elif any(getattr(case, what) for what in Changes.model_fields):
        _add_dated(data, case, since, key)
    for dated in case.on:
        _apply_dated(data, dated, f"{key}.on.{dated.date}")


def _apply_dated(data: dict[str, Any], dated: DatedChanges, key: str) -> None:
    if dated.date <= data["start_date"]:
        _apply_changes(data, dated, key, data["start_date"])
    else:
        _add_dated(data, dated, dated.date, key)


def _add_dated(data: dict[str, Any], changes: Changes, day: date, key: str) -> None:
    """Leave it to the scenario to change on that day."""
    if changes.remove:
        raise SweepError(HERE, f"{key}.remove", f"entries removed on {day}", "entries removed at the start")
    entry = {what: dict(said) for what in ("set", "times") if (said := getattr(changes, what))}
    if entry:
        data["on"] = (*data["on"], {"date": day, **entry})
    data["stop"] = (*data["stop"], *({"date": day, "payer": payer} for payer in changes.stop))
    data["news"] = (*data["news"], *(_news(each, day) for each in changes.announce))


def _apply_changes(data: dict[str, Any], changes: Changes, key: str, day: date) -> None:
    """Everything that is different from the start."""
    for path in changes.remove:
        _remove(data, path, f"{key}.remove")
    for path, value in changes.set.items():
        set_value(data, path, value, f"{key}.set")
    for path, factor in changes.times.items():
        multiply(data, path, factor, f"{key}.times")
    data["stop"] = (*data["stop"], *({"day": 1, "payer": payer} for payer in changes.stop))
    if changes.announce:
        data["news"] = (*data["news"], *(_news(each, day) for each in changes.announce))


def _apply_axis(data: dict[str, Any], sweep: Sweep, name: str, value: Value) -> None:
    """What an axis does to the world at one of its values."""
    key = f"vary.{name}"
    axis = sweep.vary.get(name)
    if axis is None:
        raise SweepError(HERE, key, "no such axis", ", ".join(sweep.vary) or "none", nearest_names(name, sweep.vary))
    if axis.without is not None:
        if value == WITHOUT:
            _apply_changes(data, axis.without, f"{key}.without", data["start_date"])
        return
    for path in axis.paths or (name,):
        if axis.times:
            multiply(data, path, value, key)
        else:
            set_value(data, path, value, key)


def set_value(data: dict[str, Any], path: str, value: Value, key: str) -> None:
    """Set what a key path leads to, or a headline parameter.  Raises: SweepError."""
    if path in HEADLINES:
        with _told_as(key, path):
            change_by_parameters(data, {path: value}, data["name"])
        return
    new = None if value == "none" else value
    _change(data, path, partial(_fitting, new=new), f"{path} = {value}", key)


def multiply(data: dict[str, Any], path: str, factor: Any, key: str) -> None:
    """Multiply the numbers that a key path leads to.  Raises: SweepError."""
    if path in HEADLINES:
        raise SweepError(HERE, f"{key}.{path}", "a headline parameter", "its value: it cannot be multiplied")
    if not is_number(factor):
        raise SweepError(HERE, f"{key}.{path}", shown(factor), "a number to multiply by")
    _change(data, path, partial(times, factor=factor, path=path), f"{path} *= {factor}", key)


def _change(data: dict[str, Any], path: str, change: Callable[[Any], Any], said: str, key: str) -> None:
    top = one_form(path).split(".")[0]
    if top not in data or ("." not in path and path in KINDS):
        names = [*(k for k in data if k != "sources"), *HEADLINES]
        near = nearest_names(path, [*HEADLINES, *every_path(data)]) or nearest_names(top, names)
        allowed = "a headline parameter or a key path such as lab.*.revenue_share"
        raise SweepError(HERE, key if key.endswith(path) else f"{key}.{path}", "an unknown name", allowed, near)
    with _told_as(key, path):
        for changed in apply_to_path(data, path, change):
            data["sources"][changed] = one_line(f"sweep: {said}")


def _fitting(old: Any, new: Any) -> Any:
    """The new value; where whole numbers stand, the nearest whole number."""
    counted = is_number(old) and isinstance(old, int)
    return round(new) if counted and isinstance(new, float) else replaced(old, new)


def _remove(data: dict[str, Any], path: str, key: str) -> None:
    """Take an entry out of its list, or all with `*`."""
    kind, _, name = one_form(path).partition(".")
    known = [address(entry, place) for place, entry in enumerate(data[kind])] if kind in KINDS else []
    if kind not in KINDS or not known or name not in ("*", *known):
        all_known = [f"{k}.{address(entry, i)}" for k in KINDS for i, entry in enumerate(data[k])]
        near = nearest_names(path, all_known)
        raise SweepError(HERE, key, shown(path), "KIND.NAME of an entry of the scenario", near)
    data[kind] = tuple(entry for entry, at in zip(data[kind], known, strict=True) if name not in ("*", at))


def _news(said: Announcement, day: date) -> dict[str, Any]:
    """An announcement as the scenario's news say it."""
    return {"announced": day, **said.model_dump(exclude_none=True)}


def every_path(data: Mapping[str, Any]) -> Iterator[str]:
    """Key paths of a scenario's values, those for all entries of a list first."""
    for kind, part in KINDS.items():
        if data.get(kind):
            yield from (f"{kind}.*.{field}" for field in part.model_fields)
    for top, value in data.items():
        if isinstance(value, dict) and top != "sources":
            yield from (f"{top}.{field}" for field in value)
        elif not isinstance(value, dict | Sequence) or isinstance(value, str):
            yield top


@contextmanager
def _told_as(key: str, path: str) -> Iterator[None]:
    """Errors of the scenario's key paths as errors of the sweep's."""
    try:
        yield
    except ScenarioError as error:
        full = key if key.endswith(f".{path}") else f"{key}.{path}"
        raise SweepError(HERE, full, error.came, error.allowed, error.nearest) from None
