"""The chip maker: delivers chips, buys back shares, and invests in its customers' customer."""

from __future__ import annotations

from typing import Any

from ..scenarios.schema import ChipMaker as ChipFacts
from .listed_firm import TRADING_DAYS, ListedFirm


class ChipMaker(ListedFirm):
    """A listed firm whose best customers' customer lives on its money."""

    kind = "chip_maker"

    def __init__(self, model: Any, *, facts: ChipFacts, account: int, security: int, index: int) -> None:
        super().__init__(model, facts=facts, account=account, security=security, index=index)
        self.facts: ChipFacts = facts
        self.supply_left_mw = 0.0

    def supply_mw_per_month(self, day: int) -> float:
        """Chips it can deliver to the circle in a month, in MW of capacity."""
        growth = (1 + self.facts.supply_growth_per_year) ** (day / TRADING_DAYS)
        return self.facts.supply_gw_per_year_max * 1000 / 12 * growth

    def buyback_cents_per_day(self) -> int:
        """Today's budget for buying back shares: a share of earnings, never below the cash buffer, none in default."""
        if self.is_defaulted:
            return 0
        budget = round(100 * self.facts.buyback_share_of_earnings * self.earnings_usd_per_year / TRADING_DAYS)
        return max(0, min(budget, self.cash_cents - round(100 * self.facts.cash_buffer_usd)))
