"""A lease vehicle: it buys chips for a cloud's halls with a lender's money, and lives on the rent of so many years."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple, Protocol, final

from ..engine.calendar import DAYS_PER_YEAR
from ..ledger.causes import Cause
from ..ledger.units import cents, nth_part
from ..narrative.announcements import Instrument
from ..narrative.credibility import Evidence
from ..scenarios.schema_vendor import LeaseVehicle as VehicleTerms
from .actus.redemptions import annuity_value
from .base import Status
from .bills import Bill
from .bond import FACE_CENTS, Bond
from .bond_book import Bonds
from .borrowing import Borrowing, NotesOffer
from .capacity import CapacityContract
from .chips_buyer import ChipsBuyer
from .notary import Notary
from .phase import Phase
from .promise import Agreed, Promise


class Lender(Protocol):
    """Who buys the vehicle's notes: what it has and can call."""

    @property
    def means_cents(self) -> int: ...


def undertaking(terms: VehicleTerms) -> Agreed:
    """What a vehicle promises: chips for so much, for rent."""
    promise = Promise(
        name=terms.name,
        payer=terms.lessee,
        payee=terms.vehicle,
        beneficiary=terms.lessee,
        instrument=Instrument(terms.instrument.value),
        announced_cents=cents(terms.limit_usd),
    )
    limit_bn = terms.limit_usd / 1e9
    return Agreed(promise, terms, f"{terms.lessee} rents chips for {limit_bn:g} bn USD that {terms.vehicle} buys")


class Lot(NamedTuple):
    """Chips that were delivered in one month, and the terms of their rent."""

    host: CapacityContract
    cents: int
    since_day: int
    month: int
    months: int
    growth: float
    """1 and a month's rate implicit in the rent."""
    residual_cents: int

    @property
    def rent(self) -> float:
        """Level rent of a month, in cents: its value and that of the residual are what the chips have cost.

        Source: ASC 842-10-20 and IFRS 16 app. A, rate implicit in the lease.
        """
        left = self.residual_cents * self.growth**-self.months
        return (self.cents - left) / annuity_value(1.0, self.growth, self.months)

    def owed(self, month: int) -> float:
        """Rents and residual still to come after that month's, discounted at that rate."""
        left = self.months - (month - self.month)
        return annuity_value(self.rent, self.growth, left) + self.residual_cents * self.growth**-left


@final
class LeaseVehicle(ChipsBuyer, Borrowing):
    """The chips and the notes are the vehicle's. What its lessee owes is on no balance sheet, and lenders and owners
    count it as the debt that it is."""

    label = "lease_vehicle"
    binds = True
    ends_in_default = True
    owes_beside = True
    told_as = 0

    def __init__(
        self, notary: Notary, promise: Promise, log_odds: float, terms: VehicleTerms, *, lender: Lender, bonds: Bonds
    ) -> None:
        journal = notary.books.journal
        super().__init__(notary, promise, log_odds, buyer=journal.account(terms.vehicle))
        self.terms = terms
        self._lessee = journal.account(terms.lessee)
        self._lender = lender
        self._bonds = bonds
        self._lots: list[Lot] = []
        self.delivered_cents = 0
        """Cost of the chips that it has got."""
        self._raised_cents = 0
        self._winds_up = False

    def amend(self, promise: Promise, terms: VehicleTerms, text: str) -> None:
        """What it takes on from now on it takes on by the new terms; rents of what is delivered stay."""
        self.terms = terms
        super().amend(promise, terms, text)

    def share_of(self, contract: CapacityContract, phase: Phase) -> float:
        """Its part of whatever the lessee begins, if it fits into the limit and into what its lender can lend."""
        if contract.terms.provider != self.terms.lessee or not self.is_in_force:
            return 0.0
        cost = self.terms.chips_share * contract.chips_left_cents(phase)
        pending = self.taken_cents - self.delivered_cents
        fits = cost <= self.promise.announced_cents - self.taken_cents and cost <= self._lender.means_cents - pending
        return self.terms.chips_share if fits else 0.0

    def chips_arrived(self, contract: CapacityContract, cents: int) -> None:
        """Their rent begins: level, at a rate a margin above that of the notes."""
        clock, terms = self._notary.clock, self.terms
        self.delivered_cents += cents
        if not cents:
            return
        rate = self._coupon_per_year + terms.margin_per_year
        residual = int(cents * terms.residual_share)
        months = round(12 * terms.years)
        self._lots.append(Lot(contract, cents, clock.day, clock.month, months, 1 + rate / 12, residual))
        self._notary.loan_changed()
        if self.status in (Status.BINDING, Status.RENEGOTIATED):
            self.move(Status.DELIVERING)

    @property
    def _coupon_per_year(self) -> float:
        return self._notary.rules.riskless_rate_per_year + self.terms.spread_per_year

    def _notes(self) -> list[Bond]:
        """Its series outstanding, oldest first."""
        return [bond for bond in self._bonds.of(self.payee) if bond.terms.contract == self.number]

    def owed_beside_cents(self, party: str) -> int:
        """What the lessee has still to pay for chips that are delivered."""
        if party != self.payer or not self.is_alive:
            return 0
        return round(sum(lot.owed(self._notary.clock.month) for lot in self._lots))

    def dues_ahead_cents(self, party: str, months: int) -> int:
        """Rents, and what is left to pay for chips whose lease ends by then."""
        if party != self.payer or not self.is_alive:
            return 0
        total = 0.0
        for lot in self._lots:
            left = lot.months - (self._notary.clock.month - lot.month)
            total += lot.rent * min(months, left) + (lot.residual_cents if left <= months else 0)
        return round(total)

    def due(self) -> Iterable[Bill]:
        """A month's rents; at the end of a lease the lessee buys the chips for what they are then worth. What is left
        of it pays notes back, whole ones; after a default all of them are paid back, as far as they are kept."""
        if self._winds_up:
            self._winds_up = False
            for notes in self._notes():
                yield from self._bonds.call(notes, notes.units)
        if not self.is_in_force:
            return
        month, rent, residual = self._notary.clock.month, 0, 0
        for lot in list(self._lots):
            rent += nth_part(lot.rent, month - lot.month) if month > lot.month else 0
            if month - lot.month == lot.months:
                residual += self._hand_over(lot)
        yield Bill(self._lessee, self.buyer, rent, Cause.RENT, contract=self.number)
        yield Bill(self._lessee, self.buyer, residual, Cause.CHIPS_RESOLD, contract=self.number)
        yield from self._redeem(rent + residual)
        self._notary.loan_changed()
        if self.delivered_cents and not self._lots and self.taken_cents == self.delivered_cents:
            self.move(Status.DONE)

    def _hand_over(self, lot: Lot) -> int:
        """The chips of a lot are the lessee's from now on; returns their price."""
        day, rules = self._notary.clock.day, self._notary.rules
        self._lots.remove(lot)
        self.plant.chips.part_with(lot.cents, lot.since_day, day)
        life = round(rules.chip_life_years * DAYS_PER_YEAR) - (day - lot.since_day)
        lot.host.take_over_chips(lot.residual_cents, max(1, life))
        return lot.residual_cents

    def _redeem(self, coming_cents: int) -> Iterable[Bill]:
        """Notes, as far as its cash and what is coming are more than what it owes this month."""
        left = self._notary.books.journal.balance(self.buyer) + coming_cents - self._owed_cents()
        for notes in self._notes():
            units = min(notes.units, max(0, left) // FACE_CENTS)
            if units:
                left -= units * notes.face_cents
                yield from self._bonds.call(notes, units)

    def _owed_cents(self) -> int:
        return sum(bill.cents for bill in self._notary.bills.of_payer(self.buyer))

    def notes_offered(self) -> NotesOffer | None:
        """For chips that have come this month, as far as its cash and its rents do not pay for them."""
        bills, clock = self._notary.bills, self._notary.clock
        chips = sum(b.cents for b in bills.of_payer(self.buyer) if b.cause not in (Cause.COUPON, Cause.MATURITY))
        coming = sum(b.cents for b in bills.of_contract(self.number, Cause.RENT, Cause.CHIPS_RESOLD))
        lacking = min(chips, self._owed_cents() - coming - self._notary.books.journal.balance(self.buyer))
        if lacking <= 0 or not self.is_in_force:
            return None
        return NotesOffer(
            issuer=self.payee,
            account=self.buyer,
            lender=self.terms.lender,
            cents=-(-lacking // FACE_CENTS) * FACE_CENTS,
            coupon_per_year=self._coupon_per_year,
            maturity_day=clock.day + round(self.terms.years * DAYS_PER_YEAR),
            behind=self.payer,
        )

    def notes_placed(self, notes: Bond | None) -> None:
        """The chips can be paid; or their bill waits."""

    def on_cash(self, bill: Bill, cents: int) -> None:
        """Rent, and what chips have cost in the end, is paid under the promise."""
        if bill.cause in (Cause.RENT, Cause.CHIPS_RESOLD):
            self._pay(cents)

    def on_paid(self, bill: Bill) -> None:
        """Rent on time is evidence."""
        if self.is_alive and bill.cause is Cause.RENT and not bill.months_late:
            self.learn(Evidence.PAID_ON_TIME)

    def on_default(self, party: str) -> None:
        """Its lessee, or it itself, is in default: the chips are sold outside, and notes keep what they bring."""
        if self.is_alive and self._lots:
            self._sell_all()
        super().on_default(party)

    def _sell_all(self) -> None:
        """What its chips bring goes to its notes."""
        day, recovery = self._notary.clock.day, self._notary.rules.recovery_of_face
        self._raised_cents = int(recovery * self.plant.chips.left_cents(day))
        for lot in self._lots:
            self.plant.chips.part_with(lot.cents, lot.since_day, day)
            of_a_mw = sum(supply.share * supply.chips_usd_per_gw for supply in lot.host.terms.supplies) / 10
            lot.host.chips_leave(int(lot.cents / of_a_mw) if of_a_mw else 0)
        self._lots = []
        face = sum(notes.face_outstanding_cents for notes in self._notes())
        if face:
            cash = self._raised_cents + self._notary.books.journal.balance(self.buyer) - self._owed_cents()
            self._bonds.write_down(self.payee, min(1.0, max(0, cash) / face))
            self._winds_up = True

    def raised_cents(self) -> int:
        """What its chips have brought, once."""
        raised, self._raised_cents = self._raised_cents, 0
        return raised
