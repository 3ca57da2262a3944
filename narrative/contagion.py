"""How households catch, keep and lose the story: susceptible, enthusiastic, tired, and susceptible again.

Holders are columns. The social graph is either mixing blocks (contacts inside and between blocks, here) or an explicit
sparse graph (social_graph.py). All holders see the same moment: every rate of a day comes from the states at its start.
One keyed draw per holder decides, so any split of the rows into chunks gives the same bits.

Source: Kermack & McKendrick (1927), Proc. R. Soc. A 115; Shiller (2017), AER 107(4), for stories; R0 = c N / r.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from ..engine.chance import Decision, stream_key, word
from ..engine.kernels import njit

FloatArray = np.ndarray
IntArray = np.ndarray
ByteArray = np.ndarray

SUSCEPTIBLE = 0
ENTHUSIASTIC = 1
TIRED = 2
STATES = 3
STORY = int(Decision.HOLDER_STORY)

DRAWS = 2.0**53
"""Number of different values a uniform draw can take."""
BLOCK = 1024
"""Rows per block of a kernel: a few small loops, each without a branch, over what fits the nearest memory."""


CATCH_PER_DAY, NEWS_CATCH, RETURN_CATCH, LOSS_PER_DAY, LOSS_RETURN, RECOVER_PER_DAY = range(6)
"""Places of the parameters in the tuple that kernels read: a plain tuple is typed far faster than a named one."""


class StoryParameters(NamedTuple):
    """Rates per day of catching and losing the story; names as in the behavioural parameter table."""

    catch_per_day: float
    news_catch: float
    return_catch: float
    loss_per_day: float
    loss_return: float
    recover_per_day: float


def story_parameters(behaviour: object) -> StoryParameters:
    """The `story_*` fields of the behavioural parameter table as one object.

    Raises: AttributeError if one is missing.
    """
    return StoryParameters(*(float(getattr(behaviour, f"story_{name}")) for name in StoryParameters._fields))


def block_mixing(blocks: int, affinity: float) -> FloatArray:
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


def reproduction_number(parameters: StoryParameters, contact: float = 1.0) -> float:
    """R0 = catch x contact / loss: holders won by one enthusiast among the susceptible; `contact` is rho(mixing).

    Infinite if enthusiasm is never lost. Source: Shiller (2017), AER 107(4): R0 = c N / r.
    """
    if parameters[LOSS_PER_DAY] == 0:
        return math.inf
    return parameters[CATCH_PER_DAY] * contact / parameters[LOSS_PER_DAY]


@njit(cache=True)
def count_states(state, block, blocks):  # type: ignore[no-untyped-def]
    """Holders per block and state, int64[B, 3], from the columns uint8[n]."""
    counts = np.zeros((blocks, STATES), dtype=np.int64)
    for row in range(state.size):
        counts[block[row], state[row]] += 1
    return counts


def shares(counts: IntArray) -> tuple[float, float, float]:
    """Susceptible, enthusiastic and tired share of all holders; (1, 0, 0) if there are none."""
    susceptible, enthusiastic, tired = map(sum, zip(*counts.tolist(), strict=True))
    total = susceptible + enthusiastic + tired
    return (susceptible / total, enthusiastic / total, tired / total) if total else (1.0, 0.0, 0.0)


@njit(cache=True, inline="always")
def chance_of(hazard):  # type: ignore[no-untyped-def]
    """Probability that an event of a given hazard per day happens within the day: 1 - exp(-hazard)."""
    return -math.expm1(-max(hazard, 0.0))


@njit(cache=True)
def leave_probabilities(counts, mixing, news, extrapolated_return, parameters):  # type: ignore[no-untyped-def]
    """Probability float[B, 3] of leaving each state today, by block, from the day's opening counts.

    A susceptible holder catches the story with 1 - exp(-(catch x pressure + news_catch x news + return_catch x
    max(return, 0))), where the pressure on a block is the enthusiastic share of its contacts (mixing @ enthusiastic
    share); an enthusiastic one loses it with 1 - exp(-(loss + loss_return x max(-return, 0))); a tired one becomes
    susceptible with 1 - exp(-recover). Hazards add up, so the chances never exceed one whatever the parameters.

    `news` is the day's news intensity (0 or more), `extrapolated_return` a share (0.1 is 10 %).
    """
    blocks = counts.shape[0]
    out = np.empty((blocks, STATES))
    outside = parameters[NEWS_CATCH] * max(news, 0.0) + parameters[RETURN_CATCH] * max(extrapolated_return, 0.0)
    lose = chance_of(parameters[LOSS_PER_DAY] + parameters[LOSS_RETURN] * max(-extrapolated_return, 0.0))
    recover = chance_of(parameters[RECOVER_PER_DAY])
    for b in range(blocks):
        pressure = 0.0
        for c in range(blocks):
            holders = counts[c, SUSCEPTIBLE] + counts[c, ENTHUSIASTIC] + counts[c, TIRED]
            if holders > 0:
                pressure += mixing[b, c] * (counts[c, ENTHUSIASTIC] / holders)
        out[b, SUSCEPTIBLE] = chance_of(parameters[CATCH_PER_DAY] * pressure + outside)
        out[b, ENTHUSIASTIC] = lose
        out[b, TIRED] = recover
    return out


@njit(cache=True, inline="always")
def as_limit(probability):  # type: ignore[no-untyped-def]
    """The whole number L with: unit(word) < probability exactly if the top 53 bits of the word are below L.

    Scaling by a power of two is exact, so comparing whole numbers decides as comparing floats does.
    """
    return np.int64(math.ceil(probability * DRAWS))


@njit(cache=True, inline="always")
def list_marked(marks, n, groups, rows):  # type: ignore[no-untyped-def]
    """Write each i < n whose mark is 1 to `rows`, ascending, without a branch; returns how many.

    `marks` uint8[BLOCK] are 0 beyond n. Eight marks at once are looked at first: most of them are empty, and a wrong
    guess costs more than a look. `groups` int64[BLOCK / 8 + 1] and `rows` int64[BLOCK + 1] are scratch.
    """
    wide = marks.view(np.uint64)
    kept = 0
    for group in range((n + 7) // 8):
        groups[kept] = group * 8
        kept += wide[group] != 0
    count = 0
    for k in range(kept):
        for i in range(groups[k], groups[k] + 8):
            rows[count] = i
            count += marks[i]
    return count


@njit(cache=True, nogil=True)
def story_rows(state, block, first, last, seed, day, leave, moves):  # type: ignore[no-untyped-def]
    """Move the holders of rows first to last - 1 in place and add what it does to the counts to `moves` int64[B, 3].

    `leave` float[B, 3] are the day's `leave_probabilities`; draws are keyed by (seed, HOLDER_STORY, day, row). The
    states follow one another in a circle, so "leave" is one comparison and the new state the old one plus one. Nobody
    leaves whose draw is above the largest probability of all: most rows are passed without a look at their state.
    """
    key = stream_key(seed, STORY, day)
    limits = np.empty(leave.shape, np.int64)
    highest = np.int64(0)
    for here in range(leave.shape[0]):
        for before in range(STATES):
            limits[here, before] = as_limit(leave[here, before])
            highest = max(highest, limits[here, before])
    marks = np.zeros(BLOCK, np.uint8)
    groups, rows = np.empty(BLOCK // 8 + 1, np.int64), np.empty(BLOCK + 1, np.int64)
    for start in range(first, last, BLOCK):
        n = min(BLOCK, last - start)
        marks[n:] = 0
        for i in range(n):
            marks[i] = np.int64(word(key, start + i) >> np.uint64(11)) < highest
        count = list_marked(marks, n, groups, rows)
        for k in range(count):
            row = start + rows[k]
            before, here = state[row], block[row]
            if np.int64(word(key, row) >> np.uint64(11)) < limits[here, before]:
                after = before + 1 if before < TIRED else SUSCEPTIBLE
                state[row] = after
                moves[here, before] -= 1
                moves[here, after] += 1


@njit(cache=True)
def story_step(  # type: ignore[no-untyped-def]
    state, block, counts, mixing, seed, day, news, extrapolated_return, parameters
):
    """One day of the story for all holders, in place (`state` uint8[n], `counts` int64[B, 3]).

    `counts` must be those of the day's start (`count_states`); they are kept up to date.
    """
    leave = leave_probabilities(counts, mixing, news, extrapolated_return, parameters)
    story_rows(state, block, 0, state.size, seed, day, leave, counts)
