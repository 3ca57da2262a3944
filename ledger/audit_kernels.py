"""Loops of the audit: what must be equal, compared account by account and security by security.

Shapes, passed in plain tuples: accounts (balances int64[accounts], origin_of int64[accounts], how many accounts);
registers (holdings and replayed int64[accounts, securities], outstanding, issued and retired int64[securities]);
entries int64[n, 7] and movements int64[n, 4] of a closed day.
"""

from __future__ import annotations

import numpy as np

from ..engine.kernels import njit
from .causes import Cause
from .purse_kernels import Accounts

Ints = np.ndarray
RegisterArrays = tuple[Ints, Ints, Ints, Ints, Ints]

REPLAY, NEGATIVE, SUM, INSIDE = 1, 2, 3, 4
"""Faults in the cash of all accounts."""
HELD, ISSUED, OWED, PRICED, MOVED = range(5)
"""Faults in the registers."""
FINE = -1
PAY, RECEIVE = int(Cause.TRADE_PAY), int(Cause.TRADE_RECEIVE)


@njit(cache=True)
def cash_gap(accounts: Accounts, replayed: Ints, entries: Ints, inside_cents: int) -> tuple[int, int, int]:
    """(identity, account, gap) of the first fault in the cash of all accounts; (0, -1, 0) if there is none.

    `replayed` int64[accounts] is a second ledger; the day's entries are added to it first.
    """
    balances, origin_of, n_accounts = accounts
    for n in range(entries.shape[0]):
        replayed[entries[n, 1]] -= entries[n, 3]
        replayed[entries[n, 2]] += entries[n, 3]
    total = 0
    inside = 0
    for account in range(n_accounts):
        gap = balances[account] - replayed[account]
        if gap != 0:
            return REPLAY, account, gap
        total += balances[account]
        if origin_of[account] < 0:
            inside += balances[account]
            if balances[account] < 0:
                return NEGATIVE, account, balances[account]
    if total != 0:
        return SUM, -1, total
    if inside != inside_cents:
        return INSIDE, -1, inside - inside_cents
    return 0, -1, 0


@njit(cache=True)
def replay_movements(replayed: Ints, movements: Ints) -> None:
    """Adds movements to a register in place."""
    for k in range(movements.shape[0]):
        security, giver, taker, units = movements[k, 0], movements[k, 1], movements[k, 2], movements[k, 3]
        if giver >= 0:
            replayed[giver, security] -= units
        if taker >= 0:
            replayed[taker, security] += units


@njit(cache=True)
def replay_trades(holdings: Ints, replayed: Ints, entries: Ints) -> tuple[int, int, int]:
    """Adds to a register what the day's trades say was bought and sold: (PRICED, security, cents) of the first trade
    that does not fit, (FINE, -1, 0) if all do.

    A security trades at one price a day, so what an account paid or got for it must be that price times the units by
    which its holding differs. The price is that of the security's first trade.
    """
    prices = np.zeros(holdings.shape[1], np.int64)
    for n in range(entries.shape[0]):
        cause = entries[n, 4]
        if cause != PAY and cause != RECEIVE:
            continue
        account = entries[n, 1] if cause == PAY else entries[n, 2]
        cents = entries[n, 3] if cause == PAY else -entries[n, 3]
        security = entries[n, 5]
        units = holdings[account, security] - replayed[account, security]
        if prices[security] == 0 and units != 0:
            prices[security] = max(cents // units, 1)
        if units * prices[security] != cents:
            return PRICED, security, cents - units * prices[security]
        replayed[account, security] += units
    return FINE, -1, 0


@njit(cache=True)
def register_gap(registers: RegisterArrays, movements: Ints, entries: Ints) -> tuple[int, int, int]:
    """(fault, security, gap) of the first fault after a day's movements and trades; (FINE, -1, 0) if there is none.

    HELD: held less outstanding; ISSUED: outstanding less issued net of retired; OWED: the lowest holding, below 0;
    PRICED: as `replay_trades`; MOVED: units by which a holding differs from what movements and trades explain.
    """
    holdings, replayed, outstanding, issued, retired = registers
    replay_movements(replayed, movements)
    priced = replay_trades(holdings, replayed, entries)
    held = np.zeros(outstanding.size, np.int64)
    lowest = np.zeros(outstanding.size, np.int64)
    moved = np.zeros(outstanding.size, np.int64)
    for account in range(holdings.shape[0]):
        for security in range(outstanding.size):
            units = holdings[account, security]
            held[security] += units
            lowest[security] = min(lowest[security], units)
            moved[security] = max(moved[security], abs(units - replayed[account, security]))
    for fault in (HELD, ISSUED, OWED):
        for security in range(outstanding.size):
            if fault == HELD:
                gap = held[security] - outstanding[security]
            elif fault == ISSUED:
                gap = outstanding[security] - issued[security] + retired[security]
            else:
                gap = lowest[security]
            if gap != 0:
                return fault, security, gap
    if priced[0] != FINE:
        return priced
    for security in range(outstanding.size):
        if moved[security] != 0:
            return MOVED, security, moved[security]
    return FINE, -1, 0
