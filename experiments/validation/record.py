"""The record of what held: verdicts that were accepted once, against which every later validation is judged.

A recorded check may not miss, vanish, or change its band unnoticed: each is a setback until somebody accepts it, which
changes the record and shows in its history.
"""

from __future__ import annotations

import json
import math
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from .checks import Check, Verdict

ABOUT = "Verdicts that `validate` is judged by; changed by `run.py validate --accept` only."
DIGITS = 6
BAND_TOLERANCE = 1e-6
"""Bands are the same if what the record keeps of them, `DIGITS` digits, differs by less than this part."""


class RecordError(ValueError):
    """A record that cannot be judged by: `path` and `where` say which part, then what came and what is allowed."""

    def __init__(self, path: Path, where: str, came: object, allowed: str) -> None:
        super().__init__(f"{path}: {where}: came {came!r}, allowed: {allowed}")
        self.path, self.where, self.came, self.allowed = path, where, came, allowed


@dataclass(frozen=True, slots=True)
class Recorded:
    """What the record keeps of one check."""

    verdict: Verdict
    low: float
    high: float
    measured: float

    @classmethod
    def of(cls, check: Check) -> Recorded:
        """What will be kept of a check."""
        return cls(check.verdict, check.low, check.high, check.measured)

    def to_json(self) -> dict[str, Any]:
        """Numbers that JSON has not are written as words."""
        return {
            "verdict": str(self.verdict),
            "measured": _number(self.measured),
            "band": [_number(self.low), _number(self.high)],
        }


@dataclass(frozen=True, slots=True)
class RecordedGroup:
    """A group's checks by key, and how long it took when it was accepted."""

    checks: Mapping[str, Recorded]
    seconds: float


Section = Mapping[str, RecordedGroup]
"""The groups of one size of validation, by name."""


class Kind(StrEnum):
    """How a check stands against its record."""

    WORSE = "held before, misses now"
    MISSING = "recorded, but not measured now"
    BAND = "its band has changed"
    BETTER = "missed before, holds now"
    NEW = "not in the record yet"


SETBACKS = (Kind.WORSE, Kind.MISSING, Kind.BAND)


@dataclass(frozen=True, slots=True)
class Change:
    """One difference between what is measured and what is recorded."""

    kind: Kind
    group: str
    key: str
    detail: str

    @property
    def is_setback(self) -> bool:
        """Whether validation fails because of it."""
        return self.kind in SETBACKS


def compare(section: Section, measured: Mapping[str, Sequence[Check]]) -> list[Change]:
    """Differences of all groups measured or recorded, setbacks first. Every recorded key must have been measured."""
    changes = []
    for name in dict.fromkeys((*section, *measured)):
        recorded = section[name].checks if name in section else {}
        now = {check.key: check for check in measured.get(name, ())}
        changes += [
            Change(Kind.MISSING, name, key, f"was: {old.verdict}") for key, old in recorded.items() if key not in now
        ]
        for key, check in now.items():
            changes += _differences(name, key, recorded.get(key), Recorded.of(check))
    return sorted(changes, key=lambda change: not change.is_setback)


def _differences(group: str, key: str, old: Recorded | None, new: Recorded) -> Iterable[Change]:
    if old is None:
        yield Change(Kind.NEW, group, key, f"now: {new.verdict}")
        return
    if not (_same(old.low, new.low) and _same(old.high, new.high)):
        yield Change(Kind.BAND, group, key, f"{old.low:g} to {old.high:g} became {new.low:g} to {new.high:g}")
    if old.verdict is Verdict.HOLDS and new.verdict is not Verdict.HOLDS:
        yield Change(Kind.WORSE, group, key, f"measured {new.measured:.4g}, before {old.measured:.4g}")
    elif new.verdict is Verdict.HOLDS and old.verdict is not Verdict.HOLDS:
        yield Change(Kind.BETTER, group, key, f"measured {new.measured:.4g}, before {old.measured:.4g}")


def _same(old: float, new: float) -> bool:
    one, other = (float(_number(edge)) for edge in (old, new))
    return math.isclose(one, other, rel_tol=BAND_TOLERANCE, abs_tol=1e-12)


def read_record(path: Path) -> dict[str, dict[str, RecordedGroup]]:
    """The record by size ("full", "quick"); empty if there is no file. Raises: RecordError."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (ValueError, RecursionError) as fault:
        raise RecordError(path, "the file", str(fault), "JSON as written by --accept") from None
    sections: dict[str, dict[str, RecordedGroup]] = {}
    for size, groups in _table(path, "the file", data).items():
        if size == "about":
            continue
        sections[size] = {}
        for name, group in _table(path, size, groups).items():
            where = f"{size}.{name}"
            fields = _table(path, where, group)
            checks = _table(path, f"{where}.checks", fields.get("checks"))
            seconds = _float(path, f"{where}.seconds", fields.get("seconds"))
            sections[size][name] = RecordedGroup(
                {key: _recorded(path, f"{where}.{key}", entry) for key, entry in checks.items()}, seconds
            )
    return sections


def write_record(path: Path, sections: Mapping[str, Section]) -> None:
    """Write the record beside itself, then rename it: whole or unchanged."""
    data: dict[str, Any] = {"about": ABOUT}
    for size, groups in sorted(sections.items()):
        data[size] = {
            name: {
                "seconds": round(group.seconds, 1),
                "checks": {key: group.checks[key].to_json() for key in sorted(group.checks)},
            }
            for name, group in sorted(groups.items())
        }
    partial = path.with_suffix(".partial")
    partial.write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    os.replace(partial, path)


def _number(value: float) -> float | str:
    return float(f"{value:.{DIGITS}g}") if math.isfinite(value) else str(float(value))


def _table(path: Path, where: str, data: Any) -> dict[str, Any]:
    if not isinstance(data, dict):
        raise RecordError(path, where, data, "an object")
    return data


def _float(path: Path, where: str, value: Any) -> float:
    if isinstance(value, bool) or not (isinstance(value, int | float) or value in ("inf", "-inf", "nan")):
        raise RecordError(path, where, value, "a number, 'inf', '-inf' or 'nan'")
    return float(value)


def _recorded(path: Path, where: str, data: Any) -> Recorded:
    entry = _table(path, where, data)
    band = entry.get("band")
    if not (isinstance(band, list) and len(band) == 2):
        raise RecordError(path, f"{where}.band", band, "two numbers")
    if entry.get("verdict") not in [str(v) for v in Verdict]:
        raise RecordError(path, f"{where}.verdict", entry.get("verdict"), " or ".join(Verdict))
    low, high = (_float(path, f"{where}.band", edge) for edge in band)
    return Recorded(Verdict(entry["verdict"]), low, high, _float(path, f"{where}.measured", entry.get("measured")))
