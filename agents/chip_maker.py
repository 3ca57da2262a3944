"""The chip maker: delivers chips, buys back shares, and invests in its customers' customer."""

from __future__ import annotations

import mesa

from ..engine.calendar import DAYS_PER_YEAR
from ..market.session import SentOrder
from ..scenarios.schema import ChipMaker as ChipFacts
from ..scenarios.schema import Listing
from .listed_firm import ListedFirm, Seat
from .sight import Sight


class ChipMaker(ListedFirm):
    """A listed firm whose best customers' customer lives on its money."""

    kind = "chip_maker"

    def __init__(self, model: mesa.Model, sight: Sight, *, facts: ChipFacts, seat: Seat) -> None:
        super().__init__(model, sight, facts=facts, seat=seat)
        self.facts: ChipFacts = facts
        self._supply_grown, self._supply_since = 1.0, 0
        """Growth of its supply up to a day, that of its last change of pace."""
        self.supply_left_mw = 0.0
        """Chips it can still deliver this month, in MW of capacity."""
        self.invests = True
        """Whether its board may put new money into customers."""

    def supply_mw_per_month(self) -> float:
        """Chips it can deliver to the circle in a month, in MW of capacity."""
        return self.facts.supply_gw_per_year_max * 1000 / 12 * self._growth_of_supply(self._sight.day)

    def _growth_of_supply(self, day: int) -> float:
        years = (day - self._supply_since) / DAYS_PER_YEAR
        return float(self._supply_grown * (1 + self.facts.supply_growth_per_year) ** years)

    def take(self, facts: Listing) -> None:
        """Its facts change; its supply grows at another pace from today on."""
        before = self._sight.day - 1
        if isinstance(facts, ChipFacts) and facts.supply_growth_per_year != self.facts.supply_growth_per_year:
            self._supply_grown, self._supply_since = self._growth_of_supply(before), before
        super().take(facts)

    def withdraw(self) -> None:
        """It puts no new money in from today on."""
        self.invests = False

    def month_of_supply(self) -> None:
        """A new month's chips; of last month's only a fraction of a MW is left."""
        self.supply_left_mw = self.supply_mw_per_month() + max(0.0, self.supply_left_mw) % 1.0

    def supply(self, megawatts: float) -> None:
        """Chips have left the house."""
        self.supply_left_mw -= megawatts

    def cost_of_chips_cents(self, paid_cents: int) -> int:
        """What the chips cost it for which it has just been paid."""
        return round(paid_cents * (1 - self.facts.net_margin))

    def buyback_cents_per_day(self) -> int:
        """Today's budget for buying back shares: a share of earnings, never below the cash buffer, none in default."""
        if self.is_defaulted:
            return 0
        budget = round(100 * self.facts.buyback_share_of_earnings * self.earnings_usd_per_year / DAYS_PER_YEAR)
        return max(0, min(budget, self.cash_cents - round(100 * self.facts.cash_buffer_usd)))

    def decide_buyback(self) -> SentOrder | None:
        """Buy back for the day's budget, at most a little above the last price."""
        limit = int(self.price_cents * self._sight.rules.buyback_price_max) + 1
        shares = self.buyback_cents_per_day() // limit
        return SentOrder(self.index, self.account, shares, limit) if shares > 0 else None
