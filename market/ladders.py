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

from ..engine.kernels import njit
from ..ledger.books import Books
from ..ledger.registers import units_held
from .orders import FAULTS, OrderError, enter_orders
from .session import SessionOrders

IntArray = np.ndarray
FloatArray = np.ndarray

RUNGS = 16
STEP = 0.0005
GROWTH = 1.5
"""Sixteen rungs a side, 0.05 to 22 % off the indifference price: finer than a usual day, wider than a wild one."""
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
        # few rungs come near the budget: floats rule out the rest without a division
        if float(shares) * float(limit) > 0.99 * float(budget):
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
    logs, demands = np.log(factors), np.empty(factors.size)
    row = 0
    for f in range(shares):
        for k in range(factors.size):
            demands[k] = math.exp(-eta[f] * logs[k])
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
def session_table(  # type: ignore[no-untyped-def]
    cash_cents, anchor_cents, wanted_shares, eta, holdings, factors, accounts, securities, sent
):
    """`desk_ladders` and what others have sent, checked, as the table of a session: share by share, funds first.

    `cash_cents` int64[all accounts] and `holdings` int64[all accounts, all securities] are read at `accounts` int64[I]
    and `securities` int64[F]; `sent` int64[k, 4] are rows of `SentOrder`. Returns a table int64[4, n] (owner, side,
    quantity, limit), ends int64[F], and (fault of `check_orders`, its share, owner, signed shares, limit).
    """
    limits, signed_shares, owners, offsets = desk_ladders(
        cash_cents[accounts], anchor_cents, wanted_shares, eta, units_held(holdings, accounts, securities), factors,
        accounts,
    )  # fmt: skip
    shares = offsets.size - 1
    first_sent = np.zeros(shares + 1, np.int64)
    for k in range(sent.shape[0]):
        first_sent[sent[k, 0] + 1] += 1
    for f in range(shares):
        first_sent[f + 1] += first_sent[f]
    place = first_sent.copy()
    by_share = np.empty((3, sent.shape[0]), np.int64)
    for k in range(sent.shape[0]):
        by_share[:, place[sent[k, 0]]] = sent[k, 1:]
        place[sent[k, 0]] += 1
    table = np.empty((4, limits.size + sent.shape[0]), np.int64)
    ends = np.empty(shares, np.int64)
    end = 0
    for f in range(shares):
        book = table[:, end:]
        first, last = offsets[f], offsets[f + 1]
        fault, at, buys, sells, cents = enter_orders(
            book, 0, owners[first:last], limits[first:last], signed_shares[first:last], 0, 0, 0
        )
        if fault != 0:
            bad = first + at
            return table, ends, (fault, f, owners[bad], signed_shares[bad], limits[bad])
        others = by_share[:, first_sent[f] : first_sent[f + 1]]
        fault, at, buys, sells, cents = enter_orders(
            book, last - first, others[0], others[2], others[1], buys, sells, cents
        )
        if fault != 0:
            return table, ends, (fault, f, others[0, at], others[1, at], others[2, at])
        end += last - first + others.shape[1]
        ends[f] = end
    return table, ends, (0, -1, np.int64(0), np.int64(0), np.int64(0))


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


class HasBooks(Protocol):
    """Whoever keeps the books of a run."""

    @property
    def books(self) -> Books:
        """Journal and registers."""


class LadderDesk:
    """Opens the day's closing session: every fund's ladders, and the orders that others have sent."""

    def __init__(self, keeper: HasBooks, *, rungs: int = RUNGS, step0: float = STEP, growth: float = GROWTH) -> None:
        self.keeper = keeper
        self.factors = rung_factors(rungs, step0, growth)

    def session(self, board: FundBoard, sent: IntArray) -> SessionOrders:
        """The orders of all shares of the board, in its order; `sent` int64[k, 4] as from `sent_table`.

        Raises: OrderError for the first order that is none.
        """
        books = self.keeper.books
        table, ends, (fault, share, *came) = session_table(
            books.journal.balances, board.anchor_cents, board.wanted_shares, board.elasticity,
            books.registers.holdings, self.factors, board.fund_accounts, board.securities, sent,
        )  # fmt: skip
        if fault:
            raise OrderError(security=board.securities.item(share), came=tuple(came), allowed=FAULTS[fault])
        return SessionOrders(table, ends)
