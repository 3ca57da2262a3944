"""Delivery versus payment: after an auction shares and money change hands together, or not at all."""

from __future__ import annotations

import numpy as np
from numba import njit

from ..ledger.books import Books
from ..ledger.causes import Cause
from ..ledger.journal import InsufficientFunds
from ..ledger.registers import InsufficientShares
from ..ledger.units import CENTS_LIMIT

IntArray = np.ndarray


class SettlementError(ValueError):
    """Fills that are no trade: unknown owners, sides that do not match, amounts beyond money; nothing moved."""

    def __init__(self, *, security: int, came: object, allowed: str) -> None:
        self.security = security
        self.came = came
        self.allowed = allowed
        super().__init__(f"settlement of security {security}: came {came!r}, allowed: {allowed}")


@njit(cache=True)
def net_by_owner(owners, fills, sides, n_accounts):  # type: ignore[no-untyped-def]
    """(first faulty order or -1, accounts, their net shares): repeated owners netted, zeros left out, by account."""
    net = np.zeros(n_accounts, np.int64)
    for k in range(owners.size):
        if owners[k] < 0 or owners[k] >= n_accounts or fills[k] < 0 or (sides[k] != 1 and sides[k] != -1):
            return k, net[:0], net[:0]
        net[owners[k]] += sides[k] * fills[k]
    accounts = np.flatnonzero(net)
    return -1, accounts, net[accounts]


def settle_auction(
    books: Books,
    security: int,
    house_account: int,
    owners: IntArray,
    fills: IntArray,
    sides: IntArray,
    price_cents: int,
) -> int:
    """Settle one auction: buyers pay the clearing house, it pays the sellers, the registers move the shares.

    `owners` (accounts), `fills` (shares >= 0) and `sides` (+1, -1) are int64[orders]. The house ends with the cash it
    had. Returns the cents that changed hands.

    Raises: SettlementError, InsufficientShares, InsufficientFunds, BadEntry; then neither cash nor shares have moved.
    """
    journal, registers = books.journal, books.registers
    fault, accounts, deltas = net_by_owner(owners, fills, sides, journal.n_accounts)
    if fault >= 0:
        came = (int(owners[fault]), int(fills[fault]), int(sides[fault]))
        raise SettlementError(security=security, came=came, allowed="known accounts, fills >= 0, sides +1 or -1")
    if not len(accounts):
        return 0
    if gap := int(deltas.sum()):
        raise SettlementError(security=security, came=f"{gap} more bought than sold", allowed="as many bought as sold")
    buying = deltas > 0
    volume = int(deltas[buying].sum())
    if price_cents < 1 or volume * price_cents >= CENTS_LIMIT:
        raise SettlementError(
            security=security, came=(volume, price_cents), allowed="a price, a value below 2**53 cents"
        )
    if house_account in accounts:
        raise SettlementError(security=security, came=house_account, allowed="owners other than the clearing house")
    cents = np.abs(deltas) * price_cents
    _check_shares(books, security, accounts[~buying], -deltas[~buying])
    _check_cash(books, security, house_account, accounts, np.where(buying, -cents, cents))
    # every later step is certain once the first, which is all or nothing, has gone through
    journal.post_to(house_account, accounts[buying], cents[buying], Cause.TRADE_PAY, security)
    journal.post_from(house_account, accounts[~buying], cents[~buying], Cause.TRADE_RECEIVE, security)
    registers.move_many(security, accounts, deltas)
    return volume * price_cents


def _check_shares(books: Books, security: int, sellers: IntArray, shares: IntArray) -> None:
    """Raises: InsufficientShares if a seller does not hold what it sold; BadTransfer if there is no such security."""
    registers = books.registers
    if not 0 <= security < registers.n_securities:
        raise SettlementError(security=security, came=security, allowed="a security of the registers")
    registers.ensure_account(int(sellers.max()))
    short = np.flatnonzero(registers.holdings[sellers, security] < shares)
    if len(short):
        first = short[0]
        account = int(sellers[first])
        raise InsufficientShares(
            security=registers.names[security],
            account=account,
            units=int(shares[first]),
            held=registers.held(account, security),
        )


def _check_cash(books: Books, security: int, house: int, accounts: IntArray, changes: IntArray) -> None:
    """Raises: InsufficientFunds if a buyer cannot pay, SettlementError if a balance would leave the range of money."""
    journal = books.journal
    left = journal.balances[accounts] + changes
    if (
        int(np.abs(left).max()) >= CENTS_LIMIT
        or abs(journal.balance(house)) + int(changes[changes > 0].sum()) >= CENTS_LIMIT
    ):
        raise SettlementError(security=security, came=int(np.abs(left).max()), allowed="balances below 2**53 cents")
    for k in np.flatnonzero((left < 0) & (journal.origin_of[accounts] < 0) & (changes < 0)):
        account = int(accounts[k])
        if -int(changes[k]) > journal.available_cents(account):
            raise InsufficientFunds(
                day=journal.day,
                account=journal.names[account],
                cents=-int(changes[k]),
                balance_cents=journal.balance(account),
                cause=Cause.TRADE_PAY,
            )
