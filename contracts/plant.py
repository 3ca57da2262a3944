"""Capacity in service as an asset: what it has cost, written off in equal parts over its life, exact to the cent."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple


class Lot(NamedTuple):
    """What went into service on one day, with the life that it was given then."""

    cents: int
    since_day: int
    life_days: int


@dataclass(slots=True)
class Schedule:
    """Lots of a kind. A life is fixed when a lot goes into service: later changes of rules are for later lots."""

    lots: list[Lot] = field(default_factory=list)
    _seen_day: int = -1
    _seen_cents: int = 0

    def enter(self, cents: int, day: int, life_days: int) -> None:
        """So much goes into service."""
        if cents:
            self.lots.append(Lot(cents, day, max(1, life_days)))
            self._seen_day = -1

    def part_with(self, cents: int, since_day: int, day: int) -> None:
        """What cost so much and went into service on a day is given away: nothing of it is left."""
        place = next(n for n, lot in enumerate(self.lots) if (lot.cents, lot.since_day) == (cents, since_day))
        self.lots[place] = Lot(cents, day - 1, 1)
        self._seen_day = -1

    def left_cents(self, day: int) -> int:
        """What is not written off yet. Of a lot that is cost x days in service over days of life, whole cents, rounded
        down: parts add up to the cost, no more."""
        if day != self._seen_day:
            self._seen_day = day
            self._seen_cents = sum(
                [cents - cents * (day - since) // life for cents, since, life in self.lots if day - since < life]
            )
        return self._seen_cents

    def written_off_cents(self, day: int) -> int:
        """Depreciation of all of it up to a day, since each went into service."""
        return sum(lot.cents for lot in self.lots) - self.left_cents(day)


@dataclass(slots=True)
class Plant:
    """Chips, and all else of the sites: they last for different times. What is under construction is not here yet."""

    chips: Schedule = field(default_factory=Schedule)
    sites: Schedule = field(default_factory=Schedule)
    abandoned_cents: int = 0
    """Cost of what was begun and given up before it was ready."""

    def abandon(self, cents: int) -> None:
        """Something begun is given up, with all that it has cost."""
        self.abandoned_cents += cents
