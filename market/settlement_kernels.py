"""Delivery versus payment in one pass: what could fail is looked for first, then entries, balances and holdings are
written.

Packed arguments, plain tuples: `orders` (owners, sides, fills), int64[orders] each (sides +1 buy, -1 sell; fills in
shares); `ledger` (balances int64[accounts], origins int64[accounts], number of accounts, holdings int64[accounts,
securities]); `page` (buffer int64[rows, 7], entries in it, room for entries, day): the journal's open page.
"""

from __future__ import annotations

import numpy as np

from ..engine.kernels import njit
from ..ledger.causes import Cause
from ..ledger.journal_kernels import write_entry
from ..ledger.units import CENTS_LIMIT

Ints = np.ndarray
Orders = tuple[Ints, Ints, Ints]
Ledger = tuple[Ints, Ints, int, Ints]
Page = tuple[Ints, int, int, int]
Plan = tuple[int, int, Ints, Ints, Ints, int, int]
PAY, RECEIVE = int(Cause.TRADE_PAY), int(Cause.TRADE_RECEIVE)

FINE, BAD_ORDER, UNEQUAL, OUT_OF_RANGE, HOUSE_TRADES, SHORT_OF_SHARES, SHORT_OF_CASH, NO_ROOM = range(8)
"""What may be wrong with a settlement."""


@njit(cache=True)
def net_of_owners(orders: Orders, n_accounts: int) -> tuple[int, Ints]:
    """(first order that is none, or -1, net shares int64[accounts]): every owner's buys less its sells."""
    owners, sides, fills = orders
    net = np.zeros(n_accounts, np.int64)
    for k in range(owners.size):
        if owners[k] < 0 or owners[k] >= n_accounts or not 0 <= fills[k] < CENTS_LIMIT or abs(sides[k]) != 1:
            return k, net
        net[owners[k]] += sides[k] * fills[k]
        if abs(net[owners[k]]) >= CENTS_LIMIT:
            return k, net
    return -1, net


@njit(cache=True)
def traders(net: Ints) -> tuple[Ints, int, int, int]:
    """(accounts with a net trade: buyers first, each side by account; how many buy; shares bought, shares bought less
    sold)."""
    accounts = np.empty(net.size, np.int64)
    count, buyers, bought, gap = 0, 0, 0, 0
    for sign in (1, -1):
        for account in range(net.size):
            if net[account] * sign > 0:
                accounts[count] = account
                count += 1
                gap += net[account]
                if sign > 0 and bought < CENTS_LIMIT:
                    bought += net[account]
        if sign > 0:
            buyers = count
    return accounts[:count], buyers, bought, gap


@njit(cache=True)
def plan_settlement(orders: Orders, price: int, security: int, house: int, ledger: Ledger) -> Plan:
    """Net the orders of every owner and look for what could fail, before anything is written.

    Returns (fault, where, accounts, their net shares, their cents > 0, how many of them buy, cents in all): as
    `traders`; `where` is the order, account or number that the fault is about.
    """
    balances, origin_of, n_accounts, holdings = ledger
    bad, net = net_of_owners(orders, n_accounts)
    if bad >= 0:
        return BAD_ORDER, bad, net[:0], net[:0], net[:0], 0, 0
    accounts, buyers, volume, gap = traders(net)
    deltas = net[accounts]
    cents = np.zeros(accounts.size, np.int64)
    if gap != 0:
        return UNEQUAL, gap, accounts, deltas, cents, buyers, 0
    if price < 1 or volume > (CENTS_LIMIT - 1) // price or balances[house] + volume * price >= CENTS_LIMIT:
        return OUT_OF_RANGE, volume, accounts, deltas, cents, buyers, 0
    if net[house] != 0:
        return HOUSE_TRADES, house, accounts, deltas, cents, buyers, 0
    fault, where = FINE, -1
    for k in range(accounts.size - 1, -1, -1):
        account = accounts[k]
        cents[k] = abs(deltas[k]) * price
        left = balances[account] - deltas[k] * price
        if holdings[account, security] + deltas[k] < 0:
            return SHORT_OF_SHARES, account, accounts, deltas, cents, buyers, 0
        if abs(left) >= CENTS_LIMIT:
            return OUT_OF_RANGE, volume, accounts, deltas, cents, buyers, 0
        if left < 0 and k < buyers and origin_of[account] < 0:
            fault, where = SHORT_OF_CASH, account
    return fault, where, accounts, deltas, cents, buyers, volume * price


@njit(cache=True)
def deliver(
    orders: Orders, price: int, security: int, house: int, ledger: Ledger, page: Page
) -> tuple[int, int, int, int]:
    """Settle a whole auction: entries, balances and holdings, if nothing stands against it; else nothing is written.

    Returns (fault, where, entries in the buffer, cents in all).
    """
    balances, _, _, holdings = ledger
    buffer, count, room, day = page
    fault, where, accounts, deltas, cents, buyers, value = plan_settlement(orders, price, security, house, ledger)
    if fault != FINE:
        return fault, where, count, 0
    if count + accounts.size > room and accounts.size > 0:
        return NO_ROOM, accounts.size, count, 0
    for k in range(accounts.size):
        account = accounts[k]
        holdings[account, security] += deltas[k]
        if k < buyers:
            balances[account] -= cents[k]
            write_entry(buffer, count + k, day, account, house, cents[k], PAY, security)
        else:
            balances[account] += cents[k]
            write_entry(buffer, count + k, day, house, account, cents[k], RECEIVE, security)
    return FINE, -1, count + accounts.size, value
