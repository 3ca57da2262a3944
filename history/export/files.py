"""A file for each table: CSV, Parquet, Feather."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.csv as csv
import pyarrow.parquet as pq

from .source import Source


def write_csv(source: Source, folder: Path) -> None:
    """Texts in quotes, an empty one too; a missing number is nothing between two commas; dates as 2025-09-10."""
    for name in source.tables:
        with csv.CSVWriter(folder / f"{name}.csv", source.schema(name)) as file:
            for batch in source.batches(name):
                file.write_batch(batch)


def write_parquet(source: Source, folder: Path) -> None:
    """Packed by zstd, plain texts behind dictionaries: what every reader of Parquet knows."""
    for name in source.tables:
        schema = source.schema(name)
        texts = [field.name for field in schema if pa.types.is_string(field.type)]
        path = folder / f"{name}.parquet"
        with pq.ParquetWriter(path, schema, compression="zstd", use_dictionary=texts) as file:
            for batch in source.batches(name):
                file.write_batch(batch)


def write_feather(source: Source, folder: Path) -> None:
    """Feather of version 2, which is Arrow's own file, packed by zstd."""
    options = pa.ipc.IpcWriteOptions(compression="zstd")
    for name in source.tables:
        with pa.ipc.new_file(str(folder / f"{name}.feather"), source.schema(name), options=options) as file:
            for batch in source.batches(name):
                file.write_batch(batch)
