"""Where a validation is and how long it will take, from what its steps took when they were recorded."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ..runner.runs import Tell


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a validation is; `seconds_left` is None as long as nothing is known."""

    title: str
    step: int
    steps: int
    done: int
    of: int
    seconds_left: float | None


Watch = Callable[[Progress], None]


def unseen(_: Progress) -> None:
    """Nobody watches."""


SOME_PART = 0.1
"""Done part of a step from which on it tells more about itself than the record does."""


class Clock:
    """Time left: what the steps to come took when they were recorded, at the pace of those done."""

    def __init__(self, expected: Sequence[tuple[str, float | None]], watch: Watch) -> None:
        self.expected, self.watch = list(expected), watch
        self.step, self.began = 0, time.monotonic()

    def start(self) -> Tell:
        """The next step begins; returns what it tells its progress to."""
        self.step += 1
        begun = time.monotonic()
        title = self.expected[self.step - 1][0]

        def tell(done: int, of: int) -> None:
            left = self._left(begun, done / of if of else 0.0)
            self.watch(Progress(title, self.step, len(self.expected), done, of, left))

        tell(0, 0)
        return tell

    def _left(self, begun: float, part: float) -> float | None:
        """Seconds left, or None while a step to come is unknown."""
        now = time.monotonic()
        known = [seconds for _, seconds in self.expected]
        before, here, later = known[: self.step - 1], known[self.step - 1], known[self.step :]
        if None in later or (here is None and part <= SOME_PART):
            return None
        took = sum(seconds for seconds in before if seconds is not None)
        pace = (begun - self.began) / took if took > 0 and None not in before else 1.0
        rest = pace * sum(seconds for seconds in later if seconds is not None)
        if part > SOME_PART or here is None:
            return (now - begun) * (1 - part) / part + rest
        return max(0.0, pace * here - (now - begun)) + rest
