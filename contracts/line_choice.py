"""What a lender decides about the undrawn part of its line, and how it is told."""

from __future__ import annotations

from enum import StrEnum


class LineChoice(StrEnum):
    """What a lender does with the undrawn part of a line."""

    KEEP = "keep"
    HOLD = "hold"
    """No draws this month: a covenant is broken."""
    CUT = "cut"
    """At the end of a quarter a part of it, `cut_share`, is no longer promised."""
    WITHDRAW = "withdraw"


def in_words(choice: LineChoice, cut_share: float) -> tuple[str, str]:
    """What the lender does with its line, and what has been done to it."""
    if choice is LineChoice.WITHDRAW:
        return "withdraws", "withdrawn"
    return ("halves", "halved") if cut_share == 1 / 2 else ("cuts", "cut")
