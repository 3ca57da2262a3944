"""All bond series of a run that are not yet repaid: what each issuer owes and each holder has in them."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping

import numpy as np

from ..ledger.registers import Registers
from ..ledger.units_billed import UnitsBilled
from ..market.credit import RATINGS
from .bills import Bill
from .bond import Bond, BondTerms
from .bond_kernels import worth_of_bonds

WORST_SPREAD = RATINGS[-1][1].spread_per_year


class Bonds:
    """All series that are not yet repaid, and the spreads that the market asks of their issuers."""

    def __init__(self, registers: Registers) -> None:
        self._registers = registers
        self.billed = UnitsBilled(registers)
        self.series: list[Bond] = []
        self.by_issuer: dict[str, list[Bond]] = {}
        """An issuer that has ever issued stays, with nothing when all is repaid."""
        self.behind: dict[str, str] = {}
        """Whose credit an issuer's bonds rest on."""
        self.spread_per_year: dict[str, float] = {}
        self.written_down_cents: Counter[str] = Counter()
        """Face value that holders have lost in defaults, by issuer."""
        self.lost_cents: Counter[int] = Counter()
        """The same by the account of who held it."""
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
        self.behind.setdefault(terms.issuer, terms.behind or terms.issuer)
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

    def face_held_cents(self, account: int) -> int:
        """Face value of all bonds that an account holds."""
        held = self._registers.held
        return sum(held(account, bond.terms.security) * bond.face_cents for bond in self.series)

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

    def call(self, bond: Bond, units: int) -> list[Bill]:
        """Some units of a series are paid back before maturity; with the last one it is off the book. Returns the bills
        for their face."""
        bills = bond.call(units)
        self.changed()
        if not bond.units:
            self.retire(bond)
        return bills

    def write_down(self, issuer: str, recovery_of_face: float) -> tuple[int, dict[int, int]]:
        """An issuer is in default. Returns cents its holders have lost in all, and by holder."""
        total, by_holder = 0, dict[int, int]()
        for bond in self.of(issuer):
            lost, parts = bond.write_down(recovery_of_face)
            total += lost
            for account, cents in parts.items():
                by_holder[account] = by_holder.get(account, 0) + cents
        self.lost_cents.update(by_holder)
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
