"""One unit for all amounts of a table: bn USD, m USD or USD."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from .wording import NOTHING


class Scale(NamedTuple):
    """A unit and how many cents it has."""

    name: str
    cents: int

    def say(self, cents: int | float | None) -> str:
        """An amount in this unit, to the hundredth; nothing is a dash."""
        return NOTHING if not cents else f"{cents / self.cents:,.2f}"


SCALES = (Scale("bn USD", 10**11), Scale("m USD", 10**8), Scale("USD", 100))


def scale_of(cents: Iterable[int | float]) -> Scale:
    """The largest unit of which the largest amount is at least one; dollars for less."""
    largest = max((abs(each) for each in cents), default=0)
    return next((scale for scale in SCALES if largest >= scale.cents), SCALES[-1])
