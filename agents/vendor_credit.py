"""Vendor financing: what a borrower draws in a month, and when its lender cuts the line."""

from __future__ import annotations

from dataclasses import dataclass

from ..contracts.line_choice import LineChoice
from ..scenarios.behaviour import Behaviour
from ..scenarios.schema_vendor import VendorLoan as LoanTerms


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


def fear_of_cuts(withheld_share: float, fear: float) -> float:
    """Stress in [0, 1] of a borrower that sees its vendor take back a share of all its lines: fear x share.

    Source: Ivashina & Scharfstein (2010), J. Financial Economics 97(3): lines are drawn where their lender is feared
    to fail them; the linear form is assumed.
    """
    return min(1.0, fear * withheld_share)


def is_overcommitted(free_cents: int, undrawn_cents: int, cover_min: float) -> bool:
    """Whether a lender's cash, less what it provides for, covers what may still be drawn on it fewer times than it
    wants.

    Source: Cornett, McNutt, Strahan & Tehranian (2011), J. Financial Economics 101(2): lenders with many open lines
    and few liquid means cut lending.
    """
    return free_cents < cover_min * undrawn_cents


def decide_line(
    *,
    belief: float,
    is_late: bool,
    is_short: bool,
    spread_per_year: float,
    coverage: float | None,
    terms: LoanTerms,
    rules: Behaviour,
) -> LineChoice:
    """Withdraw below `belief_to_stay`, hold while the borrower is late or breaks a covenant: its spread is above the
    line's, or what it earns covers its debt service fewer times (None: it owes none). Cut below `belief_to_pay`, or
    where the lender itself is short.

    The same thresholds as a board's on a milestone: the lender sells on the line, so it lends longer than a bank would.
    """
    if belief < rules.belief_to_stay:
        return LineChoice.WITHDRAW
    is_thin = coverage is not None and coverage < terms.covenant_coverage
    if is_late or is_thin or spread_per_year > terms.covenant_spread_per_year:
        return LineChoice.HOLD
    return LineChoice.CUT if is_short or belief < rules.belief_to_pay else LineChoice.KEEP
