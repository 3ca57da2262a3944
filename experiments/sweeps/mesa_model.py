"""Carousel for whoever has tools of his own: a Mesa model that also tells the outcomes of sweeps.

Mesa's `batch_run` finds them in its rows; `measured` has them for any sampler that calls a function.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from mesa.datacollection import DataCollector

from ...model import CarouselModel, run
from ...scenarios.schema import Scenario
from .outcomes.outcome import Value
from .outcomes.registry import names_of
from .watch import Watch

OUTCOMES = ("regime", "payer_share.*")


class MeasuredModel(CarouselModel):
    """A model whose collector has a column for each outcome: nothing until the last day, then what the run came to.

    `outcomes` are names or patterns as in a sweep file; payer shares are told under the rule `tracing`. The other
    parameters are those of `CarouselModel`. For `mesa.batch_run` several outcomes are one value of a parameter:
    `{"outcomes": [("regime", "payer_share.*")]}`.

    Raises: UnknownOutcome; as CarouselModel.
    """

    def __init__(
        self,
        scenario: str | Scenario = "ai-2025",
        *,
        outcomes: str | Sequence[str] = OUTCOMES,
        tracing: str = "pro-rata",
        **parameters: Any,
    ) -> None:
        super().__init__(scenario, tracing=tracing, **parameters)
        patterns = (outcomes,) if isinstance(outcomes, str) else tuple(outcomes)
        names = names_of(patterns, self.scenario_data, tracing=[tracing])
        self._watch = Watch(self, outcomes=names)
        self._seen_until, self._measured = 0, dict[str, Value]()
        own = self.datacollector.model_reporters
        self.datacollector = DataCollector(own | {name: partial(_told, name) for name in names})

    def outcome(self, name: str) -> Value:
        """An outcome of the run by its full name; None before the last day has ended."""
        if self._seen_until < self.clock.day:
            self._watch(self)
            self._seen_until = self.clock.day
        if self.clock.is_over and not self._measured:
            self._measured = self._watch.scalars()
        return self._measured.get(name)


def _told(name: str, model: MeasuredModel) -> Value:
    """What the collector asks for at the end of every day."""
    return model.outcome(name)


def measured(scenario: str | Scenario = "ai-2025", **parameters: Any) -> dict[str, Value]:
    """Run a `MeasuredModel` of these parameters to its end: its outcomes by name.

    Raises: as MeasuredModel; whatever the run raises.
    """
    model = MeasuredModel(scenario, **parameters)
    run(model)
    return {name: column[-1] for name, column in model.datacollector.model_vars.items()}


__all__ = ["MeasuredModel", "measured"]
