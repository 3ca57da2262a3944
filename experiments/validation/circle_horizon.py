"""The course of a world with the circle or without, up to five years: its autumn, its third year, what its contracts
came to, what was raised, built and earned."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple

from ...agents.cloud import CloudProvider
from ...engine.calendar import DAYS_PER_QUARTER, DAYS_PER_YEAR
from ...history.tables.payers import net_cash
from ...model import CarouselModel
from ...narrative.chronicle import Happening
from ...report.measures_promises import BUILDING, planned_mw
from ...report.measures_turn import BROKEN_PROMISES, DECISIVE, RegimeName, regime_of
from .circle_worlds import READ_DAYS, YEARS_DAYS, world

HORIZON_DAYS = 5 * DAYS_PER_YEAR
YEARS_QUARTER = YEARS_DAYS // DAYS_PER_QUARTER - 1
"""The quarter that ends with the third year."""
BOOM_DAYS = DAYS_PER_YEAR, 2 * DAYS_PER_YEAR
"""A year after the start, for a year: the first halls are built, most money is still to be raised."""


class Close(NamedTuple):
    """The end of a day of autumn: log of Oracle's price and its spread per year; a lab's revenue a year, its value, and
    what it has raised since the start."""

    oracle_log: float
    spread: float
    revenue_usd: float
    lab_usd: float
    raised_usd: float


class Quarter(NamedTuple):
    """Where a world stands: what was raised since the start (rounds and tranches, bonds, new shares), MW in service,
    a lab's revenue a year, market values, and the builder's spread per year."""

    rounds_usd: float
    bonds_usd: float
    shares_usd: float
    delivered_mw: float
    revenue_usd: float
    nvidia_usd: float
    oracle_usd: float
    lab_usd: float
    spread: float

    @property
    def raised_usd(self) -> float:
        """All money raised since the start."""
        return self.rounds_usd + self.bonds_usd + self.shares_usd


class Course:
    """A run as it goes: what happens is counted; days of autumn, quarters and the third year are written down."""

    def __init__(self, model: CarouselModel) -> None:
        self.model = model
        self.lab, self.cloud = model.cast.labs[0], model.cast.clouds[0]
        self.times: Counter[str] = Counter()
        self.first: dict[str, int] = {}
        self.closes: dict[int, Close] = {}
        self.quarters: list[Quarter] = []
        self.third_year: dict[str, float] | None = None
        self._raised: Counter[str] = Counter()
        self._shares = self._outstanding()

    def day(self) -> None:
        """One day of the model."""
        self.model.step()
        for event in self.model.chronicle.events:
            if event.kind in DECISIVE:
                self.times[event.kind.value] += 1
                self.first.setdefault(event.kind.value, event.day)
            if event.kind in (Happening.CAPITAL_CALLED, Happening.MILESTONE_PAID):
                self._raised["rounds"] += event.cents
            elif event.kind is Happening.BOND_ISSUED:
                self._raised["bonds"] += event.cents
        self._raised["shares"] += (self._outstanding() - self._shares) * self.cloud.price_cents
        self._shares = self._outstanding()
        today = self.model.clock.day
        if today in READ_DAYS:
            self.closes[today] = self._close()
        if today % DAYS_PER_QUARTER == 0:
            self.quarters.append(self._quarter())
        if today == YEARS_DAYS:
            self.third_year = self._third_year()

    def _outstanding(self) -> int:
        return int(self.model.books.registers.outstanding[self.cloud.security])

    def _close(self) -> Close:
        lab, cloud = self.lab, self.cloud
        return Close(
            math.log(cloud.price_cents), spread_of(self.model, cloud), lab.sales_usd_per_year, lab.value_usd(),
            self._raised["rounds"] / 100,
        )  # fmt: skip

    def _third_year(self) -> dict[str, float]:
        """What the lab could serve and what is asked of it a year, whether the run expands so far, and what each
        channel of outside money has put in, net, in bn USD."""
        return {
            "served_usd": self.lab.sales_max_usd_per_year(), "demand_usd": self.lab.demand_usd_per_year.now,
            "is_expansion": float(self.regime() == RegimeName.EXPANSION.value),
            **{channel.value: cents / 1e11 for channel, cents in net_cash(self.model).items()},
        }  # fmt: skip

    def _quarter(self) -> Quarter:
        cloud, nvidia = self.cloud, self.model.cast.listed_by_name["NVIDIA"]
        rounds, bonds, shares = (self._raised[what] / 100 for what in ("rounds", "bonds", "shares"))
        return Quarter(
            rounds, bonds, shares, cloud.delivered_mw, self.lab.sales_usd_per_year, nvidia.market_value_cents / 100,
            cloud.market_value_cents / 100, self.lab.value_usd(), spread_of(self.model, cloud),
        )  # fmt: skip

    def regime(self) -> str:
        """How the run went, by the rule of the answer."""
        model = self.model
        built = [promise.row() for promise in model.contracts.promises if promise.label in BUILDING]
        planned = planned_mw(model.scenario_data, model.clock.date)
        share = sum(row.delivered_mw for row in built) / planned if planned else None
        return str(regime_of(self.times, share, has_promises=bool(model.contracts.promises)).name)


def spread_of(model: CarouselModel, cloud: CloudProvider) -> float:
    """Required spread per year of a builder's bonds."""
    return float(model.contracts.bonds.spread_per_year.get(cloud.name, 0.0))


def course_of(
    changes: list[str],
    seed: int,
    without: Sequence[str] = (),
    boom: float = 1.0,
    days: int = HORIZON_DAYS,
    scenario_name: str = "ai-2025",
) -> dict[str, Any]:
    """So many days of a world: how often each decisive kind of event happened and when first, the regime, the days of
    autumn, every quarter, and the third year if it came so far.

    `without` are parts of the scenario that are left out (all `DEALS`: the twin); in the second year multiples of
    clouds and chip makers are `boom` times what they were. A shorter course is the beginning of a longer one.
    """
    scenario = world(tuple(changes), days=days, without=tuple(without), scenario_name=scenario_name)
    model = CarouselModel(scenario, rng=seed)
    course, rows = Course(model), [firm.index for firm in model.cast.circle]
    for day in range(1, days + 1):
        if boom != 1.0 and day in BOOM_DAYS:
            model.beliefs.price_earnings[rows] *= boom if day == BOOM_DAYS[0] else 1 / boom
        course.day()
    broken = [course.first[kind] for kind in BROKEN_PROMISES if kind in course.first]
    return {
        "seed": seed, "days": days, "regime": course.regime(), "times": dict(course.times), "first": course.first,
        "broken_day": min(broken, default=None), "quarters": [list(quarter) for quarter in course.quarters],
        "closes": {day: list(close) for day, close in course.closes.items()}, "third_year": course.third_year,
    }  # fmt: skip
