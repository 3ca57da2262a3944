"""A run as it was seen: the model at its end, beside what was noted every day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any, TypeVar

import numpy as np

from ....model import CarouselModel
from ....narrative.chronicle import Event
from ....report.measures_market import Fall, peak_and_trough, relative_value
from ....report.measures_promises import BUILDING, planned_mw
from ....report.measures_turn import Regime, regime_of
from .tracks import Track

Worked = TypeVar("Worked")


class Seen:
    """What outcomes are measured from; what several of them use is worked out once."""

    def __init__(self, model: CarouselModel, notes: Mapping[Track, Sequence[Any]], names: Sequence[str] = ()) -> None:
        """`notes` has one entry a day from the opening on; `names` are the outcomes that are asked for."""
        self.model = model
        self._names = names
        self._notes = notes
        self._arrays: dict[Track, np.ndarray] = {}
        self._worked_out: dict[str, Any] = {}

    def daily(self, track: Track) -> np.ndarray:
        """A track as one array, days first."""
        if track not in self._arrays:
            self._arrays[track] = _array(self._notes[track])
        return self._arrays[track]

    def notes(self, track: Track) -> Sequence[Any]:
        """A track as it was noted, day by day."""
        return self._notes[track]

    def monthly(self, track: Track) -> np.ndarray:
        """A track that is noted on some days only, those days first."""
        return _array([note for note in self._notes[track] if note is not None])

    def asked(self, stem: str) -> list[str]:
        """Labels that are asked for of one outcome: for who measures each at a cost of its own."""
        return [name.removeprefix(f"{stem}.") for name in self._names if name.startswith(f"{stem}.")]

    def once(self, name: str, work_out: Callable[[Seen], Worked]) -> Worked:
        """What several outcomes need, worked out at the first call of that name."""
        if name not in self._worked_out:
            self._worked_out[name] = work_out(self)
        found: Worked = self._worked_out[name]
        return found

    @cached_property
    def listed(self) -> list[str]:
        """Names of listed firms in the order of the price board."""
        return [firm.name for firm in self.model.cast.listed]

    @cached_property
    def labs(self) -> list[str]:
        """Names of labs."""
        return [lab.name for lab in self.model.cast.labs]

    @cached_property
    def listed_values(self) -> np.ndarray:
        """Market value of every listed firm, int64 cents (days, F)."""
        return np.asarray(self.daily(Track.PRICES) * self.daily(Track.OUTSTANDING))

    @cached_property
    def lab_values(self) -> np.ndarray:
        """Marked value of every lab, int64 cents (days, labs)."""
        values = self.daily(Track.LAB_VALUES)
        return values.reshape(len(values), -1).astype(np.int64)

    @cached_property
    def circle_cents(self) -> np.ndarray:
        """Market value of the circle, labs included, float (days,)."""
        rows = [firm.index for firm in self.model.cast.circle]
        return np.asarray(self.listed_values[:, rows].sum(axis=1) + self.lab_values.sum(axis=1), dtype=float)

    @cached_property
    def relative(self) -> np.ndarray:
        """The circle's value over the rest of the index, 1 at the start, float (days,)."""
        rows = sorted(set(range(len(self.listed))) - {firm.index for firm in self.model.cast.circle})
        return relative_value(self.circle_cents, self.listed_values[:, rows].sum(axis=1).astype(float))

    @property
    def has_market(self) -> bool:
        """Whether anything in this world has a value that could fall."""
        return bool(self.listed or self.labs)

    @cached_property
    def fall(self) -> Fall:
        """The circle's deepest fall."""
        return self.fall_of(self.circle_cents)

    @cached_property
    def relative_fall(self) -> Fall:
        """The circle's deepest fall against the rest."""
        return self.fall_of(self.relative)

    def fall_of(self, values: np.ndarray) -> Fall:
        """The deepest fall of a daily series."""
        return peak_and_trough(np.arange(len(values)), values)

    @cached_property
    def events(self) -> list[Event]:
        """All events in the order in which they happened."""
        return [event for day in self._notes[Track.EVENTS] for event in day]

    @cached_property
    def times(self) -> Mapping[str, int]:
        """How often each kind of event happened."""
        return Counter([event.kind.value for event in self.events])

    @cached_property
    def capacity_mw(self) -> tuple[int, int]:
        """(contracted, delivered) MW of all compute contracts and own building plans."""
        built = [c.row() for c in self.model.contracts.promises if c.label in BUILDING]
        return sum(row.contracted_mw for row in built), sum(row.delivered_mw for row in built)

    @cached_property
    def planned_mw(self) -> float | None:
        """MW that should be in service by the plans; None before anything is due."""
        return planned_mw(self.model.scenario_data, self.model.clock.date)

    @cached_property
    def regime(self) -> Regime:
        """How the run went."""
        planned, delivered = self.planned_mw, self.capacity_mw[1]
        share = delivered / planned if planned else None
        return regime_of(self.times, share, has_promises=bool(self.model.contracts.promises))


def _array(notes: Sequence[Any]) -> np.ndarray:
    """Notes as one array; where accounts have been opened since, their past is 0."""
    try:
        return np.array(notes)
    except ValueError:
        width = max(len(note) for note in notes)
        return np.array([np.pad(note, (0, width - len(note))) for note in notes])
