"""A sweep as a TOML text that says all of it: the text that its folder keeps, and the way back."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from .sweep import Sweep
from .sweep_faults import validated

BARE = re.compile(r"[A-Za-z0-9_-]+")


def text_of(sweep: Sweep) -> str:
    """What a sweep asks, as TOML; points that came from a CSV stand in it."""
    data = plain(sweep)
    data.get("design", {}).pop("file", None)
    return "\n".join(_table(data, ())) + "\n"


def read_sweep(text: str, file: str) -> Sweep:
    """The sweep of such a text.  Raises: SweepError; TOMLDecodeError if it is none."""
    return validated(tomllib.loads(text), file)


def plain(sweep: Sweep) -> dict[str, Any]:
    """What a sweep asks as nested tables, without what it leaves as it is anyhow."""
    return sweep.model_dump(exclude_defaults=True)


def _table(table: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[str]:
    """Lines of a table: its values, then the tables in it, each below its heading."""
    inner = {key: value for key, value in table.items() if _is_table(value) or _are_tables(value)}
    for key, value in table.items():
        if key not in inner and value is not None:
            yield f"{_key(key)} = {_value(value)}"
    for key, value in inner.items():
        name = ".".join(_key(step) for step in (*path, key))
        if _is_table(value):
            yield f"\n[{name}]"
            yield from _table(value, (*path, key))
            continue
        for entry in value:
            yield f"\n[[{name}]]"
            yield from _table(entry, (*path, key))


def _is_table(value: Any) -> bool:
    return isinstance(value, Mapping)


def _are_tables(value: Any) -> bool:
    return isinstance(value, list | tuple) and bool(value) and all(_is_table(entry) for entry in value)


def _key(key: str) -> str:
    return key if BARE.fullmatch(key) else _text(key)


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return f"[{', '.join(_value(entry) for entry in value)}]"
    return repr(value)


def _text(text: str) -> str:
    return json.dumps(str(text), ensure_ascii=False).replace("\x7f", "\\u007f")
