"""The bond buyer: lends other people's savings at the spread its risk model asks, within its limits."""

from __future__ import annotations

import math
from typing import Any

from ..scenarios.schema import BondBuyer as BuyerFacts
from .base import CarouselAgent

OPTIMISM = 0.15
"""Log change of the spread a buyer asks per unit of its disposition (assumed)."""


class BondBuyer(CarouselAgent):
    """A bank or bond fund: bids in new issues, trades outstanding bonds."""

    kind = "bond_buyer"

    def __init__(self, model: Any, *, facts: BuyerFacts, account: int, savers_account: int) -> None:
        super().__init__(model, name=facts.name, account=account)
        self.facts = facts
        self.savers_account = savers_account

    def required_spread_per_year(self, fair_spread_per_year: float, noise: float) -> float:
        """The issuer's fair spread plus its own premium and a private opinion (standard deviation: a tenth of it)."""
        view = (1 + 0.10 * noise) * math.exp(-OPTIMISM * self.facts.disposition)
        return max(0.0, fair_spread_per_year * view + self.facts.premium_per_year)

    def room_cents(self, held_of_issuer_cents: int, assets_cents: int) -> int:
        """What it may still lend one issuer: its limit less what it holds, and never more than its cash."""
        limit = int(self.facts.concentration_limit * assets_cents)
        return max(0, min(self.cash_cents, limit - held_of_issuer_cents))
