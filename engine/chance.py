"""Luck, asked for by name: every draw is keyed by (seed, decision, day, agent slot).

Nothing here has a state. A draw depends on its key alone, so one more agent, worker, thread or recording never changes
another draw, and two runs that differ by one intervention share all other luck (common random numbers).
"""

from __future__ import annotations

import hashlib
import math
from enum import IntEnum

import numpy as np
from numba import uint64

from .kernels import njit

FloatArray = np.ndarray
Ints = np.ndarray
Word = np.uint64


class Decision(IntEnum):
    """What a draw decides: the second part of its key. Numbers are part of the format of a run, never reuse one."""

    HOLDER_ENDOWMENT = 1
    HOLDER_TRAITS = 2
    HOLDER_ATTENTION = 3
    HOLDER_STORY = 4
    HOLDER_LIMIT = 5
    HOLDER_SAVING = 6
    HOLDER_LINKS = 7
    AUCTION_ROUNDING = 20
    FUND_DISPOSITION = 30
    FUND_PRIVATE_NOISE = 31
    SHARE_FUNDAMENTAL_NOISE = 32
    SHARE_TREND_NOISE = 33
    MARKET_FUNDAMENTAL_NOISE = 34
    MARKET_TREND_NOISE = 35
    LAB_REVENUE = 50
    EARNINGS_SURPRISE = 51
    PLAN_DEMAND = 52
    JUDGEMENT = 53
    LAB_GROWTH = 54
    VENTURE_APPETITE = 60
    VENTURE_BID_PRICE = 61
    BOND_PREMIUM = 70
    BUILD_DELAY = 80
    CUSTOMER_FAILS = 81
    BOARD = 90


_AUCTION_ROUNDING = int(Decision.AUCTION_ROUNDING)


def slot_of(name: str) -> int:
    """The permanent slot of a named agent or relation: 63 bits that depend on its name alone."""
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "little") >> 1


@njit(cache=True, inline="always")
def mix(bits: Word | int) -> Word:
    """One avalanche round of SplitMix64 on an unsigned 64-bit word. Source: Steele, Lea & Flood (2014), OOPSLA, fig.
    15."""
    z = uint64(bits) + uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> uint64(30))) * uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> uint64(27))) * uint64(0x94D049BB133111EB)
    return z ^ (z >> uint64(31))


@njit(cache=True)
def stream_key(seed: int, decision: int, day: int) -> Word:
    """The 64-bit key of one (seed, decision, day): feed it with slots to `word`."""
    return mix(mix(mix(uint64(seed)) ^ uint64(decision)) ^ uint64(day))


@njit(cache=True, inline="always")
def word(key: Word, slot: int) -> Word:
    """64 uniform bits for one slot under a stream key."""
    return mix(key ^ mix(uint64(slot)))


@njit(cache=True, inline="always")
def unit(bits: Word) -> float:
    """A float in [0, 1) from 64 bits: the top 53 bits."""
    return float(bits >> uint64(11)) * (1.0 / 9007199254740992.0)


@njit(cache=True)
def normal_of(key: Word, slot: int) -> float:
    """One standard normal for a slot under a stream key. Source: Box & Muller (1958), Annals of Math. Stat. 29(2)."""
    first = word(key, slot)
    radius = math.sqrt(-2.0 * math.log(1.0 - unit(first)))
    return radius * math.cos(2.0 * math.pi * unit(mix(first)))


@njit(cache=True)
def _uniforms(seed: int, decision: int, day: int, slots: Ints, out: FloatArray) -> None:
    key = stream_key(seed, decision, day)
    for i in range(slots.size):
        out[i] = unit(word(key, slots[i]))


@njit(cache=True)
def _normals(seed: int, decision: int, day: int, slots: Ints, out: FloatArray) -> None:
    key = stream_key(seed, decision, day)
    for i in range(slots.size):
        out[i] = normal_of(key, slots[i])


@njit(cache=True)
def _normal(seed: int, decision: int, day: int, slot: int) -> float:
    return normal_of(stream_key(seed, decision, day), slot)


@njit(cache=True)
def _whole(seed: int, decision: int, day: int, slot: int) -> int:
    return int(np.int64(word(stream_key(seed, decision, day), slot) >> uint64(1)))


# The compiled functions above take plain integers: an Enum argument would be typed anew, slowly, at every call.


def normal(seed: int, decision: Decision, day: int, slot: int) -> float:
    """One standard normal draw."""
    return float(_normal(seed, int(decision), day, slot))


def whole(seed: int, decision: int, day: int, slot: int) -> int:
    """One draw of 63 uniform bits as a non-negative integer."""
    return int(_whole(seed, int(decision), day, slot))


def auction_start(seed: int, day: int, slot: int) -> int:
    """Where the pro-rata rounding of one security's auction starts today: 63 uniform bits."""
    return int(_whole(seed, _AUCTION_ROUNDING, day, slot))


@njit(cache=True)
def _wholes(seed: int, decision: int, day: int, slots: Ints) -> Ints:
    key = stream_key(seed, decision, day)
    out = np.empty(slots.size, np.int64)
    for i in range(slots.size):
        out[i] = np.int64(word(key, slots[i]) >> uint64(1))
    return out


def auction_starts(seed: int, day: int, slots: np.ndarray) -> np.ndarray:
    """`auction_start` of each slot, int64[n]."""
    starts: np.ndarray = _wholes(seed, _AUCTION_ROUNDING, day, slots)
    return starts


def uniforms(seed: int, decision: int, day: int, slots: np.ndarray) -> FloatArray:
    """Draws from [0, 1), one for each of the slots (int64 array of any shape)."""
    out = np.empty(slots.size)
    _uniforms(seed, int(decision), day, slots.ravel(), out)
    return out.reshape(slots.shape)


def normals(seed: int, decision: Decision, day: int, slots: np.ndarray) -> FloatArray:
    """Standard normal draws, one for each of the slots (int64 array of any shape)."""
    out = np.empty(slots.size)
    _normals(seed, int(decision), day, slots.ravel(), out)
    return out.reshape(slots.shape)
