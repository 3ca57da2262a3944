"""Who writes the run down: looks at the model at the end of every day, and never touches it.

Rows are gathered in blocks and handed to a sink; the digest of the whole history is kept along the way.
"""

from __future__ import annotations

import numpy as np

from ..engine.calendar import DAYS_PER_MONTH
from ..engine.chance import uniforms
from ..model import CarouselModel
from .blocks import Pending, day_number
from .columns import Rhythm, Table
from .digest import HistoryDigest
from .sinks import MemorySink, Sink
from .tables import TABLES
from .tables.households import HOLDERS, HOLDERS_ALL, Looked
from .tables.journal import JOURNAL, payments

SAMPLE_MAX = 100
BLOCK_DAYS = 63
"""Days gathered before a block is handed on: a quarter."""
SAMPLE_STREAM = 1_000
"""Decision number of the draw that picks the sample; above every number that an agent's draw uses."""


class Recorder:
    """An observer of one model: `model.observers.append(recorder)`, then `finish()` after the last day."""

    def __init__(
        self,
        model: CarouselModel,
        sink: Sink | None = None,
        *,
        sample: int = SAMPLE_MAX,
        full_every_days: int | None = None,
        block_days: int = BLOCK_DAYS,
    ) -> None:
        """Prepare to record `model`, and take down its opening.

        `sink` None keeps nothing but the digest. `sample` holders (at most 100, a fixed keyed choice) are written
        daily; all of them every `full_every_days` days when asked.

        Raises: ValueError if `sample` is outside 0 to 100 or an interval is below 1.
        """
        if not 0 <= sample <= SAMPLE_MAX:
            raise ValueError(f"sample is {sample}; allowed: 0 to {SAMPLE_MAX}")
        for name, interval in (("full_every_days", full_every_days), ("block_days", block_days)):
            if interval is not None and interval < 1:
                raise ValueError(f"{name} is {interval}; allowed: 1 and above")
        self.sink = sink
        self.full_every_days = full_every_days
        self.block_days = block_days
        self._model = model
        self._digest = HistoryDigest()
        self._pending = {name: Pending(table) for name, table in TABLES.items()}
        self._days_pending = 0
        self._is_finished = False
        holders = model.cast.holders
        self.sample_rows = sampled_rows(model.clock.seed, holders.n if holders is not None else 0, sample)
        self(model)

    def __call__(self, model: CarouselModel) -> None:
        """Write down the day that has just ended."""
        rhythms = {Rhythm.DAILY}
        if model.clock.day % DAYS_PER_MONTH == 0 or model.clock.day == model.clock.days:
            rhythms.add(Rhythm.MONTHLY)
        self._record_rows(model, rhythms)
        if (paid := payments(model)) is not None:
            self._add_columns(model, JOURNAL, paid)
        if model.cast.holders is not None:
            if len(self.sample_rows):
                self._add_columns(model, HOLDERS, Looked(model.cast.holders, self.sample_rows))
            if self.full_every_days and model.clock.day % self.full_every_days == 0:
                self._add_columns(model, HOLDERS_ALL, Looked(model.cast.holders, np.arange(model.cast.holders.n)))
        self._days_pending += 1
        if self._days_pending >= self.block_days:
            self._flush()

    def finish(self) -> str:
        """Take down the announcements, hand on what is pending, close the sink; returns the digest.

        Raises: RuntimeError if called twice.
        """
        if self._is_finished:
            raise RuntimeError("this recording is already finished")
        self._is_finished = True
        self._record_rows(self._model, {Rhythm.AT_END})
        self._flush()
        if self.sink is not None:
            self.sink.close()
        return self.digest()

    def digest(self) -> str:
        """SHA-256 of the history recorded so far, 64 hex digits."""
        self._flush()
        return self._digest.hexdigest()

    def _record_rows(self, model: CarouselModel, rhythms: set[Rhythm]) -> None:
        """Today's rows of every table of these rhythms."""
        today = day_number(model.clock.date)
        for name, table in TABLES.items():
            if table.rows is not None and table.rhythm in rhythms:
                self._pending[name].add_rows(list(table.rows(model)), model.clock.day, today)

    def _add_columns(self, model: CarouselModel, table: Table, source: object) -> None:
        self._pending[table.name].add_columns(table.block(source), model.clock.day, day_number(model.clock.date))

    def _flush(self) -> None:
        """Hand the pending rows of every table to the digest and the sink."""
        for name, pending in self._pending.items():
            if (block := pending.take()) is not None:
                self._digest.add(TABLES[name], block)
                if self.sink is not None:
                    self.sink.write(TABLES[name], block)
        self._days_pending = 0


def sampled_rows(seed: int, holders: int, sample: int) -> np.ndarray:
    """Rows of the holders to follow, int64, ascending: one keyed pick from each of `sample` equal parts."""
    if holders <= sample or not sample:
        return np.arange(min(holders, sample), dtype=np.int64)
    luck = uniforms(seed, SAMPLE_STREAM, 0, np.arange(sample, dtype=np.int64))
    edges = np.arange(sample + 1, dtype=np.int64) * holders // sample
    rows: np.ndarray = edges[:-1] + np.minimum((luck * np.diff(edges)).astype(np.int64), np.diff(edges) - 1)
    return rows


def observe(model: CarouselModel, sink: Sink | None = None, **options: int) -> Recorder:
    """Attach a recorder to a model that has not begun its first day."""
    recorder = Recorder(model, MemorySink() if sink is None else sink, **options)
    model.observers.append(recorder)
    return recorder
