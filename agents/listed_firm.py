"""Firms with listed shares: the passive rest of the index, and what clouds and chip makers share."""

from __future__ import annotations

import math
from typing import Any

from ..scenarios.schema import Listing
from .base import CarouselAgent

TRADING_DAYS = 252


class ListedFirm(CarouselAgent):
    """A firm with shares in the closing auction. Passive: its earnings grow; it decides nothing."""

    kind = "listed"

    def __init__(self, model: Any, *, facts: Listing, account: int, security: int, index: int) -> None:
        super().__init__(model, name=facts.name, account=account)
        self.facts = facts
        self.security = security
        self.index = index
        """Row on the price board."""
        self.earnings_usd_per_year = facts.earnings_usd_per_year
        self.is_defaulted = False
        self.debt_at_start_cents = 0
        self.stakes_at_start_cents = 0
        self.written_down_cents = 0
        """Face value that creditors have lost: no gain of the shareholders."""
        self.cash_at_start_cents = 0
        self.provisioned_cents = 0
        """Charges since the start for losses expected on what it lent and guaranteed, net of releases."""

    @property
    def price_cents(self) -> int:
        """Last closing price."""
        return self.model.board.price_cents.item(self.index)

    @property
    def shares_outstanding(self) -> int:
        """Shares outstanding, from the register."""
        return self.model.books.registers.outstanding.item(self.security)

    @property
    def market_value_cents(self) -> int:
        """Price times shares outstanding."""
        return self.price_cents * self.shares_outstanding

    @property
    def debt_cents(self) -> int:
        """Face value of its bonds outstanding."""
        return self.model.credit.debt_cents(self.name)

    @property
    def commitments_cents(self) -> int:
        """Uncancellable purchases not yet paid, and bills overdue."""
        return self.model.dues.owed_cents(self.account)

    @property
    def debt_like_cents(self) -> int:
        """Debt-like claims added since the start, commitments and loans from vendors included, net of cash, stakes and
        loans to customers (less provisions) added: D of V."""
        added = self.debt_cents + self.written_down_cents - self.debt_at_start_cents + self.commitments_cents
        stakes = self.model.lab_stakes_cents(self.account) - self.stakes_at_start_cents
        return int(
            added - stakes - self.model.loans.change_cents(self.account) - (self.cash_cents - self.cash_at_start_cents)
        )

    @property
    def share_volatility_per_year(self) -> float:
        """Equity volatility from the board's exponentially weighted variance."""
        return math.sqrt(TRADING_DAYS * float(self.model.board.variance_per_day[self.index]))

    def growth_factor(self, day: int) -> float:
        """Growth since the start of its revenue and costs outside the circle."""
        return math.exp(math.log1p(self.facts.cash_growth_per_year) * day / TRADING_DAYS)
