"""The groups of checks: which kinds of behaviour are held against their bands, and where each kind is measured."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Group:
    """Some checks of one kind: `module` of the experiments has `checks(*, quick, workers, tell)`; `meaning` is
    for the reader.

    The module may also have `seeds(quick)`, the seeds of its runs.
    """

    name: str
    module: str
    title: str
    meaning: str


GROUPS: tuple[Group, ...] = (
    Group(
        "mechanism",
        "validation.mechanism_checks",
        "The mechanism",
        "Arithmetic that must come out exactly, the origin of the loop's cash, and auctions that must respect their "
        "orders.",
    ),
    Group(
        "turn",
        "validation.turn_checks",
        "When the circle turns",
        "Nothing scripts a reversal: the same seeds go on where customers' money grows, and run backwards where "
        "neither growth nor money is there.",
    ),
    Group(
        "circle",
        "validation.circle_checks",
        "The circle",
        "Compute earns, sales earn, doubt grows and news travels: paired worlds with the circle's deals and without, "
        "against the record of autumn 2025.",
    ),
    Group(
        "deals",
        "validation.deal_checks",
        "Deals that agents make",
        "What labs, clouds and chip makers sign, cut and replace over five years, with the same luck and one thing "
        "changed.",
    ),
    Group(
        "vendors",
        "validation.vendor_checks",
        "Another era: a vendor's boom and bust",
        "Five years of `vendor-boom`: a vendor that lends to fifteen customers, most of them unlisted, cuts its lines "
        "and falls with those who fail.",
    ),
    Group(
        "events",
        "validation.event_checks",
        "Announcements",
        "The two of September 2025 and other kinds, all with one set of behavioural parameters: what a promise does to "
        "a share on its day, and which part is earnings, story and flow.",
    ),
    Group(
        "facts",
        "studies.facts_report",
        "Stylised facts of daily returns",
        "Twenty years of simulated index and shares, measured by the same functions as real series: fat tails, "
        "clustered volatility, losses that make days wilder, volume that comes with moves.",
    ),
    Group(
        "impact",
        "studies.flow_multiplier",
        "Price impact",
        "What a dollar that flows in does to market value: measured with real orders, never an input.",
    ),
    Group(
        "monetisation",
        "studies.monetisation",
        "When the circle runs backwards",
        "Regimes over growth of customers' money, committed spending and dry powder.",
    ),
    Group(
        "shapley",
        "studies.shapley",
        "Who made it possible",
        "What each class of payers adds to what was built, over all orders in which they could arrive.",
    ),
)
PLANTED = Group(
    "planted",
    "validation.planted_faults",
    "Planted faults",
    "A check that nothing can fail shows nothing. Each planted fault is one thing made wrong on purpose in this "
    "machine; measured is how many checks that the sound machine passes (at the quick size) fail with it.",
)
"""What becomes of the planted faults is a group of checks by itself."""
