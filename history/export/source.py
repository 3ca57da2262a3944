"""What is exported: some tables of a run or a sweep, some of their days, a batch of rows at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

import pyarrow as pa

from ...scenarios.errors import BadInput
from ..datasets import DAY, DaysAsked, rows_asked
from ..open_run import Run

BATCH_ROWS = 1 << 16
"""Rows in memory at a time."""
Tell = Callable[[int], None]
"""Told how many more rows are written."""


class ExportRefused(BadInput):
    """What was asked for cannot be exported so."""


@dataclass(frozen=True)
class Source:
    """Tables by name, each with the rows of `days`; a table without days is whole."""

    run: Run
    tables: tuple[str, ...]
    days: DaysAsked
    tell: Tell

    @cached_property
    def about(self) -> dict[str, str]:
        """Where the rows come from, for the metadata of files."""
        said = ("scenario", "seed", "days", "tracing", "digest", "commit")
        return {name: str(self.run.manifest[name]) for name in said if self.run.manifest.get(name) is not None}

    def schema(self, name: str) -> pa.Schema:
        """Columns with unit and meaning in their metadata; the run is named in that of the table."""
        schema = self.run.table(name).schema
        return schema.with_metadata({**(schema.metadata or {}), **{f"run_{k}": v for k, v in self.about.items()}})

    def rows(self, name: str) -> int:
        """How many rows will come."""
        return int(self.run.table(name).count_rows(filter=self._wanted(name)))

    def batches(self, name: str, *, is_told: bool = True) -> Iterator[pa.RecordBatch]:
        """The rows in their order, batch by batch; a batch is never empty."""
        scanner = self.run.table(name).scanner(
            filter=self._wanted(name),
            batch_size=BATCH_ROWS,
            batch_readahead=1,
            fragment_readahead=1,
            use_threads=False,
        )
        schema = self.schema(name)
        for batch in scanner.to_batches():
            if batch.num_rows:
                yield batch.replace_schema_metadata(schema.metadata)
                if is_told:
                    self.tell(batch.num_rows)

    def reader(self, name: str) -> pa.RecordBatchReader:
        """The same as one stream."""
        return pa.RecordBatchReader.from_batches(self.schema(name), self.batches(name))

    def _wanted(self, name: str) -> object:
        schema = self.run.table(name).schema
        return rows_asked(schema, self.days) if DAY in schema.names else None
