"""Vendor financing on numbers: losses behind a spread, provisions, hazards of failing, what can be paid for."""

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


def hazard_per_year(usual_per_year: float, asked: float, elasticity: float) -> float:
    """Hazard of a borrower whose funding depends on others' lenders: lambda = lambda_0 a^e.

    `asked` is what lenders ask of others over what they asked at the start; with an elasticity of 1 the hazard moves as
    the one behind those spreads does, with 0 it is constant.

    Raises: ValueError if a number is negative.
    Source: Jarrow & Turnbull (1995), J. Finance 50(1): default by a constant intensity; Lando (1998), Review of
    Derivatives Research 2: one that follows a state; the power form is assumed.
    """
    if min(usual_per_year, asked, elasticity) < 0:
        raise ValueError(f"came {(usual_per_year, asked, elasticity)}, allowed: 0 or more")
    return usual_per_year * asked**elasticity


def failure_probability(hazard: float, years: float) -> float:
    """Probability of failing within `years`: 1 - exp(-hazard x years)."""
    return -math.expm1(-hazard * years)


def affordable_cents(wanted_cents: int, lent_cents: int, own_cents: int) -> int:
    """What can be bought when `lent_cents` of all that is wanted would be lent, and that part of less: b <= wanted with
    b (1 - lent / wanted) <= own."""
    to_pay = wanted_cents - lent_cents
    return wanted_cents if own_cents >= to_pay else wanted_cents * own_cents // to_pay
