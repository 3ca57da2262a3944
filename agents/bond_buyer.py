"""The bond buyer: lends other people's savings at the spread its risk model asks, within its limits."""

from __future__ import annotations

import math

import mesa

from ..engine.chance import Decision
from ..engine.kernels import njit
from ..market.credit import Bid
from ..scenarios.schema import BondBuyer as BuyerFacts
from ..scenarios.schema import BondBuyerKind
from .base import CarouselAgent
from .savers import Savers, flow_per_year, monthly_flow_cents
from .sight import Sight


@njit(cache=True)
def asked_spread_per_year(
    fair_spread_per_year: float,
    noise: float,
    disposition: float,
    premium_per_year: float,
    optimism: float,
    opinion: float,
) -> float:
    """Spread a buyer asks: s = max(0, fair (1 + opinion noise) exp(-optimism disposition) + premium), per year.

    The issuer's fair spread as the buyer sees it, `noise` a standard normal draw, plus its own premium.
    """
    view = (1 + opinion * noise) * math.exp(-optimism * disposition)
    return max(0.0, fair_spread_per_year * view + premium_per_year)


@njit(cache=True)
def room_to_lend_cents(
    concentration_limit: float, cash_cents: int, held_of_issuer_cents: int, assets_cents: int
) -> int:
    """What a buyer may still lend one issuer: its limit less what it holds, and never more than its cash."""
    return max(0, min(cash_cents, int(concentration_limit * assets_cents) - held_of_issuer_cents))


@njit(cache=True)
def is_over_limit(concentration_limit: float, held_of_issuer_cents: int, assets_cents: int) -> bool:
    """Whether a buyer holds more of one issuer than its limit, a share of its assets, allows."""
    return held_of_issuer_cents > concentration_limit * assets_cents


@njit(cache=True)
def ask_limit_cents(price_cents: int, above: float) -> int:
    """Limit of an offer: the buyer's own price times (1 + above), in whole cents, at least one."""
    return max(1, int(price_cents * (1 + above)))


@njit(cache=True)
def bid_limit_cents(price_cents: int, below: float) -> int:
    """Limit of a bid or of a sale in need: the buyer's own price times (1 - below), in whole cents, at least one."""
    return max(1, int(price_cents * (1 - below)))


@njit(cache=True)
def offered_units(held_units: int, share: float) -> int:
    """Units of a holding > 0 that a buyer offers on one day: this share of them, at least one."""
    return max(1, int(held_units * share))


@njit(cache=True)
def bid_units(room_cents: int, share: float, price_cents: int) -> int:
    """Units that a buyer bids for on one day: what this share of its room buys at its own price."""
    return int(room_cents * share) // price_cents


class BondBuyer(CarouselAgent):
    """A bank, a bond fund or a private credit fund: bids in new issues; the first two trade outstanding bonds."""

    kind = "bond_buyer"

    def __init__(
        self, model: mesa.Model, sight: Sight, *, facts: BuyerFacts, account: int, savers_account: int
    ) -> None:
        super().__init__(model, sight, name=facts.name, account=account)
        self.facts = facts
        self.savers = Savers(savers_account)
        self.undrawn_cents = round(100 * facts.committed_usd)
        """Private credit: promised by its investors and not yet called."""

    def take(self, facts: BuyerFacts) -> None:
        """Its facts change."""
        self.facts = facts

    @property
    def is_private_credit(self) -> bool:
        """Whether it calls what it lends, and holds what it has lent to the end."""
        return self.facts.kind is BondBuyerKind.PRIVATE_CREDIT

    @property
    def trades(self) -> bool:
        """Whether it is in the market for outstanding bonds."""
        return self.facts.lends and not self.is_private_credit

    @property
    def means_cents(self) -> int:
        """What it can lend: its cash and what it can call."""
        return self.cash_cents + self.undrawn_cents

    @property
    def assets_cents(self) -> int:
        """Bonds and cash, less what savers have asked back."""
        return self._sight.bonds_held_cents(self.account) + self.cash_cents - self.savers.waiting_cents

    @property
    def inflow_cents_per_month(self) -> int:
        """New savings, new credit or new promises that reach it in a month."""
        return round(100 * self.facts.inflow_usd_per_year / 12)

    def required_spread_per_year(self, fair_spread_per_year: float, noise: float) -> float:
        """`asked_spread_per_year` of this buyer."""
        facts, rules = self.facts, self._sight.rules
        optimism, opinion = rules.bond_buyer_optimism, rules.bond_buyer_opinion
        premium = facts.premium_per_year
        return float(asked_spread_per_year(fair_spread_per_year, noise, facts.disposition, premium, optimism, opinion))

    def room_cents(self, held_of_issuer_cents: int, assets_cents: int) -> int:
        """`room_to_lend_cents` of this buyer."""
        limit = self.facts.concentration_limit
        return int(room_to_lend_cents(limit, self.means_cents, held_of_issuer_cents, assets_cents))

    def receive_promises(self) -> None:
        """Private credit: a month's new promises of its investors."""
        self.undrawn_cents += self.inflow_cents_per_month

    def call_investors(self, wanted_cents: int) -> int:
        """What its investors must pay now: the part of a loan for which its cash is too little, within their
        promise."""
        call = min(max(0, wanted_cents - self.cash_cents), self.undrawn_cents)
        self.undrawn_cents -= call
        return call

    def show_savers(self) -> None:
        """Its savers see the month's return of its bonds, coupons included, beside the riskless rate."""
        rules, held = self._sight.rules, self.savers.held
        log_return = held.turn(
            self._sight.units_of(self.account), self._sight.bond_prices_cents(), self._sight.coupons_cents(held.units)
        )
        self.savers.see(log_return, rules.riskless_rate_per_year / 12, rules.flow_memory_months)

    def decide_flow_cents(self) -> int:
        """What its savers put in (+) or ask back (-) this month."""
        rules = self._sight.rules
        flow = flow_per_year(self.savers.excess_per_year, rules.bond_flow_gain, rules.bond_flow_loss)
        return monthly_flow_cents(self.assets_cents, self.facts.open_end_share, flow)

    def decide_bids(self, issuer: str, issuer_slot: int, fair_spread_per_year: float) -> list[Bid]:
        """Its bids in a new issue: with a part of its room at its spread, with the rest a little above."""
        if not self.facts.lends or self.savers.waiting_cents:
            return []
        noise = self._sight.normal(Decision.BOND_PREMIUM, self.slot ^ issuer_slot)
        spread = self.required_spread_per_year(fair_spread_per_year, noise)
        assets = self.means_cents + self._sight.bonds_held_cents(self.account)
        room = self.room_cents(self._sight.bonds_held_cents(self.account, issuer), assets)
        rules = self._sight.rules
        near = int(rules.issue_bid_share * room)
        parts = ((near, spread), (room - near, spread + rules.bond_bid_step_per_year))
        return [Bid(buyer=self.account, cents=part, spread_per_year=asked) for part, asked in parts if part]
