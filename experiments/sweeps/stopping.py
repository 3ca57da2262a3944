"""When a share is known well enough, and what is known of it then.

A share is looked at after 8, 16, 32 and 64 runs only, and runs end at the first look at which Wilson's interval is
narrow enough. At that moment Wilson's interval itself no longer covers what it promises: after stopping at a half-width
of 0.15 it covers a true share of 0.01 in 85 of 100 sweeps. So the interval that is told is the exact one for this very
rule: every way to stop is an outcome with a known probability, outcomes are ordered by their share, and both tails are
cut. Binomial outcomes are few, so a fixed rule for the outcome itself cannot keep 95 % at every share: at 0.02 and a
half-width of 0.1, sets of neighbouring outcomes cover 91.4 % or 98.7 % and nothing between. A drawn weight for the
outcome itself keeps it exactly; half its weight (mid-p) always, without a draw, covers 92 % at least, and more for rare
events.

Source: Wilson (1927), JASA 22; Stevens (1950), Biometrika 37; Armitage (1958), Annals of Human Genetics 22; Jennison
& Turnbull (1983), Technometrics 25(1), for exact intervals after group-sequential stopping.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Iterable
from functools import lru_cache
from statistics import NormalDist
from typing import Any

import numpy as np

from .sweep import Replications
from .sweep_parts import LOOKS

MID_P = 0.5
"""Weight of the outcome itself in an interval without a draw."""


def wilson(hits: int, runs: int, confidence: float) -> tuple[float, float]:
    """Wilson's score interval of a share.

    Source: Wilson (1927), JASA 22; Brown, Cai & DasGupta (2001), Statistical Science 16(2).
    """
    z = _normal_quantile((1 + confidence) / 2)
    share, weight = hits / runs, 1 + z * z / runs
    centre = (share + z * z / (2 * runs)) / weight
    reach = z / weight * math.sqrt(share * (1 - share) / runs + z * z / (4 * runs * runs))
    low, high = max(0.0, centre - reach), min(1.0, centre + reach)
    return 0.0 if hits == 0 else low, 1.0 if hits == runs else high


def looks_of(asked: Replications) -> tuple[int, ...]:
    """Numbers of runs at which results are looked at."""
    return tuple(look for look in LOOKS if asked.at_least <= look <= asked.at_most)


def is_known(hits: int, runs: int, asked: Replications) -> bool:
    """Whether a share of that many runs is known as well as was asked for."""
    if asked.until is None or not runs:
        return asked.until is None
    low, high = wilson(hits, runs, asked.until.confidence)
    return (high - low) / 2 <= asked.until.half_width


def next_look(hits: int, runs: int, made: int, asked: Replications) -> int:
    """How many runs there are to be: `made` if the share is known or all are made, else as many as at the next look.

    `runs` of the `made` ones came to a result; those that failed are not made again.
    """
    later = [look for look in looks_of(asked) if look > made]
    return made if not later or is_known(hits, runs, asked) else later[0]


def interval(hits: int, runs: int, asked: Replications, *, weight: float = MID_P) -> tuple[float, float]:
    """The exact interval of a share of runs that ended by the rule asked for.

    `weight`, from 0 to 1, is how much of the outcome itself counts towards its lower side: MID_P, or a draw of the
    point's own, with which the interval covers exactly what it promises. Where runs failed, so that their number is
    none of the looks, it is the interval of a number of runs fixed before.

    Raises: ValueError if there are no runs.
    """
    if runs <= 0:
        raise ValueError("an interval needs a run")
    confidence, half_width = 0.95, 0.0
    if asked.until is not None:
        confidence, half_width = asked.until.confidence, asked.until.half_width
    looks = looks_of(asked) if asked.until is not None else (runs,)
    outcomes = ways_to_stop(looks, half_width, confidence)
    if (hits, runs) not in outcomes:
        outcomes = ways_to_stop((runs,), half_width, confidence)
    return _cut(outcomes, (hits, runs), (1 - confidence) / 2, weight)


@lru_cache(maxsize=256)
def ways_to_stop(looks: tuple[int, ...], half_width: float, confidence: float) -> dict[tuple[int, int], int]:
    """(hits, runs) at which a sweep may end -> the number of orders of hits and misses that lead there.

    They are ordered by their share; of equal shares, the one of more runs lies further from a half.
    """
    going, before, found = {0: 1}, 0, {}
    for look in looks:
        more = look - before
        reached: dict[int, int] = {}
        for hits, ways in going.items():
            for new in range(more + 1):
                reached[hits + new] = reached.get(hits + new, 0) + ways * math.comb(more, new)
        going, before = {}, look
        for hits, ways in reached.items():
            low, high = wilson(hits, look, confidence)
            if look == looks[-1] or (high - low) / 2 <= half_width:
                found[hits, look] = ways
            else:
                going[hits] = ways
    return dict(sorted(found.items(), key=_place))


def _place(outcome: tuple[tuple[int, int], int]) -> tuple[float, int]:
    (hits, runs), _ = outcome
    return hits / runs, -runs if 2 * hits < runs else runs


def _cut(
    outcomes: dict[tuple[int, int], int], seen: tuple[int, int], tail: float, weight: float
) -> tuple[float, float]:
    """The shares under which what was seen lies in neither tail: both tails are monotone."""
    place = list(outcomes).index(seen)
    hits, runs = (np.array(column) for column in zip(*outcomes, strict=True))
    ways = np.array([math.log(n) for n in outcomes.values()])

    def below(share: float) -> float:
        """Probability of an outcome of a smaller share, and the weight of this one."""
        chance = np.exp(ways + hits * math.log(share) + (runs - hits) * math.log1p(-share))
        return float(chance[:place].sum() + weight * chance[place])

    return _crossing(below, 1 - tail), _crossing(below, tail)


def _crossing(below: Callable[[float], float], target: float) -> float:
    """The share at which a falling function of it meets the target; 0 or 1 if it lies below or above it everywhere."""
    from scipy.optimize import brentq

    low, high = 1e-12, 1 - 1e-12
    if below(low) <= target:
        return 0.0
    if below(high) >= target:
        return 1.0
    return float(brentq(lambda share: below(share) - target, low, high, xtol=1e-15))


def _normal_quantile(probability: float) -> float:
    return NormalDist().inv_cdf(probability)


def weight_of(first_seed: int, point: int, case: str) -> float:
    """A draw between 0 and 1 for the interval of a case at a point: the same whenever and wherever it is asked for."""
    drawn = hashlib.sha256(f"interval|{first_seed}|{point}|{case}".encode()).digest()
    return (int.from_bytes(drawn[:6], "big") + 0.5) / 2**48


def hits_of(outcomes: Iterable[Any]) -> tuple[int, int]:
    """(hits, runs) of an outcome that is true or false; runs without one are left out."""
    known = [float(value) for value in outcomes if value is not None and value == value]
    return sum(value > 0 for value in known), len(known)
