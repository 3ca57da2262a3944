"""A contract: two parties, a life, and what is done when its bills are paid or not and when a party fails."""

from __future__ import annotations

from abc import ABC
from collections.abc import Iterable
from enum import StrEnum
from typing import ClassVar

from .bills import Bill


class BadTransition(ValueError):
    """A contract was asked to go where its life does not lead."""

    def __init__(self, *, contract: str, came: Status, asked: Status) -> None:
        self.contract, self.came, self.asked = contract, came, asked
        allowed = ", ".join(sorted(LIFE[came])) or "nothing: its life is over"
        super().__init__(f"contract {contract!r}: cannot go from {came} to {asked}; allowed: {allowed}")


class Status(StrEnum):
    """Where a contract stands."""

    ANNOUNCED = "announced"
    BINDING = "binding"
    DELIVERING = "delivering"
    LATE = "late"
    RENEGOTIATED = "renegotiated"
    CANCELLED = "cancelled"
    DONE = "done"


ENDED = (Status.CANCELLED, Status.DONE)
LIFE: dict[Status, frozenset[Status]] = {
    Status.ANNOUNCED: frozenset(
        {Status.BINDING, Status.DELIVERING, Status.RENEGOTIATED, Status.CANCELLED, Status.DONE}
    ),
    Status.BINDING: frozenset({Status.DELIVERING, Status.LATE, Status.RENEGOTIATED, Status.CANCELLED, Status.DONE}),
    Status.DELIVERING: frozenset({Status.LATE, Status.RENEGOTIATED, Status.CANCELLED, Status.DONE}),
    Status.LATE: frozenset({Status.DELIVERING, Status.RENEGOTIATED, Status.CANCELLED, Status.DONE}),
    Status.RENEGOTIATED: frozenset(
        {Status.DELIVERING, Status.LATE, Status.RENEGOTIATED, Status.CANCELLED, Status.DONE}
    ),
    Status.CANCELLED: frozenset(),
    Status.DONE: frozenset(),
}
"""docs/odd.md: announced -> binding -> delivering -> late -> renegotiated -> cancelled | done."""


class Contract(ABC):
    """Something promised between two parties. Only its own methods write its state."""

    label: ClassVar[str]
    """Its kind in the recorded tables."""
    ends_in_default: ClassVar[bool] = False
    """Whether the default of a party voids it."""
    is_debt: ClassVar[bool] = False
    """Whether being late under it is being late with everything: lenders talk to each other."""

    starts_lap: ClassVar[bool] = False
    """Whether its payee may spend the money where it comes back to its payer: then its cents begin a lap."""

    told_as: ClassVar[int] = 1
    """What its announcement is for its beneficiary's owners: good news (1), or neither (0)."""
    owes_beside: ClassVar[bool] = False
    """Whether a party owes or has lent something under it that no bill, bond or loan shows."""

    def __init__(self, *, name: str, payer: str, payee: str) -> None:
        self.name = name
        self.payer = payer
        """Name of the party that pays under it."""
        self.payee = payee
        """Name of the party that is paid under it; empty for holders that change."""
        self.status = Status.ANNOUNCED

    @property
    def is_alive(self) -> bool:
        """Whether anything is still to come of it."""
        return self.status not in ENDED

    @property
    def bearer(self) -> str:
        """Name of the party whose owners bear what it will cost: its payer."""
        return self.payer

    def owed_beside_cents(self, party: str) -> int:
        """What a party owes under it that no bill, bond or loan shows."""
        return 0

    def lent_beside_cents(self, party: str) -> int:
        """What a party has lent, or paid ahead, under it that no bill or loan shows."""
        return 0

    def dues_ahead_cents(self, party: str, months: int) -> int:
        """What will fall due of what a party owes beside it, and of what it has ordered, over the next months."""
        return 0

    def due(self) -> Iterable[Bill]:
        """What falls due under it at this month's end, in exact cents."""
        return ()

    def on_cash(self, bill: Bill, cents: int) -> None:
        """Cash has moved under one of its bills."""
        return None

    def on_settled(self, bill: Bill, settled_cents: int, cash_cents: int) -> None:
        """A bill under it has been settled, of it so much in cash; the rest was set off against other debts."""
        return None

    def on_paid(self, bill: Bill) -> None:
        """A bill under it has been paid in full."""
        return None

    def on_late(self, bill: Bill, share: float) -> None:
        """A share of a bill under it has not been paid, for the first time or again."""
        return None

    def on_default(self, party: str) -> None:
        """A party to it has defaulted."""
        return None

    def close(self) -> None:
        """It has ended: what was delivered under it is free from now on."""
        return None

    def _step(self, status: Status) -> None:
        """Go on in its life. Raises: BadTransition if its life does not lead there."""
        if status not in LIFE[self.status]:
            raise BadTransition(contract=self.name, came=self.status, asked=status)
        self.status = status
