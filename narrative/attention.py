"""How loud an announcement is: large against the firm, new to those who hear it, not the tenth of its kind.

Fatigue is an outcome: when most holders have caught the story or are tired of it, nobody is left to be surprised.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

FATIGUE_MEMORY_DAYS = 21.0
"""Trading days after which an earlier announcement of the same kind weighs 1/e: a month (assumed)."""


def recent_similar(days: Iterable[int], today: int, memory_days: float = FATIGUE_MEMORY_DAYS) -> float:
    """Number of similar announcements still in mind: sum over earlier days of exp(-(today - day) / memory).

    Raises: ValueError if the memory is not above zero or a day lies in the future.
    """
    if not memory_days > 0:
        raise ValueError(f"memory_days is {memory_days}, allowed: above 0")
    total = 0.0
    for day in days:
        if day > today:
            raise ValueError(f"day {day} lies after today, {today}")
        total += math.exp(-(today - day) / memory_days)
    return total


def attention(enthusiastic_share: float, tired_share: float, similar: float = 0.0) -> float:
    """Attention in [0, 1] that a new announcement meets: (1 - enthusiastic - tired) / (1 + recent similar ones).

    Raises: ValueError if a share or the number of similar announcements is out of range.
    """
    spent = enthusiastic_share + tired_share
    if not (enthusiastic_share >= 0 and tired_share >= 0 and spent <= 1 + 1e-12):
        raise ValueError(f"shares are {enthusiastic_share} and {tired_share}, allowed: 0 or more, together at most 1")
    if not similar >= 0:
        raise ValueError(f"similar is {similar}, allowed: 0 or more")
    return max(0.0, 1.0 - spent) / (1.0 + similar)


def announcement_shock(
    *,
    direction: int,
    amount_usd: float,
    market_value_usd: float,
    attention: float,
    impulse: float,
    concavity: float,
) -> float:
    """Shock u0 of an announcement on the firm's narrative log-multiple, in log points:
    direction x impulse x min(1, amount / market value) ^ concavity x attention.

    Raises: ValueError if the amount is negative or the market value is not above zero.
    """
    if not amount_usd >= 0:
        raise ValueError(f"amount_usd is {amount_usd}, allowed: 0 or more")
    if not market_value_usd > 0:
        raise ValueError(f"market_value_usd is {market_value_usd}, allowed: above 0")
    size = min(1.0, amount_usd / market_value_usd)
    return direction * impulse * float(size**concavity) * attention


def surprise_shock(surprise: float, impulse: float) -> float:
    """Shock of a quarterly earnings surprise (a share: 0.1 is 10 %) in log points: impulse x surprise, within +-1."""
    return impulse * min(max(surprise, -1.0), 1.0)
