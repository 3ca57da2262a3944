"""A bond series: coupons every month, its face at maturity, a part of it in a default; and all series of a run."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import final

import numpy as np

from ..engine.calendar import DAYS_PER_MONTH
from ..engine.chance import slot_of
from ..ledger.causes import Cause
from ..ledger.registers import Registers
from ..ledger.units import nth_part
from ..ledger.units_billed import BondClaim, UnitsBilled
from ..market.credit import RATINGS, bond_price_cents
from .actus.axes import RUN_DAYS
from .actus.course import Event
from .actus.cycles import MONTHLY
from .actus.standing import Standing
from .actus.terms import Cyclic, Terms
from .actus.words import ContractType, EventType
from .base import Contract, Status
from .bills import Bill, Rank
from .bond_kernels import worth_of_bonds

FACE_CENTS = 100_000
"""Face value of one bond unit: 1,000 USD."""
DUE = {EventType.IP: Cause.COUPON, EventType.MD: Cause.MATURITY}
"""Why an event makes a bill."""


WORST_SPREAD = RATINGS[-1][1].spread_per_year


@dataclass(frozen=True, slots=True, kw_only=True)
class BondTerms:
    """What a series pays, and who owes it. `luck` names its permanent slot."""

    name: str
    issuer: str
    issuer_account: int
    security: int
    coupon_per_year: float
    maturity_day: int
    luck: str
    issue_day: int = 0

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
            Bill(issuer, account, units * cents, cause, Rank.SENIOR)
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
        self.price_cents = max(
            1,
            bond_price_cents(
                terms.coupon_per_year, spread_per_year, riskless_rate_per_year, days_left, self.face_cents
            ),
        )


class Bonds:
    """All series that are not yet repaid, and the spreads that the market asks of their issuers."""

    def __init__(self, registers: Registers) -> None:
        self._registers = registers
        self.billed = UnitsBilled(registers)
        self.series: list[Bond] = []
        self.by_issuer: dict[str, list[Bond]] = {}
        """An issuer that has ever issued stays, with nothing when all is repaid."""
        self.spread_per_year: dict[str, float] = {}
        self.written_down_cents: Counter[str] = Counter()
        """Face value that holders have lost in defaults, by issuer."""
        self.spread_at_start: dict[str, float] = {}
        self.version = 0
        """Counts the changes of what issuers owe; whoever changes units or face values says so with `changed`."""
        self._debt_cents: dict[str, int] = {}
        self._prices: dict[str, np.ndarray] = {}
        """Price by security, int64, of each issuer's bonds and (under no name) of all; empty when out of date."""

    def asked_ratio(self) -> float:
        """What lenders ask of those that had issued at the start, on average, over what they asked then; or 1. A mark
        counts up to the spread of the worst rating: at that of a bankrupt's last bonds nobody lends."""
        before = math.fsum(self.spread_at_start.values())
        now = math.fsum(min(self.spread_per_year[issuer], WORST_SPREAD) for issuer in self.spread_at_start)
        return now / before if before else 1.0

    def changed(self) -> None:
        """Units or face values are no longer what they were."""
        self.version += 1
        self._debt_cents.clear()

    def enter(self, terms: BondTerms) -> Bond:
        """A new series."""
        bond = Bond(terms, self._registers)
        self.series.append(bond)
        self._prices.clear()
        self.by_issuer.setdefault(terms.issuer, []).append(bond)
        return bond

    def of(self, issuer: str) -> list[Bond]:
        """An issuer's series outstanding."""
        return self.by_issuer.get(issuer, [])

    def debt_cents(self, issuer: str) -> int:
        """Face value of an issuer's bonds outstanding."""
        if issuer not in self._debt_cents:
            self._debt_cents[issuer] = sum(bond.face_outstanding_cents for bond in self.of(issuer))
        return self._debt_cents[issuer]

    def coupons_usd_per_year(self, issuer: str) -> float:
        """Coupons of a year on all bonds of an issuer."""
        return math.fsum(bond.face_outstanding_cents * bond.terms.coupon_per_year for bond in self.of(issuer)) / 100

    def held_cents(self, account: int, issuer: str | None = None) -> int:
        """Market value of the bonds an account holds (of one issuer, or all)."""
        in_all, of_issuer = worth_of_bonds(self._registers.holdings, np.array([account]), self.prices(issuer or ""))
        return in_all.item(0) if issuer is None else of_issuer.item(0)

    def prices(self, issuer: str) -> tuple[np.ndarray, np.ndarray]:
        """Prices by security, int64: of all bonds, and of an issuer's alone (0 elsewhere), made when asked for after a
        change."""
        if not self._prices:
            self._prices[""] = np.zeros(self._registers.n_securities, np.int64)
            for bond in self.series:
                self._prices[""][bond.terms.security] = bond.price_cents
        if issuer not in self._prices:
            own = self._prices[issuer] = np.zeros_like(self._prices[""])
            for bond in self.of(issuer):
                own[bond.terms.security] = bond.price_cents
        return self._prices[""], self._prices[issuer]

    def trade_at(self, bond: Bond, price_cents: int) -> None:
        """A series has traded at a new price."""
        bond.trade_at(price_cents)
        for issuer in ("", bond.payer):
            if issuer in self._prices:
                self._prices[issuer][bond.terms.security] = price_cents

    def retire(self, bond: Bond) -> None:
        """Take a series that has come due off the book."""
        bond.retire()
        self.series.remove(bond)
        self.by_issuer[bond.payer].remove(bond)
        self._prices.clear()
        self.changed()

    def write_down(self, issuer: str, recovery_of_face: float) -> tuple[int, dict[int, int]]:
        """An issuer is in default. Returns cents its holders have lost in all, and by holder."""
        total, by_holder = 0, dict[int, int]()
        for bond in self.of(issuer):
            lost, parts = bond.write_down(recovery_of_face)
            total += lost
            for account, cents in parts.items():
                by_holder[account] = by_holder.get(account, 0) + cents
        self.written_down_cents[issuer] += total
        self.changed()
        return total, by_holder

    def remember_start(self) -> None:
        """What lenders ask at the start."""
        self.spread_at_start = dict(self.spread_per_year)

    def mark(self, spread_per_year: Mapping[str, float], riskless_rate_per_year: float, day: int) -> None:
        """Mark every series to its issuer's spread of today."""
        self._prices.clear()
        for issuer, spread in spread_per_year.items():
            self.spread_per_year[issuer] = spread
            for bond in self.of(issuer):
                bond.mark(spread, riskless_rate_per_year, day)
