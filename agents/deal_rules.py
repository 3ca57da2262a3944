"""What a deal is worth to each side, and how its size and price follow: functions of numbers."""

from __future__ import annotations

import math
from collections.abc import Callable


def wanted_gw(need_gw: float, signed_gw: float, dead_band: float, step_gw: float) -> float:
    """What a lab wants to sign (above 0) or to be rid of (below 0): nothing within a band around what it needs, beyond
    it one step at most. Source: Arrow, Harris & Marschak (1951), Econometrica 19(3)."""
    gap = need_gw - signed_gw
    if abs(gap) <= dead_band * need_gw:
        return 0.0
    return math.copysign(min(abs(gap), step_gw), gap)


def annuity(rate_per_year: float, years: float) -> float:
    """What a dollar costs a year over so many years at a continuous rate: r / (1 - exp(-r T)); 1 / T without one."""
    return rate_per_year / -math.expm1(-rate_per_year * years) if rate_per_year else 1 / years


def owners_premium(usual_per_year: float, dearness: float, bounds: tuple[float, float]) -> float:
    """What owners ask over the cost of debt when shares are so dear against their earnings as they are: an earnings
    yield falls as its price rises, within the bounds that dear and cheap shares have for building too.

    Source: dear shares are a cheap way to fund what is built: Baker, Stein & Wurgler (2003), QJE 118(3).
    """
    low, high = bounds
    priced = min(high, max(low, dearness))
    return usual_per_year / priced if priced else math.inf


def lowest_price(costs_usd_per_gw_year: float, belief: float, relet_discount: float) -> float:
    """The price at which a cloud earns what it asks of its money: yearly costs, capital included, over what it expects
    to be paid of a dollar, belief c in full and else what others pay: p = k / (c + (1 - c) (1 - d))."""
    return costs_usd_per_gw_year / (belief + (1 - belief) * (1 - relet_discount))


def highest_price(earned_usd_per_gw_year: float, value_usd_per_gw: float, raised_share: float, years: float) -> float:
    """What a lab can pay for a GW and year: what it earns with it, and over the term what investors pay it today for
    the revenue that it brings: p = y + f V / T."""
    return earned_usd_per_gw_year + raised_share * value_usd_per_gw / years


def bargain(lowest: float, highest: float, provider_share: float) -> float | None:
    """The price between them, the provider's share of the room above its lowest; None without room. Source: Nash
    (1950), Econometrica 18(2)."""
    return lowest + provider_share * (highest - lowest) if highest >= lowest else None


def guaranteed_part(spread_per_year: float, guarantor_per_year: float, limit_per_year: float) -> float:
    """Part of an issuer's bonds that a guarantor must answer for so that they and the rest blend to a limit:
    q = (s - l) / (s - g), of s above l and g below."""
    return (spread_per_year - limit_per_year) / (spread_per_year - guarantor_per_year)


HALVINGS = 40
"""Steps of a search: a part in 10^12 of its range."""


def least_that(is_enough: Callable[[float], bool], most: float) -> float | None:
    """The least number up to `most` that is enough, where more is never less so; None where even that is not."""
    if not is_enough(most):
        return None
    low, high = 0.0, most
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (low, middle) if is_enough(middle) else (middle, high)
    return high
