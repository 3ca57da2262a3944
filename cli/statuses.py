"""Exit statuses, and the error of a run that broke off."""

from __future__ import annotations

OK, FAILED, BAD_INPUT, INTERRUPTED = 0, 1, 2, 130


class RunFailed(Exception):
    """A run that broke off: `stage` and `reason` say where and why."""

    def __init__(self, stage: str, reason: str) -> None:
        super().__init__(f"the run failed {stage}: {reason}")
        self.stage, self.reason = stage, reason


class Interrupted(Exception):
    """Work that was interrupted and can be taken up again: the text says where."""
