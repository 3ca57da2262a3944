"""The venture investor: bids in private rounds from what partners promised, and sells listed stakes to pay its
calls."""

from __future__ import annotations

import math
from collections.abc import Sequence

import mesa

from ..engine.chance import Decision
from ..market.rounds import RoundBid
from ..market.session import SentOrder
from ..scenarios.schema import VentureInvestor as VentureFacts
from .base import CarouselAgent
from .lab import AiLab
from .listed_firm import ListedFirm
from .sight import Sight


def appetite(base: float, most: float, *effects: tuple[float, float]) -> float:
    """Willingness to bid relative to neutral: base x exp(sum of weight x signal), at most `most`.

    Signals: listed AI shares' half-year log return, the investor's last log mark-up, the log change of the lab's
    multiple.
    Source: Gompers & Lerner (2000), J. Financial Economics 55: inflows and valuations move venture commitments
    together.
    """
    return min(most, base * math.exp(math.fsum(weight * signal for weight, signal in effects)))


class VentureInvestor(CarouselAgent):
    """An investor in private rounds: dry powder is a promise of its partners, not cash."""

    kind = "venture"

    def __init__(
        self, model: mesa.Model, sight: Sight, *, facts: VentureFacts, account: int, partners_account: int
    ) -> None:
        super().__init__(model, sight, name=facts.name, account=account)
        self.facts = facts
        self.partners_account = partners_account
        self.dry_powder_cents = round(100 * facts.dry_powder_usd)
        self.last_markup = 0.0
        self.sale_target_cents = 0
        """What is still to be raised by selling listed stakes."""

    def take(self, facts: VentureFacts) -> None:
        """Its facts change; what its partners still owe it changes in proportion."""
        old, self.facts = self.facts.dry_powder_usd, facts
        if facts.dry_powder_usd != old:
            whole = self.dry_powder_cents / old if old else 100.0
            self.dry_powder_cents = round(whole * facts.dry_powder_usd)

    def appetite_now(self, multiple_change: float = 0.0) -> float:
        """Appetite at the present trend of listed AI shares and change of a lab's multiple since the start."""
        rules = self._sight.rules
        return appetite(
            self.facts.appetite,
            rules.appetite_max,
            (rules.appetite_trend, self._sight.ai_trend()),
            (rules.appetite_markup, self.last_markup),
            (rules.appetite_multiple, multiple_change),
        )

    def receive_promises(self) -> None:
        """A month's new promises of its partners: they rise with appetite, up to a bound."""
        eager = min(self._sight.rules.inflow_appetite_max, self.appetite_now())
        self.dry_powder_cents += round(100 * (self.facts.dry_powder_inflow_usd_per_year / 12 * eager))

    def bid_cents(self, multiple_change: float, sellable_cents: int) -> int:
        """Amount it bids: a share of dry powder, cash and sellable stakes, scaled by appetite."""
        rules = self._sight.rules
        stakes = sellable_cents // rules.sellable_stake_parts if self.facts.sells_stakes else 0
        means = self.dry_powder_cents + self.cash_cents + stakes
        share = min(1.0, rules.venture_bid_share * self.appetite_now(multiple_change))
        return int(means * share)

    def bid_price_cents(self, fair_cents: int, noise: float) -> int:
        """Highest price per share it pays: its own view of the lab's value, disposition and noise included."""
        rules = self._sight.rules
        view = rules.venture_optimism * self.facts.disposition + rules.venture_opinion * noise
        return max(1, round(fair_cents * math.exp(view)))

    def sellable_cents(self) -> int:
        """Value of what it can sell: listed shares, and those from before a lab's listing that are no longer locked
        up."""
        unlocked = ((self._sight.held(self.account, one), x) for x in self._sight.valued_stakes for one in x.unlocked)
        return self._sight.listed_value_cents(self.account) + sum(shares * x.price_cents for shares, x in unlocked)

    def decide_bid(self, lab: AiLab, fair_price_cents: int) -> RoundBid | None:
        """Its bid in a lab's round: what it is ready to pay less what it has pledged already, at what the lab is worth
        with its contracts as far as they are believed."""
        noise = self._sight.normal(Decision.VENTURE_BID_PRICE, self.slot ^ lab.slot)
        sellable = self.sellable_cents()
        cents = self.bid_cents(lab.multiple_change(), sellable)
        cents = max(0, cents - self._sight.pledged_cents(self.account))
        if not cents:
            return None
        price = self.bid_price_cents(round(fair_price_cents * lab.worth_by_belief()), noise)
        return RoundBid(investor=self.account, cents=cents, price_cents_max=price)

    def mark_up(self, log_change: float) -> None:
        """A round in which it takes part has a new price."""
        self.last_markup = log_change

    def call_partners(self, wanted_cents: int) -> int:
        """What its partners must pay now: the part of a sum for which its cash is too little, within their promise."""
        draw = min(max(0, wanted_cents - self.cash_cents), self.dry_powder_cents)
        self.dry_powder_cents -= draw
        return draw

    def plan_sales(self) -> None:
        """What is called and it cannot pay in cash it raises by selling listed stakes."""
        self.sale_target_cents = max(0, self._sight.due_calls_cents(self.account) - self.cash_cents)

    def review_sales(self) -> None:
        """After a close: a running sale ends when enough has come in."""
        if self.sale_target_cents > 0:
            self.plan_sales()

    def decide_stake_sales(self, listed: Sequence[ListedFirm | AiLab]) -> list[SentOrder]:
        """In need it sells listed stakes in proportion to their value, within a part of the usual volume."""
        if self.sale_target_cents <= 0 or not self.facts.sells_stakes:
            return []
        rules = self._sight.rules
        total = self.sellable_cents()
        if total <= 0:
            return []
        part = min(1.0, self.sale_target_cents / total)
        orders = []
        for firm in listed:
            most = int(rules.stake_sale_share_of_volume * self._sight.usual_volume_shares(firm.index))
            held = sum(self._sight.held(self.account, one) for one in (firm.public, *firm.unlocked))
            shares = min(held, math.ceil(held * part), most)
            if shares > 0:
                limit = max(1, int(firm.price_cents * rules.need_price_min))
                orders.append(SentOrder(firm.index, self.account, -shares, limit))
        return orders
