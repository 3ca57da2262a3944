"""What has been promised: the life of a commitment, and the building phases of a compute contract."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class BadTransition(ValueError):
    """A commitment was asked to go where its life does not lead."""

    def __init__(self, *, commitment: str, came: Status, asked: Status) -> None:
        self.commitment, self.came, self.asked = commitment, came, asked
        allowed = ", ".join(sorted(LIFE[came])) or "nothing: its life is over"
        super().__init__(f"commitment {commitment!r}: cannot go from {came} to {asked}; allowed: {allowed}")


class Status(StrEnum):
    """Where a commitment stands."""

    ANNOUNCED = "announced"
    BINDING = "binding"
    DELIVERING = "delivering"
    LATE = "late"
    RENEGOTIATED = "renegotiated"
    CANCELLED = "cancelled"
    DONE = "done"


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
"""MODEL.md s. 7: announced -> binding -> delivering -> late -> renegotiated -> cancelled | done."""


@dataclass(slots=True)
class Commitment:
    """A public promise between two parties, with the profit its beneficiary's shareholders see in it."""

    number: int
    name: str
    kind: str
    payer: str
    payee: str
    beneficiary: str
    """Listed firm whose value capitalises the promise."""
    instrument: str
    log_odds: float
    profit_usd_per_year: float
    contracted_mw: int
    announced_cents: int
    delivered_mw: int = 0
    status: Status = Status.ANNOUNCED
    renegotiations: int = 0
    announcement: int = -1
    is_public: bool = False
    opening_log_odds: float = 0.0
    """Public log-odds when it was new: what its credibility is compared with."""
    life_left: float = 1.0
    """1 until the end comes near, then falling to 0 when the promise is fulfilled."""
    committed_cents: int = 0
    paid_cents: int = 0

    @property
    def is_alive(self) -> bool:
        """Whether anything is still to come of it."""
        return self.status not in (Status.CANCELLED, Status.DONE)

    @property
    def capitalised_usd_per_year(self) -> float:
        """Profit that shareholders still capitalise: it fades over the last part of the promise's life."""
        return self.profit_usd_per_year * self.life_left

    @property
    def delivered_share(self) -> float:
        """Delivered over contracted capacity, in [0, 1]."""
        return min(1.0, self.delivered_mw / self.contracted_mw) if self.contracted_mw else 0.0

    def move(self, status: Status) -> None:
        """Go to the next status of its life.

        Raises: BadTransition if its life does not lead there.
        """
        if status not in LIFE[self.status]:
            raise BadTransition(commitment=self.name, came=self.status, asked=status)
        self.status = status


@dataclass(slots=True)
class Phase:
    """One month's start of building: some MW that go into service together."""

    megawatts: int
    start_month: int
    order_month: int
    service_month: int
    months_paid: int = 0
    construction_cents_billed: int = 0
    chips_delivered_mw: int = 0
    is_ordered: bool = False

    @property
    def has_chips(self) -> bool:
        """Whether all its chips are delivered."""
        return self.chips_delivered_mw >= self.megawatts


@dataclass(slots=True)
class Buildout:
    """The building side of one compute contract: what has been started, ordered, put into service."""

    contract: int
    customer: str
    provider: str
    price_usd_per_mw_year: float
    contracted_mw: int
    first_service_month: int
    term_months: int
    end_month: int | None = None
    """Set when the first capacity goes into service: the term begins then, however late."""
    delivered_mw: int = 0
    billable_mw: int = 0
    """In service for the whole of the month that is billed."""
    relet_mw: int = 0
    is_closed: bool = False
    """The contract has ended: what is under construction is finished for others, nothing new is begun."""
    phases: list[Phase] = field(default_factory=list)

    @property
    def started_mw(self) -> int:
        """MW in service or under construction."""
        return self.delivered_mw + sum(p.megawatts for p in self.phases)

    @property
    def building_mw(self) -> int:
        """MW under construction."""
        return sum(p.megawatts for p in self.phases)

    def close(self) -> None:
        """The contract has ended, by its term or by default: its capacity is for others from now on."""
        self.relet_mw += self.delivered_mw
        self.delivered_mw = self.billable_mw = 0
        self.is_closed = True

    @property
    def remaining_mw(self) -> int:
        """Contracted MW of which building has not begun."""
        return 0 if self.is_closed else max(0, self.contracted_mw - self.started_mw)
