"""Sweeps that come with Carousel: their names, questions, and what changes their size."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib import resources
from pathlib import Path
from typing import Any

from ...scenarios.errors import BadInput, nearest_names, shown
from ...scenarios.loader import bundled
from .. import named
from .sweep import Sweep
from .sweep_faults import validated
from .sweep_file import load_sweep
from .sweep_text import plain


class UnknownSweep(BadInput):
    """A name that is neither a sweep's nor a scenario's: what came, what there is, the nearest names."""

    def __init__(self, name: str) -> None:
        self.name, self.nearest = name, nearest_names(name, [*sweep_names(), *bundled()])
        near = f"; nearest: {', '.join(self.nearest)}" if self.nearest else ""
        allowed = f"a .toml file, one of {', '.join(sweep_names())}, or a scenario with axes"
        super().__init__(f"sweep: came {shown(name)}; allowed: {allowed}{near}")


def _folder() -> Path:
    return Path(str(resources.files(named)))


def sweep_names() -> tuple[str, ...]:
    """Names of the sweeps that come with Carousel, in alphabetical order."""
    return tuple(sorted(path.stem for path in _folder().glob("*.toml")))


def named_sweep(name: str) -> Sweep:
    """The sweep of that name.  Raises: UnknownSweep."""
    if name not in sweep_names():
        raise UnknownSweep(name)
    return load_sweep(_folder() / f"{name}.toml")


def resized(sweep: Sweep, changes: Mapping[str, Any], *, file: str) -> Sweep:
    """The sweep with other seeds, days, holders, outcomes or series, each by its name; what is None stays.

    Raises: SweepError.
    """
    asked = {key: value for key, value in changes.items() if value is not None}
    seeds = asked.pop("seeds", None)
    data = plain(sweep) | {key: _plain(value) for key, value in asked.items()}
    if seeds is not None:
        data["replications"] = {**data.get("replications", {}), "number": seeds}
    return validated(data, file) if asked or seeds is not None else sweep


def _plain(value: Any) -> Any:
    return tuple(value) if isinstance(value, Iterable) and not isinstance(value, str) else value
