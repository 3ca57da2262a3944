"""What falls due and what each party owes: claims by day, and purchases that cannot be cancelled."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..agents.chip_maker import ChipMaker
from ..agents.cloud import CloudProvider
from ..agents.commitments import Buildout, Phase
from ..ledger.causes import Cause
from ..ledger.units import cents
from ..scenarios.schema import ChipSupply, Obligation

if TYPE_CHECKING:
    from ..model import CarouselModel

SENIOR_BONDS = 0
TRADE = 1
SUBORDINATED = 2
"""Seniority in the clearing: bonds first, then bills, then subordinated loans."""


@dataclass(slots=True)
class Claim:
    """One amount due, and how long it has been."""

    payer: int
    payee: int
    cents: int
    seniority: int
    cause: Cause
    contract: int = -1
    months_late: int = 0


def chip_cost_cents(supply: ChipSupply, megawatts: int) -> int:
    """Cost of a supplier's chips for so many MW."""
    return round(supply.chips_usd_per_gw * supply.share * megawatts / 10)


class DuesBook:
    """Everything that falls due, and what each party still owes for purchases it cannot cancel."""

    def __init__(self, model: CarouselModel) -> None:
        self.model = model
        self.claims: list[Claim] = []
        self.scheduled: dict[int, list[Claim]] = {}
        """Day -> claims that fall due then: plain obligations, stretched arrears."""
        self._owed: dict[int, int] = {}
        self._late: dict[int, int] = {}
        self.version = 0
        """Counts the changes of what is owed."""
        self.set_off_cents = 0
        """Debts settled against each other, with no cash, since the start."""
        self.settled_between: Counter[tuple[int, int]] = Counter()
        """Payer and payee -> debts settled since the start, in cash or against each other."""

    @property
    def settled_cents(self) -> int:
        """Debts settled since the start, in cash or against each other."""
        return self.settled_between.total()

    def settled_between_names(self) -> dict[tuple[str, str], int]:
        """What each payer has settled with each payee, by their names."""
        names = self.model.books.journal.names
        return {(names[payer], names[payee]): cents for (payer, payee), cents in self.settled_between.items()}

    def owed_cents(self, account: int) -> int:
        """Uncancellable purchases not yet invoiced, and bills not yet paid."""
        return self._owed.get(account, 0)

    def late_cents(self, account: int) -> int:
        """Bills overdue."""
        return self._late.get(account, 0)

    def add(
        self, payer: int, payee: int, cents: int, cause: Cause, *, seniority: int = TRADE, contract: int = -1
    ) -> None:
        """Enter an amount due at the next settlement."""
        if cents > 0:
            self.claims.append(Claim(payer, payee, cents, seniority, cause, contract))

    def owe_construction(self, cloud: CloudProvider, build: Buildout, phase: Phase, months: int) -> None:
        """A month's progress payment for everything but the chips, exact over the months of the phase."""
        total = self.construction_cents(cloud, phase)
        phase.months_paid += 1
        due = total * min(phase.months_paid, months) // months
        billed, phase.construction_cents_billed = (
            phase.construction_cents_billed,
            max(due, phase.construction_cents_billed),
        )
        self.add(
            cloud.account,
            self.model.suppliers,
            phase.construction_cents_billed - billed,
            Cause.CONSTRUCTION,
            contract=build.contract,
        )

    def construction_cents(self, cloud: CloudProvider, phase: Phase) -> int:
        """Cost of a phase without its chips."""
        return sum(
            round(s.other_usd_per_gw * s.share * phase.megawatts / 10) for s in self.model.supplies_of(cloud.name)
        )

    def chips_cents(self, cloud: CloudProvider, phase: Phase) -> int:
        """Cost of a phase's chips."""
        return sum(chip_cost_cents(s, phase.megawatts) for s in self.model.supplies_of(cloud.name))

    def chips_left_cents(self, cloud: CloudProvider, phase: Phase) -> int:
        """Cost of a phase's chips that are still to be delivered."""
        supplies = self.model.supplies_of(cloud.name)
        return sum(chip_cost_cents(s, phase.megawatts) - chip_cost_cents(s, phase.chips_delivered_mw) for s in supplies)

    def owe_chips(
        self, cloud: CloudProvider, maker: ChipMaker, build: Buildout, supply: ChipSupply, before_mw: int, after_mw: int
    ) -> None:
        """The bill for chips delivered between two amounts of capacity: parts add up to the whole, to the cent."""
        cost_cents = chip_cost_cents(supply, after_mw) - chip_cost_cents(supply, before_mw)
        self.add(cloud.account, maker.account, cost_cents, Cause.CHIP_BILL, contract=build.contract)

    def refresh_owed(self) -> None:
        """Recompute what each party owes for uncancellable purchases and overdue bills."""
        self.version += 1
        self._owed.clear()
        self._late.clear()
        for claim in self.claims:
            self._owed[claim.payer] = self._owed.get(claim.payer, 0) + claim.cents
            if claim.months_late:
                self._late[claim.payer] = self._late.get(claim.payer, 0) + claim.cents
        for cloud in self.model.clouds:
            for build in cloud.buildouts:
                for phase in build.phases:
                    if phase.is_ordered and not phase.has_chips:
                        self._owed[cloud.account] = self._owed.get(cloud.account, 0) + self.chips_left_cents(
                            cloud, phase
                        )


def schedule_obligation(model: CarouselModel, debt: Obligation) -> None:
    """A plain debt of the scenario falls due on its day."""
    names = model.books.journal.names
    claim = Claim(names.index(debt.payer), names.index(debt.payee), cents(debt.amount_usd), TRADE, Cause.OBLIGATION)
    model.dues.scheduled.setdefault(debt.due_day, []).append(claim)
