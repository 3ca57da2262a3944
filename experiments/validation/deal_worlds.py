"""Five years in which agents make deals: what they sign, cut and replace, and what a lab has announced and paid."""

from __future__ import annotations

from typing import Any, NamedTuple

from ...contracts.compute import ComputeContract
from ...engine.calendar import DAYS_PER_QUARTER
from ...model import CarouselModel
from ...narrative.chronicle import Event, Happening
from .circle_horizon import BOOM_DAYS, HORIZON_DAYS, Course
from .circle_worlds import world

SCENARIO = "ai-2025-deals"
DEALS_OFF = "behaviour.deal_making=0"
TOLD = (
    Happening.SIGNED, Happening.OFFERED, Happening.CUT_ASKED, Happening.RESET, Happening.RENEGOTIATED,
    Happening.CANCELLED, Happening.MILESTONE_PAID, Happening.MILESTONE_CUT, Happening.MILESTONE_CANCELLED,
    Happening.REPLACED, Happening.LAPSED,
)  # fmt: skip
"""Events by which agents make deals and unmake them."""


class Book(NamedTuple):
    """A lab's compute contracts at the end of a quarter, sums since the start: all that was ever announced, what is
    committed after cuts, what has been paid, the capacity that is contracted, and what was cut of living and ended
    contracts before they ended."""

    announced_cents: int
    committed_cents: int
    paid_cents: int
    contracted_mw: int
    cut_mw: int


def book_of(model: CarouselModel) -> Book:
    """The compute contracts of all labs today."""
    public = [contract for contract in model.contracts.kind(ComputeContract) if contract.is_public]
    return Book(
        sum(contract.promise.announced_cents for contract in public),
        sum(contract.committed_cents if contract.is_alive else contract.paid_cents for contract in public),
        sum(contract.paid_cents for contract in public),
        sum(contract.contracted_mw for contract in public if contract.is_alive),
        sum(contract.promise.capacity_mw - contract.contracted_mw for contract in public),
    )


def deals_of(
    changes: list[str], seed: int, boom: float = 1.0, days: int = HORIZON_DAYS, scenario_name: str = SCENARIO
) -> dict[str, Any]:
    """So many days of a world with deals: the regime, every event of `TOLD` as [day, kind, agent, counterparty, cents,
    words], the book and the quarter of the circle at the end of every quarter.

    In the second year multiples of clouds and chip makers are `boom` times what they were.
    """
    model = CarouselModel(world(tuple(changes), days=days, scenario_name=scenario_name), rng=seed)
    course, rows = Course(model), [firm.index for firm in model.cast.circle]
    told, books = list[Event](), list[Book]()
    for day in range(1, days + 1):
        if boom != 1.0 and day in BOOM_DAYS:
            model.beliefs.price_earnings[rows] *= boom if day == BOOM_DAYS[0] else 1 / boom
        course.day()
        told += [event for event in model.chronicle.events if event.kind in TOLD]
        if day % DAYS_PER_QUARTER == 0:
            books.append(book_of(model))
    return {
        "seed": seed, "days": days, "regime": course.regime(), "times": dict(course.times),
        "told": [[e.day, e.kind.value, e.agent, e.counterparty, e.cents, e.detail] for e in told],
        "books": [list(book) for book in books], "quarters": [list(quarter) for quarter in course.quarters],
    }  # fmt: skip


def count(run: dict[str, Any], kind: Happening) -> int:
    """How many events of a kind were told."""
    return sum(told[1] == kind for told in run["told"])


def contracted_gw(run: dict[str, Any]) -> float:
    """Capacity that labs have contracted at the end."""
    return Book(*run["books"][-1]).contracted_mw / 1000
