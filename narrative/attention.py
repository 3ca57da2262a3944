"""How loud an announcement is: large against the firm, new to those who hear it, not the tenth of its kind.

Fatigue is an outcome: when most holders have caught the story or are tired of it, nobody is left to be surprised.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

from .announcements import Unit

PRIOR_WINDOW_DAYS = 62
"""Trading days in the 90 calendar days over which similar announcements before the start are counted."""


def recent_similar(days: Iterable[int], today: int, memory_days: float) -> float:
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


def remembered_before(number: float, window_days: float, memory_days: float) -> float:
    """How many similar announcements are still in mind of `number` that came, evenly spread, in the days before.

    The mean of exp(-age / memory) over the window, times the number.

    Raises: ValueError if the number is negative or no number, or a time is not above zero.
    """
    if not (number >= 0 and window_days > 0 and memory_days > 0):
        came = f"{number} over {window_days} days, memory of {memory_days}"
        raise ValueError(f"earlier announcements: {came}; allowed: 0 or more, above 0, above 0")
    ratio = window_days / memory_days
    return number * -math.expm1(-ratio) / ratio


def surprise_share(similar: float) -> float:
    """Part of an announcement that is news: 1 / (1 + similar ones in mind); the rest was expected.

    After n of a kind the next one is expected with n / (n + 1), much as by Laplace's rule of succession: that part of
    its believed profit is in the price, and that part of its audience has heard the story.

    Raises: ValueError if `similar` is negative or no number.
    Source: Malatesta & Thompson (1985), JFE 14(2): partially anticipated events.
    """
    if not similar >= 0:
        raise ValueError(f"similar is {similar}, allowed: 0 or more")
    return 1.0 / (1.0 + similar)


def uncertainty(daily_volatility: float | None, typical: float) -> float:
    """How much more an announcement tells about this firm than about a typical one: sqrt(daily volatility / typical).

    Concave as size is (assumed). None (no daily price) counts as typical.

    Raises: ValueError if a volatility is not above zero.
    Source: Stuart, Hoang & Hybels (1999), ASQ 44(2): who is uncertain gains most by a name that vouches for it.
    """
    if daily_volatility is None:
        return 1.0
    if not (daily_volatility > 0 and typical > 0):
        raise ValueError(f"daily_volatility is {daily_volatility}, typically {typical}, allowed: above 0")
    return math.sqrt(daily_volatility / typical)


def attention(enthusiastic_share: float, tired_share: float, similar: float = 0.0) -> float:
    """Attention in [0, 1] that a new announcement meets: (1 - enthusiastic - tired) / (1 + recent similar ones).

    Raises: ValueError if a share or the number of similar announcements is out of range.
    """
    spent = enthusiastic_share + tired_share
    if not (enthusiastic_share >= 0 and tired_share >= 0 and spent <= 1 + 1e-12):
        raise ValueError(f"shares are {enthusiastic_share} and {tired_share}, allowed: 0 or more, together at most 1")
    return max(0.0, 1.0 - spent) * surprise_share(similar)


def loudness_of_unit(unit: Unit, to_gigawatts: float, to_chips: float) -> float:
    """How loud an announcement is for the unit in which it tells its size, against the same in dollars."""
    return {Unit.DOLLARS: 1.0, Unit.GIGAWATTS: to_gigawatts, Unit.CHIPS: to_chips}[unit]


def announcement_shock(
    *,
    direction: int,
    amount_usd: float,
    market_value_usd: float,
    attention: float,
    impulse: float,
    concavity: float,
    uncertainty: float,
    size_max: float,
) -> float:
    """Shock u0 of an announcement on the firm's narrative log-multiple, in log points:
    direction x impulse x min(size_max, amount / market value) ^ concavity x attention x uncertainty.

    With the impulse of an endorsement times the credibility of the subscription it is also the shock on the receiver of
    a stake: the story that a known name lends. Source: Megginson & Weiss (1991), JF 46(3), certification; James (1987),
    JFE 19(2), the same for bank loans.

    Raises: ValueError if the amount is negative or the market value is not above zero.
    """
    if not amount_usd >= 0:
        raise ValueError(f"amount_usd is {amount_usd}, allowed: 0 or more")
    if not market_value_usd > 0:
        raise ValueError(f"market_value_usd is {market_value_usd}, allowed: above 0")
    size = min(size_max, amount_usd / market_value_usd)
    return direction * impulse * float(size**concavity) * attention * uncertainty


def surprise_shock(surprise: float, impulse: float, surprise_max: float) -> float:
    """Shock of a quarterly earnings surprise (a share: 0.1 is 10 %) in log points: impulse x surprise, the surprise
    within +-`surprise_max`."""
    return impulse * min(max(surprise, -surprise_max), surprise_max)
