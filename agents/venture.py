"""The venture investor: bids in private rounds from what partners promised, and sells listed stakes to pay its
calls."""

from __future__ import annotations

import math
from typing import Any

from ..scenarios.schema import VentureInvestor as VentureFacts
from .base import CarouselAgent

APPETITE_MAX = 3.0


def appetite(base: float, *effects: tuple[float, float]) -> float:
    """Willingness to bid relative to neutral: base x exp(sum of weight x signal), at most 3.

    Signals: listed AI shares' half-year log return, the investor's last log mark-up, the log change of the lab's
    multiple.
    Source: Gompers & Lerner (2000), J. Financial Economics 55: inflows and valuations move venture commitments
    together.
    """
    return min(APPETITE_MAX, base * math.exp(sum(weight * signal for weight, signal in effects)))


class VentureInvestor(CarouselAgent):
    """An investor in private rounds: dry powder is a promise of its partners, not cash."""

    kind = "venture"

    def __init__(self, model: Any, *, facts: VentureFacts, account: int, partners_account: int) -> None:
        super().__init__(model, name=facts.name, account=account)
        self.facts = facts
        self.partners_account = partners_account
        self.dry_powder_cents = round(100 * facts.dry_powder_usd)
        self.last_markup = 0.0
        self.sale_target_cents = 0
        """What is still to be raised by selling listed stakes."""

    def appetite_now(self, trend: float, multiple_change: float = 0.0) -> float:
        """Appetite at the present trend of listed AI shares and change of a lab's multiple since the start."""
        rules = self.model.behaviour
        return appetite(
            self.facts.appetite,
            (rules.appetite_trend, trend),
            (rules.appetite_markup, self.last_markup),
            (rules.appetite_multiple, multiple_change),
        )

    def bid_cents(self, trend: float, multiple_change: float, sellable_cents: int, credibility: float) -> int:
        """Amount it bids: a share of dry powder, cash and sellable stakes, scaled by appetite and by belief in the
        contracts.

        `credibility` is relative to that at signing, so that neutral means 1.
        """
        rules = self.model.behaviour
        means = self.dry_powder_cents + self.cash_cents + (sellable_cents // 4 if self.facts.sells_stakes else 0)
        share = min(1.0, rules.venture_bid_share * self.appetite_now(trend, multiple_change) * min(1.5, credibility))
        return int(means * share)

    def bid_price_cents(self, fair_cents: int, noise: float) -> int:
        """Highest price per share it pays: its own view of the lab's value, disposition and noise included."""
        return max(1, round(fair_cents * math.exp(0.15 * self.facts.disposition + 0.10 * noise)))
