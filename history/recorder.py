"""Who writes the run down: looks at the model at the end of every day, and never touches it.

Rows are gathered in blocks and handed to a sink; the digest of the whole history is kept along the way.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from ..engine.chance import uniforms
from ..ledger.causes import Cause
from ..ledger.journal import CAUSE, CENTS, CONTRACT, LAP_STEP, PAYEE, PAYER
from . import tables as t
from .digest import MISSING_INTEGER, Block, HistoryDigest, day_number
from .sinks import MemorySink, Sink

if TYPE_CHECKING:
    from ..model import CarouselModel

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
        self._rows: dict[str, list[Sequence[object]]] = {name: [] for name in t.TABLES}
        self._columns: dict[str, list[Block]] = {name: [] for name in t.TABLES}
        self._days_pending = 0
        self._is_finished = False
        holders = model.holders
        self.sample_rows = sampled_rows(model.seed, holders.n if holders is not None else 0, sample)
        self._class_of: np.ndarray = np.zeros((0, len(t.TRACED_CLASSES)), dtype=np.int64)
        self._contracts: dict[tuple[bool, int], str] = {}
        self._dates: dict[int, int] = {}
        self(model)

    def __call__(self, model: CarouselModel) -> None:
        """Write down the day that has just ended."""
        today = self._dates[model.day] = day_number(model.date)
        for name in t.MODEL_TABLES:
            self._rows[name].extend((row[0], today, *row[1:]) for row in model.table_rows(name))
        self._rows["events"].extend((row[0], today, *row[1:]) for row in model.new_events)
        self._record_journal(model, today)
        self._record_holders(model)
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
        for number, day, *rest in self._model.announcement_rows():
            self._rows["announcements"].append((number, day, self._dates[day], *rest))
        self._flush()
        if self.sink is not None:
            self.sink.close()
        return self.digest()

    def digest(self) -> str:
        """SHA-256 of the history recorded so far, 64 hex digits."""
        self._flush()
        return self._digest.hexdigest()

    def _record_journal(self, model: CarouselModel, today: int) -> None:
        """The day's payments, each with its origin classes and the part already recycled."""
        day = model.day_entries
        if day is None or len(day.entries) == 0:
            return
        entries, names = day.entries, model.books.journal.names
        parts = day.slices[model.tracing]
        owners, classes = parts.entries(), self._classes(model, parts.n_origins)
        by_class = np.zeros((len(entries), len(t.TRACED_CLASSES)), np.int64)
        np.add.at(by_class, owners, classes[parts.origins()] * parts.cents[:, None])
        recycled = np.zeros(len(entries), np.int64)
        np.add.at(recycled, owners, np.where(parts.laps() > 0, parts.cents, 0))
        block: dict[str, object] = {
            "day": np.full(len(entries), model.day, dtype=np.int64),
            "date": np.full(len(entries), today, dtype=np.int64),
            "cause": [CAUSE_NAMES[c] for c in entries[:, CAUSE].tolist()],
            "payer": [names[i] for i in entries[:, PAYER].tolist()],
            "payee": [names[i] for i in entries[:, PAYEE].tolist()],
            "contract": [self._contract(model, c, i) for c, i in entries[:, [CAUSE, CONTRACT]].tolist()],
            "cents": entries[:, CENTS],
            "lap_step": entries[:, LAP_STEP],
            "recycled_cents": recycled,
        }
        for k, origin_class in enumerate(t.TRACED_CLASSES):
            block[t.origin_column(origin_class)] = by_class[:, k]
        self._columns["journal"].append(block)  # type: ignore[arg-type]

    def _record_holders(self, model: CarouselModel) -> None:
        """The sample today; everybody when the interval is over."""
        if model.holders is None:
            return
        if len(self.sample_rows):
            self._columns["holders"].append(_holder_block(model, self.sample_rows))
        if self.full_every_days and model.day % self.full_every_days == 0:
            self._columns["holders_all"].append(_holder_block(model, np.arange(model.holders.n)))

    def _flush(self) -> None:
        """Hand the pending rows of every table to the digest and the sink."""
        for name, table in t.TABLES.items():
            blocks = self._columns[name]
            if self._rows[name]:
                blocks = [*blocks, _block_of_rows(table, self._rows[name])]
                self._rows[name] = []
            self._columns[name] = []
            if not blocks:
                continue
            block = blocks[0] if len(blocks) == 1 else _joined(table, blocks)
            self._digest.add(table, block)
            if self.sink is not None:
                self.sink.write(table, block)
        self._days_pending = 0

    def _classes(self, model: CarouselModel, origins: int) -> np.ndarray:
        """Origin -> class indicator, int64 (origins, classes); grows when an outside account is opened later."""
        if len(self._class_of) != origins:
            journal = model.books.journal
            self._class_of = np.zeros((origins, len(t.TRACED_CLASSES)), dtype=np.int64)
            for i, account in enumerate(journal.origin_accounts[:origins]):
                origin_class = journal.origin_class(account)
                if origin_class in t.TRACED_CLASSES:
                    self._class_of[i, t.TRACED_CLASSES.index(origin_class)] = 1
        return self._class_of

    def _contract(self, model: CarouselModel, cause: int, number: int) -> str:
        """Name of the contract of an entry; a trade's is the security that changed hands."""
        if number < 0:
            return ""
        is_trade = cause in SECURITY_CAUSES
        if (is_trade, number) not in self._contracts:
            name = model.books.registers.names[number] if is_trade else model.contract_name(number)
            self._contracts[is_trade, number] = name
        return self._contracts[is_trade, number]


SECURITY_CAUSES = (Cause.TRADE_PAY, Cause.TRADE_RECEIVE, Cause.ETF_CASH)
"""Entries whose contract number is the number of a security: market/ writes them."""
CAUSE_NAMES = {int(cause): cause.name.lower() for cause in Cause}


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


def _holder_block(model: CarouselModel, rows: np.ndarray) -> Block:
    holders = model.holders
    assert holders is not None
    return {
        "day": np.full(len(rows), model.day, dtype=np.int64),
        "holder": rows,
        "cash_cents": holders.cash_cents[rows].astype(np.int64),
        "etf_shares": holders.etf_shares[rows].astype(np.int64),
        "state": holders.state[rows].astype(np.int64),
    }


def _block_of_rows(table: t.Table, rows: Sequence[Sequence[object]]) -> Block:
    """Rows as columns. A wrong number of values is the model's fault and must not pass.

    Raises: ValueError if a row is too long or too short.
    """
    width = len(table.columns)
    for row in rows:
        if len(row) != width:
            raise ValueError(f"table {table.name}: a row has {len(row)} values; allowed: {width} ({table.names})")
    return {c.name: CONVERT[c.type](values) for c, values in zip(table.columns, zip(*rows, strict=True), strict=True)}


def _integers(values: Sequence[object]) -> np.ndarray:
    """An integer column. A float would lose its cents silently, so it is refused.

    Raises: TypeError if a value is no integer.
    """
    found = np.array([MISSING_INTEGER if v is None else v for v in values])
    if found.dtype.kind not in "iu":
        wrong = next(v for v in values if v is not None and not isinstance(v, int | np.integer))
        raise TypeError(f"an integer column was given {wrong!r}")
    return found.astype(np.int64)


def _numbers(values: Sequence[object]) -> np.ndarray:
    return np.array([np.nan if v is None else v for v in values], dtype=np.float64)


def _texts(values: Sequence[object]) -> list[str]:
    return ["" if v is None else str(v) for v in values]


CONVERT: dict[t.ColumnType, Callable[[Sequence[object]], np.ndarray | list[str]]] = {
    t.ColumnType.INTEGER: _integers,
    t.ColumnType.DATE: _integers,
    t.ColumnType.NUMBER: _numbers,
    t.ColumnType.TEXT: _texts,
}


def _joined(table: t.Table, blocks: Sequence[Block]) -> Block:
    """Several blocks as one."""
    out: dict[str, object] = {}
    for column in table.columns:
        parts = [block[column.name] for block in blocks]
        if column.type is t.ColumnType.TEXT:
            out[column.name] = [text for part in parts for text in part]
        else:
            out[column.name] = np.concatenate(parts)  # type: ignore[arg-type]
    return out  # type: ignore[return-value]
