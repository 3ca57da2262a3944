"""Lives of chance of every class of contract, wound up at the end: they end, they close empty, they conserve."""

from __future__ import annotations

import random
from fractions import Fraction

from carousel.contracts.backstop import Backstop
from carousel.contracts.base import BadTransition, Status
from carousel.contracts.bond import FACE_CENTS, Bond
from carousel.contracts.capacity import CapacityContract
from carousel.contracts.capital_call import CapitalCall
from carousel.contracts.convertible import Convertible
from carousel.contracts.equity_ticket import EquityTicket
from carousel.contracts.guarantee import Guarantee
from carousel.contracts.revolving_line import RevolvingLine
from carousel.contracts.vendor_loan import VendorLoan
from carousel.contracts.warrant import Warrant
from carousel.ledger.causes import Cause

from .classes import CASES, FUND, LAB, MAKER, month, pay
from .test_lives_recorded import acts_of, born

KINDS = list(CASES)
MONTHS = 14
"""After which every schedule of a case is over."""


class Watched:
    """A contract and the sums that pass under it, counted beside it."""

    def __init__(self, luck: random.Random, kind: type) -> None:
        self.contract, self.at = born(kind, luck.randrange(3))
        self.acts = acts_of(kind, self.contract, self.at)
        self.interest, self.exact = 0, Fraction(0)
        self.coupons, self.exact_coupon, self.lost, self.faces = 0, Fraction(0), 0, 0

    def month(self) -> list:
        """A month; what a bond or a line should bring is reckoned beside it."""
        contract, exact = self.contract, Fraction(0)
        owed = contract.outstanding_cents if isinstance(contract, VendorLoan) else 0
        face = contract.face_cents if isinstance(contract, Bond) and contract.units else 0
        bills = month(contract, self.at)
        if owed and not contract.is_lost:
            exact = Fraction(owed) * Fraction(contract.rate_per_year) / 12
        self.exact += exact
        self.interest += sum(bill.cents for bill in bills if bill.cause is Cause.VENDOR_INTEREST)
        if face and any(bill.cause is Cause.COUPON for bill in bills):
            coupon = sum(bill.cents for bill in bills if bill.cause is Cause.COUPON)
            assert coupon % contract.units == 0
            self.coupons += coupon // contract.units
            self.exact_coupon += Fraction(face) * Fraction(contract.terms.coupon_per_year) / 12
            assert abs(self.coupons - self.exact_coupon) <= Fraction(1, 2) + Fraction(1, 10**6)
        self.faces += sum(bill.cents for bill in bills if bill.cause is Cause.MATURITY)
        if isinstance(contract, Bond) and contract.is_matured and contract.units:
            contract.retire()
        return bills

    def befall(self, name: str) -> None:
        """An act of its class, if its life allows it; a loss of face is counted."""
        if name == "month":
            self.month()
            return
        contract = self.contract
        before = contract.face_cents if isinstance(contract, Bond) else 0
        units = contract.units if isinstance(contract, Bond) else 0
        try:
            self.acts[name]()
        except (BadTransition, ValueError):
            return
        if isinstance(contract, Bond):
            if contract.face_cents != before:
                self.lost += units * (before - contract.face_cents)
                self.coupons, self.exact_coupon = 0, Fraction(0)
            if units and not contract.units:  # taken off the book before its time
                self.lost += units * before

    def wind_up(self) -> None:
        """Everything due is paid until nothing comes any more; what then still lives ends with its parties."""
        for _ in range(MONTHS):
            self.month()
            while self.at.bills.due:
                pay(self.contract, self.at)
        for party in (self.contract.payee, self.contract.payer):
            if self.contract.is_alive:
                self.contract.on_default(party)


def live(number: int) -> str:
    """A life by its number, held to the laws; returns its class."""
    luck = random.Random(number)
    kind = luck.choice(KINDS)
    watched = Watched(luck, kind)
    for _ in range(luck.randrange(2, 14)):
        watched.befall(luck.choice(["month", "pay", *watched.acts]))
    watched.wind_up()
    contract = watched.contract
    assert contract.status in (Status.DONE, Status.CANCELLED), (number, kind.__name__, contract.status)
    assert not watched.at.bills.due, (number, kind.__name__)
    for _ in range(2):
        assert not [bill for bill in watched.month() if bill.cents], (number, kind.__name__)
    assert is_empty(contract), (number, kind.__name__)
    assert conserves(watched), (number, kind.__name__)
    return kind.__name__


def is_empty(contract) -> bool:
    """Whether nothing is left under a contract that has ended."""
    if isinstance(contract, VendorLoan):
        return contract.outstanding_cents == contract.undrawn_cents == contract.claimed_cents == 0
    if isinstance(contract, Bond):
        return contract.units == 0
    if isinstance(contract, Guarantee):
        return contract.called_cents in (0, contract.answered_cents)
    if isinstance(contract, CapitalCall):
        return contract.status is Status.CANCELLED or contract.left_cents < contract.terms.price_cents
    if isinstance(contract, RevolvingLine):
        return contract.room_cents(0.0) == 0
    if isinstance(contract, CapacityContract):
        return contract.is_closed and contract.remaining_mw == 0 and not list(contract.due())
    return not list(contract.due())


def conserves(watched: Watched) -> bool:
    """Whether what has passed under it is what its own account says, to the cent."""
    contract, registers = watched.contract, watched.at.books.registers
    if isinstance(contract, VendorLoan):
        left = contract.drawn_cents - contract.repaid_cents - contract.written_off_cents
        held = registers.held(contract.lender, contract.security)
        rounded = abs(watched.interest - watched.exact) <= Fraction(1, 2) + Fraction(1, 10**6)
        return left == held == contract.outstanding_cents and rounded
    if isinstance(contract, Bond):
        return watched.faces + watched.lost == 11 * FACE_CENTS
    if isinstance(contract, EquityTicket) and contract._price_cents:
        shares = registers.held(MAKER, 0)
        return contract.paid_cents == shares * contract._price_cents + contract._unspent_cents
    if isinstance(contract, Backstop):
        return contract.paid_cents <= contract.billed_cents
    if isinstance(contract, Warrant):
        return contract.issued_shares == registers.held(LAB, 1) == registers.outstanding.item(1)
    if isinstance(contract, Convertible):
        return contract.issued_shares == registers.held(FUND, 1) == registers.outstanding.item(1)
    if isinstance(contract, CapitalCall):
        return 0 <= contract.left_cents <= contract.terms.cents
    return True
