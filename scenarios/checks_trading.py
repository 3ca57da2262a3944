"""What must hold between the rules of trading."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from .behaviour import Behaviour
from .errors import Fault, shown


class HasRules(Protocol):
    """A scenario, as far as its rules go."""

    @property
    def behaviour(self) -> Behaviour:
        """The behaviour table."""


def ladders(scenario: HasRules) -> Iterator[Fault]:
    """The last rung of a ladder lies above a price of nothing."""
    rules = scenario.behaviour
    reach = rules.ladder_step * rules.ladder_growth ** (rules.ladder_rungs - 1)
    if reach >= 1:
        allowed = "ladder_step * ladder_growth ** (ladder_rungs - 1) below 1"
        yield Fault("behaviour.ladder_growth", shown(rules.ladder_growth), allowed)
