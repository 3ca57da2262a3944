"""A backstop: a chip maker pays a builder for capacity that stands idle, month by month, up to a limit in all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol, final

from ..engine.calendar import DAYS_PER_YEAR
from ..ledger.causes import Cause
from ..ledger.units import cents
from ..narrative.announcements import Instrument
from ..narrative.credibility import Evidence
from ..scenarios.schema_vendor import Backstop as BackstopTerms
from .base import Status
from .bills import Bill
from .build_plan import BuildPlan
from .capacity import CapacityContract
from .notary import Notary
from .promise import Agreed, PlannedSale, Promise
from .promised import PublicContract


class Builder(Protocol):
    """A cloud, as far as a backstop goes: what it builds under."""

    @property
    def contracts(self) -> Sequence[CapacityContract]: ...


def undertaking(terms: BackstopTerms) -> Agreed:
    """What a backstop promises: cash for what stands idle."""
    promise = Promise(
        name=terms.name,
        payer=terms.backer,
        payee=terms.cloud,
        beneficiary=terms.cloud,
        instrument=Instrument(terms.instrument.value),
        announced_cents=cents(terms.limit_usd),
    )
    limit_bn = terms.limit_usd / 1e9
    return Agreed(promise, terms, f"{terms.backer} pays for idle capacity of {terms.cloud}, up to {limit_bn:g} bn USD")


def idle_usd_per_year(contract: CapacityContract, relet_discount: float) -> float:
    """Revenue that capacity in service lacks: the discount at which it is re-let once its customer is gone, and, of a
    plan for customers of the builder's own, the whole price of what nobody uses."""
    lacking = contract.relet_mw * contract.terms.price_usd_per_mw_year * relet_discount
    if isinstance(contract, BuildPlan):
        unsold_mw = contract.service_mw - contract.used_mw(contract.service_mw)
        lacking += unsold_mw * contract.plan.price_usd_per_gw_year / 1000
    return lacking


@final
class Backstop(PublicContract):
    """Nobody's profit hangs on it: its cash is worth to the builder's owners what it is, and its lenders count on what
    is left of it."""

    label = "backstop"
    binds = True
    ends_in_default = True
    costs_owners = True

    def __init__(
        self, notary: Notary, promise: Promise, log_odds: float, terms: BackstopTerms, *, builder: Builder
    ) -> None:
        super().__init__(notary, promise, log_odds)
        self.terms = terms
        self._builder = builder
        journal = notary.books.journal
        self._accounts = journal.account(terms.backer), journal.account(terms.cloud)
        self.billed_cents = 0
        """Fallen due so far, paid or not."""

    def amend(self, promise: Promise, terms: BackstopTerms, text: str) -> None:
        """Its limit, share and last day change; what has fallen due stays due."""
        self.terms = terms
        super().amend(promise, terms, text)

    @property
    def left_cents(self) -> int:
        """What may still fall due."""
        return max(0, self.promise.announced_cents - self.billed_cents) if self.is_alive else 0

    @property
    def idle_usd_per_year(self) -> float:
        """What it pays a year for what stands idle now."""
        discount = self._notary.rules.relet_discount
        lacking = sum(idle_usd_per_year(contract, discount) for contract in self._builder.contracts)
        return self.terms.covered_share * lacking

    @property
    def backing_cents(self) -> int:
        """All that is left of it."""
        return self.left_cents

    @property
    def cost_ahead_cents(self) -> int:
        """What falls due if what stands idle now goes on standing idle until it expires, within what is left."""
        clock = self._notary.clock
        years = max(0, clock.day_of(self.terms.expires) - clock.day) / DAYS_PER_YEAR
        return min(self.left_cents, round(100 * self.idle_usd_per_year * years))

    def due(self) -> Iterable[Bill]:
        """A month of what stands idle at its end, until the limit is reached or it expires."""
        if not self.is_in_force:
            return
        clock = self._notary.clock
        if clock.day >= clock.day_of(self.terms.expires):
            self.move(Status.DONE, text=f"{self.name} expires")
            return
        cents = min(self.left_cents, round(100 * self.idle_usd_per_year / 12))
        if cents <= 0:
            return
        if self.status in (Status.BINDING, Status.RENEGOTIATED):
            self.move(Status.DELIVERING, text=f"{self.payer} pays for capacity of {self.payee} that stands idle")
        self.billed_cents += cents
        yield Bill(*self._accounts, cents, Cause.IDLE_CAPACITY, contract=self.number)

    def on_cash(self, bill: Bill, cents: int) -> None:
        """Cash has come for what stood idle."""
        self._pay(cents)

    def on_settled(self, bill: Bill, settled_cents: int, cash_cents: int) -> None:
        """What is set off against the builder's bills for chips is paid like cash."""
        self._pay(settled_cents - cash_cents)

    def on_paid(self, bill: Bill) -> None:
        """Paid on time is evidence; with the whole limit paid nothing is left to come."""
        if not bill.months_late:
            self.learn(Evidence.PAID_ON_TIME)
        if self.is_alive and self.paid_cents >= self.promise.announced_cents:
            self.move(Status.DONE)

    def planned_sales(self) -> Iterable[PlannedSale]:
        """What the builder is believed to get of the backer a year, all of it profit."""
        yearly = min(self.left_cents / 100, self.idle_usd_per_year)
        yield PlannedSale(self.payee, self.payer, self.credibility * yearly, 1.0)
