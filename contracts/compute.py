"""A compute contract: somebody rents capacity, take-or-pay on what is in service."""

from __future__ import annotations

from collections.abc import Iterable
from typing import final

from ..engine.calendar import DAYS_PER_MONTH
from ..ledger.causes import Cause
from ..narrative.chronicle import Happening
from ..narrative.credibility import Evidence
from .base import Status
from .bills import Bill
from .capacity import CapacityContract
from .capacity_terms import CapacityTerms
from .notary import Notary
from .phase import Phase
from .promise import PlannedSale, Promise

STEPS_PER_YEAR = 2
"""Points of a year at which earnings and bills ahead are reckoned: a numerical grid."""
MAY_BE_LATE = (Status.BINDING, Status.DELIVERING, Status.RENEGOTIATED)


@final
class ComputeContract(CapacityContract):
    """Billed every month for the capacity in service, whether used or not; late, renegotiated, then lost."""

    label = "compute"

    def __init__(
        self, notary: Notary, promise: Promise, log_odds: float, terms: CapacityTerms, *, delivered_mw: int
    ) -> None:
        super().__init__(notary, promise, log_odds, terms, delivered_mw=delivered_mw)
        self.end_month = terms.term_months if delivered_mw else None
        """Set when the first capacity goes into service: the term begins then, however late."""

    @property
    def owned_usd_per_year(self) -> float:
        """A customer who does not pay, or rent below cost, is no loss for ever: what it costs is gone in cash."""
        return max(0.0, super().owned_usd_per_year)

    @property
    def has_ended(self) -> bool:
        """Whether its term is over."""
        return self.end_month is not None and self._notary.clock.month >= self.end_month

    def amend(self, promise: Promise, terms: CapacityTerms, text: str) -> None:
        """Its term is longer or shorter as well."""
        if self.end_month is not None:
            self.end_month += terms.term_months - self.terms.term_months
        super().amend(promise, terms, text)

    def is_running_in(self, years: float) -> bool:
        """Whether its term, as planned now, is not over in so many years."""
        left = self.terms.term_months if self.end_month is None else self.end_month - self._notary.clock.month
        starts = self._first_service_years() if self.end_month is None else 0.0
        return years < starts + left / 12

    def planned_mw(self, years: float) -> float:
        """Capacity that is to be in service in so many years at the planned pace of building."""
        ready = years - (self._first_service_years() if not self.service_mw else 0.0)
        built = self.service_mw + 1000 * self.build_gw_per_year * max(0.0, ready)
        return min(float(self.contracted_mw), built)

    def _first_service_years(self) -> float:
        """Years until its first capacity is to go into service."""
        month, planned = self._notary.clock.month, self.terms.first_service_month + self.terms.build_months
        return max(0, min((phase.service_month for phase in self.phases), default=planned) - month) / 12

    def bills_ahead_usd_per_year(self, months: int) -> float:
        """Its bill per year for what is in service now and within so many months."""
        soon_month = self._notary.clock.month + months
        soon = sum(phase.megawatts for phase in self.phases if phase.service_month <= soon_month)
        return (self.service_mw + soon) * self.terms.price_usd_per_mw_year

    def due(self) -> Iterable[Bill]:
        """A month of the capacity in service; at the end of the term the contract is done."""
        if not self.is_alive:
            return ()
        if self.has_ended:
            self.move(Status.DONE)
            self.close()
            return ()
        terms, cents = self.terms, round(100 * self.billable_mw * self.terms.price_usd_per_mw_year / 12)
        self.book_profit(0.0, self.billable_mw / 12)
        bill = Bill(terms.customer_account, terms.provider_account, cents, Cause.COMPUTE_BILL, contract=self.number)
        return (bill,)

    def thought_over(self, pull: float, days: int) -> None:
        """It was known so many days before the start: belief has gone where the strength of its parties pulls it."""
        self.public_day = -days
        for _ in range(days):
            self.reflect(pull)
        self.falls_into_doubt()

    def let_at_once(self) -> None:
        """Of capacity that its provider has, all that is still to come goes into service, once it may."""
        self.month_begins()
        month = self._notary.clock.month
        if self.remaining_mw > 0 and month >= self.terms.first_service_month:
            phase = Phase(self.remaining_mw, month, month, month)
            self.start(phase)
            self.put_into_service(phase)

    def put_into_service(self, phase: Phase) -> bool:
        """A phase is ready: for the customer (True), or for whoever rents it when the contract is gone."""
        self.finish(phase)
        if not self.is_alive:
            self.relet_mw += phase.megawatts
            return False
        self.service_mw += phase.megawatts
        self._delivered_mw = self.service_mw
        if self.end_month is None:
            self.end_month = self._notary.clock.month + self.terms.term_months
        if self.status in (Status.BINDING, Status.RENEGOTIATED):
            self.move(Status.DELIVERING)
        return True

    def on_cash(self, bill: Bill, cents: int) -> None:
        """Cash paid under its bills counts as paid under the promise, and is earned while it lives; what its building
        costs does not."""
        if bill.cause is Cause.COMPUTE_BILL:
            self._pay(cents)
            self.book_profit(cents / 100 if self.is_alive else 0.0, 0.0)

    def on_settled(self, bill: Bill, settled_cents: int, cash_cents: int) -> None:
        """What was set off is earned like cash."""
        if bill.cause is Cause.COMPUTE_BILL and settled_cents > cash_cents and self.is_alive:
            self.book_profit((settled_cents - cash_cents) / 100, 0.0)

    def on_paid(self, bill: Bill) -> None:
        """Paid on time is evidence; with nothing left overdue it delivers again."""
        if bill.cause is not Cause.COMPUTE_BILL or not self.is_alive:
            return
        if not bill.months_late:
            self.learn(Evidence.PAID_ON_TIME)
        if self.status is Status.LATE and not self._notary.bills.of_contract(self.number):
            self.move(Status.DELIVERING)

    def on_late(self, bill: Bill, share: float) -> None:
        """Its customer does not pay: evidence, and news."""
        super().on_late(bill, share)
        if bill.cause is Cause.COMPUTE_BILL and self.status in MAY_BE_LATE:
            self.move(Status.LATE, text=f"{self.payer} does not pay {self.payee} on time", direction=-1)

    @property
    def can_be_renegotiated(self) -> bool:
        """Whether its parties still talk: alive, and not too often before."""
        return self.is_alive and self.renegotiations < self._notary.rules.renegotiations_max

    @property
    def not_begun_mw(self) -> int:
        """Capacity that can still be given up."""
        return max(0, self.contracted_mw - self.started_mw)

    def renegotiate(self, *, is_relief: bool = False) -> None:
        """A customer in difficulty: the usual share of what is not begun is cut, what is overdue is stretched. Where
        there is nothing to cut or stretch, nothing happens.

        Relief that a lab asks for before it is late is no strike against it.
        """
        cut, stretched_cents = int(self._notary.rules.renegotiation_cut * self.not_begun_mw), self._stretch_arrears()
        if not (cut or stretched_cents):
            return
        self.renegotiations += not is_relief
        terms = [f"{cut} MW cut"] if cut else []
        terms += ["arrears stretched over a year"] if stretched_cents else []
        text = f"{self.payer} and {self.payee} renegotiate: {', '.join(terms)}"
        self._cut(cut, text, Happening.RENEGOTIATED, stretched_cents)

    def give_up(self, megawatts: int, *, is_reset: bool) -> None:
        """Both agree to give up so much of what is not begun, all of the contract if nothing is: a reset of its terms,
        or, where the customer is in difficulty, a renegotiation or its end; no strike in any case.

        Source: most terms are renegotiated long before the end and without distress: Roberts & Sufi (2009), JFE 93(2).
        """
        cut = min(self.not_begun_mw, megawatts)
        if cut == self.contracted_mw:
            self.contracted_mw = 0
            told = Happening.RESET if is_reset else Happening.CANCELLED
            self._walk_away(f"{self.payer} and {self.payee} give up {self.name}", told)
        elif cut > 0:
            told = Happening.RESET if is_reset else Happening.RENEGOTIATED
            self._cut(cut, f"{self.payer} and {self.payee} agree to cut {cut} MW of {self.name}", told, 0)

    def _cut(self, megawatts: int, text: str, told: Happening, stretched_cents: int) -> None:
        """The contract's letter changes, and its profit with it."""
        kept = (self.contracted_mw - megawatts) / self.contracted_mw
        self.contracted_mw -= megawatts
        self.profit_usd_per_year *= kept
        lost_cents = int(self.committed_cents * (1 - kept))
        self._commit(-lost_cents)
        self.learn(Evidence.RENEGOTIATED)
        self.move(Status.RENEGOTIATED, text=text, direction=-1, cents=lost_cents + stretched_cents, told=told)

    def _stretch_arrears(self) -> int:
        """Spread overdue bills over the coming months, to the cent; returns their sum."""
        bills, months = self._notary.bills, self._notary.rules.arrears_stretch_months
        overdue = bills.of_contract(self.number, Cause.COMPUTE_BILL)
        bills.drop(overdue)
        for bill in overdue:
            for i in range(months):
                part = bill.cents * (i + 1) // months - bill.cents * i // months
                if part:
                    later = Bill(bill.payer, bill.payee, part, bill.cause, bill.rank, bill.contract)
                    bills.schedule(self._notary.clock.day + DAYS_PER_MONTH * (i + 1), later)
        return sum(bill.cents for bill in overdue)

    def lose_customer(self) -> list[Bill]:
        """Its customer has defaulted on it: arrears are lost but for what a trade creditor recovers, capacity stands
        idle and is re-let at a discount. Returns what is left of the bills, due in a year."""
        bills = self._notary.bills
        arrears = bills.of_contract(self.number, Cause.COMPUTE_BILL)
        bills.drop(arrears)
        arrears += bills.unschedule(contract=self.number)
        owed = sum(bill.cents for bill in arrears)
        left = bills.recover(arrears, self._notary.rules.recovery_of_junior_claims)
        self.close()
        self._notary.chronicle.note(
            Happening.DEFAULT,
            agent=self.payer,
            counterparty=self.payee,
            cents=owed - sum(bill.cents for bill in left),
            detail=f"arrears of {self.name} written off",
        )
        if self.is_alive:
            text = f"{self.payer} defaults: {self.name} is cancelled"
            self.move(Status.CANCELLED, text=text, direction=-1)
        return left

    def close(self) -> None:
        """Its capacity is for others from now on."""
        self.relet_mw += self.service_mw
        self.service_mw = self.billable_mw = 0
        super().close()

    def close_month(self) -> None:
        """What is let to others, at a discount, earns its rent less its costs."""
        rent = self.relet_mw * self.terms.price_usd_per_mw_year * (1 - self._notary.rules.relet_discount)
        self.book_profit(rent / 12, self.relet_mw / 12)
        super().close_month()

    def revalue(self) -> None:
        """Its profit is capitalised less and less from some months before its end."""
        if self.end_month is None:
            self.life_left = 1.0
            return
        left = (self.end_month - self._notary.clock.month) / self._notary.rules.promise_fade_months
        self.life_left = max(0.0, min(1.0, left))

    def planned_sales(self) -> Iterable[PlannedSale]:
        """The lab's bills, then the chips they take."""
        yield PlannedSale(self.payee, self.payer, self.credibility * self.yearly_bill_usd, self.terms.net_margin)
        yield from super().planned_sales()


def rented_ahead(rented: Iterable[ComputeContract], years: float) -> tuple[float, float]:
    """Capacity that compute contracts are to have in service in so many years, GW, and their bill per year."""
    gw = bill = 0.0
    for contract in rented:
        if contract.is_running_in(years):
            served = contract.planned_mw(years)
            gw += served / 1000
            bill += served * contract.terms.price_usd_per_mw_year
    return gw, bill
