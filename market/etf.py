"""The exchange-traded fund: a basket behind its shares, and whole creation units that swap one for the other in kind.

The trust holds, at every moment, creation units outstanding times the basket, and perhaps some cash. A basket is
int64[F]: shares of each constituent behind one creation unit.
"""

from __future__ import annotations

import operator
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..engine.kernels import njit
from ..ledger.books import Books
from ..ledger.causes import Cause
from ..ledger.registers import InsufficientShares

IntArray = np.ndarray


class EtfError(ValueError):
    """A creation, redemption or rebalancing that does not fit the fund; nothing moved."""

    def __init__(self, *, came: object, allowed: str) -> None:
        self.came = came
        self.allowed = allowed
        super().__init__(f"came {came!r}, allowed: {allowed}")


def basket_value_cents(basket: Sequence[int] | IntArray, prices: Sequence[int] | IntArray) -> int:
    """Value of one creation unit's basket at these prices, exactly."""
    if len(basket) != len(prices):
        raise ValueError(f"came {len(basket)} shares at {len(prices)} prices, allowed: one price a share")
    return sum(map(operator.mul, _plain(basket), _plain(prices)))


def nav_cents(basket: IntArray, prices: IntArray, creation_unit: int, trust_cash: int, units: int) -> float:
    """Net asset value per ETF share in cents: its part of the basket and of the trust's cash (cents)."""
    cash = trust_cash / units if units else 0.0
    return (basket_value_cents(basket, prices) + cash) / creation_unit


def cap_weight_basket(
    shares_outstanding: Sequence[int], prices: Sequence[int], price: int, creation_unit: int
) -> IntArray:
    """int64[F]: the basket at capitalisation weights that is worth one creation unit at `price` cents an ETF share.

    Whole shares, rounded down, so that it never costs more than the unit: b_f = floor(price unit N_f / sum N P).

    Raises: EtfError if nothing has a market value, or the price or the unit is not positive.
    """
    total = basket_value_cents(shares_outstanding, prices)
    if total <= 0 or price < 1 or creation_unit < 1:
        raise EtfError(came=(total, price, creation_unit), allowed="a market value, a price and a unit above 0")
    worth = int(price) * int(creation_unit)
    return np.array([worth * int(shares) // total for shares in shares_outstanding], np.int64)


def create(
    books: Books, etf_security: int, trust: int, participant: int, securities: IntArray, basket: IntArray,
    creation_unit: int, units: int,
) -> None:  # fmt: skip
    """The participant hands in baskets, and its part of the trust's cash (rounded up), for new ETF shares.

    Raises: EtfError, InsufficientShares, InsufficientFunds; then nothing has moved.
    """
    units = _whole_units(units)
    journal, registers = books.journal, books.registers
    before = _units_outstanding(books, etf_security, creation_unit)
    if before and (cash := journal.balance(trust)) > 0:
        _check_held(books, participant, securities, basket * units)
        journal.post(participant, trust, -(-cash * units // before), Cause.ETF_CASH, int(etf_security))
    registers.transfer_many(participant, trust, securities, basket * units)
    registers.issue(etf_security, participant, units * creation_unit)


def redeem(
    books: Books, etf_security: int, trust: int, participant: int, securities: IntArray, basket: IntArray,
    creation_unit: int, units: int,
) -> None:  # fmt: skip
    """The participant hands in ETF shares for baskets, and their part of the trust's cash (rounded down).

    Raises: EtfError, InsufficientShares; then nothing has moved.
    """
    units = _whole_units(units)
    journal, registers = books.journal, books.registers
    before = _units_outstanding(books, etf_security, creation_unit)
    if (held := registers.held(participant, etf_security)) < units * creation_unit:
        name = registers.names[etf_security]
        raise InsufficientShares(security=name, account=participant, units=units * creation_unit, held=held)
    cents = journal.balance(trust) * units // before
    if cents > 0:
        _check_held(books, trust, securities, basket * units)
        journal.post(trust, participant, cents, Cause.ETF_CASH, int(etf_security))
    registers.transfer_many(trust, participant, securities, basket * units)
    registers.retire(etf_security, participant, units * creation_unit)


@dataclass(frozen=True, slots=True, eq=False)
class RebalancePlan:
    """What the trust receives (+) or hands out (-) of each share, int64[F], and the cash the participant adds."""

    basket: IntArray
    deltas: IntArray
    cash_to_trust_cents: int


def rebalance_plan(
    old_basket: IntArray, shares_outstanding: Sequence[int], prices: Sequence[int], units: int
) -> RebalancePlan:
    """The swap in kind, at value, that brings the basket to today's capitalisation weights at its own worth.

    New baskets are rounded down, so the participant always pays a little cash, never the trust. Raises: EtfError.
    """
    basket = cap_weight_basket(shares_outstanding, prices, max(1, basket_value_cents(old_basket, prices)), 1)
    deltas = (basket - old_basket) * units
    return RebalancePlan(basket, deltas, -basket_value_cents(deltas, prices))


def rebalance(
    books: Books, etf_security: int, trust: int, participant: int, securities: IntArray, plan: RebalancePlan
) -> None:
    """Carry out a rebalancing with the participant, who must hold what the trust is to receive.

    Raises: InsufficientShares, InsufficientFunds; then nothing has moved.
    """
    registers = books.registers
    inward, outward = np.maximum(plan.deltas, 0), np.maximum(-plan.deltas, 0)
    _check_held(books, participant, securities, inward)
    _check_held(books, trust, securities, outward)
    if plan.cash_to_trust_cents > 0:
        books.journal.post(participant, trust, plan.cash_to_trust_cents, Cause.ETF_CASH, int(etf_security))
    registers.transfer_many(participant, trust, securities, inward)
    registers.transfer_many(trust, participant, securities, outward)


def basket_gaps(holdings: IntArray, basket: IntArray, units: int) -> list[tuple[int, int]]:
    """(index, shares too many) of every constituent of which the trust does not hold units x basket: must be none."""
    gaps = np.asarray(holdings) - units * np.asarray(basket)
    return [(int(index), int(gaps[index])) for index in np.flatnonzero(gaps)]


def _plain(numbers: Sequence[int] | IntArray) -> list[int]:
    """Plain integers, which cannot overflow."""
    return numbers.tolist() if isinstance(numbers, np.ndarray) else [int(number) for number in numbers]


def _whole_units(units: int) -> int:
    if units != int(units) or units < 1:
        raise EtfError(came=units, allowed="whole creation units, 1 or more")
    return int(units)


def _units_outstanding(books: Books, etf_security: int, creation_unit: int) -> int:
    units, rest = divmod(int(books.registers.outstanding[etf_security]), creation_unit)
    if rest:
        raise EtfError(came=f"{rest} ETF shares beyond whole units", allowed="whole creation units outstanding")
    return units


def _check_held(books: Books, account: int, securities: IntArray, shares: IntArray) -> None:
    registers = books.registers
    registers.ensure_account(account)
    for security, wanted in zip(securities.tolist(), shares.tolist(), strict=True):
        held = registers.holdings.item(account, security)
        if held < wanted:
            raise InsufficientShares(security=registers.names[security], account=account, units=wanted, held=held)


@njit(cache=True)
def first_off_basket(holdings, account, securities, units, basket):  # type: ignore[no-untyped-def]
    """The first place where an account (a row of int64[accounts, securities]) holds not so many baskets; else -1."""
    for place in range(securities.size):
        if holdings[account, securities[place]] != units * basket[place]:
            return place
    return -1
