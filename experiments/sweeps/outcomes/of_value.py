"""What makes the circle's market value: earnings, belief in promises, the story, and what moods and orders add."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from ....scenarios.schema import Scenario
from .of_firms import VALUE_TRACKS
from .outcome import Kind, Needs, Outcome, Values
from .seen import Seen


class PartOfValue(StrEnum):
    """What market value is made of; the parts sum to the circle's value."""

    EARNINGS = "earnings"
    """What clouds and chip makers earn without promises at their own multiple, less what they owe net of cash."""
    BELIEF = "belief"
    """What is believed of promises' profits, at the same multiple."""
    STORY = "story"
    """What the narrative multiplier adds to both."""
    FLOW = "flow"
    """What prices hold beyond that: moods, views of single funds, orders."""
    LABS = "labs"
    """Labs as they are marked."""


def parts(scenario: Scenario) -> Sequence[str]:
    """Of a world in which anything has a value."""
    return list(PartOfValue) if scenario.listed or scenario.lab else ()


def _parts(seen: Seen) -> Values:
    """In whole cents; the flow is what is left, so that nothing is."""
    if not seen.has_market:
        return {}
    beliefs, rows = seen.model.beliefs, [firm.index for firm in seen.model.cast.circle]
    made = beliefs.values_of_funds.in_parts(beliefs.log_multiple, seen.model.books.journal.balances)
    earnings, belief, story = (round(float(part[rows].sum())) for part in made)
    listed = int(seen.listed_values[-1, rows].sum())
    labs = int(seen.lab_values[-1].sum())
    return {
        PartOfValue.EARNINGS: earnings,
        PartOfValue.BELIEF: belief,
        PartOfValue.STORY: story,
        PartOfValue.FLOW: listed - earnings - belief - story,
        PartOfValue.LABS: labs,
    }


OUTCOMES = (
    Outcome(
        pattern="value_part.PART", unit="US cents", kind=Kind.WHOLE, labels=parts, needs=Needs.DAILY,
        tracks=VALUE_TRACKS, measure=_parts,
        meaning="part of the circle's market value on the last day: earnings of clouds and chip makers without "
        "promises at their own multiple, less debts net of cash; belief in promises; the story's multiplier; "
        "flow, what moods, single funds' views and orders make of prices beyond; labs as they are marked",
    ),
)  # fmt: skip
