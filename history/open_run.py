"""A finished run as data: its tables by name, as pandas frames, beside its manifest and its answer."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from ..scenarios.errors import BadInput, nearest_names
from .sinks import read_tables


class NotARun(BadInput):
    """A folder that holds no run: `path` is the folder, `reason` what is missing."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path}: {reason}; allowed: the folder of a finished run")
        self.path, self.reason = path, reason


class UnknownTable(KeyError):
    """A table that the run has not."""

    def __init__(self, name: str, known: Mapping[str, Any]) -> None:
        super().__init__(name)
        self.name, self.known, self.nearest = name, tuple(known), nearest_names(name, known)

    def __str__(self) -> str:
        near = f"; nearest: {', '.join(self.nearest)}" if self.nearest else ""
        return f"no table {self.name!r}; allowed: {', '.join(self.known)}{near}"


class Run(Mapping[str, pd.DataFrame]):
    """The tables of a run: `run["journal"]` is a frame, made when it is first asked for; `list(run)` are the names.

    `manifest` says what was run and with which digest, `answer` holds title, headlines and measures.
    """

    def __init__(
        self, manifest: Mapping[str, Any], answer: Mapping[str, Any], tables: Mapping[str, Callable[[], pd.DataFrame]]
    ) -> None:
        self.manifest, self.answer = dict(manifest), dict(answer)
        self._tables = dict(tables)
        self._read: dict[str, pd.DataFrame] = {}

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name not in self._tables:
            raise UnknownTable(name, self._tables)
        if name not in self._read:
            self._read[name] = self._tables[name]()
        return self._read[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._tables)

    def __len__(self) -> int:
        return len(self._tables)

    def __contains__(self, name: object) -> bool:
        return name in self._tables

    def __repr__(self) -> str:
        of = {key: self.manifest.get(key) for key in ("scenario", "seed", "days")}
        return f"<run of {of['scenario']}, seed {of['seed']}, {of['days']} days: {', '.join(self)}>"


def open_run(path: Path | str) -> Run:
    """The run in a run directory; no table is read before it is asked for.

    Raises: NotARun.
    """
    folder = Path(path)
    names = sorted(file.stem for file in folder.glob("*.parquet"))
    if not names:
        raise NotARun(folder, "has no tables" if folder.is_dir() else "is no folder")
    return Run(
        _json(folder, "manifest.json"),
        _json(folder, "answer.json"),
        {name: partial(_table, folder, name) for name in names},
    )


def _table(folder: Path, name: str) -> pd.DataFrame:
    return read_tables(folder, [name])[name]


def _json(folder: Path, name: str) -> dict[str, Any]:
    try:
        return dict(json.loads((folder / name).read_text(encoding="utf-8")))
    except FileNotFoundError:
        raise NotARun(folder, f"has no {name}") from None
    except (OSError, ValueError, TypeError) as fault:
        raise NotARun(folder, f"has a {name} that cannot be read ({type(fault).__name__})") from None
