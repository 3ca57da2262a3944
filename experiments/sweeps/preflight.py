"""Before the first run: does a worker make the same numbers as the driver?"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from ...report.store import commit, versions
from ...scenarios.loader import to_json
from ...scenarios.schema import Scenario

ROOT = Path(__file__).resolve().parents[2]
NO_NUMBERS = ("tests", "docs", "benchmarks", "build", "cli", "visual", "studies", "validation", "event_study")
"""Folders whose sources no run of a sweep depends on."""


class Stranger(Exception):
    """A worker that differs from the driver: `worker` is its address, `differences` say in what."""

    def __init__(self, worker: str, differences: tuple[str, ...]) -> None:
        super().__init__(f"{worker} differs from the driver: {'; '.join(differences)}")
        self.worker, self.differences = worker, differences

    def __reduce__(self) -> tuple[type[Stranger], tuple[str, tuple[str, ...]]]:
        return type(self), (self.worker, self.differences)


def fingerprint(worlds: Iterable[Scenario]) -> dict[str, str]:
    """What makes the numbers of a sweep in this process: commit, sources, versions, and its worlds, by name."""
    whole = hashlib.sha256()
    for world in worlds:
        whole.update(to_json(world).encode())
    made_by = {f"version of {name}": version for name, version in versions().items()}
    return {"commit": commit() or "none", "sources": _sources(), **made_by, "scenarios": whole.hexdigest()[:16]}


def differences(mine: Mapping[str, str], theirs: Mapping[str, str]) -> tuple[str, ...]:
    """In what two fingerprints differ: `NAME is MINE, not THEIRS`."""
    names = dict.fromkeys([*theirs, *mine])
    return tuple(
        f"{name} is {mine.get(name, 'none')}, not {theirs.get(name, 'none')}"
        for name in names
        if mine.get(name) != theirs.get(name)
    )


@cache
def _sources() -> str:
    """Digest of all sources on which a run's numbers may depend."""
    whole = hashlib.sha256()
    for path in sorted(ROOT.rglob("*.py")):
        place = path.relative_to(ROOT)
        if place.parts[0].startswith(".") or set(place.parts) & set(NO_NUMBERS):
            continue
        whole.update(f"{place.as_posix()}\n".encode() + path.read_bytes())
    return whole.hexdigest()[:16]
