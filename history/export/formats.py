"""The formats: by what each is written, which package that needs, and how small its files can be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from ...scenarios.errors import nearest_names, shown
from .databases import write_duckdb, write_sqlite
from .files import write_csv, write_feather, write_parquet
from .netcdf import write_netcdf
from .source import ExportRefused, Source
from .workbook import refuse_long, sheets, write_xlsx


class Format(StrEnum):
    """What a run can be exported to."""

    CSV = "csv"
    PARQUET = "parquet"
    FEATHER = "feather"
    SQLITE = "sqlite"
    DUCKDB = "duckdb"
    NETCDF = "netcdf"
    XLSX = "xlsx"


@dataclass(frozen=True, slots=True)
class Writer:
    """How a format is written."""

    write: Callable[[Source, Path], None]
    bytes_per_cell: float
    """At least so many on disk: a row of ten columns cannot take less than ten times that."""
    package: str = ""
    """What must be installed for it."""
    tables: Callable[[tuple[str, ...]], tuple[str, ...]] = tuple
    """Which of a run's tables it takes where none is named."""
    check: Callable[[Source], None] = lambda source: None
    """Refuses what the format cannot hold, before the work."""


WRITERS: dict[Format, Writer] = {
    Format.CSV: Writer(write_csv, 1.0),
    Format.PARQUET: Writer(write_parquet, 0.02),
    Format.FEATHER: Writer(write_feather, 0.02),
    Format.SQLITE: Writer(write_sqlite, 1.0),
    Format.DUCKDB: Writer(write_duckdb, 0.02, "duckdb"),
    Format.NETCDF: Writer(write_netcdf, 0.02, "netCDF4"),
    Format.XLSX: Writer(write_xlsx, 0.5, "openpyxl", sheets, refuse_long),
}
STATA = ("dta", "stata")


def format_of(name: str) -> Format:
    """The format of this name.  Raises: ExportRefused."""
    allowed = ", ".join(Format)
    if name.lower() in STATA:
        raise ExportRefused(
            f"--to is {shown(name)}; allowed: {allowed}; Stata's numbers do not hold every whole number above "
            "2^53, which cents may reach: it would round them"
        )
    if name not in list(Format):
        near = nearest_names(name, list(Format))
        nearest = f"; nearest: {', '.join(near)}" if near else ""
        raise ExportRefused(f"--to is {shown(name)}; allowed: {allowed}{nearest}")
    return Format(name)
