"""Savers of a fund: they put money in after a good year and ask it back after a bad one; what cannot be paid waits."""

from __future__ import annotations

import math

import numpy as np

FLOW_SHARE_MAX = 0.5
"""A guard, no behaviour, so no row of its table: a fund keeps half of its assets a month at least, whatever its savers
are told to do. No month of the bundled scenarios comes near it."""


def flow_per_year(excess_per_year: float, gain: float, loss: float) -> float:
    """Net money of savers in a year over a fund's assets: gain x+ - loss x-, x the last year's return beyond a
    yardstick.

    gain > loss is convex, as found of funds of shares; gain < loss concave, as found of funds of corporate bonds.
    Source: Sirri & Tufano (1998), J. Finance 53(5), table 2; Goldstein, Jiang & Ng (2017), JFE 126(3), table 2.
    """
    return gain * max(0.0, excess_per_year) + loss * min(0.0, excess_per_year)


def remembered(excess_per_year: float, log_excess: float, memory_months: float) -> float:
    """Excess return per year as savers remember it a month later: 1 / memory of the way to twelve times it."""
    return excess_per_year + (12 * log_excess - excess_per_year) / memory_months


def monthly_flow_cents(assets_cents: int, open_share: float, flow: float) -> int:
    """Whole cents that savers put in (+) or ask back (-) in a month: a twelfth of `flow`, on the part that is open."""
    share = max(-FLOW_SHARE_MAX, min(FLOW_SHARE_MAX, flow / 12))
    return round(assets_cents * open_share * share)


class MonthReturn:
    """What was held a month ago, and what it has returned since."""

    def __init__(self) -> None:
        self.units = np.zeros(0, np.int64)
        """Held a month ago, by security."""
        self._prices_cents = np.zeros(0, np.int64)

    def turn(self, units: np.ndarray, prices_cents: np.ndarray, income_cents: int = 0) -> float | None:
        """Log return since the last turn, with income; `units` and `prices_cents`, int64 by security, are today's.

        What has no price any more counts neither then nor now. None where nothing was held.
        """
        now = prices_cents[: len(self.units)]
        alive = self.units * (now > 0)
        start, end = int(alive @ self._prices_cents), int(alive @ now) + income_cents
        self.units, self._prices_cents = units[: len(prices_cents)].copy(), prices_cents.copy()
        return math.log(end / start) if start > 0 and end > 0 else None


class Savers:
    """Those behind one fund: what they remember of its returns, what they have asked back and not yet got."""

    def __init__(self, account: int) -> None:
        self.account = account
        """The account outside from which their money comes and to which it goes."""
        self.excess_per_year = 0.0
        """Log return beyond the yardstick, as they remember it."""
        self.waiting_cents = 0
        """Asked back and not yet paid."""
        self.held = MonthReturn()
        """What they look at."""

    def see(self, log_return: float | None, yardstick: float | None, memory_months: float) -> None:
        """A month's return, and that of what they compare it with."""
        if log_return is not None and yardstick is not None:
            self.excess_per_year = remembered(self.excess_per_year, log_return - yardstick, memory_months)

    def ask_back(self, cents: int) -> None:
        """They want so much back."""
        self.waiting_cents += cents

    def got_back(self, cents: int) -> None:
        """So much has been paid."""
        self.waiting_cents -= cents
