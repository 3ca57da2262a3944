"""Which day of the run it is, on which date, and the luck of that day."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Protocol, TypeVar

from .calendar import DAYS_PER_MONTH, DAYS_PER_QUARTER, DAYS_PER_YEAR, day_of, trading_dates
from .chance import Decision, normal, whole

DAYS_AHEAD = 5040 + 10 * DAYS_PER_YEAR
"""Trading dates known in advance, so that maturities beyond the run have a day."""


class HasSlot(Protocol):
    """Whatever has a permanent slot for its luck."""

    @property
    def slot(self) -> int: ...


Party = TypeVar("Party", bound=HasSlot)


class Clock:
    """The day of a run of `days` trading days that opens on `start`; `seed` is the seed of all its chance."""

    def __init__(self, *, seed: int, start: datetime.date, days: int) -> None:
        self.seed = seed
        self.days = days
        self.day = 0
        """Trading days since the opening, which is day 0."""
        self.dates = trading_dates(start, DAYS_AHEAD)

    def tick(self) -> None:
        """The next day begins."""
        self.day += 1

    @property
    def date(self) -> datetime.date:
        """Today's date."""
        return self.dates[self.day]

    @property
    def month(self) -> int:
        """Months of 21 trading days since the start."""
        return self.day // DAYS_PER_MONTH

    @property
    def is_month_end(self) -> bool:
        """Whether today is the last trading day of a month of 21."""
        return self.day > 0 and self.day % DAYS_PER_MONTH == 0

    @property
    def is_quarter_end(self) -> bool:
        """Whether today is the last trading day of a quarter of 63."""
        return self.day > 0 and self.day % DAYS_PER_QUARTER == 0

    @property
    def is_over(self) -> bool:
        """Whether the last day of the run has come."""
        return self.day >= self.days

    def day_of(self, when: datetime.date) -> int:
        """First day of the run on or after a date, at least 1; beyond the last day when it is not reached."""
        return day_of(self.dates, when)

    def normal(self, decision: Decision, slot: int) -> float:
        """Today's standard normal draw of a decision for a slot."""
        return normal(self.seed, decision, self.day, slot)

    def uniform(self, decision: Decision, slot: int) -> float:
        """Today's uniform draw in [0, 1) of a decision for a slot."""
        return whole(self.seed, decision, self.day, slot) / 2**63

    def in_keyed_order(self, parties: Sequence[Party]) -> list[Party]:
        """Who is served first today, where something is scarce: drawn anew each day, never the order of a file."""
        return sorted(parties, key=lambda party: whole(self.seed, Decision.BOARD, self.day, party.slot))
