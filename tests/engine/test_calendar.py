"""Days of a run are trading days of the New York Stock Exchange."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from itertools import pairwise

import pytest
from carousel.engine.calendar import DAYS_PER_MONTH, DAYS_PER_QUARTER, DAYS_PER_YEAR, day_of, trading_dates
from carousel.scenarios.loader import load

START = date(2025, 9, 9)
DATES = trading_dates(START, 600)
CLOSED = {
    date(2025, 11, 27): "Thanksgiving Day",
    date(2025, 12, 25): "Christmas Day",
    date(2026, 1, 1): "New Year's Day",
    date(2026, 1, 19): "Martin Luther King, Jr. Day",
    date(2026, 2, 16): "Washington's Birthday",
    date(2026, 4, 3): "Good Friday",
    date(2026, 5, 25): "Memorial Day",
    date(2026, 6, 19): "Juneteenth",
    date(2026, 7, 3): "Independence Day, observed",
    date(2026, 9, 7): "Labor Day",
    date(2026, 11, 26): "Thanksgiving Day",
    date(2026, 12, 25): "Christmas Day",
}
"""NYSE, "Holidays and trading hours", 2025 and 2026, full-day closings after the start."""


@pytest.mark.parametrize("day", CLOSED, ids=CLOSED.values())
def test_the_exchange_is_closed_on_its_published_holidays(day):
    assert day.weekday() < 5
    assert day not in DATES


def test_every_other_weekday_until_the_end_of_2026_is_a_trading_day():
    weekdays = (START + timedelta(days=i) for i in range(1, (date(2026, 12, 31) - START).days + 1))
    expected = [day for day in weekdays if day.weekday() < 5 and day not in CLOSED]
    assert [day for day in DATES[1:] if day <= date(2026, 12, 31)] == expected


def test_the_exchange_is_open_on_the_days_after_thanksgiving_and_before_christmas():
    """Early closings are trading days."""
    assert date(2025, 11, 28) in DATES
    assert date(2025, 12, 24) in DATES


def test_a_new_years_day_on_a_saturday_closes_no_friday():
    """NYSE rule 7.2: 31 December 2021 and 2027 are open, 24 December 2027 is closed for Christmas on a Saturday."""
    dates = trading_dates(date(2027, 12, 20), 20)
    assert date(2027, 12, 31) in dates
    assert date(2027, 12, 24) not in dates


def test_juneteenth_was_a_trading_day_before_2022():
    assert date(2020, 6, 19) in trading_dates(date(2020, 6, 1), 30)


def test_a_year_has_about_252_trading_days():
    """2026 has 251; none of thirty years is further than two days from 252."""
    dates = trading_dates(date(2024, 12, 31), 252 * 30)
    per_year = Counter(day.year for day in dates[1:])
    del per_year[max(per_year)]
    assert per_year[2026] == 251
    assert len(per_year) == 30
    assert all(abs(days - DAYS_PER_YEAR) <= 2 for days in per_year.values())


def test_twelve_months_and_four_quarters_make_a_year():
    assert 12 * DAYS_PER_MONTH == 4 * DAYS_PER_QUARTER == DAYS_PER_YEAR


def test_dates_run_strictly_forward_and_are_as_many_as_asked():
    assert len(DATES) == 601
    assert all(a < b for a, b in pairwise(DATES))


def test_the_contract_becomes_known_on_day_1_and_the_letter_of_intent_on_day_9():
    scenario = load("ai-2025")
    dates = trading_dates(scenario.start_date, 20)
    assert dates[0] == START
    assert day_of(dates, scenario.contract[0].announced) == day_of(dates, date(2025, 9, 10)) == 1
    assert day_of(dates, scenario.milestone[0].announced) == day_of(dates, date(2025, 9, 22)) == 9
    assert (dates[1], dates[9]) == (date(2025, 9, 10), date(2025, 9, 22))


def test_what_falls_on_a_closed_day_happens_on_the_next_open_one():
    thanksgiving = date(2025, 11, 27)
    assert DATES[day_of(DATES, thanksgiving)] == date(2025, 11, 28)


def test_nothing_that_is_announced_happens_before_day_1():
    assert day_of(DATES, START) == 1
