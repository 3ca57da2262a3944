"""Capacity in service as an asset: what it has cost, written off in equal parts over its life, exact to the cent."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Lot:
    """What went into service on one day, with the life that it was given then."""

    cents: int
    since_day: int
    life_days: int

    def written_off_cents(self, day: int) -> int:
        """Cost x days in service over days of life, whole cents, rounded down: parts add up to the cost, no more."""
        age_days = day - self.since_day
        return self.cents * age_days // self.life_days if age_days < self.life_days else self.cents


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

    def left_cents(self, day: int) -> int:
        """What is not written off yet."""
        if day != self._seen_day:
            self._seen_day = day
            self._seen_cents = sum(lot.cents - lot.written_off_cents(day) for lot in self.lots)
        return self._seen_cents

    def written_off_cents(self, day: int) -> int:
        """Depreciation of all of it up to a day, since each went into service."""
        return sum(lot.written_off_cents(day) for lot in self.lots)


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
