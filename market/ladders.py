"""Ladders of limit orders: how a fund's wish to hold more of a cheaper share reaches the auction.

At price p a fund wants q(p) = scale (value / p)^eta shares. It holds h shares, so at its indifference price
p0 = value (scale / h)^(1/eta) it trades nothing. Rungs lie at p_k = p0 (1 -+ step0 growth^k): below p0 buys, at
floor(p_k) cents, of floor(q(p_k)) less what the rungs before bring; above p0 sells, at ceil(p_k) cents. So buys never
leave a fund with more than it wants at the price, nor sells with less. Buys end where the cash budget does, the last
rung cut; sells end with the last share. Where p0 lies beyond all rungs around the value (h = 0, say), the rungs lie
around the value.

Source: demand of Gabaix & Koijen (2021), NBER 28967; for orders as its steps see Walras' tatonnement in a call auction.
"""

from __future__ import annotations

import math
from typing import Protocol

import numpy as np
from numba import njit

from ..ledger.books import Books
from .orders import FAULTS, OrderBook, OrderError, enter_orders

IntArray = np.ndarray
FloatArray = np.ndarray

RUNGS = 16
STEP = 0.0005
GROWTH = 1.5
"""Sixteen rungs a side, 0.05 to 22 % off the indifference price: finer than a usual day, wider than a wild one."""
SPARE = 16
"""Columns left free in each book of the desk for the orders of others."""
SHARES_MAX = float(2**52)


class LadderError(ValueError):
    """Rungs that do not make a ladder."""

    def __init__(self, *, came: object, allowed: str) -> None:
        self.came = came
        self.allowed = allowed
        super().__init__(f"came {came!r}, allowed: {allowed}")


def rung_factors(rungs: int, step0: float, growth: float) -> FloatArray:
    """float[2 rungs], rising: 1 - step0 growth^k from the last rung to the first, then 1 + step0 growth^k.

    Raises: LadderError if a rung would lie at a price of zero or below, or not beyond the one before.
    """
    if not (rungs >= 1 and step0 > 0 and growth >= 1 and step0 * growth ** (rungs - 1) < 1) or (
        rungs > 1 and growth == 1
    ):
        came = (rungs, step0, growth)
        raise LadderError(came=came, allowed="rungs >= 1, growth > 1, step0 > 0, step0 * growth**(rungs - 1) < 1")
    offsets = step0 * growth ** np.arange(rungs, dtype=float)
    return np.concatenate([1.0 - offsets[::-1], 1.0 + offsets])


@njit(cache=True)
def demand_ladder(  # type: ignore[no-untyped-def]
    value_cents, scale_shares, eta, held_shares, budget_cents, factors, demands, limits, signed_shares, start
):
    """Write one ladder from row `start` on, buys falling, then sells rising; returns the row after it.

    `factors` float[2K] as from `rung_factors`, `demands` float[2K] = factors^-eta; `limits` (cents) and `signed_shares`
    int64 need room for 2K rows. A fund without a positive value sends no orders.
    """
    row = start
    if not (value_cents > 0.0 and scale_shares >= 0.0 and value_cents < 1e12):
        return row
    last = factors.size - 1
    centre, base, first_buy, first_sell = value_cents, scale_shares, last, 0
    if held_shares > 0 and scale_shares > 0.0:
        indifference = value_cents * math.exp(math.log(scale_shares / held_shares) / eta)
        if value_cents * factors[0] <= indifference <= value_cents * factors[last]:
            centre, base = indifference, float(held_shares)
            first_buy, first_sell = factors.size // 2 - 1, factors.size // 2
    position = held_shares
    budget = budget_cents
    for k in range(first_buy, -1, -1):
        limit = np.int64(math.floor(centre * factors[k]))
        if limit < 1 or budget < limit:
            break
        wanted = np.int64(math.floor(min(base * demands[k], SHARES_MAX)))
        shares = wanted - position
        if shares <= 0:
            continue
        shares = min(shares, budget // limit)
        limits[row] = limit
        signed_shares[row] = shares
        row += 1
        budget -= shares * limit
        if position + shares < wanted:
            break
        position = wanted
    position = held_shares
    for k in range(first_sell, factors.size):
        if position <= 0:
            break
        wanted = np.int64(math.floor(min(base * demands[k], SHARES_MAX)))
        if wanted < position:
            limits[row] = max(np.int64(1), np.int64(math.ceil(centre * factors[k])))
            signed_shares[row] = wanted - position
            row += 1
            position = wanted
    return row


@njit(cache=True)
def fund_ladders(values, scales, eta, holdings, budgets, factors):  # type: ignore[no-untyped-def]
    """Ladders of I funds in F shares, share after share, fund after fund, in one pass.

    `values` float[I, F] cents a share, `scales` float[I, F] shares wanted at value, `eta` float[F], `holdings`
    int64[I, F] shares, `budgets` int64[I, F] cents, `factors` as from `rung_factors`.

    Returns limits, signed shares (+ buy), fund index of each order, all int64[n], and offsets int64[F + 1] by share.
    """
    funds, shares = values.shape
    room = funds * shares * factors.size
    limits = np.empty(room, np.int64)
    signed_shares = np.empty(room, np.int64)
    owners = np.empty(room, np.int64)
    offsets = np.zeros(shares + 1, np.int64)
    demands = np.empty(factors.size)
    row = 0
    for f in range(shares):
        for k in range(factors.size):
            demands[k] = math.exp(-eta[f] * math.log(factors[k]))
        for i in range(funds):
            first = row
            row = demand_ladder(
                values[i, f], scales[i, f], eta[f], holdings[i, f], budgets[i, f],
                factors, demands, limits, signed_shares, first,
            )  # fmt: skip
            for order in range(first, row):
                owners[order] = i
        offsets[f + 1] = row
    return limits[:row], signed_shares[:row], owners[:row], offsets


@njit(cache=True)
def split_budgets(cash_cents, wanted_shares, prices):  # type: ignore[no-untyped-def]
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
            budgets[i, f] = min(left, np.int64(cash * (wanted_shares[i, f] * prices[f] / total)))
            left -= budgets[i, f]
    return budgets


@njit(cache=True)
def desk_ladders(cash_cents, anchor_cents, wanted_shares, eta, holdings, factors, accounts):  # type: ignore[no-untyped-def]
    """`fund_ladders` around common anchor prices float[F], budgets split by `split_budgets`; owners are accounts."""
    values = np.empty(wanted_shares.shape)
    values[:, :] = anchor_cents
    budgets = split_budgets(cash_cents, wanted_shares, anchor_cents)
    limits, signed_shares, owners, offsets = fund_ladders(values, wanted_shares, eta, holdings, budgets, factors)
    for order in range(owners.size):
        owners[order] = accounts[owners[order]]
    return limits, signed_shares, owners, offsets


@njit(cache=True)
def desk_tables(cash_cents, anchor_cents, wanted_shares, eta, holdings, factors, accounts, spare):  # type: ignore[no-untyped-def]
    """`desk_ladders` as the tables of order books: share f owns the columns from starts[f] to starts[f + 1].

    `cash_cents` int64[all accounts] is read at `accounts` int64[I]. Returns a table int64[4, n + F spare] (owner,
    side, quantity, limit; `spare` columns are left free behind each share's orders), starts int64[F + 1], and
    int64[F, 6]: orders, then fault, its order, shares to buy, shares to sell and cents of buys as from `check_orders`.
    """
    limits, signed_shares, owners, offsets = desk_ladders(
        cash_cents[accounts], anchor_cents, wanted_shares, eta, holdings, factors, accounts
    )
    shares = offsets.size - 1
    table = np.empty((4, limits.size + shares * spare), np.int64)
    starts = np.empty(shares + 1, np.int64)
    found = np.empty((shares, 6), np.int64)
    starts[0] = 0
    for f in range(shares):
        first, last = offsets[f], offsets[f + 1]
        starts[f + 1] = starts[f] + last - first + spare
        found[f, 0] = last - first
        result = enter_orders(
            table[:, starts[f] :], 0, owners[first:last], limits[first:last], signed_shares[first:last], 0, 0, 0
        )
        for part in range(5):
            found[f, 1 + part] = result[part]
        if result[0] != 0:
            bad, at = first + result[1], starts[f] + result[1]
            table[0, at], table[1, at], table[2, at], table[3, at] = owners[bad], 1, signed_shares[bad], limits[bad]
    return table, starts, found


class FundBoard(Protocol):
    """What the desk reads of the day: prices around which funds want which shares (I funds, F shares)."""

    @property
    def securities(self) -> IntArray:
        """Number of each share, int64[F]."""

    @property
    def fund_accounts(self) -> IntArray:
        """Account of each fund, int64[I]."""

    @property
    def anchor_cents(self) -> FloatArray:
        """Price at which `wanted_shares` are wanted, float[F]."""

    @property
    def wanted_shares(self) -> FloatArray:
        """float[I, F]."""

    @property
    def elasticity(self) -> FloatArray:
        """Minus the log slope of demand in the own price, float[F]."""

    def fund_holdings(self) -> IntArray:
        """int64[I, F]."""


class HasBooks(Protocol):
    """Whoever keeps the books of a run."""

    @property
    def books(self) -> Books:
        """Journal and registers."""


class LadderDesk:
    """Opens the day's books with every fund's ladders."""

    def __init__(self, keeper: HasBooks, *, rungs: int = RUNGS, step0: float = STEP, growth: float = GROWTH) -> None:
        self.keeper = keeper
        self.factors = rung_factors(rungs, step0, growth)

    def books(self, board: FundBoard) -> list[OrderBook]:
        """One order book per share of the board, in its order, with the ladders of all funds."""
        table, starts, found = desk_tables(
            self.keeper.books.journal.balances,
            board.anchor_cents,
            board.wanted_shares,
            board.elasticity,
            board.fund_holdings(),
            self.factors,
            board.fund_accounts,
            SPARE,
        )
        order_books = []
        first = 0
        for security, last, (orders, fault, at, *totals) in zip(
            board.securities.tolist(), starts.tolist()[1:], found.tolist(), strict=True
        ):
            part = table[:, first:last]
            if fault:
                owner, _, signed_shares, limit = part[:, at].tolist()
                raise OrderError(security=security, came=(owner, signed_shares, limit), allowed=FAULTS[fault])
            order_books.append(OrderBook.over(security, part, orders, tuple(totals)))
            first = last
        return order_books
