"""The active fund: the price-elastic side of the market, and the savers behind it."""

from __future__ import annotations

import mesa

from ..scenarios.schema import ActiveFund as FundFacts
from .base import CarouselAgent
from .savers import Savers, flow_per_year, monthly_flow_cents
from .sight import Sight


class ActiveFund(CarouselAgent):
    """An institution that holds more of what it thinks cheap. Its ladders are built for all funds in one kernel."""

    kind = "fund"

    def __init__(
        self, model: mesa.Model, sight: Sight, *, facts: FundFacts, account: int, index: int, savers_account: int
    ) -> None:
        super().__init__(model, sight, name=facts.name, account=account)
        self.facts = facts
        self.index = index
        """Row in the funds' arrays."""
        self.savers = Savers(savers_account)

    @property
    def equity_cents(self) -> int:
        """Market value of its shares."""
        return self._sight.listed_value_cents(self.account)

    @property
    def assets_cents(self) -> int:
        """Shares and cash, less what savers have asked back."""
        return self.equity_cents + self.cash_cents - self.savers.waiting_cents

    def take(self, facts: FundFacts) -> None:
        """Its facts change."""
        self.facts = facts

    def show_savers(self, index_return: float | None) -> None:
        """Its savers see the month's return of its shares beside that of all shares."""
        prices = self._sight.prices
        held = prices.registers.holdings[self.account, prices.securities]
        log_return = self.savers.held.turn(held, prices.price_cents)
        self.savers.see(log_return, index_return, self._sight.rules.flow_memory_months)

    def decide_flow_cents(self) -> int:
        """What its savers put in (+) or ask back (-) this month."""
        rules = self._sight.rules
        flow = flow_per_year(self.savers.excess_per_year, rules.fund_flow_gain, rules.fund_flow_loss)
        return monthly_flow_cents(self.assets_cents, self.facts.open_end_share, flow)
