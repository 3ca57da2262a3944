"""What one household wants: rules of its endowment, its desired share and its order."""

from __future__ import annotations

import math

import numpy as np

from ..engine.kernels import njit
from ..narrative.contagion import ENTHUSIASTIC, TIRED

INT32_MAX = 2**31 - 1
EXACT_MAX = 2**53 - 1


@njit(cache=True, inline="always")
def spread_around_one(draw: float, spread: float) -> float:
    """A trait uniform on [1 - spread, 1 + spread), from a draw on [0, 1)."""
    return 1.0 - spread + 2.0 * spread * draw


@njit(cache=True, inline="always")
def attention_chance(draw: float, mean: float, spread: float) -> float:
    """Chance per day of looking at the account: uniform within `spread` of its mean, from a draw on [0, 1).

    A mean near one leaves no room above: the spread shrinks, the mean stays.
    """
    room = min(mean, 1.0 - mean, spread * mean)
    return mean + room * (2.0 * draw - 1.0)


@njit(cache=True, inline="always")
def story_tilt(state: int, enthusiasm_tilt: float, tired_tilt: float) -> float:
    """What the story adds to the desired ETF share: the tilt for the enthusiastic, minus a part of it for the tired."""
    return enthusiasm_tilt * ((state == ENTHUSIASTIC) - tired_tilt * (state == TIRED))


@njit(cache=True, inline="always")
def desired_share(base: float, tilt: float, extrapolation: float, pull: float) -> float:
    """ETF share of wealth that a holder wants, before it is held within 0 and 1: base + story tilt + extrapolation x
    pull, the pull being the sensitivity times the extrapolated return."""
    return base + tilt + extrapolation * pull


@njit(cache=True, inline="always")
def wanted_shares(
    cash: int, shares: int, desired: float, reference_cents: int, gap_share: float, draw: float
) -> np.int64:
    """Shares that a holder wants to buy (+) or sell (-): a part of the gap to the desired share of its wealth.

    floor(gap_share x gap / price + draw): whole shares, without bias over draws on [0, 1). All values at the reference
    price.
    """
    held = shares * reference_cents
    gap_cents = min(max(desired, 0.0), 1.0) * float(cash + held) - float(held)
    return np.int64(math.floor(gap_share * gap_cents / reference_cents + draw))


@njit(cache=True, inline="always")
def affordable_buy(wanted: int, limit_cents: int, cash: int, shares: int) -> int:
    """Shares of a buy order: no more than the cash pays at the limit, nor than can be counted."""
    if wanted * limit_cents > cash:
        wanted = cash // limit_cents
    return min(wanted, INT32_MAX - shares)
