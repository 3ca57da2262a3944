"""Day counts: which fraction of a year lies between two days."""

from __future__ import annotations

from calendar import isleap
from collections.abc import Callable
from datetime import date, timedelta

from .words import DayCount, Holidays


def is_business_day(day: date, holidays: Holidays) -> bool:
    """Whether business is done on a day."""
    return holidays is Holidays.NONE or day.weekday() < 5


def actual_actual(start: date, end: date) -> float:
    """Days in each year over the length of that year.

    Source: ISDA (1998), EMU and market conventions: actual/actual (ISDA).
    """
    years = 0.0
    for year in range(start.year, end.year + 1):
        first, last = max(start, date(year, 1, 1)), min(end, date(year + 1, 1, 1))
        years += (last - first).days / (366 if isleap(year) else 365)
    return years


def _in_equal_months(start: tuple[int, int, int], end: tuple[int, int, int], month: int) -> float:
    """Years between two (year, month, day) where every month has so many days."""
    months = 12 * (end[0] - start[0]) + end[1] - start[1]
    return (month * months + end[2] - start[2]) / (12 * month)


def _capped(day: date, most: int) -> tuple[int, int, int]:
    return day.year, day.month, min(day.day, most)


def thirty_european(start: date, end: date) -> float:
    """Months of 30 days: the 31st counts as the 30th. Source: ISDA (2006), 4.16(g), 30E/360."""
    return _in_equal_months(_capped(start, 30), _capped(end, 30), 30)


def twenty_eight(start: date, end: date) -> float:
    """Months of 28 days: later days count as the 28th."""
    return _in_equal_months(_capped(start, 28), _capped(end, 28), 28)


def _is_last_of_february(day: date) -> bool:
    return day.month == 2 and (day + timedelta(days=1)).month == 3


def thirty_isda(start: date, end: date, maturity: date | None) -> float:
    """Months of 30 days where the last of February is the 30th too, but not at maturity.

    Source: ISDA (2006), 4.16(h), 30E/360 (ISDA).
    """
    first = (start.year, start.month, 30) if _is_last_of_february(start) else _capped(start, 30)
    is_30th = _is_last_of_february(end) and end != maturity
    last = (end.year, end.month, 30) if is_30th else _capped(end, 30)
    return _in_equal_months(first, last, 30)


def business_days(start: date, end: date, holidays: Holidays) -> float:
    """Business days from a day on, the last not counted, over 252."""
    days = (end - start).days
    if holidays is Holidays.NONE:
        return days / 252
    weeks, rest = divmod(days, 7)
    return (5 * weeks + sum((start.weekday() + n) % 7 < 5 for n in range(rest))) / 252


def year_fraction(day_count: DayCount, holidays: Holidays, maturity: date | None) -> Callable[[date, date], float]:
    """Y(s, t) of a contract."""
    counts: dict[DayCount, Callable[[date, date], float]] = {
        DayCount.AA: actual_actual,
        DayCount.A360: lambda start, end: (end - start).days / 360,
        DayCount.A365: lambda start, end: (end - start).days / 365,
        DayCount.E30360: thirty_european,
        DayCount.E30360ISDA: lambda start, end: thirty_isda(start, end, maturity),
        DayCount.B252: lambda start, end: business_days(start, end, holidays),
        DayCount.E28336: twenty_eight,
    }
    return counts[day_count]
