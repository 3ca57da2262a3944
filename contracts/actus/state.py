"""Where a contract stands between two events."""

from __future__ import annotations

from typing import Any, NamedTuple

from .terms import Terms
from .words import Base, FeeBasis, Performance


class State(NamedTuple):
    """The standard's state variables; amounts bear the sign of the role."""

    since: int
    """Time of the last event."""
    notional: float = 0.0
    rate_per_year: float = 0.0
    accrued: float = 0.0
    fees: float = 0.0
    base: float = 0.0
    """What interest is calculated on."""
    notional_scale: float = 1.0
    interest_scale: float = 1.0
    payment: float = 0.0
    """Next redemption, without sign."""
    performance: Performance = Performance.PERFORMING
    exercise_time: int | None = None
    exercise_amount: float = 0.0
    fixed_interest: float = 0.0
    """What a call has fixed as interest due at its settlement."""

    def owing(self, notional: float, terms: Terms) -> State:
        """The same with another sum owed; interest follows it unless its base is fixed."""
        base = notional if terms.base is Base.NOTIONAL else self.base
        return self._replace(notional=notional, base=base)


class Moment(NamedTuple):
    """When an event happens, and what it needs to know beside terms and state."""

    time: int
    years: float = 0.0
    """Since the last event."""
    value: float | None = None
    """What is observed, or given: a rate, an index, an amount."""
    fee_share: float = 0.0
    """Part of the running period of fees that is over."""
    years_ahead: float = 0.0
    """From the anchor of interest to an initial exchange that comes after it."""
    performance: Performance | None = None
    """What a credit event has shown."""


def interest_by(state: State, years: float) -> float:
    """Interest accrued so many years after the last event: Ipac + Y Ipnr Ipcb."""
    return state.accrued + state.base * state.rate_per_year * years


def fees_by(state: State, terms: Terms, moment: Moment) -> float:
    """Fees accrued by a moment: by what is owed, or a part of the period's fee."""
    if terms.fee.basis is FeeBasis.NOTIONAL:
        return state.fees + state.notional * terms.fee.rate * moment.years
    return moment.fee_share * terms.sign * terms.fee.rate


def accrued_by(state: State, terms: Terms, moment: Moment, **otherwise: Any) -> State:
    """The state at a moment, with all that has accrued by then; `otherwise` are variables that are something else."""
    accrued = {"accrued": interest_by(state, moment.years), "fees": fees_by(state, terms, moment)}
    return state._replace(since=moment.time, **{**accrued, **otherwise})
