"""Who measures a run: looks at the model at the end of every day, notes what the asked outcomes need, and no more."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ...model import CarouselModel
from .outcomes.outcome import Outcome, Value
from .outcomes.registry import outcome_of
from .outcomes.seen import Seen
from .outcomes.tracks import NOTE, Track


class Watch:
    """An observer of one model: `model.observers.append(Watch(model, ...))`, then `scalars()` after the last day."""

    def __init__(self, model: CarouselModel, *, outcomes: Sequence[str] = (), series: Sequence[str] = ()) -> None:
        """Prepare to measure what is asked for by full name, and note the opening.

        Raises: UnknownOutcome.
        """
        self._model = model
        self._outcomes = {name: outcome_of(name) for name in outcomes}
        self._series = {name: outcome_of(name) for name in series}
        needed = {track for outcome in self._outcomes.values() for track in outcome.tracks}
        needed |= {track for outcome in self._series.values() for track in outcome.series_tracks}
        self._notes: dict[Track, list[Any]] = {track: [] for track in Track if track in needed}
        self._taken = [(NOTE[track], notes) for track, notes in self._notes.items()]
        self._at_day: tuple[int, Seen] | None = None
        self(model)

    def __call__(self, model: CarouselModel) -> None:
        """Note the day that has just ended."""
        for note, notes in self._taken:
            notes.append(note(model))

    def scalars(self) -> dict[str, Value]:
        """The asked outcomes by name, in the order asked for; None where there is nothing to measure."""
        seen = self._seen()
        measured = {o.pattern: o.measure(seen) for o in _once(self._outcomes)}
        return {
            name: _plain(measured[outcome.pattern].get(_label(name, outcome), outcome.absent))
            for name, outcome in self._outcomes.items()
        }

    def tracks(self) -> dict[str, np.ndarray]:
        """The asked series by name: one value a day from the opening on, int64 or float64; empty where this world has
        nothing of that name."""
        seen = self._seen()
        courses = {o.pattern: o.series(seen) for o in _once(self._series) if o.series is not None}
        return {
            name: np.asarray(
                courses[outcome.pattern].get(_label(name, outcome), ()), np.int64 if outcome.is_whole else np.float64
            )
            for name, outcome in self._series.items()
        }

    def _seen(self) -> Seen:
        """The run up to today; what several outcomes use is worked out once a day."""
        day = self._model.clock.day
        if self._at_day is None or self._at_day[0] != day:
            self._at_day = day, Seen(self._model, self._notes, list(self._outcomes))
        return self._at_day[1]


def _once(outcomes: dict[str, Outcome]) -> list[Outcome]:
    return list({outcome.pattern: outcome for outcome in outcomes.values()}.values())


def _label(name: str, outcome: Outcome) -> str:
    return name[len(outcome.stem) + 1 :]


def _plain(value: Value) -> Value:
    """Not-a-number is nothing."""
    return None if value is not None and value != value else value
