"""Loops over funds and shares: every fund's ladder into the books of the closing session, ahead of what others send.

Packed arguments: `rungs` float[2, 2K] (factors as from `ladders.rung_factors`, demands = factors^-eta); `orders`
int64[2, rows] (limits in cents, signed shares: + to buy), to be written. Plain tuples: `wishes` (price in cents around
which a fund's rungs lie and at which it wants its shares, float[F] or [I, F]; shares wanted there, float[I, F]; eta,
float[F]).
"""

from __future__ import annotations

import math

import numpy as np

from ..engine.kernels import njit
from ..ledger.registers import units_held
from .ladders import VALUE_CENTS_LIMIT, affordable_shares, indifference_cents, wanted_at
from .orders_kernels import FINE, enter_orders

Ints = np.ndarray
Floats = np.ndarray
Wishes = tuple[Floats, Floats, Floats]
Refusal = tuple[int, int, int, int, int]


@njit(cache=True)
def demand_ladder(
    value_cents: float,
    scale_shares: float,
    eta: float,
    held_shares: int,
    budget_cents: int,
    rungs: Floats,
    orders: Ints,
    start: int,
) -> int:
    """Write one ladder from row `start` on, buys falling, then sells rising; returns the row after it.

    A fund without a positive value sends no orders.
    """
    factors, demands = rungs[0], rungs[1]
    row = start
    if not (value_cents > 0.0 and scale_shares >= 0.0 and value_cents < VALUE_CENTS_LIMIT):
        return row
    last = factors.size - 1
    centre, base, first_buy, first_sell = value_cents, scale_shares, last, 0
    if held_shares > 0 and scale_shares > 0.0:
        indifference = indifference_cents(value_cents, scale_shares, held_shares, eta)
        if value_cents * factors[0] <= indifference <= value_cents * factors[last]:
            centre, base = indifference, float(held_shares)
            first_buy, first_sell = factors.size // 2 - 1, factors.size // 2
    position, budget = held_shares, budget_cents
    for k in range(first_buy, -1, -1):
        limit = math.floor(centre * factors[k])
        if limit < 1 or budget < limit:
            break
        wanted = wanted_at(base, demands[k])
        if wanted <= position:
            continue
        shares = affordable_shares(wanted - position, limit, budget)
        orders[0, row], orders[1, row] = limit, shares
        row += 1
        budget -= shares * limit
        if position + shares < wanted:
            break
        position = wanted
    position = held_shares
    for k in range(first_sell, factors.size):
        if position <= 0:
            break
        wanted = wanted_at(base, demands[k])
        if wanted < position:
            orders[0, row], orders[1, row] = max(1, math.ceil(centre * factors[k])), wanted - position
            row += 1
            position = wanted
    return row


@njit(cache=True)
def fund_ladders(wishes: Wishes, holdings: Ints, budgets: Ints, factors: Floats) -> tuple[Ints, Ints, Ints, Ints]:
    """Ladders of I funds in F shares, share after share, fund after fund, in one pass.

    `wishes` with prices float[I, F], `holdings` int64[I, F] shares, `budgets` int64[I, F] cents.

    Returns limits, signed shares (+ buy), fund index of each order, all int64[n], and offsets int64[F + 1] by share.
    """
    values, scales, eta = wishes
    funds, shares = values.shape
    room = funds * shares * factors.size
    orders, owners = np.empty((2, room), np.int64), np.empty(room, np.int64)
    offsets = np.zeros(shares + 1, np.int64)
    logs, rungs = np.log(factors), np.empty((2, factors.size))
    rungs[0] = factors
    row = 0
    for f in range(shares):
        for k in range(factors.size):
            rungs[1, k] = math.exp(-eta[f] * logs[k])
        for i in range(funds):
            first = row
            row = demand_ladder(values[i, f], scales[i, f], eta[f], holdings[i, f], budgets[i, f], rungs, orders, first)
            for order in range(first, row):
                owners[order] = i
        offsets[f + 1] = row
    return orders[0, :row], orders[1, :row], owners[:row], offsets


@njit(cache=True)
def split_budgets(cash_cents: Ints, wanted_shares: Floats, prices: Floats) -> Ints:
    """int64[I, F]: each fund's cash over the shares in proportion to what it wants of them, never more than it has.

    `cash_cents` int64[I], `wanted_shares` float[I, F], `prices` float[F] in cents.
    """
    budgets = np.zeros(wanted_shares.shape, np.int64)
    for i in range(wanted_shares.shape[0]):
        total = 0.0
        for f in range(prices.size):
            total += wanted_shares[i, f] * prices[f]
        if not total > 0.0:
            continue
        left = max(cash_cents[i], 0)
        cash = float(left)
        for f in range(prices.size):
            # the float share may be a cent too high in the last digit: what is left bounds it
            budgets[i, f] = min(left, int(cash * (wanted_shares[i, f] * prices[f] / total)))
            left -= budgets[i, f]
    return budgets


@njit(cache=True)
def desk_ladders(
    wishes: Wishes, ledger: tuple[Ints, Ints], funds: tuple[Ints, Ints], factors: Floats
) -> tuple[Ints, Ints, Ints, Ints]:
    """`fund_ladders` around common anchor prices float[F], budgets split by `split_budgets`; owners are accounts.

    `ledger` (balances int64[all accounts], holdings int64[all accounts, all securities]) is read at `funds` (accounts
    int64[I], securities int64[F]).
    """
    anchor_cents, wanted_shares, eta = wishes
    balances, holdings = ledger
    accounts, securities = funds
    values = np.empty(wanted_shares.shape)
    values[:, :] = anchor_cents
    budgets = split_budgets(balances[accounts], wanted_shares, anchor_cents)
    held = units_held(holdings, accounts, securities)
    limits, signed_shares, owners, offsets = fund_ladders((values, wanted_shares, eta), held, budgets, factors)
    for order in range(owners.size):
        owners[order] = accounts[owners[order]]
    return limits, signed_shares, owners, offsets


@njit(cache=True)
def sort_by_share(sent: Ints, shares: int) -> tuple[Ints, Ints]:
    """What others have sent, int64[k, 4] (share, account, signed shares, limit), share after share in the order it
    came: int64[3, k] (account, limit, signed shares), and where each share's begin, int64[shares + 1]."""
    first = np.zeros(shares + 1, np.int64)
    for k in range(sent.shape[0]):
        first[sent[k, 0] + 1] += 1
    for f in range(shares):
        first[f + 1] += first[f]
    place = first.copy()
    by_share = np.empty((3, sent.shape[0]), np.int64)
    for k in range(sent.shape[0]):
        at = place[sent[k, 0]]
        by_share[0, at], by_share[1, at], by_share[2, at] = sent[k, 1], sent[k, 3], sent[k, 2]
        place[sent[k, 0]] += 1
    return by_share, first


@njit(cache=True)
def session_table(
    wishes: Wishes, ledger: tuple[Ints, Ints], funds: tuple[Ints, Ints], factors: Floats, sent: Ints
) -> tuple[Ints, Ints, Refusal]:
    """`desk_ladders` and what others have sent, checked, as the table of a session: share by share, funds first.

    `sent` int64[k, 4] are rows of `SentOrder`. Returns a table int64[4, n] (owner, side, quantity, limit), ends
    int64[F], and (fault of `check_orders`, its share, owner, signed shares, limit).
    """
    limits, signed_shares, owners, offsets = desk_ladders(wishes, ledger, funds, factors)
    shares = offsets.size - 1
    others, first_sent = sort_by_share(sent, shares)
    table = np.empty((4, limits.size + sent.shape[0]), np.int64)
    ends = np.empty(shares, np.int64)
    end = 0
    for f in range(shares):
        first, last = offsets[f], offsets[f + 1]
        ladders = (owners[first:last], limits[first:last], signed_shares[first:last])
        fault, at, totals = enter_orders(table, end, ladders, (0, 0, 0))
        if fault != FINE:
            return table, ends, (fault, f, ladders[0][at], ladders[2][at], ladders[1][at])
        end += last - first
        first, last = first_sent[f], first_sent[f + 1]
        of_others = (others[0, first:last], others[1, first:last], others[2, first:last])
        fault, at, totals = enter_orders(table, end, of_others, totals)
        if fault != FINE:
            return table, ends, (fault, f, of_others[0][at], of_others[2][at], of_others[1][at])
        end += last - first
        ends[f] = end
    return table, ends, (FINE, -1, 0, 0, 0)
