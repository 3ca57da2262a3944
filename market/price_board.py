"""The price board: what everybody can read about every listed share, and the funds' side of the market in arrays."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ..engine.kernels import njit
from ..ledger.registers import Registers, units_held

VOLUME_MEMORY = 0.05
"""Weight of today in the usual volume: a memory of about a month."""
JUMP_LIMIT = 3.0
"""Standard deviations at which one day counts at most: a jump on news is no lasting volatility, and good news is no
credit risk. Source: robust exponential smoothing, Gelper, Fried & Croux (2010), J. Forecasting 29(3)."""
VARIANCE_MEMORY = 0.97
"""Daily decay of the variance estimate. Source: RiskMetrics Technical Document (1996), monthly horizon."""


@dataclass(slots=True)
class Board:
    """Arrays over the F listed shares (order: clouds, chip makers, passive firms) and the I active funds."""

    names: list[str]
    slots: np.ndarray
    securities: np.ndarray
    registers: Registers
    price_cents: np.ndarray
    previous_cents: np.ndarray
    volume_shares: np.ndarray
    mean_volume_shares: np.ndarray
    variance_per_day: np.ndarray
    log_return: np.ndarray
    fund_accounts: np.ndarray
    fund_benchmark: np.ndarray
    fund_float: np.ndarray
    values_cents: np.ndarray
    common_cents: np.ndarray
    """Mean of the funds' values of each share, by their benchmark weights, float (F,)."""
    anchor_cents: np.ndarray
    indicative_cents: np.ndarray
    """The anchor in whole cents, int64 (F,)."""
    wanted_shares: np.ndarray
    elasticity: np.ndarray
    sector: np.ndarray
    """Number of each share's sector, int64 (F,)."""
    etf_price_cents: int = 0
    etf_previous_cents: int = 0
    etf_volume_shares: int = 0
    net_asset_value_cents: float = 0.0

    @classmethod
    def open(
        cls,
        *,
        names: list[str],
        slots: list[int],
        securities: list[int],
        registers: Registers,
        prices_cents: list[int],
        sectors: list[str],
        volatility_per_day: list[float],
        fund_accounts: list[int],
        fund_weights: list[float],
    ) -> Board:
        """The board at the opening, before the first trade."""
        f, i = len(names), len(fund_accounts)
        prices = np.array(prices_cents, dtype=np.int64)
        held = registers.holdings[np.ix_(fund_accounts, securities)] if i and f else np.zeros((i, f), np.int64)
        weights = np.array(fund_weights, dtype=float)
        return cls(
            names=names,
            slots=np.array(slots, dtype=np.int64),
            securities=np.array(securities, dtype=np.int64),
            registers=registers,
            price_cents=prices,
            previous_cents=prices.copy(),
            volume_shares=np.zeros(f, np.int64),
            mean_volume_shares=np.array([float(registers.outstanding[s]) * 0.004 for s in securities]),
            variance_per_day=np.array(volatility_per_day) ** 2,
            log_return=np.zeros(f),
            fund_accounts=np.array(fund_accounts, dtype=np.int64),
            fund_benchmark=weights / weights.sum() if i else weights,
            fund_float=held.sum(axis=0).astype(float),
            values_cents=np.tile(prices.astype(float), (i, 1)),
            common_cents=prices.astype(float),
            anchor_cents=prices.astype(float),
            indicative_cents=prices.copy(),
            wanted_shares=held.astype(float),
            elasticity=np.ones(f),
            sector=np.array([sorted(set(sectors)).index(s) for s in sectors], dtype=np.int64),
        )

    def fund_holdings(self) -> np.ndarray:
        """Shares held by each fund, int64 (I, F), from the registers."""
        held: np.ndarray = units_held(self.registers.holdings, self.fund_accounts, self.securities)
        return held

    def holdings_value_cents(self, account: int) -> int:
        """Market value of an account's listed shares at the last close."""
        return int(self.registers.holdings[account, self.securities] @ self.price_cents)

    def market_values_cents(self) -> np.ndarray:
        """Price times shares outstanding, int64 (F,)."""
        return self.price_cents * self.registers.outstanding[self.securities]

    def close(self, price_cents: np.ndarray, volume_shares: np.ndarray) -> None:
        """Record all closing prices and volumes, int64 (F,)."""
        close_board(
            price_cents, volume_shares, self.price_cents, self.previous_cents, self.volume_shares,
            self.mean_volume_shares, self.variance_per_day, self.log_return,
        )  # fmt: skip


@njit(cache=True)
def close_board(  # type: ignore[no-untyped-def]
    closing_cents, traded_shares, price_cents, previous_cents, volume_shares, mean_volume_shares, variance_per_day,
    log_return,
):  # fmt: skip
    """Closing prices and volumes int64 (F,) onto the board's arrays, in place: returns, variance, usual volume."""
    for f in range(closing_cents.size):
        previous_cents[f] = price_cents[f]
        price_cents[f] = closing_cents[f]
        volume_shares[f] = traded_shares[f]
        change = math.log(closing_cents[f] / previous_cents[f])
        log_return[f] = change
        squared = min(change * change, JUMP_LIMIT * JUMP_LIMIT * variance_per_day[f])
        variance_per_day[f] += (1 - VARIANCE_MEMORY) * (squared - variance_per_day[f])
        mean_volume_shares[f] += VOLUME_MEMORY * (traded_shares[f] - mean_volume_shares[f])
