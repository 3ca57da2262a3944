"""The active fund: the price-elastic side of the market."""

from __future__ import annotations

import mesa

from ..scenarios.schema import ActiveFund as FundFacts
from .base import CarouselAgent
from .sight import Sight


class ActiveFund(CarouselAgent):
    """An institution that holds more of what it thinks cheap. Its ladders are built for all funds in one kernel."""

    kind = "fund"

    def __init__(self, model: mesa.Model, sight: Sight, *, facts: FundFacts, account: int, index: int) -> None:
        super().__init__(model, sight, name=facts.name, account=account)
        self.facts = facts
        self.index = index
        """Row in the funds' arrays."""

    @property
    def equity_cents(self) -> int:
        """Market value of its shares."""
        return self._sight.listed_value_cents(self.account)

    def take(self, facts: FundFacts) -> None:
        """Its facts change."""
        self.facts = facts
