"""What an announcement did to a share: worlds that share all luck, with and without it, with parts switched off.

The move of the price over its silent counterfactual is split, in log points, into parts that add up to it exactly:
earnings capitalised (the move of value with every announcement's story switched off), narrative (what the story adds to
the move of value), and flow pressure (the move of the price beyond the move of value).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ...model import CarouselModel
from ...scenarios.loader import load
from ...scenarios.overrides import override
from ...scenarios.schema import Scenario

FloatArray = np.ndarray

NO_STORY = ("behaviour.announcement_impulse=0.0", "behaviour.endorsement_impulse=0.0")
"""Announcements are heard and believed, but tell no story of their own."""
NO_ENDORSEMENT = ("behaviour.endorsement_impulse=0.0",)


@dataclass(frozen=True, slots=True)
class Course:
    """Log prices and log values (funds' geometric mean, by benchmark) of all listed shares: float[days + 1, F].

    Row 0 is the opening; `market_value_usd` float[F] at the opening, `names` of the shares.
    """

    names: tuple[str, ...]
    market_value_usd: FloatArray
    log_price: FloatArray
    log_value: FloatArray

    def move(self, firm: str, first: int, last: int, *, beyond_others: bool = False) -> tuple[float, float]:
        """Log change of price and of value from the close of day `first` to that of day `last`.

        `beyond_others`: less the mean change of all other shares, weighted by opening market value.
        """
        i = self.names.index(firm)
        price = self.log_price[last] - self.log_price[first]
        value = self.log_value[last] - self.log_value[first]
        if not beyond_others or len(self.names) == 1:
            return float(price[i]), float(value[i])
        weights = self.market_value_usd.copy()
        weights[i] = 0.0
        weights /= weights.sum()
        return float(price[i] - weights @ price), float(value[i] - weights @ value)


class NotFinite(Exception):
    """A market whose prices or values left all numbers: on which day, whose."""

    def __init__(self, day: int, firm: str) -> None:
        super().__init__(f"the price or value of {firm} is no number on day {day}")
        self.day, self.firm = day, firm


def course(scenario: Scenario, seed: int, days: int) -> Course:
    """Run the first `days` days of a scenario and keep prices and values.

    Raises: NotFinite, and whatever a run raises.
    """
    model = CarouselModel(scenario, rng=seed)
    board = model.prices
    prices = [board.price_cents.astype(float)]
    # before anybody has an opinion, everybody values a share at its price
    values = [prices[0].copy()]
    worth = board.market_values_cents() / 100.0
    for day in range(1, days + 1):
        model.step()
        prices.append(board.price_cents.astype(float))
        values.append(np.exp(board.fund_benchmark @ np.log(board.values_cents)))
        wrong = np.flatnonzero(~(np.isfinite(prices[-1]) & np.isfinite(values[-1]) & (values[-1] > 0)))
        if len(wrong):
            raise NotFinite(day, board.names[wrong[0]])
    return Course(tuple(board.names), worth, np.log(np.array(prices)), np.log(np.array(values)))


@dataclass(frozen=True, slots=True)
class Parts:
    """One announcement's effect on its first day, in log points: total = earnings + narrative + flow, exactly."""

    earnings: float
    narrative: float
    flow: float

    @property
    def total(self) -> float:
        """Log move of the price over its silent counterfactual."""
        return self.earnings + self.narrative + self.flow

    def in_returns(self) -> tuple[float, float, float, float]:
        """(total, earnings, narrative, flow) as simple returns: exp(total) - 1, split in proportion to log points."""
        whole = math.expm1(self.total)
        scale = whole / self.total if self.total else 1.0
        return whole, self.earnings * scale, self.narrative * scale, self.flow * scale


def parts_of(
    told: Course, silent: Course, told_without_story: Course, silent_without_story: Course, firm: str, day: int
) -> Parts:
    """Split a firm's move on `day` beyond all others into its parts, from four runs of one seed."""
    runs = (told, silent, told_without_story, silent_without_story)
    moves = [run.move(firm, day - 1, day, beyond_others=True) for run in runs]
    price = moves[0][0] - moves[1][0]
    value = moves[0][1] - moves[1][1]
    earnings = moves[2][1] - moves[3][1]
    return Parts(earnings, value - earnings, price - value)


def quantile_interval(sample: Sequence[float], share: float = 0.8) -> tuple[float, float]:
    """The middle `share` of a sample, by linear interpolation between its order statistics."""
    low, high = np.quantile(np.asarray(sample, dtype=float), [(1 - share) / 2, (1 + share) / 2])
    return float(low), float(high)


def median_interval(sample: Sequence[float], share: float = 0.95) -> tuple[float, float]:
    """Distribution-free confidence interval of the median, from order statistics.

    Raises: ValueError for fewer than six numbers.
    Source: Conover (1999), Practical Nonparametric Statistics, s. 3.2 (binomial ranks).
    """
    from scipy.stats import binom

    ordered = sorted(sample)
    n = len(ordered)
    if n < 6:
        raise ValueError(f"{n} numbers, allowed: 6 or more")
    below = int(binom.ppf((1 - share) / 2, n, 0.5))
    below = max(1, below)
    return float(ordered[below - 1]), float(ordered[n - below])


def bundled(name: str, overrides: Sequence[str]) -> Scenario:
    """A bundled scenario with changes."""
    return override(load(name), list(overrides))
