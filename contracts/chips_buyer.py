"""Who buys chips in a builder's place: they are installed in its halls and belong to somebody else."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable

from ..engine.calendar import DAYS_PER_YEAR
from ..scenarios.schema import ChipSupply
from .bills import Bill
from .capacity import CapacityContract
from .notary import Notary
from .phase import Phase
from .plant import Plant
from .promise import Promise
from .promised import PublicContract
from .supply import chip_cause, chip_cost_cents


class ChipsBuyer(PublicContract):
    """Takes a part of a phase's chips when its building begins; from their delivery on they are its own."""

    building_cents = 0
    """Its chips are in service when they are delivered."""

    def __init__(self, notary: Notary, promise: Promise, log_odds: float, *, buyer: int) -> None:
        super().__init__(notary, promise, log_odds)
        self.buyer = buyer
        """Its account."""
        self.plant = Plant()
        self.taken_cents = 0
        """Cost of the chips that it has taken on itself, delivered or not."""

    @abstractmethod
    def share_of(self, contract: CapacityContract, phase: Phase) -> float:
        """Part of a phase's chips that it takes on itself."""

    def take_on(self, contract: CapacityContract, phase: Phase) -> None:
        """Building of a phase begins."""
        if share := self.share_of(contract, phase):
            phase.leave_chips(self.number, self.buyer, share)
            self.taken_cents += contract.others_chips_cents(phase)

    def deliver(
        self, contract: CapacityContract, phase: Phase, before_mw: int, makers: Iterable[tuple[ChipSupply, int]]
    ) -> None:
        """Its part of what has arrived of a phase since it had so many MW is invoiced by every (supply, its maker's
        account), to the cent, and in service."""
        clock, life_years = self._notary.clock, self._notary.rules.chip_life_years
        total = 0
        for supply, account in makers:
            cost = phase.others_part(chip_cost_cents(supply, phase.chips_delivered_mw))
            cost -= phase.others_part(chip_cost_cents(supply, before_mw))
            total += cost
            self._notary.bills.add(Bill(self.buyer, account, cost, chip_cause(supply), contract=contract.number))
        self.plant.chips.enter(total, clock.day, round(life_years * DAYS_PER_YEAR))
        self.chips_arrived(contract, total)

    def raised_cents(self) -> int:
        """What its chips bring now that a party has defaulted, sold to customers outside."""
        return 0

    def chips_arrived(self, contract: CapacityContract, cents: int) -> None:
        """Chips that cost so much are its own now."""
