"""What securities entitle to, worked out a second time from the registers: coupons, the face of bonds that are retired,
shares that only their issuer may retire.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from .causes import Cause
from .control_account import CAUSE, CENTS, Gap
from .journal import IntArray
from .register_kernels import without_taker
from .registers import NOBODY, Registers, SecurityKind
from .units import nth_part

Pair = tuple[int, int]
"""Payer and payee of a bill: issuer and holder."""
COUPONS = "coupons billed = units held x coupon"
FACES = "face billed = units retired x face"
OWN_SHARES = "shares retired = shares of their issuer's own holding"
MONTH_YEARS = 1 / 12


@dataclass(frozen=True, slots=True)
class BondClaim:
    """Terms of a bond series as they stand when its bills are made: face value of a unit in cents, coupon a year."""

    security: int
    issuer: int
    face_cents: int
    coupon_per_year: float
    coupon: int = 1
    """Which one falls due, counted from the day on which the face was last set."""

    @property
    def coupon_cents(self) -> int:
        """A month's coupon on a unit: all so far are their exact sum in whole cents, halves to even."""
        return nth_part(self.face_cents * self.coupon_per_year * MONTH_YEARS, self.coupon)


class UnitsBilled:
    """The identities of a day's bills to holders of securities.

    Whoever makes the bills of a series tells the terms with `claim`, nothing more: who holds how much is taken from the
    registers. `issuer_of` is to map the number of a share to its issuer's account.
    """

    def __init__(self, registers: Registers) -> None:
        self.registers = registers
        self.issuer_of: dict[int, int] = {}
        self._claims: dict[int, BondClaim] = {}

    def claim(self, claim: BondClaim) -> None:
        """The bills of a series are made now, on these terms."""
        self._claims[claim.security] = claim

    def gaps(self, told: IntArray, is_billing_day: bool) -> Iterator[Gap]:
        """Compares with what a control account was told today; once a day, before the registers forget its movements.

        On a billing day every series that somebody holds must have been billed.
        """
        movements, kinds = self.registers.movements, self.registers.kinds
        claims, self._claims = self._claims, {}
        retired = without_taker(movements).tolist()
        faces: Counter[Pair] = Counter()
        for security, giver, _, units in retired:
            if self.issuer_of.get(security, giver) != giver:
                yield OWN_SHARES, self.registers.names[security], units
            if kinds[security] is SecurityKind.BOND:
                claim = claims.get(security)
                if claim is None:
                    yield FACES, self.registers.names[security], -units
                else:
                    faces[claim.issuer, giver] += units * claim.face_cents
        if claims or is_billing_day:
            yield from _compared(FACES, faces, _billed(told, Cause.MATURITY))
            yield from self._coupon_gaps(claims, told, is_billing_day)

    def _coupon_gaps(self, claims: Mapping[int, BondClaim], told: IntArray, is_billing_day: bool) -> Iterator[Gap]:
        coupons: Counter[Pair] = Counter()
        coupon_cents = {security: claim.coupon_cents for security, claim in claims.items()}
        bonds = [security for security, kind in enumerate(self.registers.kinds) if kind is SecurityKind.BOND]
        held = self._held_when_billed()[:, bonds]
        for place, holder in np.argwhere(held.T).tolist():
            security, units = bonds[place], held.item(holder, place)
            if security in claims:
                coupons[claims[security].issuer, holder] += units * coupon_cents[security]
            elif is_billing_day:
                yield COUPONS, self.registers.names[security], -units
        yield from _compared(COUPONS, coupons, _billed(told, Cause.COUPON))

    def _held_when_billed(self) -> IntArray:
        """Holdings, int64[accounts, securities]: what has been issued and retired today undone, since units come after
        the bills and go with them."""
        held = self.registers.holdings.copy()
        for security, giver, taker, units in self.registers.movements.tolist():
            if giver == NOBODY:
                held[taker, security] -= units
            elif taker == NOBODY:
                held[giver, security] += units
        return held


def _billed(told: IntArray, cause: Cause) -> Counter[Pair]:
    billed: Counter[Pair] = Counter()
    for payer, payee, cents in told[(told[:, CAUSE] == cause) & (told[:, CENTS] > 0)][:, :CAUSE].tolist():
        billed[payer, payee] += cents
    return billed


def _compared(identity: str, due: Counter[Pair], billed: Counter[Pair]) -> Iterator[Gap]:
    for payer, payee in sorted(due.keys() | billed.keys()):
        yield identity, f"account {payer} to account {payee}", billed[payer, payee] - due[payer, payee]
