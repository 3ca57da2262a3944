"""The two axes that contracts live on: dates of a calendar, to the second, and trading days of a run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Protocol

from ...engine.calendar import DAYS_PER_MONTH, DAYS_PER_QUARTER, DAYS_PER_YEAR
from .cycles import Cycle, Unit
from .day_counts import is_business_day, year_fraction
from .words import DayCount, Holidays, MonthEnd, Shift

SECONDS = 86_400
"""Of a day."""
MIDNIGHT = SECONDS - 1
"""The second 23:59:59 of a day, which the standard reads as the beginning of the next."""


class Axis(Protocol):
    """Where a contract's times, whole numbers, lie, and how far apart they are."""

    def years(self, start: int, end: int) -> float:
        """Year fraction between two times."""

    def later(self, anchor: int, cycle: Cycle, steps: int) -> int:
        """So many cycles after (below 0: before) an anchor."""

    def shifted(self, time: int) -> int:
        """When that is done which is scheduled for a time."""

    def calculated(self, time: int) -> int:
        """As of when that is calculated which is scheduled for a time."""

    def day_before(self, time: int) -> int:
        """A day earlier."""


TRADING_DAYS = {
    Unit.DAY: 1, Unit.WEEK: 5, Unit.MONTH: DAYS_PER_MONTH, Unit.QUARTER: DAYS_PER_QUARTER,
    Unit.HALF_YEAR: 2 * DAYS_PER_QUARTER, Unit.YEAR: DAYS_PER_YEAR,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class RunDays:
    """Trading days since a run's opening: business days over 252, months of 21, and all is done at a month's end."""

    def years(self, start: int, end: int) -> float:
        return (end - start) / DAYS_PER_YEAR

    def later(self, anchor: int, cycle: Cycle, steps: int) -> int:
        return anchor + steps * cycle.number * TRADING_DAYS[cycle.unit]

    def shifted(self, time: int) -> int:
        return -(-time // DAYS_PER_MONTH) * DAYS_PER_MONTH

    def calculated(self, time: int) -> int:
        return self.shifted(time)

    def day_before(self, time: int) -> int:
        return time - 1


RUN_DAYS = RunDays()


def second_of(moment: datetime) -> int:
    """A moment as a time of the axis of dates: seconds."""
    return moment.toordinal() * SECONDS + moment.hour * 3600 + moment.minute * 60 + moment.second


def moment_of(second: int) -> datetime:
    """The moment of a time of the axis of dates."""
    return datetime.combine(date.fromordinal(second // SECONDS), time()) + timedelta(seconds=second % SECONDS)


def day_of(second: int) -> date:
    """The day whose beginning a time counts as: 23:59:59 is the beginning of the next."""
    return date.fromordinal((second + 1) // SECONDS if second % SECONDS == MIDNIGHT else second // SECONDS)


def _months_later(day: date, months: int, to_month_end: bool) -> date:
    """The same day of a later month, or its last if it has no such day, or if that is what is wanted."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    first_of_next = date(year + month // 11, (month + 1) % 12 + 1, 1)
    last = (first_of_next - timedelta(days=1)).day
    return date(year, month + 1, last if to_month_end else min(day.day, last))


@dataclass(frozen=True, slots=True)
class Dates:
    """Real dates, with a contract's conventions."""

    day_count: DayCount = DayCount.A365
    holidays: Holidays = Holidays.NONE
    shift: Shift = Shift.NONE
    month_end: MonthEnd = MonthEnd.SAME_DAY
    maturity: int | None = None
    _fraction: Callable[[date, date], float] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        last = None if self.maturity is None else day_of(self.maturity)
        object.__setattr__(self, "_fraction", year_fraction(self.day_count, self.holidays, last))

    def years(self, start: int, end: int) -> float:
        return self._fraction(day_of(start), day_of(end))

    def later(self, anchor: int, cycle: Cycle, steps: int) -> int:
        day, second = date.fromordinal(anchor // SECONDS), anchor % SECONDS
        if not cycle.months:
            return anchor + steps * cycle.days * SECONDS
        is_last = (day + timedelta(days=1)).day == 1
        later = _months_later(day, steps * cycle.months, is_last and self.month_end is MonthEnd.END)
        return later.toordinal() * SECONDS + second

    def shifted(self, time: int) -> int:
        day = date.fromordinal(time // SECONDS)
        if self.shift is Shift.NONE or is_business_day(day, self.holidays):
            return time
        step = 1 if self.shift in FOLLOWING else -1
        moved = self._moved(day, step)
        if self.shift in MODIFIED and moved.month != day.month:
            moved = self._moved(day, -step)
        return moved.toordinal() * SECONDS + time % SECONDS

    def _moved(self, day: date, step: int) -> date:
        while not is_business_day(day, self.holidays):
            day += timedelta(days=step)
        return day

    def calculated(self, time: int) -> int:
        return time if self.shift in CALCULATED_FIRST else self.shifted(time)

    def day_before(self, time: int) -> int:
        return time - SECONDS


FOLLOWING = frozenset({Shift.SCF, Shift.SCMF, Shift.CSF, Shift.CSMF})
CALCULATED_FIRST = frozenset({Shift.CSF, Shift.CSMF, Shift.CSP, Shift.CSMP})
MODIFIED = frozenset({Shift.SCMF, Shift.CSMF, Shift.SCMP, Shift.CSMP})
