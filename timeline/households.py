"""Households' day: what they extrapolate, the story they tell each other, their orders for the ETF, and their
savings."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from ..agents.household import Holders, demand_parameters, order_grid
from ..engine.calendar import DAYS_PER_QUARTER, DAYS_PER_YEAR
from ..ledger.causes import Cause
from ..narrative import contagion as story
from ..narrative.social_graph import SocialGraph, degree_corrected, small_world
from ..scenarios.schema import Households, SocialGraphKind

if TYPE_CHECKING:
    from ..model import CarouselModel


class HouseholdsDay:
    """What all households share: the extrapolated return, the mixing of the social graph, the counts of the story."""

    def __init__(self, model: CarouselModel, holders: Holders) -> None:
        rules, facts = model.behaviour, model.scenario_data.households
        assert facts is not None
        self.parameters = tuple(story.story_parameters(rules))
        self.demand = demand_parameters(rules)
        self.mixing = story.block_mixing(facts.blocks, facts.block_affinity)
        self.graph = draw_graph(facts, holders, self.mixing)
        self.counts = holders.counts()
        self.daily_memory = rules.extrapolation_per_quarter ** (1 / DAYS_PER_QUARTER)
        weights = [firm.facts.price_usd * firm.facts.shares for firm in model.listed]
        growth = [math.log1p(firm.facts.earnings_growth_per_year) for firm in model.listed]
        self.normal_return_per_year = sum(w * g for w, g in zip(weights, growth, strict=True)) / max(1.0, sum(weights))
        """Return that needs no story: the cap-weighted growth of earnings."""
        self.past_return_per_year = self.normal_return_per_year
        """Exponentially weighted past ETF return, per year."""
        self.bought_shares = 0
        self.sold_shares = 0
        self._hist = (np.zeros(1, np.int64), np.zeros(1, np.int64))

    @property
    def excess_return_per_year(self) -> float:
        """Extrapolated return above normal: what moves demand and the story."""
        return self.past_return_per_year - self.normal_return_per_year

    def remember(self, log_return: float) -> None:
        """Add today's ETF return to memory. Source: Greenwood & Shleifer (2014), table 3: older quarters weigh 0.56
        each."""
        keep = self.daily_memory
        self.past_return_per_year = keep * self.past_return_per_year + (1 - keep) * log_return * DAYS_PER_YEAR

    def tell_story(self, model: CarouselModel, news: float) -> None:
        """One day of contagion: over mixing blocks, or along the links of the social graph that the scenario asks
        for."""
        holders = model.holders
        assert holders is not None
        past = self.excess_return_per_year
        if self.graph is not None:
            holders.tell_story_on(
                self.graph, self.counts, day=model.day, news=news, extrapolated_return=past, parameters=self.parameters
            )
            return
        holders.tell_story(
            self.counts, self.mixing, day=model.day, news=news, extrapolated_return=past, parameters=self.parameters
        )

    def decide(self, model: CarouselModel, reference_cents: int) -> tuple[int, np.ndarray, np.ndarray]:
        """Everybody's orders into the holders' columns; returns the lowest limit and the histograms of buys and
        sells."""
        holders = model.holders
        assert holders is not None
        low, levels = order_grid(reference_cents, self.demand.limit_tolerance)
        if len(self._hist[0]) < levels:
            self._hist = (np.zeros(2 * levels, np.int64), np.zeros(2 * levels, np.int64))
        buys, sells = self._hist[0][:levels], self._hist[1][:levels]
        holders.decide_orders(
            day=model.day,
            reference_cents=reference_cents,
            extrapolated_return=self.excess_return_per_year,
            demand=self.demand,
            low_cents=low,
            buy_hist=buys,
            sell_hist=sells,
        )
        return low, buys, sells


def draw_graph(facts: Households, holders: Holders, mixing: np.ndarray) -> SocialGraph | None:
    """The links between households; none where blocks mix. The same in every run of a seed, so no checkpoint needs
    it."""
    if facts.social_graph is SocialGraphKind.SMALL_WORLD:
        return small_world(holders.n, facts.mean_degree, facts.rewired_share, holders.seed)
    if facts.social_graph is SocialGraphKind.DEGREE_CORRECTED:
        return degree_corrected(holders.block, mixing, facts.mean_degree, facts.degree_sigma, holders.seed)
    return None


def receive_household_savings(model: CarouselModel) -> None:
    """Households put a month's saving aside: outside money, split over all holders to the cent."""
    if not model.is_month_end:
        return
    facts = model.scenario_data.households
    if model.holders is None or facts is None:
        return
    total = round(100 * facts.saving_usd_per_year / 12)
    if total:
        model.books.journal.post(model.household_savers, model.omnibus, total, Cause.SAVING)
        model.holders.pay_saving(total, day=model.day)
