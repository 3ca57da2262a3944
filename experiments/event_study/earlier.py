"""What came before an announcement: counted from the list where a row does not say, and how much of it is in mind."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from ...narrative.attention import PRIOR_WINDOW_DAYS, remembered_before, surprise_share
from .world import FATIGUE, Deal

DAYS_BEFORE = 90
MARKET, OWN = "prior_similar_announcements_90d", "prior_same_firm_90d"


def counted(rows: Sequence[tuple[Deal, date, str, Sequence[str]]]) -> list[Deal]:
    """The deals of a list (each with its date, firm and the columns that were empty), with what the list itself has of
    the same role, instrument and direction in the 90 days before where a row says nothing.

    Rows of the same day do not count: their order says nothing. Who says how many there were in the whole market has
    counted the firm's own in it.
    """
    days: dict[tuple[str, ...], list[date]] = {}
    for deal, day, firm, _ in rows:
        for key in (_kind(deal), (*_kind(deal), firm)):
            days.setdefault(key, []).append(day)
    for known in days.values():
        known.sort()
    found = []
    for deal, day, firm, empty in rows:
        market, own = deal.prior_similar_announcements_90d, deal.prior_same_firm_90d
        if MARKET in empty:
            market = max(own, _before(day, days[_kind(deal)]))
        if OWN in empty:
            own = min(market, _before(day, days[(*_kind(deal), firm)]))
        found.append(replace(deal, prior_similar_announcements_90d=market, prior_same_firm_90d=own))
    return found


def _before(day: date, days: Sequence[date]) -> int:
    """How many of the sorted days lie in the 90 before a day."""
    return bisect_left(days, day) - bisect_left(days, day - timedelta(days=DAYS_BEFORE))


def _kind(deal: Deal) -> tuple[str, ...]:
    """What makes two announcements similar."""
    return deal.role, deal.instrument, "good" if deal.direction > 0 else "bad"


def in_mind(deal: Deal) -> tuple[float, float, float]:
    """Similar announcements still in mind, of the firm and of the whole market, and the part of this one that is news.

    As the market reckons it (`timeline/announce.py`) on the day of the announcement.
    """
    own, market = (
        remembered_before(number, PRIOR_WINDOW_DAYS, FATIGUE["fatigue_memory_days"])
        for number in (deal.prior_same_firm_90d, deal.prior_similar_announcements_90d)
    )
    return own, market, surprise_share(own + FATIGUE["fatigue_from_others"] * (market - own))
