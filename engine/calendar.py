"""Real business dates: the trading days of the New York exchanges by their published holiday rules."""

from __future__ import annotations

from bisect import bisect_left
from datetime import date, timedelta
from functools import lru_cache

import pandas as pd
from pandas.tseries.holiday import (
    AbstractHolidayCalendar,
    GoodFriday,
    Holiday,
    USLaborDay,
    USMartinLutherKingJr,
    USMemorialDay,
    USPresidentsDay,
    USThanksgivingDay,
    nearest_workday,
    sunday_to_monday,
)

DAYS_PER_MONTH = 21
DAYS_PER_QUARTER = 63
DAYS_PER_YEAR = 252


class ExchangeHolidays(AbstractHolidayCalendar):
    """New York Stock Exchange, rule 7.2: full-day closings."""

    rules = [  # noqa: RUF012
        Holiday("New Year's Day", month=1, day=1, observance=sunday_to_monday),
        USMartinLutherKingJr,
        USPresidentsDay,
        GoodFriday,
        USMemorialDay,
        Holiday("Juneteenth", month=6, day=19, start_date="2022-01-01", observance=nearest_workday),
        Holiday("Independence Day", month=7, day=4, observance=nearest_workday),
        USLaborDay,
        USThanksgivingDay,
        Holiday("Christmas Day", month=12, day=25, observance=nearest_workday),
    ]


@lru_cache(maxsize=32)
def trading_dates(start: date, days: int) -> tuple[date, ...]:
    """The opening date and the `days` trading dates after it: index = day of the run."""
    last = start + timedelta(days=days * 7 // 5 + days // 15 + 30)
    holidays = ExchangeHolidays().holidays(start, last)
    dates = pd.bdate_range(start + timedelta(days=1), last, freq="C", holidays=list(holidays))
    return (start, *(d.date() for d in dates[:days]))


def day_of(dates: tuple[date, ...], when: date) -> int:
    """First day of the run on or after a date, at least 1; beyond the last day when it is not reached."""
    return max(1, bisect_left(dates, when))
