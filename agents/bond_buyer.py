"""The bond buyer: lends other people's savings at the spread its risk model asks, within its limits."""

from __future__ import annotations

import math
from typing import Any

from ..engine.kernels import njit
from ..scenarios.schema import BondBuyer as BuyerFacts
from .base import CarouselAgent

OPTIMISM = 0.15
"""Log change of the spread a buyer asks per unit of its disposition (assumed)."""
OPINION = 0.10
"""Standard deviation of a buyer's private opinion of a spread, as a share of it (assumed)."""


@njit(cache=True)
def asked_spread_per_year(fair_spread_per_year, noise, disposition, premium_per_year):  # type: ignore[no-untyped-def]
    """Spread a buyer asks: the issuer's fair spread as it sees it, plus its own premium, at least 0.

    `noise` is a standard normal draw.
    """
    view = (1 + OPINION * noise) * math.exp(-OPTIMISM * disposition)
    return max(0.0, fair_spread_per_year * view + premium_per_year)


@njit(cache=True)
def room_to_lend_cents(concentration_limit, cash_cents, held_of_issuer_cents, assets_cents):  # type: ignore[no-untyped-def]
    """What a buyer may still lend one issuer: its limit less what it holds, and never more than its cash."""
    return max(0, min(cash_cents, int(concentration_limit * assets_cents) - held_of_issuer_cents))


class BondBuyer(CarouselAgent):
    """A bank or bond fund: bids in new issues, trades outstanding bonds."""

    kind = "bond_buyer"

    def __init__(self, model: Any, *, facts: BuyerFacts, account: int, savers_account: int) -> None:
        super().__init__(model, name=facts.name, account=account)
        self.facts = facts
        self.savers_account = savers_account

    def required_spread_per_year(self, fair_spread_per_year: float, noise: float) -> float:
        """`asked_spread_per_year` of this buyer."""
        facts = self.facts
        return float(asked_spread_per_year(fair_spread_per_year, noise, facts.disposition, facts.premium_per_year))

    def room_cents(self, held_of_issuer_cents: int, assets_cents: int) -> int:
        """`room_to_lend_cents` of this buyer."""
        limit = self.facts.concentration_limit
        return int(room_to_lend_cents(limit, self.cash_cents, held_of_issuer_cents, assets_cents))
