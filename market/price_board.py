"""The price board: what everybody can read about every listed share, and the funds' side of the market in arrays."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from ..engine.finite import FiniteGuard
from ..ledger.registers import Registers, units_held
from .price_board_kernels import close_board


class Memory(NamedTuple):
    """How a board remembers trading."""

    opening_turnover_per_day: float
    """Usual volume at the opening, as a share of the shares outstanding."""
    volume_weight: float
    """Of today in the usual volume."""
    variance_weight: float
    """Of the past in the variance."""
    jump_limit: float
    """Standard deviations that one day counts at most in the variance."""
    steady_days: int
    """Memory of the steady values."""


class Listing(NamedTuple):
    """A listed share as the board shows it."""

    name: str
    slot: int
    security: int
    price_cents: int
    sector: str
    volatility_per_day: float


@dataclass(slots=True)
class Board:
    """Arrays over the F listed shares (order: clouds, chip makers, passive firms, labs that are or may be listed, of
    which no share is outstanding before) and the I active funds."""

    names: list[str]
    slots: np.ndarray
    securities: np.ndarray
    registers: Registers
    memory: Memory
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
    steady_value_cents: np.ndarray
    """Market value of each firm without moods, a mean over the days of the memory, float (F,)."""
    etf_price_cents: int = 0
    etf_previous_cents: int = 0
    etf_volume_shares: int = 0
    net_asset_value_cents: float = 0.0
    circle_values_usd: list[float] = field(default_factory=list)
    """Market value of clouds and chip makers together: at the opening, then at every close."""
    sent: np.ndarray = field(default_factory=lambda: np.zeros((0, 4), np.int64))
    """Today's orders that are no ladder, int64 (k, 4) as from `session.sent_table`."""

    guard: FiniteGuard = field(init=False)
    """Looks at the end of every day whether values and prices are finite."""

    def __post_init__(self) -> None:
        self.guard = FiniteGuard(
            {
                "values": self.values_cents,
                "common values": self.common_cents,
                "anchor prices": self.anchor_cents,
                "returns of prices": self.log_return,
                "variances of prices": self.variance_per_day,
            }
        )

    @classmethod
    def open(
        cls, listings: Sequence[Listing], registers: Registers, funds: Sequence[tuple[int, float]], memory: Memory
    ) -> Board:
        """The board at the opening, before the first trade; `funds` are their accounts and weights."""
        prices = np.array([share.price_cents for share in listings], np.int64)
        securities = np.array([share.security for share in listings], np.int64)
        accounts = np.array([account for account, _ in funds], np.int64)
        weights = np.array([weight for _, weight in funds], float)
        held = units_held(registers.holdings, accounts, securities)
        sectors = sorted({share.sector for share in listings})
        return cls(
            names=[share.name for share in listings],
            slots=np.array([share.slot for share in listings], np.int64),
            securities=securities,
            registers=registers,
            memory=memory,
            price_cents=prices,
            previous_cents=prices.copy(),
            volume_shares=np.zeros_like(prices),
            mean_volume_shares=registers.outstanding[securities] * memory.opening_turnover_per_day,
            variance_per_day=np.array([share.volatility_per_day for share in listings], float) ** 2,
            log_return=np.zeros(len(listings)),
            fund_accounts=accounts,
            fund_benchmark=weights / weights.sum() if funds else weights,
            fund_float=held.sum(axis=0).astype(float),
            values_cents=np.tile(prices.astype(float), (len(funds), 1)),
            common_cents=prices.astype(float),
            anchor_cents=prices.astype(float),
            indicative_cents=prices.copy(),
            wanted_shares=held.astype(float),
            elasticity=np.ones(len(listings)),
            steady_value_cents=(prices * registers.outstanding[securities]).astype(float),
            sector=np.array([sectors.index(share.sector) for share in listings], np.int64),
        )

    def admit(self, row: int, price_cents: int, placed: tuple[int, int]) -> None:
        """A new share is listed after today's close at its offer price; `placed` are its shares that exist, and those
        of them that active funds have bought."""
        shares, of_funds = placed
        self.price_cents[row] = self.previous_cents[row] = price_cents
        self.fund_float[row] = of_funds
        self.mean_volume_shares[row] = shares * self.memory.opening_turnover_per_day
        self.steady_value_cents[row] = price_cents * shares

    def take_memory(self, memory: Memory) -> None:
        """Trading is remembered in another way from today on."""
        self.memory = memory

    def scale_benchmark(self, fund: int, factor: float) -> None:
        """A fund's part of all demand grows or shrinks with its savers' money."""
        self.fund_benchmark[fund] *= factor

    def publish(self, sent: np.ndarray) -> None:
        """What others than the funds have sent for today's close."""
        self.sent = sent

    def holdings_value_cents(self, account: int) -> int:
        """Market value of an account's listed shares at the last close."""
        return int(self.registers.holdings[account, self.securities] @ self.price_cents)

    def market_values_cents(self) -> np.ndarray:
        """Price times shares outstanding, int64 (F,)."""
        return self.price_cents * self.registers.outstanding[self.securities]

    def remember_circle(self, places: Sequence[tuple[int, int]]) -> None:
        """Today's value of the circle; `places` are (row, security) of its firms."""
        prices, outstanding = self.price_cents, self.registers.outstanding
        value = sum([prices.item(row) * outstanding.item(security) for row, security in places])
        self.circle_values_usd.append(value / 100)

    def circle_trend(self, days: int) -> float:
        """Log return of the circle over so many days, or since the opening."""
        past = self.circle_values_usd[-min(len(self.circle_values_usd), days + 1)]
        return math.log(self.circle_values_usd[-1] / past) if past > 0 else 0.0

    def day_move(self, row: int) -> tuple[int, float, float]:
        """A firm's value before today's close in cents, its return today, and that less the rest of the market's."""
        values = self.registers.outstanding[self.securities] * self.previous_cents
        moved = self.price_cents / self.previous_cents - 1
        others = np.arange(len(values)) != row
        market = float((values[others] * moved[others]).sum() / max(1.0, values[others].sum()))
        change = float(moved[row])
        return int(values[row]), change, change - market

    def open_etf(self, price_cents: int) -> None:
        """The ETF's price before its first trade."""
        self.etf_price_cents = self.etf_previous_cents = price_cents

    def close_etf(self, price_cents: int, volume_shares: int) -> None:
        """The ETF's auction; without a trade its price stays."""
        self.etf_previous_cents = self.etf_price_cents
        self.etf_price_cents = price_cents if volume_shares else self.etf_price_cents
        self.etf_volume_shares = volume_shares

    def mark_etf(self, net_asset_value_cents: float) -> None:
        """Net asset value of one ETF share at the close."""
        self.net_asset_value_cents = net_asset_value_cents

    def close(self, price_cents: np.ndarray, volume_shares: np.ndarray) -> None:
        """Record all closing prices and volumes, int64 (F,)."""
        close_board(
            (price_cents, volume_shares), (self.price_cents, self.previous_cents, self.volume_shares),
            (self.log_return, self.variance_per_day, self.mean_volume_shares), tuple(self.memory[1:4]),
        )  # fmt: skip

    def remember_steady(self, values_cents: np.ndarray, days: int) -> None:
        """What firms are worth without moods, float (F,), after so many days: a part of it enters the mean."""
        self.steady_value_cents += min(1.0, days / self.memory.steady_days) * (values_cents - self.steady_value_cents)
