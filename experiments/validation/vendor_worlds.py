"""Years of a vendor that lends to its customers: what they draw, what it cuts, who fails, and what becomes of its
price."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from ...agents.chip_maker import ChipMaker
from ...contracts.purchases import Purchases
from ...ledger.causes import Cause
from ...ledger.journal import CAUSE, CENTS, PAYEE
from ...model import CarouselModel
from ...narrative.chronicle import Happening
from .circle_worlds import NO_MOODS, world

SCENARIO, DAYS = "vendor-boom", 1260
SOUND = ("customer.*.hazard_per_year=0", "build_plan.*.demand_growth_per_year=1.5")
"""Customers that do not fail, and operators whose customers come as their prices assumed."""
NO_RUN = ("behaviour.line_fear=0", "behaviour.line_cover_min=0")
"""Nobody fears a cut, and a vendor cuts only what it doubts."""
LINES = ("vendor_loan",)
WINDOW_MONTHS = 3
"""Lines are cut at the ends of quarters."""


class Month(NamedTuple):
    """A month of the vendor: what stands at its end, what was drawn, cut and bought in it. In bn USD but prices."""

    price_usd: float
    value: float
    """Of the vendor without moods, a mean over half a year."""
    index_usd: float
    drawn: float
    cut: float
    bought: float
    """Of the vendor, by all customers."""
    lines: float
    """All that has been promised and not been cut, drawn or not."""
    undrawn: float
    owed: float
    failed: float
    """Customers, listed and unlisted."""
    earnings: float
    """A year's."""


class Fall(NamedTuple):
    """The largest fall of a price at months' ends: months of its peak and trough, and how much of it is lost."""

    peak: int
    trough: int
    lost_share: float

    @property
    def months(self) -> int:
        """From peak to trough."""
        return self.trough - self.peak


def vendor_of(
    changes: Sequence[str], seed: int, *, without: Sequence[str] = (), calm: bool = False, days: int = DAYS
) -> dict[str, Any]:
    """The months of the vendor in `SCENARIO` with changes and without some lists; without moods if it is calm."""
    moods = NO_MOODS if calm else ()
    scenario = world((*changes, *moods), days=days, without=tuple(without), scenario_name=SCENARIO)
    watched = _Watched(CarouselModel(scenario, rng=seed))
    for _ in range(days):
        watched.day()
    return {"seed": seed, "months": [list(month) for month in watched.months]}


class _Watched:
    """A run and what its months have been."""

    def __init__(self, model: CarouselModel) -> None:
        self._model = model
        self.months: list[Month] = []
        self._sums: Counter[str] = Counter()

    def day(self) -> None:
        """A day passes."""
        model = self._model
        model.step()
        vendor = model.cast.chip_makers[0]
        for event in model.chronicle.events:
            self._sums[event.kind] += event.cents
        entries = model.books.last.entries
        bought = (entries[:, CAUSE] == Cause.CHIP_BILL) & (entries[:, PAYEE] == vendor.account)
        self._sums["bought"] += int(entries[bought, CENTS].sum())
        if model.clock.is_month_end:
            self.months.append(self._month(vendor))
            self._sums.clear()

    def _month(self, vendor: ChipMaker) -> Month:
        """What the month was, and how it ends."""
        model, sums, lending = self._model, self._sums, self._model.contracts.lending
        buyers = model.contracts.kind(Purchases)
        of_money = (
            model.cast.sight.steady_value_cents(vendor.index), sums[Happening.LOAN_DRAWN], sums[Happening.LINE_CUT],
            sums["bought"], sum(loan.line_cents for loan in lending.loans), lending.undrawn_of(vendor.account),
            lending.lent_by(vendor.account),
        )  # fmt: skip
        value, drawn, cut, bought, lines, undrawn, owed = (rounded(cents / 1e11) for cents in of_money)
        return Month(
            price_usd=vendor.price_cents / 100,
            value=value,
            index_usd=model.cast.listed[-1].price_cents / 100,
            drawn=drawn,
            cut=cut,
            bought=bought,
            lines=lines,
            undrawn=undrawn,
            owed=owed,
            failed=sum(not one.is_alive for one in buyers) + sum(cloud.is_defaulted for cloud in model.cast.clouds),
            earnings=rounded(vendor.earnings_usd_per_year / 1e9),
        )


def rounded(number: float) -> float:
    """To five digits: what is kept of a run is no book."""
    return float(f"{number:.5g}")


def fall_of(prices: Sequence[float]) -> Fall:
    """The largest fall of a price; none of a price that never falls."""
    peak, best = 0, Fall(0, 0, 0.0)
    for month, price in enumerate(prices):
        if price > prices[peak]:
            peak = month
        lost = 1 - price / prices[peak]
        if lost > best.lost_share:
            best = Fall(peak, month, lost)
    return best


def first_cut(months: Sequence[Month]) -> int | None:
    """The month of the vendor's first cut of a line; None where it makes none."""
    return next((month for month, now in enumerate(months) if now.cut), None)


def draws_around(months: Sequence[Month], cut: int) -> tuple[float, float]:
    """Drawn in the quarter that ends with a cut, and in the one after it, bn USD."""
    before, after = months[max(0, cut + 1 - WINDOW_MONTHS) : cut + 1], months[cut + 1 : cut + 1 + WINDOW_MONTHS]
    return sum(month.drawn for month in before), sum(month.drawn for month in after)


def follows(months: Sequence[Month]) -> float:
    """Correlation of the vendor's earnings with what customers have bought over a year, at months' ends."""
    bought = np.convolve([month.bought for month in months], np.ones(12), "valid")
    earnings = [month.earnings for month in months][11:]
    return float(np.corrcoef(bought, earnings)[0, 1])
