"""A contract in force: its terms, where it stands, and what is still to come of it, one event after the other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from .course import Event, opening, step
from .schedule import Slot, schedule
from .terms import NOTHING_SEEN, Terms


class Standing:
    """Keeps the place of a contract in its own course; whoever it belongs to says when time has passed."""

    def __init__(self, terms: Terms) -> None:
        self.terms = terms
        self._slots = _slots_of(_outline(terms))
        self.state = opening(terms, self._slots)
        self._next = sum(slot.time <= terms.status_time for slot in self._slots)

    @property
    def is_over(self) -> bool:
        """Whether nothing is still to come of it."""
        return self._next == len(self._slots)

    def pass_until(self, time: int) -> Iterator[Event]:
        """Everything that happens by a time."""
        slots = self._slots
        while self._next < len(slots) and slots[self._next].time <= time:
            event = step(self.state, self.terms, NOTHING_SEEN, slots[self._next], slots)
            self.state, self._next = event.state, self._next + 1
            yield event

    def write_down(self, notional: float) -> None:
        """Of what is owed only so much is kept."""
        self.state = self.state.owing(notional, self.terms)


def _outline(terms: Terms) -> Terms:
    """Terms as far as a schedule depends on them, where the end is known: many contracts share one."""
    if terms.maturity is None or terms.rate_per_year is None:
        return terms
    return replace(terms, name="", notional=1.0, rate_per_year=0.0)


@lru_cache(maxsize=256)
def _slots_of(terms: Terms) -> tuple[Slot, ...]:
    return tuple(schedule(terms, NOTHING_SEEN))
