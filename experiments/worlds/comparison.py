"""What a world is put beside: its twin without the circle's deals, or another world."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ...scenarios.errors import ScenarioError
from ...scenarios.schema import Scenario
from ...scenarios.schema_world import DEALS
from ...scenarios.validated import validated

PROMISES = tuple(kind for kind, deal in DEALS.items() if deal.is_promise)
"""Lists of a scenario that are promises."""
WITHOUT = "without the circle's deals"


@dataclass(frozen=True, slots=True)
class Comparison:
    """The world beside which another is put, and in words what is otherwise in it: "without the circle's deals"."""

    scenario: Scenario
    words: str

    @property
    def is_twin(self) -> bool:
        """Whether it is the same world without the circle's deals."""
        return self.words == WITHOUT


def promises_something(scenario: Scenario) -> bool:
    """Whether anything is promised in a world, so that it has a twin without."""
    return any(getattr(scenario, kind) for kind in PROMISES)


def twin_of(scenario: Scenario) -> Scenario:
    """The same world without the circle's deals: nothing is promised or changed in promises, and agents make no deals.

    Raises: ScenarioError where nothing is promised anyway.
    """
    if not promises_something(scenario):
        allowed = f"a scenario that promises something ({', '.join(PROMISES)}), to be compared with its twin without"
        raise ScenarioError(scenario.name, PROMISES[0], "none", allowed)
    data = scenario.model_dump() | dict.fromkeys(PROMISES, ())
    data["behaviour"] = data["behaviour"] | {"deal_making": 0}
    changes = [(entry, _without_promises(entry)) for entry in data["on"]]
    data["on"] = [left for entry, left in changes if left == entry or left["set"] or left["times"]]
    return validated(data, "twin")


def _without_promises(entry: dict[str, Any]) -> dict[str, Any]:
    """A dated change without what it changes in promises."""
    kept = {
        kind: {path: value for path, value in entry[kind].items() if path.split(".")[0] not in PROMISES}
        for kind in ("set", "times")
    }
    return entry | kept


def with_twin(scenario: Scenario) -> Comparison | None:
    """The twin of a world; none where nothing is promised.  Raises: ScenarioError."""
    return Comparison(twin_of(scenario), WITHOUT) if promises_something(scenario) else None


def with_another(other: Scenario, said: Sequence[str]) -> Comparison:
    """Another world, called by the words that make it."""
    are_changes = all("=" in word for word in said)
    return Comparison(other, f"{'with' if are_changes else 'of'} {' and '.join(said)}")
