"""A milestone is reached: what the investor's board does, when a letter of intent binds nobody."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

BELIEF_TO_PAY = 1 / 3
BELIEF_TO_STAY = 1 / 8
"""Credibility below which a board halves the tranche, and below which it walks away (assumed)."""


class TrancheChoice(StrEnum):
    """What the board does when a milestone is reached: a letter of intent binds nobody."""

    PAY = "pay"
    CUT = "cut"
    WAIT = "wait"
    CANCEL = "cancel"


@dataclass(frozen=True, slots=True)
class Tranche:
    """The board's decision on a reached milestone."""

    choice: TrancheChoice
    cents: int


def decide_tranche(due_cents: int, free_cents: int, credibility: float) -> Tranche:
    """Pay while the board believes, halve below a third, walk away below one in eight; wait while cash is short.

    `credibility` is the board's belief in the contract that the milestone serves; `free_cents` is cash above the
    buffer.
    """
    if credibility < BELIEF_TO_STAY:
        return Tranche(TrancheChoice.CANCEL, 0)
    cents = due_cents if credibility >= BELIEF_TO_PAY else due_cents // 2
    if free_cents < cents:
        return Tranche(TrancheChoice.WAIT, 0)
    return Tranche(TrancheChoice.PAY if cents == due_cents else TrancheChoice.CUT, cents)
