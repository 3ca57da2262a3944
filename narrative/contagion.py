"""How households catch, keep and lose the story: susceptible, enthusiastic, tired, and susceptible again.

Holders are columns. The social graph is either mixing blocks (contacts inside and between blocks) or an explicit sparse
graph (social_graph.py). All holders see the same moment: every rate of a day comes from the states at its start. One
keyed draw per holder decides, so any split of the rows into chunks gives the same bits.

Source: Kermack & McKendrick (1927), Proc. R. Soc. A 115; Shiller (2017), AER 107(4), for stories; R0 = c N / r.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from ..engine.kernels import njit
from ..scenarios.behaviour_households import HouseholdRules

Floats = np.ndarray
Ints = np.ndarray

SUSCEPTIBLE = 0
ENTHUSIASTIC = 1
TIRED = 2
STATES = 3

CATCH_PER_DAY, NEWS_CATCH, RETURN_CATCH, LOSS_PER_DAY, LOSS_RETURN, RECOVER_PER_DAY = range(6)
"""Places of the parameters in the tuple that rules read: a plain tuple is typed far faster than a named one."""


class StoryParameters(NamedTuple):
    """Rates per day of catching and losing the story; names as in the behavioural parameter table."""

    catch_per_day: float
    news_catch: float
    return_catch: float
    loss_per_day: float
    loss_return: float
    recover_per_day: float


def story_parameters(rules: HouseholdRules) -> StoryParameters:
    """The `story_*` rows of the behaviour table as one object."""
    return StoryParameters(
        catch_per_day=rules.story_catch_per_day,
        news_catch=rules.story_news_catch,
        return_catch=rules.story_return_catch,
        loss_per_day=rules.story_loss_per_day,
        loss_return=rules.story_loss_return,
        recover_per_day=rules.story_recover_per_day,
    )


def block_mixing(blocks: int, affinity: float) -> Floats:
    """Mixing float[B, B]: row b says which share of a holder's contacts lies in each block; rows sum to 1.

    `affinity` is the share inside the own block, the rest is spread evenly over the others; a single block mixes with
    itself alone.

    Raises: ValueError if there is no block or the affinity is no share.
    """
    if blocks < 1 or not 0 <= affinity <= 1:
        raise ValueError(f"blocks {blocks}, affinity {affinity}: allowed are 1 or more, and 0 to 1")
    if blocks == 1:
        return np.ones((1, 1))
    mixing = np.full((blocks, blocks), (1.0 - affinity) / (blocks - 1))
    np.fill_diagonal(mixing, affinity)
    return mixing


def shares(counts: Ints) -> tuple[float, float, float]:
    """Susceptible, enthusiastic and tired share of all holders; (1, 0, 0) if there are none."""
    susceptible, enthusiastic, tired = map(sum, zip(*counts.tolist(), strict=True))
    total = susceptible + enthusiastic + tired
    return (susceptible / total, enthusiastic / total, tired / total) if total else (1.0, 0.0, 0.0)


@njit(cache=True, inline="always")
def chance_of(hazard: float) -> float:
    """Probability that an event of a given hazard per day happens within the day: 1 - exp(-hazard).

    Hazards add up, so that the chances never exceed one whatever the parameters.
    """
    return -math.expm1(-max(hazard, 0.0))


@njit(cache=True, inline="always")
def outside_hazard(news: float, extrapolated_return: float, parameters: tuple[float, ...]) -> float:
    """Hazard per day of catching the story without meeting anybody: news_catch x news + return_catch x max(return, 0).

    `news` is the day's news intensity (0 or more), `extrapolated_return` a share (0.1 is 10 %).
    """
    return parameters[NEWS_CATCH] * max(news, 0.0) + parameters[RETURN_CATCH] * max(extrapolated_return, 0.0)


@njit(cache=True, inline="always")
def catch_chance(pressure: float, outside: float, catch_per_day: float) -> float:
    """Chance per day that a susceptible holder catches the story: 1 - exp(-(catch x pressure + outside)).

    The pressure is the enthusiastic share of a holder's contacts. Source: Shiller (2017), AER 107(4).
    """
    return chance_of(catch_per_day * pressure + outside)


@njit(cache=True, inline="always")
def lose_chance(extrapolated_return: float, parameters: tuple[float, ...]) -> float:
    """Chance per day that an enthusiast tires: 1 - exp(-(loss + loss_return x max(-return, 0)))."""
    return chance_of(parameters[LOSS_PER_DAY] + parameters[LOSS_RETURN] * max(-extrapolated_return, 0.0))


@njit(cache=True, inline="always")
def recover_chance(parameters: tuple[float, ...]) -> float:
    """Chance per day that a tired holder listens again: 1 - exp(-recover)."""
    return chance_of(parameters[RECOVER_PER_DAY])


@njit(cache=True, inline="always")
def next_state(state: int) -> int:
    """The state after leaving one: the states follow one another in a circle."""
    return state + 1 if state < TIRED else SUSCEPTIBLE
