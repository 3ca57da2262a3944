"""A validation, judged against its record: what changed, what is worse, what no record excuses."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from .record import Change
from .results import Validation


@dataclass(frozen=True, slots=True)
class Outcome:
    """A validation, judged. `written` are the files that changed."""

    validation: Validation
    changes: tuple[Change, ...]
    faults: tuple[str, ...]
    written: tuple[Path, ...]
    accepted: bool

    @property
    def setbacks(self) -> tuple[Change, ...]:
        """What is worse than recorded."""
        return tuple(change for change in self.changes if change.is_setback)

    @property
    def failed(self) -> bool:
        """Whether this must stop whoever asked: setbacks nobody accepted, or faults that no record excuses."""
        return bool(self.faults) or (bool(self.setbacks) and not self.accepted)
