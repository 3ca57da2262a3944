"""A finished run or a sweep as data: its tables as pandas, Polars, DuckDB and pyarrow read them, beside its manifest
and its answer."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow as pa
import pyarrow.dataset as ds

from ..scenarios.errors import BadInput, nearest_names, shown
from .choice import ChoiceError
from .datasets import (
    DaysAsked,
    Opener,
    Where,
    columns_asked,
    range_of,
    rows_asked,
    run_tables,
    sweep_tables,
    to_frame,
    widened,
)
from .dictionary import described
from .everybody import everybody
from .extras import needed
from .views import make_views

if TYPE_CHECKING:
    import duckdb
    import polars

    from .mesa_frames import MesaFrames

CHANGED = "holders_changed"
KINDS: dict[str, dict[str, type]] = {
    "manifest.json": {"scenario_text": str, "digest": str, "chain": list, "kept": dict},
    "answer.json": {"title": str, "headlines": list, "measures": dict},
}
"""What the files of a run hold, where they hold it."""
ONE_RUN = "the folder of a finished run (`rerun SWEEP ROW --out RUN` makes one of a sweep's run)"
COUNTS = ("seed", "days")
"""What a manifest says in whole numbers from 0 to 2**63 - 1."""


class NotARun(BadInput):
    """A folder that holds no run: `path` is the folder, `reason` what is missing."""

    def __init__(self, path: Path, reason: str, allowed: str = "the folder of a finished run, or of a sweep") -> None:
        super().__init__(f"{path}: {reason}; allowed: {allowed}")
        self.path, self.reason = path, reason


class UnknownTable(KeyError):
    """A table that the run has not."""

    def __init__(self, name: str, known: Mapping[str, Any]) -> None:
        super().__init__(name)
        self.name, self.known, self.nearest = name, tuple(known), nearest_names(name, known)

    def __str__(self) -> str:
        near = f"; nearest: {', '.join(self.nearest)}" if self.nearest else ""
        return f"no table {self.name!r}; allowed: {', '.join(self.known)}{near}"


class UnreadableTable(BadInput):
    """A table `name` whose file is damaged or gone."""

    def __init__(self, name: str, fault: str) -> None:
        super().__init__(f"table {name} cannot be read ({fault}); allowed: the files of a run as they were written")
        self.name = name


class Run(Mapping[str, pd.DataFrame]):
    """The tables of a run: `run["journal"]`, or `run.journal`, is a frame, made when it is first asked for.

    `manifest` says what was run and with which digest, `answer` holds title, headlines and measures.
    """

    def __init__(
        self,
        manifest: Mapping[str, Any],
        answer: Mapping[str, Any],
        tables: Mapping[str, Opener],
        folder: Path | None = None,
    ) -> None:
        self.manifest, self.answer = dict(manifest), dict(answer)
        self.folder = folder
        """Where it stands; None where it is no folder."""
        self.openers = dict(tables)
        """What opens each table."""
        self._read: dict[str, pd.DataFrame] = {}

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name not in self._read:
            self._read[name] = to_frame(self.table(name).to_table())
        return self._read[name]

    def __getattr__(self, name: str) -> pd.DataFrame:
        if name.startswith("_") or name not in self.__dict__.get("openers", ()):
            raise AttributeError(f"a run has neither an attribute nor a table {name!r}")
        return self[name]

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *self.openers})

    def __iter__(self) -> Iterator[str]:
        return iter(self.openers)

    def __len__(self) -> int:
        return len(self.openers)

    def __contains__(self, name: object) -> bool:
        return name in self.openers

    def __repr__(self) -> str:
        of = {key: self.manifest.get(key) for key in ("scenario", "seed", "days")}
        return f"<run of {of['scenario']}, seed {of['seed']}, {of['days']} days: {', '.join(self)}>"

    @property
    def tables(self) -> tuple[str, ...]:
        """Names of the tables."""
        return tuple(self.openers)

    def table(self, name: str) -> ds.Dataset:
        """One table as a dataset of pyarrow: nothing of it is read yet.  Raises: UnknownTable, UnreadableTable."""
        if name not in self.openers:
            raise UnknownTable(name, self.openers)
        try:
            return self.openers[name]()
        except (OSError, pa.ArrowInvalid) as fault:
            raise UnreadableTable(name, type(fault).__name__) from None

    def columns(self, name: str) -> pd.DataFrame:
        """What the columns of a table are: type, unit, meaning, values.  Raises: UnknownTable."""
        return pd.DataFrame([row._asdict() for row in described(name, self.table(name).schema)])

    def arrow(
        self, name: str, columns: Iterable[str] | None = None, days: DaysAsked = None, where: Where = None
    ) -> pa.Table:
        """Some columns and rows of a table: `days=126`, `days="100:126"`, `where={"firm": "NVIDIA"}`, or an
        expression of pyarrow as `where`. Only what is asked for is read.

        Raises: UnknownTable; ChoiceError for a column or days that are none.
        """
        found = self.table(name)
        wanted, rows = columns_asked(found.schema, columns), rows_asked(found.schema, days, where)
        return found.to_table(columns=wanted, filter=rows)

    def pandas(
        self, name: str, columns: Iterable[str] | None = None, days: DaysAsked = None, where: Where = None
    ) -> pd.DataFrame:
        """The same as a frame of pandas.  Raises: UnknownTable, ChoiceError."""
        return to_frame(self.arrow(name, columns, days, where))

    def polars(
        self, name: str, columns: Iterable[str] | None = None, days: DaysAsked = None, where: Where = None
    ) -> polars.DataFrame:
        """The same as a frame of Polars.  Raises: UnknownTable, ChoiceError, MissingPackage."""
        return needed("polars", "polars()").from_arrow(widened(self.arrow(name, columns, days, where)))

    def duckdb(self) -> duckdb.DuckDBPyConnection:
        """A connection of DuckDB in which every table is a view, with comments that say unit and meaning; beside
        `firms` there is `firms_bn`, its money in bn USD instead of cents.

        Raises: MissingPackage.
        """
        connection = needed("duckdb", "duckdb()").connect()
        for name in self.openers:
            found = self.table(name)
            connection.register(f"{name}_kept", found)
            connection.execute(f'CREATE VIEW "{name}" AS SELECT * FROM "{name}_kept"')
            make_views(connection.execute, name, found.schema, with_comments=True, is_table=False)
        return connection

    def mesa(self) -> MesaFrames:
        """The run as Mesa's own collector hands it out: `run.mesa().get_agenttype_vars_dataframe(ActiveFund)`.

        Raises: ChoiceError for a sweep.
        """
        from .mesa_frames import MesaFrames

        if "design" in self:
            raise ChoiceError("mesa", "a sweep", "one run")
        return MesaFrames(self, self.manifest["seed"])

    def holders(self, day: int | None = None) -> pd.DataFrame:
        """Everybody, household by household, at the end of a day that is kept; of every kept day without one.

        Raises: ChoiceError if not everybody was kept, or not on this day.
        """
        if CHANGED not in self:
            raise ChoiceError("holders", "a run without them", f"one that kept them: simulate --also {CHANGED}")
        changed = self.pandas(CHANGED, days=(None, range_of(day)[1]))
        try:
            return everybody(changed, None if day is None else [day])
        except KeyError:
            raise ChoiceError("day", day, "a day that is kept of everybody") from None


def open_run(path: Path | str) -> Run:
    """The run in a run folder, or the tables of a sweep folder; no table is read before it is asked for.

    Raises: NotARun.
    """
    folder = Path(path)
    if is_sweep(folder) and (folder / "design.parquet").exists():
        return Run(_json(folder, "manifest.json"), {}, sweep_tables(folder), folder)
    tables = run_tables(folder)
    if not tables:
        raise NotARun(folder, "has no tables" if folder.is_dir() else "is no folder")
    found = {name: _json(folder, name) for name in KINDS}
    for name, kinds in KINDS.items():
        for key, kind in kinds.items():
            if not isinstance(found[name].get(key, kind()), kind):
                raise NotARun(folder, f"has a {name} that cannot be read ({key} is no {kind.__name__})")
    for key in COUNTS:
        came = found["manifest.json"].get(key, 0)
        if type(came) is not int or not 0 <= came < 2**63:
            raise NotARun(folder, f"has a manifest.json that cannot be read ({key} is {shown(came)}, no whole number)")
    return Run(found["manifest.json"], found["answer.json"], tables, folder)


def open_one_run(path: Path | str) -> Run:
    """The run in a run folder, for whoever can do nothing with a sweep.  Raises: NotARun, also for a sweep."""
    if is_sweep(Path(path)):
        raise NotARun(Path(path), "this is a sweep", ONE_RUN)
    try:
        return open_run(path)
    except NotARun as fault:
        raise NotARun(fault.path, fault.reason, "the folder of a finished run") from None


def is_sweep(folder: Path) -> bool:
    """Whether a folder is a sweep's, finished or not."""
    return (folder / "sweep.toml").exists()


def _json(folder: Path, name: str) -> dict[str, Any]:
    if (folder / name).exists() and not (folder / name).is_file():
        raise NotARun(folder, f"has a {name} that is no ordinary file")
    try:
        return dict(json.loads((folder / name).read_text(encoding="utf-8")))
    except FileNotFoundError:
        raise NotARun(folder, f"has no {name}") from None
    except (OSError, ValueError, TypeError, RecursionError) as fault:
        raise NotARun(folder, f"has a {name} that cannot be read ({type(fault).__name__})") from None
