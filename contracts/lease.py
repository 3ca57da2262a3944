"""A lease by the standard: an annuity (ANN) whose level payment is the rent of a month; its claim is what is owed and
has accrued.
"""

from __future__ import annotations

from ..engine.calendar import DAYS_PER_MONTH
from .actus.axes import RUN_DAYS
from .actus.redemptions import annuity_value
from .actus.state import State, interest_by


def lease_state(rent: float, months: int, day: int, rate_per_year: float) -> State:
    """Where a lease of so many months stands on a day after its first, at a rate of discount: rents are due at the end
    of each month of its own."""
    paid = min(day // DAYS_PER_MONTH, months)
    growth = 1 + rate_per_year * RUN_DAYS.years(0, DAYS_PER_MONTH)
    owed = annuity_value(rent, growth, months - paid)
    return State(since=paid * DAYS_PER_MONTH, notional=owed, rate_per_year=rate_per_year, base=owed)


def lease_claim(rent: float, months: int, day: int, rate_per_year: float) -> float:
    """What is still to be paid under a lease, discounted to a day after its first."""
    state = lease_state(rent, months, day, rate_per_year)
    return state.notional + interest_by(state, RUN_DAYS.years(state.since, day))
