"""Borrowing under a contract of its own: notes that a named lender buys, not from a book of bids."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from typing import NamedTuple

from .bond import Bond
from .promised import PublicContract


class NotesOffer(NamedTuple):
    """Notes that somebody offers to one lender."""

    issuer: str
    account: int
    lender: str
    cents: int
    coupon_per_year: float
    maturity_day: int
    behind: str = ""
    """Whose credit its payments rest on; empty: the issuer's."""
    right: Callable[[], int] | None = None
    """What a note is worth beyond its payments, in cents."""


class Borrowing(PublicContract):
    """A contract under which notes are placed; they are bonds like others, and in nobody's market."""

    is_debt = True

    @abstractmethod
    def notes_offered(self) -> NotesOffer | None:
        """What it offers at this month's end; None for nothing."""

    @abstractmethod
    def notes_placed(self, notes: Bond | None) -> None:
        """Its lender has bought them; None: not one, for want of money."""
