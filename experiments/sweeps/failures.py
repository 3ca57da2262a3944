"""When a sweep had better be stopped: its first failures are all alike, so the next will be too."""

from __future__ import annotations

import re
from collections.abc import Iterable

from .worker import Failure

NUMBERS = re.compile(r"[-+]?\d[\d.,e+-]*")


class AlikeFailures:
    """Counts failures for as long as they are alike: same status, same exception but for the numbers in it."""

    def __init__(self, most: int) -> None:
        self._most, self._count = most, 0
        self._kinds: set[tuple[str, str]] = set()
        self.example = ""

    def take(self, failures: Iterable[Failure]) -> bool:
        """Whether, with these, the first `most` failures have been alike."""
        for failure in failures:
            if len(self._kinds) > 1 or self._count >= self._most:
                break
            self._kinds.add((failure.status, NUMBERS.sub("#", failure.exception)))
            self._count += 1
            self.example = self.example or failure.exception
        return len(self._kinds) == 1 and self._count >= self._most
