"""Vendor financing: what a borrower draws, when its lender cuts the line, what is provided for and who is answered for.

Pure decisions on numbers; the phase that moves the money is timeline/vendor_finance.py.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

from .milestones import BELIEF_TO_PAY, BELIEF_TO_STAY


@dataclass(frozen=True, slots=True)
class Draw:
    """What a borrower draws in a month: for the lender's bills, and ahead of need."""

    for_bills_cents: int
    ahead_cents: int


def decide_draw(
    *,
    bill_cents: int,
    undrawn_cents: int,
    general_left_cents: int,
    financed_share: float,
    stress: float,
    run_per_month: float,
) -> Draw:
    """Draw for the planned part of the lender's bills, for more of them as other funding fails, and ahead of need.

    `stress` is the share of its last funding need that nobody else placed, in [0, 1]. For bills:
    bill x (f + (1 - f) stress); ahead, from what may be used for any purpose: general x run x stress. Never more than
    the undrawn line: the run on a line is the wish to hold its cash before it is cut.

    Raises: ValueError for shares outside 0 to 1 or negative amounts.
    Source: Ivashina & Scharfstein (2010), J. Financial Economics 97(3): firms draw their lines when they fear for
    other funding; the linear form is assumed.
    """
    if min(bill_cents, undrawn_cents, general_left_cents) < 0:
        raise ValueError(f"came {bill_cents}, {undrawn_cents}, {general_left_cents} cents, allowed: 0 or more")
    if not all(0 <= share <= 1 for share in (financed_share, stress, run_per_month)):
        raise ValueError(f"came shares {financed_share}, {stress}, {run_per_month}, allowed: 0 to 1")
    wanted = round(bill_cents * (financed_share + (1 - financed_share) * stress))
    for_bills = min(wanted, bill_cents, undrawn_cents)
    ahead = min(round(general_left_cents * run_per_month * stress), general_left_cents, undrawn_cents - for_bills)
    return Draw(for_bills, ahead)


class LineChoice(StrEnum):
    """What a lender does with the undrawn part of a line."""

    KEEP = "keep"
    HOLD = "hold"
    """No draws this month: a covenant is broken."""
    HALVE = "halve"
    WITHDRAW = "withdraw"


def decide_line(*, belief: float, is_late: bool, spread_per_year: float, covenant_spread_per_year: float) -> LineChoice:
    """Withdraw below one chance in eight, halve once below a third, hold while the borrower is late or its spread is
    above the covenant.

    The same thresholds as a board's on a milestone: the lender sells on the line, so it lends longer than a bank would.
    """
    if belief < BELIEF_TO_STAY:
        return LineChoice.WITHDRAW
    if is_late or spread_per_year > covenant_spread_per_year:
        return LineChoice.HOLD
    return LineChoice.HALVE if belief < BELIEF_TO_PAY else LineChoice.KEEP


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


def instalment_cents(principal_cents: int, months: int, number: int) -> int:
    """Instalment `number` (1 to `months`) of equal parts that add up to the principal, to the cent.

    Raises: ValueError if there is no such instalment.
    """
    if not 1 <= number <= months:
        raise ValueError(f"came instalment {number}, allowed: 1 to {months}")
    return principal_cents * number // months - principal_cents * (number - 1) // months
