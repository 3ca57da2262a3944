"""One day of the story in whole-array NumPy, from the rule: who catches it, loses it, recovers."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from carousel.engine.chance import Decision
from carousel.narrative.contagion import ENTHUSIASTIC, SUSCEPTIBLE, StoryParameters
from carousel.tests.oracles.draws import unit, words

STORY = int(Decision.HOLDER_STORY)


def story_by_numpy(
    state: np.ndarray, pressure: np.ndarray | Sequence[float], seed: int, day: int, news: float, ret: float,
    par: StoryParameters,
) -> np.ndarray:  # fmt: skip
    """The states uint8[n] after a day: the pressure on each row is given, draws are the keyed uniforms of the rows."""
    draw = unit(words(seed, STORY, day, state.size))
    outside = par.news_catch * max(news, 0.0) + par.return_catch * max(ret, 0.0)
    levels, level_of = np.unique(pressure, return_inverse=True)
    by_level = np.array([-math.expm1(-(par.catch_per_day * p + outside)) for p in levels.tolist()])
    catch = by_level[level_of] if state.size else np.zeros(0)
    lose = -math.expm1(-(par.loss_per_day + par.loss_return * max(-ret, 0.0)))
    recover = -math.expm1(-par.recover_per_day)
    chance = np.select([state == SUSCEPTIBLE, state == ENTHUSIASTIC], [catch, lose], recover)
    return np.where(draw < chance, (state + 1) % 3, state).astype(np.uint8)


def block_pressure(state: np.ndarray, block: np.ndarray, mixing: np.ndarray) -> np.ndarray:
    """Enthusiastic share of the contacts of each row's block, float[n]."""
    blocks = len(mixing)
    members = np.bincount(block, minlength=blocks)
    enthusiastic = np.bincount(block[state == ENTHUSIASTIC], minlength=blocks)
    pressure = np.zeros(blocks)
    for b in range(blocks):
        for c in range(blocks):
            if members[c]:
                pressure[b] += mixing[b, c] * (enthusiastic[c] / members[c])
    by_row: np.ndarray = pressure[block]
    return by_row
