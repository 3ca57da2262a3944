"""A bond series: coupons every month, its face at maturity or when it is called, a part of it in a default."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import final

from ..engine.calendar import DAYS_PER_MONTH
from ..engine.chance import slot_of
from ..ledger.causes import Cause
from ..ledger.registers import Registers
from ..ledger.units import nth_part, split
from ..ledger.units_billed import BondClaim
from ..market.credit import bond_price_cents
from .actus.axes import RUN_DAYS
from .actus.course import Event
from .actus.cycles import MONTHLY
from .actus.standing import Standing
from .actus.terms import Cyclic, Terms
from .actus.words import ContractType, EventType
from .base import Contract, Status
from .bills import NO_CONTRACT, Bill, Rank

UNREGISTERED = -1
FACE_CENTS = 100_000
"""Face value of one bond unit: 1,000 USD."""
DUE = {EventType.IP: Cause.COUPON, EventType.MD: Cause.MATURITY}
"""Why an event makes a bill."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BondTerms:
    """What a series pays, and who owes it. `luck` names its permanent slot."""

    name: str
    issuer: str
    issuer_account: int
    security: int = UNREGISTERED
    coupon_per_year: float
    maturity_day: int
    luck: str
    issue_day: int = 0
    contract: int = NO_CONTRACT
    """Number of the contract under which it was placed."""
    is_traded: bool = True
    """Whether it is in the market for outstanding bonds."""
    behind: str = ""
    """Whose credit its payments rest on; empty: its issuer's."""
    right: Callable[[], int] | None = None
    """What a unit is worth beyond its payments, in cents."""

    def registered(self, security: int) -> BondTerms:
        """The same of a series that has its register."""
        return replace(self, security=security)

    @property
    def standard(self) -> Terms:
        """A unit by the standard, to who holds it: principal at maturity, and interest at every month's end."""
        return Terms(
            kind=ContractType.PAM,
            name=self.name,
            status_time=self.issue_day,
            initial_exchange=self.issue_day,
            maturity=RUN_DAYS.shifted(max(self.maturity_day, self.issue_day + 1)),
            notional=FACE_CENTS,
            rate_per_year=self.coupon_per_year,
            interest=Cyclic(RUN_DAYS.shifted(self.issue_day + 1), MONTHLY),
        )


@final
class Bond(Contract):
    """One series: a unit is principal at maturity (PAM). `face_cents` per unit falls when claims are written down in a
    default."""

    label = "bond"

    def __init__(self, terms: BondTerms, registers: Registers) -> None:
        super().__init__(name=terms.name, payer=terms.issuer, payee="")
        self.terms = terms
        self.status = Status.DELIVERING
        self._registers = registers
        self._standing = Standing(terms.standard)
        self._coupons = 0
        """That have fallen due on the face as it is."""
        self.coupon_cents = 0
        """The last month's coupon on a unit."""
        self.price_cents = FACE_CENTS
        self.spread_per_year = 0.0
        self.slot = slot_of(terms.luck)
        """Permanent slot of its luck and of its trading day: no other series changes it."""
        self.trading_day = self.slot % DAYS_PER_MONTH
        """Day of the month on which it trades."""

    @property
    def units(self) -> int:
        """Units outstanding."""
        return int(self._registers.outstanding[self.terms.security])

    @property
    def face_cents(self) -> int:
        """What a unit is owed."""
        return int(self._standing.state.notional)

    @property
    def is_matured(self) -> bool:
        """Whether everything it pays has fallen due."""
        return self._standing.is_over

    @property
    def face_outstanding_cents(self) -> int:
        """Face value of all units."""
        return self.units * self.face_cents

    def holders(self) -> Iterable[tuple[int, int]]:
        """(account, units) of everybody who holds it, by account."""
        held = self._registers.holdings[:, self.terms.security]
        accounts = held.nonzero()[0]
        return zip(accounts.tolist(), held[accounts].tolist(), strict=True)

    def claim(self) -> BondClaim:
        """What a unit entitles to as things stand."""
        terms = self.terms
        return BondClaim(
            terms.security, terms.issuer_account, self.face_cents, terms.coupon_per_year, self._coupons + 1
        )

    def due_on(self, day: int) -> Iterable[Bill]:
        """A month's coupon to every holder; at maturity the face as well, and the units are retired."""
        due = [(DUE[event.kind], self._cents(event)) for event in self._standing.pass_until(day)]
        issuer = self.terms.issuer_account
        return [
            Bill(issuer, account, units * cents, cause, Rank.SENIOR, self.terms.contract)
            for account, units in self.holders()
            for cause, cents in due
        ]

    def _cents(self, event: Event) -> int:
        """What an event pays on a unit in whole cents: coupons add up to what they are exactly, rounded once."""
        if event.kind is EventType.IP:
            self._coupons += 1
            self.coupon_cents = nth_part(event.payoff, self._coupons)
            return self.coupon_cents
        return round(event.payoff)

    def call(self, units: int) -> list[Bill]:
        """Its issuer calls so many units, of every holder in proportion: their face falls due now."""
        holders, terms = list(self.holders()), self.terms
        bills = []
        for (account, _), part in zip(holders, split(units, [held for _, held in holders]), strict=True):
            if part:
                self._registers.retire(terms.security, account, part)
                face = part * self.face_cents
                bills.append(Bill(terms.issuer_account, account, face, Cause.MATURITY, Rank.SENIOR, terms.contract))
        return bills

    def retire(self) -> None:
        """It has come due: its units leave the registers, the claims for its face remain until paid."""
        for account, units in list(self.holders()):
            self._registers.retire(self.terms.security, account, units)
        self._step(Status.DONE)

    def write_down(self, recovery_of_face: float) -> tuple[int, dict[int, int]]:
        """Its issuer is in default: holders keep a part of the face. Returns cents lost in all and by holder."""
        face = max(1, int(self.face_cents * recovery_of_face))
        lost = self.face_cents - face
        by_holder = {account: units * lost for account, units in self.holders()}
        self._standing.write_down(face)
        self._coupons = 0
        return lost * self.units, by_holder

    def trade_at(self, price_cents: int) -> None:
        """It has traded at a new price."""
        self.price_cents = price_cents

    def mark(self, spread_per_year: float, riskless_rate_per_year: float, day: int) -> None:
        """It is worth what its issuer's spread makes of it."""
        terms = self.terms
        self.spread_per_year = spread_per_year
        days_left = max(0, terms.maturity_day - day)
        pays = bond_price_cents(
            terms.coupon_per_year, spread_per_year, riskless_rate_per_year, days_left, self.face_cents
        )
        self.price_cents = max(1, pays + (terms.right() if terms.right is not None else 0))
