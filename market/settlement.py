"""Delivery versus payment: after an auction shares and money change hands together, or not at all."""

from __future__ import annotations

import numpy as np

from ..engine.kernels import njit
from ..ledger.books import Books
from ..ledger.causes import Cause
from ..ledger.journal import InsufficientFunds
from ..ledger.journal_kernels import write_entry
from ..ledger.registers import InsufficientShares
from ..ledger.units import CENTS_LIMIT

IntArray = np.ndarray
PAY, RECEIVE = int(Cause.TRADE_PAY), int(Cause.TRADE_RECEIVE)

FINE, BAD_ORDER, UNEQUAL, OUT_OF_RANGE, HOUSE_TRADES, SHORT_OF_SHARES, SHORT_OF_CASH, NO_ROOM = range(8)
"""What may be wrong with a settlement."""
ALLOWED = {
    BAD_ORDER: "known accounts, fills of 0 to 2**53 - 1, sides +1 or -1",
    UNEQUAL: "as many shares bought as sold",
    OUT_OF_RANGE: "a price of 1 cent or more, values and balances below 2**53 cents",
    HOUSE_TRADES: "owners other than the clearing house",
}


class SettlementError(ValueError):
    """Fills that are no trade: unknown owners, sides that do not match, amounts beyond money; nothing moved."""

    def __init__(self, *, security: int, came: object, allowed: str) -> None:
        self.security = security
        self.came = came
        self.allowed = allowed
        super().__init__(f"settlement of security {security}: came {came!r}, allowed: {allowed}")


@njit(cache=True)
def plan_settlement(owners, fills, sides, price, house, balances, origin_of, n_accounts, holdings, security):  # type: ignore[no-untyped-def]
    """Net the orders of every owner and look for what could fail, before anything is written.

    Returns (fault, where, accounts, their net shares, their cents > 0, how many of them buy, cents in all): buyers
    first, each side by account, zeros left out; `where` is the order, account or number that the fault is about.
    """
    net = np.zeros(n_accounts, np.int64)
    for k in range(owners.size):
        if owners[k] < 0 or owners[k] >= n_accounts or not 0 <= fills[k] < CENTS_LIMIT or abs(sides[k]) != 1:
            return BAD_ORDER, k, net[:0], net[:0], net[:0], 0, np.int64(0)
        net[owners[k]] += sides[k] * fills[k]
        if abs(net[owners[k]]) >= CENTS_LIMIT:
            return BAD_ORDER, k, net[:0], net[:0], net[:0], 0, np.int64(0)
    accounts = np.empty(n_accounts, np.int64)
    count, volume, gap = 0, np.int64(0), np.int64(0)
    for sign in (1, -1):
        for account in range(n_accounts):
            if net[account] * sign > 0:
                accounts[count] = account
                count += 1
                gap += net[account]
                if sign > 0 and volume < CENTS_LIMIT:
                    volume += net[account]
        if sign > 0:
            buyers = count
    accounts = accounts[:count]
    deltas = net[accounts]
    cents = np.zeros(count, np.int64)
    if gap != 0:
        return UNEQUAL, gap, accounts, deltas, cents, buyers, np.int64(0)
    if price < 1 or volume > (CENTS_LIMIT - 1) // price or balances[house] + volume * price >= CENTS_LIMIT:
        return OUT_OF_RANGE, volume, accounts, deltas, cents, buyers, np.int64(0)
    if net[house] != 0:
        return HOUSE_TRADES, house, accounts, deltas, cents, buyers, np.int64(0)
    fault, where = FINE, np.int64(-1)
    for k in range(count - 1, -1, -1):
        account = accounts[k]
        cents[k] = abs(deltas[k]) * price
        left = balances[account] - deltas[k] * price
        if holdings[account, security] + deltas[k] < 0:
            return SHORT_OF_SHARES, account, accounts, deltas, cents, buyers, np.int64(0)
        if abs(left) >= CENTS_LIMIT:
            return OUT_OF_RANGE, volume, accounts, deltas, cents, buyers, np.int64(0)
        if left < 0 and k < buyers and origin_of[account] < 0:
            fault, where = SHORT_OF_CASH, account
    return fault, where, accounts, deltas, cents, buyers, volume * price


@njit(cache=True)
def deliver(  # type: ignore[no-untyped-def]
    owners, fills, sides, price, house, balances, origin_of, n_accounts, holdings, security, buffer, count, room, day,
    pay, receive,
):  # fmt: skip
    """Settle a whole auction: entries, balances and holdings, if nothing stands against it; else nothing is written.

    `pay` and `receive` are the numbers of the causes. Returns (fault, where, entries in the buffer, cents in all).
    """
    fault, where, accounts, deltas, cents, buyers, value = plan_settlement(
        owners, fills, sides, price, house, balances, origin_of, n_accounts, holdings, security
    )
    if fault != FINE:
        return fault, where, count, np.int64(0)
    if count + accounts.size > room and accounts.size > 0:
        return NO_ROOM, np.int64(accounts.size), count, np.int64(0)
    for k in range(accounts.size):
        account = accounts[k]
        holdings[account, security] += deltas[k]
        if k < buyers:
            balances[account] -= cents[k]
            write_entry(buffer, count + k, day, account, house, cents[k], pay, security)
        else:
            balances[account] += cents[k]
            write_entry(buffer, count + k, day, house, account, cents[k], receive, security)
    return FINE, np.int64(-1), count + accounts.size, value


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
    n_accounts = journal.n_accounts
    if not 0 <= security < registers.n_securities:
        raise SettlementError(security=security, came=security, allowed="a security of the registers")
    if not len(owners) == len(fills) == len(sides) or not 0 <= house_account < n_accounts:
        came = (len(owners), len(fills), len(sides), house_account)
        raise SettlementError(security=security, came=came, allowed="columns of one length, a known clearing house")
    if len(registers.holdings) < n_accounts:
        registers.ensure_account(n_accounts - 1)
    security, house_account, price_cents = int(security), int(house_account), int(price_cents)
    fault, where, count, value = deliver(
        owners, fills, sides, price_cents, house_account, journal.balances, journal.origin_of, n_accounts,
        registers.holdings, security, journal.buffer, journal.count, journal.room, journal.day, PAY, RECEIVE,
    )  # fmt: skip
    if fault == FINE:
        journal.count = count
        return value
    if fault == NO_ROOM:
        journal.make_room(where)
        return settle_auction(books, security, house_account, owners, fills, sides, price_cents)
    if fault == BAD_ORDER:
        where = (int(owners[where]), int(fills[where]), int(sides[where]))
    if fault not in (SHORT_OF_SHARES, SHORT_OF_CASH):
        raise SettlementError(security=security, came=where, allowed=ALLOWED[fault])
    delta = int((fills * sides)[owners == where].sum())
    if fault == SHORT_OF_SHARES:
        held = registers.held(where, security)
        raise InsufficientShares(security=registers.names[security], account=where, units=-delta, held=held)
    raise InsufficientFunds(
        day=journal.day, account=journal.names[where], cents=delta * price_cents,
        balance_cents=journal.balance(where), cause=Cause.TRADE_PAY,
    )  # fmt: skip
