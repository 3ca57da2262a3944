"""What firms say they will do, and what has been committed and paid under it since: announced, committed, paid.

Every announcement keeps a running account, so that a run can report announced dollars per paid dollar.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum


class Instrument(StrEnum):
    """The kind of promise behind an announcement; the same values as in scenario files."""

    CONTRACT = "contract"
    LETTER_OF_INTENT = "letter_of_intent"
    ORDER = "order"
    GUIDANCE = "guidance"
    EQUITY = "equity"


class Unit(StrEnum):
    """The unit in which an announcement tells its size; the same values as in scenario files."""

    DOLLARS = "dollars"
    GIGAWATTS = "gigawatts"
    CHIPS = "chips"


class BoardError(ValueError):
    """An announcement or its account was given a value that is not allowed: which, what came, what is allowed."""

    def __init__(self, number: int, field: str, came: object, allowed: str) -> None:
        super().__init__(f"announcement {number}: {field} is {came!r}, allowed: {allowed}")
        self.number = number
        self.field = field
        self.came = came
        self.allowed = allowed


@dataclass(slots=True)
class Draft:
    """What a firm is going to say about itself or its deal."""

    firm: str
    instrument: Instrument
    text: str
    counterparty: str = ""
    announced_cents: int = 0
    direction: int = 1
    commitment: int = -1
    """Number of the commitment it announces or changes; -1 for none."""
    endorsed: str = ""
    """Firm that somebody else's money vouches for: the receiver of a stake; empty for none."""
    unit: Unit = Unit.DOLLARS
    """In which its size is told."""
    prior_similar_90d: int = 0
    """Similar announcements of the firm in the 90 days before that are not on this board."""
    prior_others_90d: int = 0
    """The same of other firms."""

    def check(self, number: int) -> None:
        """Raises: BoardError for a negative or fractional sum or number of earlier ones, a direction but -1, 0, 1."""
        if type(self.announced_cents) is not int or self.announced_cents < 0:
            raise BoardError(number, "announced_cents", self.announced_cents, "whole cents, 0 or more")
        for field in ("prior_similar_90d", "prior_others_90d"):
            count = getattr(self, field)
            if type(count) is not int or count < 0:
                raise BoardError(number, field, count, "a whole number, 0 or more")
        if self.direction not in (-1, 0, 1):
            raise BoardError(number, "direction", self.direction, "-1, 0 or 1")


@dataclass(slots=True, kw_only=True)
class Announcement(Draft):
    """One public statement about a firm. `committed_cents` and `paid_cents` are its running account."""

    number: int
    day: int
    released: bool = False
    committed_cents: int = 0
    paid_cents: int = 0

    def release(self) -> None:
        """It is public."""
        self.released = True

    def reword(self, text: str, announced_cents: int, instrument: Instrument) -> None:
        """Other words, sum and kind, before it is public."""
        self.text, self.announced_cents, self.instrument = text, announced_cents, instrument

    def commit(self, cents: int) -> None:
        """Add to what is committed under it. Raises: BoardError if the sum would fall below zero."""
        self.committed_cents = self._added("committed_cents", self.committed_cents, cents)

    def pay(self, cents: int) -> None:
        """Add to what is paid under it. Raises: BoardError if the sum would fall below zero."""
        self.paid_cents = self._added("paid_cents", self.paid_cents, cents)

    def _added(self, field: str, before: int, cents: int) -> int:
        """A running sum of whole cents that never falls below zero."""
        if type(cents) is not int:
            raise BoardError(self.number, field, cents, "whole cents")
        if before + cents < 0:
            raise BoardError(self.number, field, before + cents, "a running sum of 0 or more")
        return before + cents


class AnnouncementBoard:
    """All announcements of a run: scheduled, released once each on their day, and accounted for ever after."""

    def __init__(self) -> None:
        self.announcements: list[Announcement] = []
        self.last_day_released = -1
        self._waiting: dict[int, list[int]] = {}

    def __len__(self) -> int:
        return len(self.announcements)

    def __getitem__(self, number: int) -> Announcement:
        if not 0 <= number < len(self.announcements):
            raise BoardError(number, "number", number, f"0 to {len(self.announcements) - 1}")
        return self.announcements[number]

    def schedule(self, day: int, draft: Draft) -> Announcement:
        """Put an announcement on the calendar; it is released on `day` and gets the next number.

        Raises: BoardError for a day already released, or what `Draft.check` raises.
        """
        number = len(self.announcements)
        if day <= self.last_day_released:
            raise BoardError(number, "day", day, f"after day {self.last_day_released}, which is released")
        draft.check(number)
        announcement = Announcement(**asdict(draft), number=number, day=day)
        self.announcements.append(announcement)
        self._waiting.setdefault(day, []).append(number)
        return announcement

    def release(self, day: int) -> list[Announcement]:
        """Make public everything due up to `day`, by day and number; each announcement comes out exactly once.

        Raises: BoardError if `day` was released before.
        """
        if day <= self.last_day_released:
            raise BoardError(-1, "day", day, f"after day {self.last_day_released}, which is released")
        self.last_day_released = day
        due = sorted(scheduled for scheduled in self._waiting if scheduled <= day)
        released = [self.announcements[number] for scheduled in due for number in self._waiting.pop(scheduled)]
        for announcement in released:
            announcement.release()
        return released

    def reword(self, number: int, text: str, announced_cents: int, instrument: Instrument) -> None:
        """What is scheduled will be said otherwise.  Raises: BoardError if it has been said."""
        self._waiting_day(number)
        self[number].reword(text, announced_cents, instrument)

    def withdraw(self, number: int) -> None:
        """What is scheduled will not be said.  Raises: BoardError if it has been said."""
        self._waiting[self._waiting_day(number)].remove(number)

    def _waiting_day(self, number: int) -> int:
        announcement = self[number]
        if announcement.released or number not in self._waiting.get(announcement.day, ()):
            raise BoardError(number, "number", number, "an announcement that still waits for its day")
        return announcement.day

    def commit(self, number: int, cents: int) -> None:
        """Add cents to what is contractually committed under an announcement (negative when terms are cut).

        Raises: BoardError if the running sum would fall below zero.
        """
        self[number].commit(cents)

    def pay(self, number: int, cents: int) -> None:
        """Add cents actually paid under an announcement (negative for a refund).

        Raises: BoardError if the running sum would fall below zero.
        """
        self[number].pay(cents)

    def similar_days(self, announcement: Announcement) -> tuple[list[int], list[int]]:
        """Days of the earlier released announcements of the same instrument and direction: the firm's own, others'."""
        own: list[int] = []
        others: list[int] = []
        for other in self.announcements:
            if (
                other.released
                and other.instrument == announcement.instrument
                and other.direction == announcement.direction
                and (other.day, other.number) < (announcement.day, announcement.number)
            ):
                (own if other.firm == announcement.firm else others).append(other.day)
        return own, others
