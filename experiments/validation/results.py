"""What a validation found: each group's checks, and what became of each planted fault."""

from __future__ import annotations

from dataclasses import dataclass

from .checks import Check
from .groups import Group
from .planted_faults import PlantedFault


@dataclass(frozen=True, slots=True)
class GroupResult:
    """What a group measured; `fault` says why it broke off, if it did."""

    group: Group
    checks: tuple[Check, ...]
    seconds: float
    seeds: tuple[int, ...] = ()
    fault: str = ""


@dataclass(frozen=True, slots=True)
class PlantedResult:
    """A planted fault against one group: the checks that the sound machine passes, and which of them fail with it."""

    planted: PlantedFault
    group: str
    passed_soundly: tuple[str, ...]
    failed: tuple[str, ...]
    seconds: float
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Validation:
    """Everything a validation found."""

    size: str
    results: tuple[GroupResult, ...]
    planted: tuple[PlantedResult, ...]
    seconds: float

    @property
    def measured(self) -> dict[str, tuple[Check, ...]]:
        """All checks by group."""
        return {result.group.name: result.checks for result in self.results}
