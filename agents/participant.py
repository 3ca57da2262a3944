"""The ETF's two hands: the sponsor who keeps the basket, and the participant who quotes, hedges and creates."""

from __future__ import annotations

import mesa
import numpy as np

from ..contracts.flotation import Offer
from ..market.etf import RebalancePlan, basket_value_cents, rebalance_plan
from ..market.session import SentOrder
from ..scenarios.schema import Etf as EtfFacts
from .base import CarouselAgent
from .sight import Sight


class EtfSponsor(CarouselAgent):
    """Keeps the basket behind the ETF's shares; creates and redeems whole units in kind; rebalances on schedule."""

    kind = "etf"

    def __init__(
        self, model: mesa.Model, sight: Sight, *, facts: EtfFacts, account: int, security: int, basket: np.ndarray
    ) -> None:
        super().__init__(model, sight, name=facts.name, account=account)
        self.facts = facts
        self.security = security
        self.basket = basket
        """Shares of each listed firm behind one creation unit, int64[F]."""
        self.is_rebalancing = False
        """A swap is due and waits until the participant holds what the basket lacks."""

    def take(self, facts: EtfFacts) -> None:
        """Its facts change."""
        self.facts = facts

    @property
    def units(self) -> int:
        """Creation units outstanding."""
        return self._sight.outstanding(self.security) // self.facts.creation_unit_shares

    def keep_schedule(self) -> None:
        """On the last day of every so many months a swap falls due."""
        if self._sight.is_month_end and self._sight.month % self.facts.rebalance_months == 0:
            self.is_rebalancing = True

    def include(self) -> None:
        """A new share is in the index: a swap is due."""
        self.is_rebalancing = True

    def plan_rebalance(self) -> RebalancePlan:
        """The swap that brings the basket to today's capitalisation weights."""
        prices = self._sight.prices
        out = prices.registers.outstanding[prices.securities].tolist()
        return rebalance_plan(self.basket, out, prices.price_cents.tolist(), self.units)

    def rebalanced(self, plan: RebalancePlan) -> None:
        """The swap is done."""
        self.basket = plan.basket
        self.is_rebalancing = False


class AuthorizedParticipant(CarouselAgent):
    """Quotes the ETF around its indicative value, hedges in the shares' auctions, creates and redeems."""

    kind = "participant"

    def __init__(self, model: mesa.Model, sight: Sight, *, facts: EtfFacts, account: int, etf: EtfSponsor) -> None:
        super().__init__(model, sight, name=facts.participant, account=account)
        self.facts = facts
        self._etf = etf
        self.target_shares = 0
        """ETF shares it means to hold: what it held at the opening."""

    def take(self, facts: EtfFacts) -> None:
        """Its facts change."""
        self.facts = facts

    def remember_opening(self) -> None:
        """It means to stay as exposed as it is now."""
        self.target_shares = self._sight.held(self.account, self._etf.security)

    def quotes_cents(self, fair_cents: float) -> tuple[int, int]:
        """Bid and ask for the ETF: its fair value less and plus the cost of creation, at least a tick apart."""
        bid = int(fair_cents * (1 - self.facts.creation_cost))
        ask = max(bid + 1, int(fair_cents * (1 + self.facts.creation_cost)) + 1)
        return max(1, bid), max(2, ask)

    def bid_shares(self, bid_cents: int) -> int:
        """ETF shares it bids for: with a part of its cash."""
        return self.cash_cents // self._sight.rules.participant_bid_parts // bid_cents

    @property
    def missing_shares(self) -> int:
        """ETF shares that it holds less than it means to; negative: more."""
        return self.target_shares - self._sight.held(self.account, self._etf.security)

    @property
    def units_to_redeem(self) -> int:
        """Creation units that it has too much of."""
        unit = self.facts.creation_unit_shares
        return -self.missing_shares // unit if self.missing_shares <= -unit else 0

    def units_to_create(self) -> int:
        """Creation units that it lacks and has the baskets for."""
        units = self.missing_shares // self.facts.creation_unit_shares
        if units <= 0:
            return 0
        held = self._held_shares().tolist()
        return min(units, min((h // b for h, b in zip(held, self._etf.basket.tolist(), strict=True) if b), default=0))

    def subscribe(self, offer: Offer) -> int:
        """New shares it buys at their offer price for the basket of the ETF, in which they come at their part of all
        that is listed, within its cash."""
        prices, etf = self._sight.prices, self._etf
        worth = basket_value_cents(etf.basket, prices.price_cents)
        listed = int(prices.market_values_cents().sum()) + offer.shares * offer.price_cents
        each = worth * offer.shares // listed
        return min(each * etf.units, self.cash_cents // offer.price_cents)

    def can_swap(self, plan: RebalancePlan) -> bool:
        """Whether it holds what the basket lacks, and the cash that goes with it."""
        return bool((self._held_shares() >= plan.deltas).all()) and self.cash_cents >= plan.cash_to_trust_cents

    def decide_hedges(self, indicative_cents: np.ndarray) -> list[SentOrder]:
        """It trades the basket (and what a swap needs) to be as exposed as at the start, within its cash and a margin
        around the indicative prices, int64[F]."""
        unit, margin = self.facts.creation_unit_shares, self._sight.rules.hedge_margin
        missing = max(0, self.missing_shares)
        wanted_shares = [missing * shares // unit for shares in self._etf.basket.tolist()]
        if self._etf.is_rebalancing:
            inward = np.maximum(0, self._etf.plan_rebalance().deltas).tolist()
            wanted_shares = [wanted + more for wanted, more in zip(wanted_shares, inward, strict=True)]
        budget = self.cash_cents
        orders: list[SentOrder] = []
        held_shares = self._held_shares().tolist()
        for row, (held, wanted, price) in enumerate(
            zip(held_shares, wanted_shares, indicative_cents.tolist(), strict=True)
        ):
            if wanted > held:
                limit = int(price * (1 + margin)) + 1
                shares = min(wanted - held, budget // limit)
                if shares > 0:
                    budget -= shares * limit
                    orders.append(SentOrder(row, self.account, shares, limit))
            elif held > wanted:
                limit = max(1, int(price * (1 - margin)))
                orders.append(SentOrder(row, self.account, wanted - held, limit))
        return orders

    def _held_shares(self) -> np.ndarray:
        """Shares of each listed firm that it holds, int64[F]."""
        prices = self._sight.prices
        held: np.ndarray = prices.registers.holdings[self.account].take(prices.securities)
        return held
