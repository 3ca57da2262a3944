"""Growth that slows down, and what everybody expects of it: learnt quarter by quarter from what is seen."""

from __future__ import annotations

import math
from dataclasses import dataclass

from ..engine.calendar import DAYS_PER_YEAR


def slowing_growth(start_per_year: float, slowdown_per_year: float, years: float) -> float:
    """Log growth per year after `years`: ln(1 + g) exp(-slowdown t)."""
    return math.log1p(start_per_year) * math.exp(-slowdown_per_year * years)


@dataclass(frozen=True, slots=True)
class GrowthTerms:
    """Growth at the start as it really comes and as prices assume it (yearly rates), how it slows, how it varies."""

    real_per_year: float
    assumed_per_year: float
    slowdown_per_year: float
    volatility_per_year: float
    growth_volatility_per_year: float = 0.0
    """Of the growth rate itself at the start, in log points a year per square root of a year."""


class Trend:
    """Steady growth since the opening: its rate may change, what has grown stays."""

    def __init__(self, per_year: float) -> None:
        self._log_per_year = math.log1p(per_year)
        self._grown = 1.0
        self._since = 0.0

    def at(self, day: float) -> float:
        """Factor by a day."""
        return self._grown * math.exp(self._log_per_year * (day - self._since) / DAYS_PER_YEAR)

    def take(self, day: int, per_year: float) -> None:
        """After this day it grows at another rate."""
        if (log_per_year := math.log1p(per_year)) != self._log_per_year:
            self._grown, self._since, self._log_per_year = self.at(day), day, log_per_year


class Ramp:
    """Steady additions since the opening up to a most: what has been added stays when their pace changes."""

    def __init__(self, start: float, per_year: float, most: float) -> None:
        self._reached, self._per_year, self._most = start, per_year, most
        self._since = 0.0

    def at(self, day: float) -> float:
        """Size by a day."""
        grown = self._reached + self._per_year * (day - self._since) / DAYS_PER_YEAR
        return min(grown, max(self._reached, self._most))

    def take(self, day: float, added: float, per_year: float, most: float) -> None:
        """After this day it is larger by `added` and goes on at another pace, to another most."""
        if (added, per_year, most) != (0.0, self._per_year, self._most):
            self._reached, self._since = max(0.0, self.at(day) + added), day
            self._per_year, self._most = per_year, most


class Growing:
    """A run-rate or a demand: how large it is, and how large everybody expected it to be by now."""

    def __init__(self, start: float, terms: GrowthTerms) -> None:
        self.terms = terms
        self.now = start
        self.expected = start
        self.quarter_start = start
        """Size at the last report."""
        self.gap_per_year = 0.0
        """Log growth expected now, less what the opening price assumed for today."""
        self.luck_per_year = 0.0
        """Log growth that really comes now, less what slowing alone would have left of the start's."""

    def take(self, old_start: float, start: float, terms: GrowthTerms) -> None:
        """Its terms change, and its size as that at the start does, in proportion; nobody expected it."""
        self.terms = terms
        if start != old_start and old_start:
            self.now *= start / old_start
        elif start != old_start:
            self.now = self.expected = self.quarter_start = start

    def grow(self, day: int, noise: float, growth_noise: float = 0.0) -> None:
        """One day of slowing growth: a shock to the size, and one to its growth that fades as growth does.

        `noise` and `growth_noise` are standard normal draws; the volatilities are yearly. With growth m that slows to
        nothing and becomes more certain on the way: dm = -slowdown m dt + growth_volatility exp(-slowdown t) dz.

        Source: Schwartz & Moon (2000), Financial Analysts Journal 56(3), with one speed of adjustment for both, as in
        Schwartz & Moon (2001), Financial Review 36(4).
        """
        terms = self.terms
        growth = slowing_growth(terms.real_per_year, terms.slowdown_per_year, day / DAYS_PER_YEAR)
        if terms.growth_volatility_per_year:
            faded = math.exp(-terms.slowdown_per_year * day / DAYS_PER_YEAR)
            self.luck_per_year *= math.exp(-terms.slowdown_per_year / DAYS_PER_YEAR)
            self.luck_per_year += terms.growth_volatility_per_year * faded / math.sqrt(DAYS_PER_YEAR) * growth_noise
            growth += self.luck_per_year
        sigma = terms.volatility_per_year / math.sqrt(DAYS_PER_YEAR)
        self.expected *= math.exp(self.expected_growth(day) / DAYS_PER_YEAR)
        self.now *= math.exp(growth / DAYS_PER_YEAR + sigma * noise - sigma * sigma / 2)

    def expected_growth(self, day: int) -> float:
        """Log growth per year that everybody expects now."""
        terms = self.terms
        return slowing_growth(terms.assumed_per_year, terms.slowdown_per_year, day / DAYS_PER_YEAR) + self.gap_per_year

    def slowed_per_year(self, day: int) -> float:
        """Log growth per year that prices assumed at the start, less what they assumed for today."""
        terms = self.terms
        later = slowing_growth(terms.assumed_per_year, terms.slowdown_per_year, day / DAYS_PER_YEAR)
        return math.log1p(terms.assumed_per_year) - later

    def expected_ahead(self, day: int, years: float) -> float:
        """Size expected in so many years: growth slows on the way."""
        terms, now = self.terms, day / DAYS_PER_YEAR
        start = slowing_growth(terms.assumed_per_year, terms.slowdown_per_year, now)
        slow = terms.slowdown_per_year
        grown = start * (-math.expm1(-slow * years) / slow if slow else years) + self.gap_per_year * years
        return self.now * math.exp(grown)

    def growth_ahead(self, day: int, years: float) -> float:
        """Factor of so many years at the growth expected now."""
        return math.exp(self.expected_growth(day) * years)

    def learn(self, day: int, days: int, share: float) -> float:
        """Surprise over the last `days`, as a share; expected growth moves a share of the way to the growth seen."""
        if self.now <= 0:
            return 0.0
        surprise = self.now / self.expected - 1
        seen = math.log(self.now / self.quarter_start) * DAYS_PER_YEAR / days
        self.gap_per_year += share * (seen - self.expected_growth(day - days // 2))
        self.expected = self.quarter_start = self.now
        return surprise
