"""Vendor financing on numbers: expected losses behind a spread, provisions, instalments to the cent."""

from __future__ import annotations

import math


def default_probability(spread_per_year: float, floor_per_year: float, loss_share: float, years: float) -> float:
    """Probability of default within `years` behind a credit spread: 1 - exp(-(s - floor) T / LGD).

    The floor is the liquidity part of the spread, no compensation for losses.

    Raises: ValueError if the loss given default is not in (0, 1] or a number is negative.
    Source: Duffie & Singleton (1999), Review of Financial Studies 12(4): spread = hazard rate x loss given default.
    """
    if not 0 < loss_share <= 1 or min(spread_per_year, floor_per_year, years) < 0:
        came = (spread_per_year, floor_per_year, loss_share, years)
        raise ValueError(f"came {came}, allowed: loss share in (0, 1], the others 0 or more")
    hazard = max(0.0, spread_per_year - floor_per_year) / loss_share
    return -math.expm1(-hazard * years)


def expected_loss_cents(exposure_cents: int, probability: float, loss_given_default: float) -> int:
    """Provision: exposure x probability of default x loss given default, whole cents, 0 to the exposure.

    Source: IFRS 9, lifetime expected credit losses.
    """
    return max(0, min(exposure_cents, round(exposure_cents * probability * loss_given_default)))
