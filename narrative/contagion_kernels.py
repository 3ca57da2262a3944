"""Loops of the story: over blocks for the day's chances, over holders for who leaves its state."""

from __future__ import annotations

import numpy as np

from ..engine.chance import Decision, stream_key, word
from ..engine.kernels import njit
from ..engine.row_blocks import BLOCK, as_limit, list_below, scratch, top_bits
from .contagion import (
    CATCH_PER_DAY,
    ENTHUSIASTIC,
    STATES,
    SUSCEPTIBLE,
    TIRED,
    catch_chance,
    lose_chance,
    next_state,
    outside_hazard,
    recover_chance,
)

Bytes = np.ndarray
Floats = np.ndarray
Ints = np.ndarray
Parameters = tuple[float, ...]

STORY = int(Decision.HOLDER_STORY)
ROUNDING = 16
"""Slack, in steps of a draw, on a bound that comes from another rounding of the same formula."""


@njit(cache=True)
def count_states(state: Bytes, block: Bytes, blocks: int) -> Ints:
    """Holders per block and state, int64[B, 3], from the columns uint8[n]."""
    counts = np.zeros((blocks, STATES), dtype=np.int64)
    for row in range(state.size):
        counts[block[row], state[row]] += 1
    return counts


@njit(cache=True)
def leave_probabilities(
    counts: Ints, mixing: Floats, news: float, extrapolated_return: float, parameters: Parameters
) -> Floats:
    """Probability float[B, 3] of leaving each state today, by block, from the day's opening counts.

    The pressure on a block is the enthusiastic share of its contacts: mixing @ enthusiastic share.
    """
    blocks = counts.shape[0]
    out = np.empty((blocks, STATES))
    outside = outside_hazard(news, extrapolated_return, parameters)
    lose, recover = lose_chance(extrapolated_return, parameters), recover_chance(parameters)
    for b in range(blocks):
        pressure = 0.0
        for c in range(blocks):
            holders = counts[c, SUSCEPTIBLE] + counts[c, ENTHUSIASTIC] + counts[c, TIRED]
            if holders > 0:
                pressure += mixing[b, c] * (counts[c, ENTHUSIASTIC] / holders)
        out[b, SUSCEPTIBLE] = catch_chance(pressure, outside, parameters[CATCH_PER_DAY])
        out[b, ENTHUSIASTIC], out[b, TIRED] = lose, recover
    return out


@njit(cache=True, nogil=True)
def story_rows(holders: tuple, rows: tuple, today: tuple, leave: Floats, moves: Ints) -> None:
    """Move the holders of some rows in place and add what it does to the counts to `moves` int64[B, 3].

    `holders` are the columns state and block uint8[n], `rows` the first and the one after the last, `today` seed and
    day, `leave` float[B, 3] the day's `leave_probabilities`; draws are keyed by (seed, HOLDER_STORY, day, row).
    "Leave" is one comparison. Nobody leaves whose draw is above the largest probability of all: most rows are passed
    without a look at their state.
    """
    state, block = holders
    first, last = rows
    key = stream_key(today[0], STORY, today[1])
    limits = np.empty(leave.shape, np.int64)
    highest = np.int64(0)
    for here in range(leave.shape[0]):
        for before in range(STATES):
            limits[here, before] = as_limit(leave[here, before])
            highest = max(highest, limits[here, before])
    space = scratch()
    for start in range(first, last, BLOCK):
        count = list_below(key, start, min(BLOCK, last - start), highest, space)
        for k in range(count):
            row = start + space[2][k]
            before, here = state[row], block[row]
            if top_bits(word(key, row)) < limits[here, before]:
                after = next_state(before)
                state[row] = after
                moves[here, before] -= 1
                moves[here, after] += 1


@njit(cache=True)
def story_day(
    holders: tuple,
    counts: Ints,
    mixing: Floats,
    today: tuple,
    news: float,
    extrapolated_return: float,
    parameters: Parameters,
) -> None:
    """One day of the story for all holders, in place; `counts` must be those of the day's start, and are kept up to
    date."""
    leave = leave_probabilities(counts, mixing, news, extrapolated_return, parameters)
    story_rows(holders, (0, holders[0].size), today, leave, counts)


@njit(cache=True, nogil=True)
def graph_rows(state: Bytes, graph: tuple, rows: tuple, today: tuple, chances: tuple, leaving: Ints) -> int:
    """List in `leaving` int32[rows + 1] which of some rows leave their state today along the links of a graph.

    The pressure on a holder is the enthusiastic share of its neighbours (0 without any); draws are those of the mixing
    blocks. Nothing else is written, so all rows see the same moment. `graph` are indptr and indices, `rows` the first
    and the one after the last, `today` seed and day, `chances` as from `day_chances`. Returns how many leave.
    """
    indptr, indices = graph
    first, last = rows
    key = stream_key(today[0], STORY, today[1])
    catch_per_day, outside, lose_today, recover_today = chances
    lose, recover = as_limit(lose_today), as_limit(recover_today)
    highest = max(lose, recover, as_limit(catch_chance(1.0, outside, catch_per_day)) + ROUNDING)
    space = scratch()
    count = 0
    for start in range(first, last, BLOCK):
        near = list_below(key, start, min(BLOCK, last - start), highest, space)
        for k in range(near):
            row = start + space[2][k]
            limit = lose if state[row] == ENTHUSIASTIC else recover
            if state[row] == SUSCEPTIBLE:
                enthusiastic, degree = 0, indptr[row + 1] - indptr[row]
                for link in range(indptr[row], indptr[row + 1]):
                    enthusiastic += state[indices[link]] == ENTHUSIASTIC
                pressure = enthusiastic / degree if degree > 0 else 0.0
                limit = as_limit(catch_chance(pressure, outside, catch_per_day))
            leaving[count] = row
            count += top_bits(word(key, row)) < limit
    return count


@njit(cache=True)
def day_chances(news: float, extrapolated_return: float, parameters: Parameters) -> Parameters:
    """What a day's chances along links come from: catch per day, hazard from outside, chance to tire and to recover."""
    return (
        parameters[CATCH_PER_DAY],
        outside_hazard(news, extrapolated_return, parameters),
        lose_chance(extrapolated_return, parameters),
        recover_chance(parameters),
    )


@njit(cache=True)
def leave_states(holders: tuple, leaving: Ints, counts: Ints) -> None:
    """Move the listed rows to their next state, and keep `counts` int64[B, 3] up to date."""
    state, block = holders
    for k in range(leaving.size):
        row = leaving[k]
        before, here = state[row], block[row]
        after = next_state(before)
        state[row] = after
        counts[here, before] -= 1
        counts[here, after] += 1
