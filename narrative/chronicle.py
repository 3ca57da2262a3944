"""The chronicle of a run: what happened today, and what will be announced tomorrow."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from ..engine.clock import Clock
from .announcements import Announcement, AnnouncementBoard, Draft


class Happening(StrEnum):
    """Kinds of events, as they stand in the events table."""

    CHANGED = "changed"
    SIGNED = "signed"
    OFFERED = "offered"
    CUT_ASKED = "cut_asked"
    ANNOUNCED = "announced"
    BINDING = "binding"
    DELIVERING = "delivering"
    LATE = "late"
    DOUBTED = "doubted"
    RESET = "reset"
    RENEGOTIATED = "renegotiated"
    CANCELLED = "cancelled"
    REPLACED = "replaced"
    LAPSED = "lapsed"
    DONE = "done"
    REPORT = "report"
    BUILD_STARTED = "build_started"
    BUILD_SLOWED = "build_slowed"
    ORDER_PLACED = "order_placed"
    DELIVERY_LATE = "delivery_late"
    DELIVERED = "delivered"
    BILL_LATE = "bill_late"
    BILL_MISSED = "bill_missed"
    DEFAULT = "default"
    WRITTEN_OFF = "written_off"
    BOND_ISSUED = "bond_issued"
    BOND_FAILED = "bond_failed"
    SHARE_ISSUE = "share_issue"
    STAKE_SOLD = "stake_sold"
    ETF_REBALANCED = "etf_rebalanced"
    ROUND_CLOSED = "round_closed"
    DOWN_ROUND = "down_round"
    ROUND_FAILED = "round_failed"
    LISTED = "listed"
    CAPITAL_CALLED = "capital_called"
    CAPITAL_CALL_MISSED = "capital_call_missed"
    MILESTONE_PAID = "milestone_paid"
    MILESTONE_CUT = "milestone_cut"
    MILESTONE_WAITS = "milestone_waits"
    MILESTONE_CANCELLED = "milestone_cancelled"
    LOAN_DRAWN = "loan_drawn"
    LINE_NOT_HONOURED = "line_not_honoured"
    LINE_HELD = "line_held"
    LINE_CUT = "line_cut"
    PROVISION = "provision"
    LOAN_WRITTEN_OFF = "loan_written_off"
    GUARANTEE_CALLED = "guarantee_called"


class Event(NamedTuple):
    """One line of the chronicle: when, what, to whom, how much."""

    day: int
    kind: Happening
    agent: str
    counterparty: str
    cents: int
    detail: str


class FirstDay(NamedTuple):
    """What an announcement's firm did on its first day; returns are None for a firm without a daily price."""

    value_before_cents: int
    day0_return: float | None
    abnormal_return: float | None


class Chronicle:
    """Events of today, the board of announcements, and how each of them was received."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.events: list[Event] = []
        """What has happened today."""
        self.announcements = AnnouncementBoard()
        self.released_today: list[Announcement] = []
        self.first_days: dict[int, FirstDay] = {}
        """By number of the announcement."""

    def turn_page(self) -> None:
        """A new day has no events yet."""
        self.events.clear()

    def note(self, kind: Happening, *, agent: str, counterparty: str = "", cents: int = 0, detail: str = "") -> None:
        """Write down what has happened today."""
        self.events.append(Event(self._clock.day, kind, agent, counterparty, int(cents), detail))

    def release(self) -> list[Announcement]:
        """Make public what is due today."""
        self.released_today = self.announcements.release(self._clock.day)
        return self.released_today

    def announce_tomorrow(self, draft: Draft) -> Announcement:
        """Decided today, public tomorrow."""
        return self.announcements.schedule(self._clock.day + 1, draft)

    def remember_first_day(self, number: int, move: FirstDay) -> None:
        """How an announcement was received on its day."""
        self.first_days[number] = move
