"""What must hold between the rules of trading."""

from __future__ import annotations

from collections.abc import Iterator

from .errors import Fault, shown
from .schema_world import World


def ladders(s: World) -> Iterator[Fault]:
    """The last rung of a ladder lies above a price of nothing."""
    rules = s.behaviour
    reach = rules.ladder_step * rules.ladder_growth ** (rules.ladder_rungs - 1)
    if reach >= 1:
        allowed = "ladder_step * ladder_growth ** (ladder_rungs - 1) below 1"
        yield Fault("behaviour.ladder_growth", shown(rules.ladder_growth), allowed)
