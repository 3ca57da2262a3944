"""A milestone investment: a supplier buys shares of a lab, a tranche for each GW deployed; here the circle closes."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import final

from ..narrative.chronicle import Happening
from ..narrative.credibility import Evidence
from ..scenarios.behaviour import Behaviour
from ..scenarios.schema import MilestoneInvestment as MilestoneTerms
from .base import Status
from .notary import Notary
from .promise import PlannedSale, Promise
from .sales_promise import DeploymentPromise


class TrancheChoice(StrEnum):
    """What the board does when a milestone is reached: a letter of intent binds nobody."""

    PAY = "pay"
    CUT = "cut"
    WAIT = "wait"
    CANCEL = "cancel"


@dataclass(frozen=True, slots=True)
class Tranche:
    """The board's decision on a reached milestone."""

    choice: TrancheChoice
    cents: int


def decide_tranche(due_cents: int, free_cents: int, belief: float, rules: Behaviour) -> Tranche:
    """Pay while the board believes, cut below `belief_to_pay`, walk away below `belief_to_stay`; wait while short.

    `belief` is the board's in the contracts that the milestone serves; `free_cents` is cash above the buffer.
    """
    if belief < rules.belief_to_stay:
        return Tranche(TrancheChoice.CANCEL, 0)
    cents = due_cents if belief >= rules.belief_to_pay else int(due_cents * (1 - rules.cut_share))
    if free_cents < cents:
        return Tranche(TrancheChoice.WAIT, 0)
    return Tranche(TrancheChoice.PAY if cents == due_cents else TrancheChoice.CUT, cents)


def tranche_cents(terms: MilestoneTerms, number: int) -> int:
    """Sum of a tranche: one for each full GW, the last for what is left of the capacity."""
    return round(100 * terms.amount_usd_per_gw * (min(number + 1.0, terms.capacity_gw) - number))


def tranches_reached(terms: MilestoneTerms, deployed_mw: float) -> int:
    """Tranches whose capacity is deployed."""
    if deployed_mw + 1e-6 >= 1000 * terms.capacity_gw:
        return math.ceil(terms.capacity_gw)
    return int(deployed_mw + 1e-6) // 1000


@final
class MilestoneInvestment(DeploymentPromise):
    """The investor's shareholders capitalise the chip sales it promises; its board pays as it believes."""

    label = "milestone"
    ends_in_default = True
    endorses = True

    def __init__(self, notary: Notary, promise: Promise, log_odds: float, terms: MilestoneTerms) -> None:
        super().__init__(notary, promise, log_odds, deployed_gw=terms.deployed_gw)
        self.terms = terms
        self.served = terms.contract
        self.decided = int(terms.deployed_gw)
        """Tranches on which the board has decided."""

    def amend(self, promise: Promise, terms: MilestoneTerms, text: str) -> None:
        """Its tranches change as well, those that are decided stay."""
        self.terms = terms
        super().amend(promise, terms, text)

    def payer_stops(self) -> None:
        """No tranche comes any more."""
        self._walk_away(f"{self.payer} ends its investments in {self.payee}")

    @property
    def has_tranche_due(self) -> bool:
        """Whether a milestone is reached on which the board has not decided."""
        return self.is_alive and self.decided < tranches_reached(self.terms, self.deployed_mw)

    @property
    def due_cents(self) -> int:
        """Sum of the next tranche."""
        return tranche_cents(self.terms, self.decided)

    def decide(self) -> None:
        """The board has decided on a tranche."""
        self.decided += 1

    def end(self, due_cents: int) -> None:
        """The board walks away from a tranche and from all that would follow."""
        self._notary.chronicle.note(
            Happening.MILESTONE_CANCELLED, agent=self.payer, counterparty=self.payee, cents=due_cents
        )
        self.move(Status.CANCELLED, text=f"{self.payer} ends its investments in {self.payee}", direction=-1)

    def lapse(self) -> None:
        """The contract that it was given for has ended, and no tranche is due: nothing is left to come."""
        text = f"{self.name} lapses: {self.served} has ended"
        self.move(Status.CANCELLED, text=text, direction=-1, told=Happening.LAPSED)

    def end_if_complete(self) -> None:
        """After the last tranche nothing is left to come."""
        if self.is_alive and self.decided >= math.ceil(self.terms.capacity_gw):
            self.move(Status.DONE)

    def tranche_paid(self, cents: int, choice: TrancheChoice) -> None:
        """A tranche, whole or cut, has been paid."""
        self._commit(cents)
        self._pay(cents)
        kind = Happening.MILESTONE_PAID if choice is TrancheChoice.PAY else Happening.MILESTONE_CUT
        self._notary.chronicle.note(kind, agent=self.payer, counterparty=self.payee, cents=cents)
        if self.status is Status.ANNOUNCED:
            self.move(Status.DELIVERING)
        self.learn(Evidence.PAID_ON_TIME if choice is TrancheChoice.PAY else Evidence.RENEGOTIATED)

    def planned_sales(self) -> Iterable[PlannedSale]:
        """What the lab is believed to get of the investor a year."""
        yearly = self.credibility * self.promise.announced_cents / 100 / max(1.0, float(self.terms.years))
        yield PlannedSale(self.payee, self.payer, yearly)
