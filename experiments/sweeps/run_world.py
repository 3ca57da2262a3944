"""One run of a sweep: a world, a seed, and what is measured of it. No recorder, no answer."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ...model import CarouselModel, run
from ...scenarios.schema import Scenario
from .outcomes.outcome import Value
from .watch import Watch


@dataclass(frozen=True, slots=True)
class Measured:
    """What a run came to."""

    scalars: Mapping[str, Value]
    """Outcomes by name."""
    tracks: Mapping[str, np.ndarray]
    """Daily series by name, from the opening on."""
    digest: str
    """Fingerprint of the run: equal for the same world and seed, whatever was measured."""


class Fingerprint:
    """An observer that hashes every account's cash and every price at the end of every day.

    Cash holds every payment of the run and prices every trade, so two runs that differ anywhere differ here, at a
    hundredth of what a digest of the whole history costs.
    """

    def __init__(self, model: CarouselModel) -> None:
        self._hash = hashlib.sha256()
        self(model)

    def __call__(self, model: CarouselModel) -> None:
        """Take in the day that has just ended."""
        journal, board = model.books.journal, model.prices
        self._hash.update(journal.balances[: journal.n_accounts].astype("<i8").tobytes())
        self._hash.update(board.price_cents.astype("<i8").tobytes())
        self._hash.update(board.etf_price_cents.to_bytes(8, "little"))

    def hexdigest(self) -> str:
        """The fingerprint so far, 64 hex digits."""
        return self._hash.hexdigest()


def run_world(scenario: Scenario, seed: int, outcomes: Sequence[str] = (), series: Sequence[str] = ()) -> Measured:
    """Run a world once, in this process; `outcomes` and `series` are full names (`names_of`, `series_names_of`).

    A name that this world does not have is measured as nothing: None, an amount paid or promised as 0, a series as
    empty.

    Raises: UnknownOutcome; whatever the run raises.
    """
    model = CarouselModel(scenario, rng=seed)
    watch, fingerprint = Watch(model, outcomes=outcomes, series=series), Fingerprint(model)
    model.observers += [watch, fingerprint]
    run(model)
    return Measured(watch.scalars(), watch.tracks(), fingerprint.hexdigest())
