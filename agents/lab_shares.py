"""A lab's shares: in private hands at the price of its last round; once it is listed, what is sold in the market is a
class of its own."""

from __future__ import annotations

import math
from abc import abstractmethod
from typing import NamedTuple

import mesa

from ..contracts.flotation import Flotation, Offer, offer_of
from ..market.session import SentOrder
from ..scenarios.schema import AiLab as LabFacts
from .firm import Firm
from .share_sale import order_of_day
from .sight import Sight

NOWHERE = -1


class LabSeat(NamedTuple):
    """The securities of a lab's two classes of shares, and the row on the price board of who may be listed."""

    security: int
    public: int = NOWHERE
    row: int = NOWHERE


class LabShares(Firm):
    """A lab as an issuer. Who buys its shares outside the market holds a class that does not trade; what he sells, once
    he may, becomes the class that does, so that this class is the free float."""

    def __init__(self, model: mesa.Model, sight: Sight, *, facts: LabFacts, account: int, seat: LabSeat) -> None:
        super().__init__(model, sight, name=facts.name, account=account)
        self.facts = facts
        self.security, self.public, self.index = seat
        """Securities of its shares in private hands and of those that trade; its row on the board."""
        self.flotation: Flotation | None = None
        """Its listing, come or to come; None where there is to be none."""
        self.round_price_cents = max(1, round(100 * facts.valuation_usd / facts.shares)) if facts.shares else 1
        """Price per share at which it last sold new ones, in a round or a listing."""
        self.next_round_day = 0
        self.ask_share = 1.0
        """Share of what it needs that it still dares to ask for; falls with every failed round."""
        self.share_sale_left_cents = 0
        """What is left of a running sale of new listed shares."""

    @abstractmethod
    def marked_value_usd(self) -> float:
        """What it would be sold for if it were not listed."""

    @abstractmethod
    def runway_months(self) -> float:
        """Months until the cash is gone."""

    def is_to_be_listed_by(self, flotation: Flotation) -> None:
        """Its listing is planned."""
        self.flotation = flotation

    @property
    def is_listed(self) -> bool:
        """Whether its shares trade in the closing auction."""
        return self.flotation is not None and self.flotation.is_listed

    @property
    def classes(self) -> tuple[int, ...]:
        """Securities of all its shares."""
        return (self.security,) if self.index == NOWHERE else (self.security, self.public)

    @property
    def unlocked(self) -> tuple[int, ...]:
        """Securities of shares that do not trade and may be sold all the same: those in private hands after a
        lock-up."""
        is_unlocked = self.flotation is not None and self.flotation.is_unlocked
        return (self.security,) if is_unlocked else ()

    @property
    def shares_outstanding(self) -> int:
        """Shares of both classes."""
        return sum(self._sight.outstanding(security) for security in self.classes)

    @property
    def price_cents(self) -> int:
        """Last closing price of a listed lab; before, the price of its last round."""
        return self._sight.price_cents(self.index) if self.is_listed else self.round_price_cents

    def value_usd(self) -> float:
        """Market value of a listed lab; before, what the market would pay for it."""
        return self.price_cents * self.shares_outstanding / 100 if self.is_listed else self.marked_value_usd()

    def fair_price_cents(self) -> int:
        """Value per share."""
        return max(1, round(100 * self.value_usd() / self.shares_outstanding))

    def price_is_up(self) -> bool:
        """Whether its shares are worth so much more than in its last round that it sells some while they are."""
        return self.fair_price_cents() >= math.exp(self._sight.rules.round_price_up) * self.round_price_cents

    def round_failed(self, next_round_day: int) -> None:
        """Next time it asks for less."""
        rules = self._sight.rules
        self.next_round_day = next_round_day
        self.ask_share = max(rules.round_ask_share_min, rules.round_ask_less * self.ask_share)

    def round_closed(self, price_cents: int, next_round_day: int) -> None:
        """Its shares have a new price, and it dares to ask for all it needs."""
        self.round_price_cents = price_cents
        self.ask_share = 1.0
        self.next_round_day = next_round_day

    def mark_down_in_default(self) -> None:
        """Its shares are worth a part of what the last round paid."""
        self.round_price_cents = max(1, int(self.round_price_cents * self._sight.rules.lab_value_in_default))

    def decide_listing(self) -> Offer | None:
        """New shares at an offer price while its window is open: funds value it highly enough, and the listed shares
        of the circle or its own price are up."""
        flotation = self.flotation
        if flotation is None or not flotation.is_alive or flotation.is_listed or self.is_defaulted:
            return None
        terms, shares = flotation.terms, self.shares_outstanding
        value_cents = self._sight.prices.common_cents.item(self.index) * shares
        is_up = math.expm1(self._sight.ai_trend()) >= terms.market_up_share or self.price_is_up()
        if value_cents < 100 * terms.value_min_usd or not is_up:
            return None
        return offer_of(value_cents, shares, terms.offer_share, terms.underpricing_share)

    def seen_by_owners(self, value_usd: float) -> tuple[float, int]:
        """Value without a story, and claims: the part of both that falls to shares in private hands, by which funds
        reckon the value of one. Cash beyond what it had before its listing counts on top, as at any listed firm."""
        part = self._sight.outstanding(self.security) / self.shares_outstanding
        added = max(0, self.cash_cents - self.flotation.cash_before_cents) if self.flotation and self.is_listed else 0
        return value_usd * part, self.cash_cents - round(added * part)

    def sell_shares(self, wanted_cents: int, next_round_day: int) -> int:
        """New shares for so much are offered in the auction, at most a part of its value; returns how much."""
        self.next_round_day = next_round_day
        most_cents = round(100 * self.value_usd()) // self._sight.rules.share_issue_parts
        self.share_sale_left_cents = min(wanted_cents, most_cents)
        return self.share_sale_left_cents

    def decide_share_sale(self) -> SentOrder | None:
        """A day of its running sale; with cash for less than a part of the months at which it raises, all at once."""
        if self.share_sale_left_cents <= 0 or self.is_defaulted:
            return None
        months = self.facts.raise_below_months * self._sight.rules.offering_below_buffer
        return order_of_day(self, self._sight, self.share_sale_left_cents, is_urgent=self.runway_months() < months)

    def sold(self, shares: int) -> None:
        """So many new shares have been sold today, at the closing price."""
        if shares:
            self.share_sale_left_cents = max(0, self.share_sale_left_cents - shares * self.price_cents)
            self.round_price_cents = self.price_cents
