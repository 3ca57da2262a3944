"""What is wrong with a sweep, in one line."""

from __future__ import annotations

from ...scenarios.errors import InputFault


class SweepError(InputFault):
    """A sweep (file, options or design) that cannot be run; `file` is the file, or `sweep` where there is none."""
