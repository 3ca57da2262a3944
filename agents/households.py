"""All households together: what they extrapolate, the story they tell each other, their orders for the ETF."""

from __future__ import annotations

import math
import operator
from collections.abc import Sequence

import numpy as np

from ..engine.calendar import DAYS_PER_QUARTER, DAYS_PER_YEAR
from ..narrative import contagion as story
from ..narrative.social_graph import SocialGraph, degree_corrected, small_world
from ..scenarios.behaviour import Behaviour
from ..scenarios.schema import Households as HouseholdFacts
from ..scenarios.schema import Listing, SocialGraphKind
from .household import Holders
from .household_orders import demand_parameters, order_grid


class Households:
    """What all households share: the extrapolated return, the mixing of the social graph, the counts of the story."""

    def __init__(self, holders: Holders, facts: HouseholdFacts, rules: Behaviour, listed: Sequence[Listing]) -> None:
        self.holders = holders
        self.take(facts, rules, listed)
        self.graph = draw_graph(facts, holders, self.mixing)
        self.counts = holders.counts()
        self.past_return_per_year = self.normal_return_per_year
        """Exponentially weighted past ETF return, per year."""
        self.bought_shares = 0
        """By all households in today's auction."""
        self.sold_shares = 0
        self.imbalance_shares = 0
        """Today's orders to buy less orders to sell."""
        self._hist = (np.zeros(1, np.int64), np.zeros(1, np.int64))

    def take(self, facts: HouseholdFacts, rules: Behaviour, listed: Sequence[Listing]) -> None:
        """What they save, how they mix, and what they make of stories and returns."""
        self.facts = facts
        self.parameters = tuple(story.story_parameters(rules))
        self.demand = demand_parameters(rules)
        self.mixing = story.block_mixing(facts.blocks, facts.block_affinity)
        self.daily_memory = rules.extrapolation_per_quarter ** (1 / DAYS_PER_QUARTER)
        weights = [firm.price_usd * firm.shares for firm in listed]
        growth = [math.log1p(firm.earnings_growth_per_year) for firm in listed]
        self.normal_return_per_year = math.fsum(map(operator.mul, weights, growth)) / max(1.0, math.fsum(weights))
        """Return that needs no story: the cap-weighted growth of earnings."""

    @property
    def excess_return_per_year(self) -> float:
        """Extrapolated return above normal: what moves demand and the story."""
        return self.past_return_per_year - self.normal_return_per_year

    @property
    def story_shares(self) -> tuple[float, float, float]:
        """Susceptible, enthusiastic and tired share of all holders."""
        return story.shares(self.counts)

    @property
    def savings_cents_per_month(self) -> int:
        """What all of them put aside in a month."""
        return round(100 * self.facts.saving_usd_per_year / 12)

    def subscribe(self, shares: int) -> int:
        """How many of the shares of a new listing that are kept for them they buy: as many as there are holders who are
        not tired of the story, none where nobody saves.

        Source: Cornelli, Goldreich & Ljungqvist (2006), Journal of Finance 61(3): small investors buy by their mood.
        """
        _, _, tired = self.story_shares
        return int(shares * (1 - tired)) if self.savings_cents_per_month else 0

    def remember(self, log_return: float) -> None:
        """Add today's ETF return to memory. Source: Greenwood & Shleifer (2014), table 3: older quarters weigh 0.56
        each."""
        keep = self.daily_memory
        self.past_return_per_year = keep * self.past_return_per_year + (1 - keep) * log_return * DAYS_PER_YEAR

    def tell_story(self, day: int, news: float) -> None:
        """One day of contagion: over mixing blocks, or along the links of the social graph that the scenario asks
        for."""
        past = self.excess_return_per_year
        if self.graph is not None:
            self.holders.tell_story_on(
                self.graph, self.counts, day=day, news=news, extrapolated_return=past, parameters=self.parameters
            )
            return
        self.holders.tell_story(
            self.counts, self.mixing, day=day, news=news, extrapolated_return=past, parameters=self.parameters
        )

    def decide(self, day: int, reference_cents: int) -> tuple[int, np.ndarray, np.ndarray]:
        """Everybody's orders into the holders' columns; returns the lowest limit and the histograms of buys and
        sells."""
        low, levels = order_grid(reference_cents, self.demand.limit_tolerance)
        if len(self._hist[0]) < levels:
            self._hist = (np.zeros(2 * levels, np.int64), np.zeros(2 * levels, np.int64))
        buys, sells = self._hist[0][:levels], self._hist[1][:levels]
        wanted = self.holders.decide_orders(
            day=day,
            reference_cents=reference_cents,
            extrapolated_return=self.excess_return_per_year,
            demand=self.demand,
            low_cents=low,
            buy_hist=buys,
            sell_hist=sells,
        )
        self.imbalance_shares = wanted.buy_shares - wanted.sell_shares
        return low, buys, sells

    def traded(self, bought_shares: int, sold_shares: int) -> None:
        """What all of them have bought and sold in today's auction."""
        self.bought_shares, self.sold_shares = bought_shares, sold_shares


def draw_graph(facts: HouseholdFacts, holders: Holders, mixing: np.ndarray) -> SocialGraph | None:
    """The links between households; none where blocks mix. The same in every run of a seed, so no checkpoint needs
    it."""
    if facts.social_graph is SocialGraphKind.SMALL_WORLD:
        return small_world(holders.n, facts.mean_degree, facts.rewired_share, holders.seed)
    if facts.social_graph is SocialGraphKind.DEGREE_CORRECTED:
        return degree_corrected(holders.block, mixing, facts.mean_degree, facts.degree_sigma, holders.seed)
    return None
