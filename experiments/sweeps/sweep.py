"""A sweep: which worlds, at which points, how often, and what is measured of each; its parts fit together."""

from __future__ import annotations

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from .sweep_checks import faults
from .sweep_parts import (
    Announcement,
    Axis,
    Case,
    Changes,
    DatedChanges,
    Design,
    DesignKind,
    Limits,
    Luck,
    Plan,
    Replications,
    Scale,
    Until,
)

__all__ = [
    "Announcement",
    "Axis",
    "Case",
    "Changes",
    "DatedChanges",
    "Design",
    "DesignKind",
    "Limits",
    "Luck",
    "Plan",
    "Replications",
    "Scale",
    "Sweep",
    "Until",
]


class Sweep(Plan):
    """A plan whose parts fit together."""

    @property
    def cases(self) -> tuple[Case, ...]:
        """The named worlds; of a sweep that names none, the scenario as it is."""
        return self.case or (Case(name="base"),)

    @model_validator(mode="after")
    def _fits_together(self) -> Sweep:
        for fault in faults(self):
            context = {
                "key_path": fault.key_path,
                "came": fault.came,
                "allowed": fault.allowed,
                "nearest": fault.nearest,
            }
            raise PydanticCustomError("sweep_rule", "{key_path}: came {came}; allowed: {allowed}", context)
        return self
