"""Delivery versus payment: after an auction shares and money change hands together, or not at all."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..ledger.books import Books
from ..ledger.causes import Cause
from ..ledger.journal import InsufficientFunds
from ..ledger.registers import InsufficientShares
from .settlement_kernels import (
    BAD_ORDER,
    FINE,
    HOUSE_TRADES,
    NO_ROOM,
    OUT_OF_RANGE,
    SHORT_OF_CASH,
    SHORT_OF_SHARES,
    UNEQUAL,
    Ledger,
    Page,
    deliver,
)

Ints = np.ndarray

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


class Executed(NamedTuple):
    """The orders of an auction and what they traded, int64[orders] each."""

    owners: Ints
    """Accounts."""
    sides: Ints
    """+1 or -1."""
    fills: Ints
    """Shares, 0 or more."""


def packed(books: Books) -> tuple[Ledger, Page]:
    """Accounts and the journal's open page as the kernels take them, with a row of holdings for every account."""
    journal, registers = books.journal, books.registers
    if len(registers.holdings) < journal.n_accounts:
        registers.ensure_account(journal.n_accounts - 1)
    ledger = journal.balances, journal.origin_of, journal.n_accounts, registers.holdings
    return ledger, (journal.buffer, journal.count, journal.room, journal.day)


def settle_auction(books: Books, security: int, house_account: int, executed: Executed, price_cents: int) -> int:
    """Settle one auction: buyers pay the clearing house, it pays the sellers, the registers move the shares.

    The house ends with the cash it had. Returns the cents that changed hands.

    Raises: SettlementError, InsufficientShares, InsufficientFunds, BadEntry; then neither cash nor shares have moved.
    """
    journal, registers = books.journal, books.registers
    owners, sides, fills = executed
    if not 0 <= security < registers.n_securities:
        raise SettlementError(security=security, came=security, allowed="a security of the registers")
    if not len(owners) == len(fills) == len(sides) or not 0 <= house_account < journal.n_accounts:
        came = (len(owners), len(fills), len(sides), house_account)
        raise SettlementError(security=security, came=came, allowed="columns of one length, a known clearing house")
    ledger, page = packed(books)
    terms = int(price_cents), int(security), int(house_account)
    fault, where, count, value = deliver(tuple(executed), *terms, ledger, page)
    if fault == FINE:
        journal.filled_to(count)
        return value
    if fault == NO_ROOM:
        journal.make_room(where)
        return settle_auction(books, security, house_account, executed, price_cents)
    if fault == BAD_ORDER:
        where = (int(owners[where]), int(fills[where]), int(sides[where]))
    if fault not in (SHORT_OF_SHARES, SHORT_OF_CASH):
        raise SettlementError(security=security, came=where, allowed=ALLOWED[fault])
    delta = int((fills * sides)[owners == where].sum())
    if fault == SHORT_OF_SHARES:
        held = registers.held(where, security)
        raise InsufficientShares(security=registers.names[security], account=where, units=-delta, held=held)
    raise InsufficientFunds(
        day=journal.day, account=journal.names[where], cents=delta * int(price_cents),
        balance_cents=journal.balance(where), cause=Cause.TRADE_PAY,
    )  # fmt: skip
