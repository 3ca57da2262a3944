"""What changes on a day of the run: when, which keys, and the scenario that is in force from then on."""

from __future__ import annotations

import types
import typing
from collections.abc import Iterable, Iterator
from datetime import date
from functools import partial
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from .behaviour_rows import Fixed
from .errors import Fault, ScenarioError, nearest_names, shown
from .faults import SINGLE, first_fault
from .key_paths import apply_to_path, replaced, times
from .schema_dated import Dated, DatedChange, Stop
from .schema_world import DEALS, KINDS, World

TOLD_MAX = 20
"""Most keys that an error names."""
W = TypeVar("W", bound=World)
CUSTOMERS_OF = "customers of "


def day_of(s: World, entry: Dated) -> int:
    """Trading day on which an entry takes force: that of its date, or the next one."""
    if entry.date is None:
        return entry.day or 0
    from ..engine.calendar import day_of, trading_dates  # takes pandas: only where a date is named

    return day_of(trading_dates(s.start_date, s.days), entry.date) if entry.date > s.start_date else 0


def due(s: World, day: int) -> list[Dated]:
    """What takes force on a day, in the order of the file, stops last."""
    entries = (*s.on, *s.stop)
    return [entry for entry in entries if day_of(s, entry) == day] if entries else []


def after(s: W, day: int) -> W:
    """The scenario that is in force from a day on: what is due then is in its values, what comes later still ahead.

    Raises: ScenarioError if an entry due cannot take force.
    """
    data = s.model_dump()
    for entry in due(s, day):
        _apply(s, data, entry)
    for kind, entries in (("on", s.on), ("stop", s.stop)):
        data[kind] = [entry.model_dump() for entry in entries if day_of(s, entry) > day]
    return _valid(s, data)


def with_tomorrow(s: W, entry: DatedChange | Stop, day: int) -> W:
    """The scenario with one more entry ahead, on a day of its own.  Raises: ScenarioError if it cannot take force."""
    kind = "stop" if isinstance(entry, Stop) else "on"
    data = s.model_dump()
    data[kind] = [*data[kind], entry.model_dump() | {"date": None, "day": day}]
    return _valid(s, data)


def faults(s: World) -> Iterator[Fault]:
    """The first entry that cannot take force, in order of date."""
    for kind, entries in (("on", s.on), ("stop", s.stop)):
        for number, entry in enumerate(entries, 1):
            yield from _without_day(s, f"{kind}.{number}", entry)
    data = s.model_dump() | {"on": (), "stop": ()}
    for day in sorted({day_of(s, entry) for entry in (*s.on, *s.stop)}):
        together = due(s, day)
        try:
            for entry in together:
                _apply(s, data, entry)
            _valid(s, data)
        except ScenarioError as error:
            yield Fault(_where(s, entry, error.key_path), error.came, error.allowed, error.nearest)
            return


def why_fixed(model: type[BaseModel], field: str) -> str:
    """Why a key cannot change during a run; empty if it can."""
    whole = getattr(model, "fixed", None)
    marks = [whole] if isinstance(whole, Fixed) else _marks(model.model_fields[field])
    is_list = model.model_fields[field].annotation is not None and _is_part_of_cast(model, field)
    return next((mark.reason for mark in marks), "its entries are changed one by one" if is_list else "")


def changeable(model: type[BaseModel]) -> list[str]:
    """Keys of a kind of entry that can change during a run."""
    return [field for field in model.model_fields if not why_fixed(model, field)]


def stopped_paths(s: World, payer: str) -> dict[str, float | bool]:
    """Key paths that a payer's withdrawal changes, and to what.  Raises: ScenarioError if nobody pays by that name."""
    entries = [(f"{kind}.{x.name}", x) for kind in ("venture_investor", "bond_buyer") for x in getattr(s, kind)]
    payers = {x.name: [(path, x)] for path, x in entries}
    firms = [(kind, x) for kind in ("lab", "cloud", "chip_maker", "listed_firm") for x in getattr(s, kind)]
    payers |= {f"{CUSTOMERS_OF}{x.name}": [(f"{kind}.{x.name}", x)] for kind, x in firms}
    payers |= {"AI customers": [(f"lab.{x.name}", x) for x in s.lab]} if s.lab else {}
    payers |= {"households": [("households", s.households)]} if s.households is not None else {}
    for deal in (deal for kind in DEALS for deal in getattr(s, kind) if deal.puts_in):
        payers.setdefault(getattr(deal, deal.puts_in), [])
    if payer not in payers:
        allowed = f"one of {', '.join(payers)}" if payers else "nobody: the scenario has no payer"
        raise ScenarioError("stop", "payer", shown(payer), allowed, nearest_names(payer, payers))
    return {f"{path}.{key}": value for path, x in payers[payer] for key, value in x.stopped.items()}


def told(entry: Dated) -> str:
    """An entry in words."""
    if isinstance(entry, Stop):
        return f"{entry.payer} stops"
    changes = [f"{path} = {value}" for path, value in getattr(entry, "set", {}).items()]
    changes += [f"{path} x {factor:g}" for path, factor in getattr(entry, "times", {}).items()]
    return ", ".join(changes) or "an announcement"


def _without_day(s: World, where: str, entry: Dated) -> Iterator[Fault]:
    """An entry has a day of the run, and something to do."""
    if (entry.date is None) == (entry.day is None):
        yield Fault(where, "neither date nor day" if entry.date is None else "date and day", "a date, or else a day")
    elif not 1 <= day_of(s, entry) <= s.days:
        came = entry.date if entry.day is None else f"day {entry.day}"
        yield Fault(f"{where}.{'date' if entry.day is None else 'day'}", str(came), _days_allowed(s))
    elif isinstance(entry, DatedChange) and not (entry.set or entry.times or entry.announce):
        yield Fault(where, "nothing that changes", "set, times or announce")


def _days_allowed(s: World) -> str:
    from ..engine.calendar import trading_dates  # takes pandas: only where something is dated

    dates = trading_dates(s.start_date, s.days)
    return f"a day of the run: {dates[1]} to {dates[-1]}, or 1 to {s.days}"


def _where(s: World, entry: Dated, path: str) -> str:
    """An entry's address, and the key in it that a reader of the file finds; a path of the world it makes otherwise."""
    kind, entries = ("stop", s.stop) if isinstance(entry, Stop) else ("on", s.on)
    here = f"{kind}.{entries.index(entry) + 1}"
    if path.startswith(f"news.{len(s.news) + 1}.") and entry.announce is not None:
        return f"{here}.announce.{path.split('.', 2)[2]}"
    for table in ("set", "times"):
        for written in getattr(entry, table, {}):
            if _leads_to(written, path):
                return f"{here}.{table}.{written}" + (f" ({path})" if path != written else "")
    return f"{here}.{path}" if isinstance(entry, Stop) and path == "payer" else f"{here}, which makes {path}"


def _leads_to(written: str, path: str) -> bool:
    """Whether a key path of the file, with `*` or without, is that of a key, or leads to it among others."""
    one, other = written.split("."), path.split(".")
    return len(one) == len(other) and all(step in ("*", found) for step, found in zip(one, other, strict=True))


def _apply(s: World, data: dict[str, Any], entry: Dated) -> None:
    """Change plain data as an entry says, sources included.  Raises: ScenarioError."""
    changes: list[tuple[str, Any]] = []
    if isinstance(entry, DatedChange):
        changes += [(path, partial(replaced, new=value)) for path, value in entry.set.items()]
        changes += [(path, partial(times, factor=value, path=path)) for path, value in entry.times.items()]
    if isinstance(entry, Stop):
        changes += [(path, partial(replaced, new=value)) for path, value in stopped_paths(s, entry.payer).items()]
    for path, change in changes:
        found = apply_to_path(data, path, change)
        _refuse_fixed(path)
        data["sources"] |= dict.fromkeys(found, f"changed on {entry.date or f'day {entry.day}'}")
    if entry.announce is not None:
        said = entry.announce.model_dump() | {"announced": _date_of(s, entry)}
        data["news"] = [*data["news"], said]


def _date_of(s: World, entry: Dated) -> date:
    from ..engine.calendar import trading_dates  # takes pandas: only where something is dated

    return trading_dates(s.start_date, s.days)[day_of(s, entry)]


def _refuse_fixed(path: str) -> None:
    """Raises: ScenarioError if the key of a path cannot change during a run."""
    top, _, rest = path.partition(".")
    model = KINDS.get(top) or SINGLE.get(top) or World
    if reason := why_fixed(model, rest.rpartition(".")[2] or top):
        keys = changeable(model)
        told = ", ".join(keys) if len(keys) <= TOLD_MAX else f"all of {top} but those that `run.py keys {top}` marks"
        allowed = f"a key that can change: {told}" if keys else f"no key of {top if model is not World else 'the run'}"
        raise ScenarioError("on", path, f"a key that cannot change during a run: {reason}", allowed)


def _valid(s: W, data: dict[str, Any]) -> W:
    """Raises: ScenarioError if plain data are no valid scenario."""
    try:
        return type(s).model_validate(data)
    except ValidationError as error:
        fault = first_fault(error, data)
        raise ScenarioError("on", fault.key_path, fault.came, fault.allowed, fault.nearest) from None


def _marks(field: FieldInfo) -> Iterable[Fixed]:
    """Marks of a field or of one of the types it may have."""
    yield from (mark for mark in field.metadata if isinstance(mark, Fixed))
    if typing.get_origin(field.annotation) in (typing.Union, types.UnionType):
        for each in typing.get_args(field.annotation):
            yield from (mark for mark in getattr(each, "__metadata__", ()) if isinstance(mark, Fixed))


def _is_part_of_cast(model: type[BaseModel], field: str) -> bool:
    """Whether a key at the top holds entries, or a table of its own."""
    return issubclass(model, World) and (field in KINDS or field in SINGLE or field == "sources")
