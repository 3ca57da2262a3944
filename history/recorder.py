"""Who writes the run down: looks at the model at the end of every day, and never touches it.

A day is looked at, no more; once a year the days since become blocks of whole columns, which go to the digest and,
as far as they are kept, to a sink. The digest and the chain know the whole history, whatever is kept.
"""

from __future__ import annotations

from typing import Any

from ..engine.calendar import DAYS_PER_MONTH, DAYS_PER_QUARTER
from ..model import CarouselModel
from .choice import Choice
from .days import ALWAYS, Days, Takers
from .digest import Chain, HistoryDigest
from .kept import Kept
from .sinks import MemorySink, Sink, Tables
from .table import Rhythm, Table, day_number
from .tables import ANSWERING, TABLES
from .tables.households import HOLDERS_CHANGED

BLOCK_DAYS = 256
"""Days gathered before they become blocks: a year with its opening is one block."""
HOLDER_DAYS_MAX = 5_000_000
"""Household-days gathered at most where everybody is kept: bounds the memory of a large crowd."""


class Recorder:
    """An observer of one model: `model.observers.append(recorder)`, then `finish()` after the last day."""

    def __init__(
        self,
        model: CarouselModel,
        sink: Sink | None = None,
        choice: Choice | None = None,
        *,
        block_days: int = BLOCK_DAYS,
    ) -> None:
        """Prepare to record `model`, and take down its opening. `sink` None keeps nothing but the digest.

        Raises: ChoiceError for a name that is none; ValueError if `block_days` is below 1.
        """
        if block_days < 1:
            raise ValueError(f"block_days is {block_days}; allowed: 1 and above")
        choice = Choice() if choice is None else choice
        self.sink = sink
        self.kept = Kept(choice, model)
        self._answering: Sink | None = sink
        if sink is not None and not _answers(self.kept):
            self._answering = MemorySink()
        self._model = model
        self._digest = HistoryDigest()
        self._chain = Chain()
        kept = self.kept.tables if sink is not None else {}
        answering = ANSWERING if self._answering is not sink else ()
        self._tables = [t for name, t in TABLES.items() if t.is_digested or name in kept or name in answering]
        self._monthly, self._daily = self._takers(choice)
        self._by_rows = {
            rhythm: [(table.name, table.rows) for table in self._tables if table.rows and table.rhythm is rhythm]
            for rhythm in Rhythm
        }
        self._block_days = block_days
        if HOLDERS_CHANGED.name in kept and model.cast.holders is not None:
            self._block_days = min(block_days, max(1, HOLDER_DAYS_MAX // model.cast.holders.n))
        self._days = Days(model)
        self._is_finished = False
        self(model)

    def __call__(self, model: CarouselModel) -> None:
        """Look at the day that has just ended."""
        day = model.clock.day
        is_monthly = day % DAYS_PER_MONTH == 0 or day == model.clock.days
        rows = self._rows(Rhythm.DAILY)
        if is_monthly:
            rows |= self._rows(Rhythm.MONTHLY)
        if day % DAYS_PER_QUARTER == 0 or day == model.clock.days:
            rows |= self._rows(Rhythm.QUARTERLY)
        self._days.add(day_number(model.clock.date), self._monthly if is_monthly else self._daily, rows)
        self._chain.add(model, with_households=day % DAYS_PER_MONTH == 0)
        if len(self._days) >= self._block_days:
            self._hand_on()

    def finish(self) -> str:
        """Take down the announcements, hand on what is pending, close the sink; returns the digest.

        Raises: RuntimeError if called twice.
        """
        if self._is_finished:
            raise RuntimeError("this recording is already finished")
        self._is_finished = True
        self._hand_on()
        model = self._model
        end = Days(model)
        end.add(day_number(model.clock.date), {}, self._rows(Rhythm.AT_END))
        for table in self._tables:
            if table.rhythm is Rhythm.AT_END:
                self._write(table, end)
        for sink in {id(sink): sink for sink in (self.sink, self._answering) if sink is not None}.values():
            sink.close()
        return self.digest()

    def digest(self) -> str:
        """SHA-256 of the history recorded so far, 64 hex digits."""
        self._hand_on()
        return self._digest.hexdigest()

    @property
    def chain(self) -> list[str]:
        """One link for each day so far, the opening's first: 16 hex digits that depend on all that came before."""
        return self._chain.links

    def tables(self) -> Tables:
        """The whole history, as the answer and the figures read it, whatever is kept; after `finish`.

        Raises: ValueError if nothing but the digest was kept.
        """
        if self._answering is None:
            raise ValueError("this recorder kept only the digest: there are no tables to answer from")
        return self._answering.tables()

    def _takers(self, choice: Choice) -> tuple[Takers, Takers]:
        """How each look is taken on a month's end and on another day: a class remembers from day to day, so this
        recording has one of its own. What only monthly tables need is not taken on other days."""
        looks = dict.fromkeys((*ALWAYS, *(look for table in self._tables for look in table.looks)))
        monthly = {look: look(self._model, choice) if isinstance(look, type) else look for look in looks}
        often = {
            *ALWAYS,
            *(look for table in self._tables if table.rhythm is not Rhythm.MONTHLY for look in table.looks),
        }
        return monthly, {look: take if look in often else _not_today for look, take in monthly.items()}

    def _rows(self, rhythm: Rhythm) -> dict[str, list[tuple[Any, ...]]]:
        """Today's rows of the tables of a rhythm that are filled row by row."""
        found = {}
        for name, rows in self._by_rows[rhythm]:
            if today := list(rows(self._model)):
                found[name] = today
        return found

    def _hand_on(self) -> None:
        """The days looked at become blocks, for the digest and the sink."""
        days = self._days
        if not len(days):
            return
        self._days = Days(self._model)
        for table in self._tables:
            if table.rhythm is not Rhythm.AT_END:
                self._write(table, days)

    def _write(self, table: Table, days: Days) -> None:
        block = table.block(days)
        if block is None:
            return
        self._digest.add(table, block)
        if self.sink is not None and (kept := self.kept.of(table, block)) is not None:
            self.sink.write(self.kept.tables[table.name], kept)
        if self._answering is not None and self._answering is not self.sink and table.name in ANSWERING:
            self._answering.write(table, block)


def _not_today(model: CarouselModel) -> None:
    """What is taken of a look that no table asks for today."""


def _answers(kept: Kept) -> bool:
    """Whether the answer can be read from what is kept."""
    return kept.choice.is_whole and all(kept.tables.get(name) == TABLES[name] for name in ANSWERING)


def observe(model: CarouselModel, sink: Sink | None = None, choice: Choice | None = None) -> Recorder:
    """Attach a recorder to a model that has not begun its first day."""
    recorder = Recorder(model, MemorySink() if sink is None else sink, choice)
    model.observers.append(recorder)
    return recorder
