"""Who serves the demand for AI: every lab its own customers, as far as its compute goes; others take the overflow."""

from __future__ import annotations

import math
from collections.abc import Sequence

from ..scenarios.behaviour import Behaviour
from .lab import AiLab


def sales_of_labs(labs: Sequence[AiLab], rules: Behaviour) -> list[float]:
    """A day on: the revenue of each lab, USD per year, in the order of the labs."""
    for lab in labs:
        lab.meet_demand()
    demand = [lab.demand_usd_per_year.now for lab in labs]
    return served(demand, [lab.sales_max_usd_per_year() for lab in labs], rules.demand_switching)


def served(demand: Sequence[float], capacity: Sequence[float], switching: float) -> list[float]:
    """Sales s_i = min(d_i, c_i), and of the demand that finds no capacity a share goes to labs with some to spare, in
    proportion to it: s_i + min(a U, S) (c_i - d_i)+ / S with the unmet demand U and the spare capacity S.

    A lab without a bound (infinite capacity) serves its own customers only. All in one unit, e.g. USD per year.
    """
    sales = [min(d, c) for d, c in zip(demand, capacity, strict=True)]
    unmet = math.fsum(d - s for d, s in zip(demand, sales, strict=True))
    spare = [c - s if c < math.inf else 0.0 for s, c in zip(sales, capacity, strict=True)]
    room = math.fsum(spare)
    if not unmet or not room:
        return sales
    moved = min(1.0, switching * unmet / room)
    return [s + moved * left for s, left in zip(sales, spare, strict=True)]
