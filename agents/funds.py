"""Institutions at the closing auction: active funds, the price-elastic side, and the ETF with its arbitrageur."""

from __future__ import annotations

from typing import Any

from ..scenarios.schema import ActiveFund as FundFacts
from ..scenarios.schema import Etf as EtfFacts
from .base import CarouselAgent


class ActiveFund(CarouselAgent):
    """An institution that holds more of what it thinks cheap. Its ladders are built for all funds in one kernel."""

    kind = "fund"

    def __init__(self, model: Any, *, facts: FundFacts, account: int, index: int) -> None:
        super().__init__(model, name=facts.name, account=account)
        self.facts = facts
        self.index = index
        """Row in the funds' arrays."""

    @property
    def equity_cents(self) -> int:
        """Market value of its shares."""
        return self.model.board.holdings_value_cents(self.account)


class EtfSponsor(CarouselAgent):
    """Keeps the basket behind the ETF's shares; creates and redeems whole units in kind."""

    kind = "etf"

    def __init__(self, model: Any, *, facts: EtfFacts, account: int, security: int) -> None:
        super().__init__(model, name=facts.name, account=account)
        self.facts = facts
        self.security = security


class AuthorizedParticipant(CarouselAgent):
    """Quotes the ETF around its indicative value, hedges in the shares' auctions, creates and redeems."""

    kind = "participant"

    def __init__(self, model: Any, *, facts: EtfFacts, account: int) -> None:
        super().__init__(model, name=facts.participant, account=account)
        self.facts = facts

    def quotes_cents(self, fair_cents: float) -> tuple[int, int]:
        """Bid and ask for the ETF: its fair value less and plus the cost of creation, at least a tick apart."""
        bid = int(fair_cents * (1 - self.facts.creation_cost))
        ask = max(bid + 1, int(fair_cents * (1 + self.facts.creation_cost)) + 1)
        return max(1, bid), max(2, ask)
