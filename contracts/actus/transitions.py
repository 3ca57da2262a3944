"""State transition functions: what an event makes of a contract.

Source: ACTUS technical specification 1.1, s. 7, state transition functions (STF) of each contract type.
"""

from __future__ import annotations

from collections.abc import Callable

from .payoffs import redeemed
from .state import Moment, State, accrued_by, interest_by
from .terms import Terms
from .words import Base, ContractType, EventType

Transition = Callable[[State, Terms, Moment], State]


def base_at_start(terms: Terms) -> float:
    """What interest is calculated on at first."""
    given = terms.notional if terms.base is Base.NOTIONAL or terms.base_amount is None else terms.base_amount
    return terms.sign * (given or 0.0)


def initial_exchange(state: State, terms: Terms, moment: Moment) -> State:
    """It begins; interest may have accrued from an anchor before."""
    notional, rate = terms.sign * (terms.notional or 0.0), terms.rate_per_year or 0.0
    accrued = moment.years_ahead * notional * rate if terms.accrued is None else terms.accrued
    begun = state._replace(notional=notional, rate_per_year=rate, accrued=accrued, since=moment.time)
    return begun._replace(base=base_at_start(terms))


def redemption(state: State, terms: Terms, moment: Moment) -> State:
    """Less is owed."""
    left = state.notional - terms.sign * redeemed(state, terms, moment)
    return accrued_by(state, terms, moment).owing(left, terms)


def increase(state: State, terms: Terms, moment: Moment) -> State:
    """More is owed."""
    return accrued_by(state, terms, moment).owing(state.notional + terms.sign * (moment.value or 0.0), terms)


def prepayment(state: State, terms: Terms, moment: Moment) -> State:
    """Less is owed than planned."""
    return accrued_by(state, terms, moment).owing(state.notional - terms.sign * (moment.value or 0.0), terms)


def fee(state: State, terms: Terms, moment: Moment) -> State:
    """No fee is left."""
    return accrued_by(state, terms, moment, fees=0.0)


def interest(state: State, terms: Terms, moment: Moment) -> State:
    """No interest is left."""
    return accrued_by(state, terms, moment, accrued=0.0, fixed_interest=0.0)


def capitalization(state: State, terms: Terms, moment: Moment) -> State:
    """Interest is added to what is owed."""
    owed = state.notional + interest_by(state, moment.years)
    return accrued_by(state, terms, moment, accrued=0.0).owing(owed, terms)


def base_fixing(state: State, terms: Terms, moment: Moment) -> State:
    """From now on interest is calculated on what is owed now."""
    return accrued_by(state, terms, moment, base=state.notional)


def rate_reset(state: State, terms: Terms, moment: Moment) -> State:
    """The rate follows what is observed, within its bounds."""
    reset, rate = terms.reset, state.rate_per_year
    wanted = (moment.value or 0.0) * reset.multiplier + reset.spread
    change = min(max(wanted - rate, reset.fall_most), reset.rise_most)
    return accrued_by(state, terms, moment, rate_per_year=min(max(rate + change, reset.floor), reset.cap))


def known_reset(state: State, terms: Terms, moment: Moment) -> State:
    """The rate is what was known before."""
    assert terms.reset.next_rate is not None, "a reset to a known rate is scheduled only where there is one"
    return accrued_by(state, terms, moment, rate_per_year=terms.reset.next_rate)


def payment_fixing(state: State, terms: Terms, moment: Moment) -> State:
    """The level payment is what is given."""
    return accrued_by(state, terms, moment, payment=moment.value or 0.0)


def scaling(state: State, terms: Terms, moment: Moment) -> State:
    """The index has moved."""
    scaling, now = terms.scaling, accrued_by(state, terms, moment)
    ratio = (moment.value or 0.0) / scaling.index_at_deal
    return now._replace(
        notional_scale=ratio if scaling.scales_notional else now.notional_scale,
        interest_scale=ratio if scaling.scales_interest else now.interest_scale,
    )


def execution(state: State, terms: Terms, moment: Moment) -> State:
    """A call fixes what is owed, and, where there is notice (`value`: years), what interest its settlement brings; a
    guarantee is exercised for `value`."""
    now = accrued_by(state, terms, moment, exercise_time=moment.time)
    if terms.kind is ContractType.CEG:
        return now._replace(notional=moment.value or 0.0, exercise_amount=moment.value or 0.0)
    return now._replace(base=0.0, accrued=0.0, fixed_interest=now.accrued) if moment.value else now


def guarantee_value(state: State, terms: Terms, moment: Moment) -> State:
    """Somebody buys; a guarantee covers what it covers (`value`) from now on."""
    now = accrued_by(state, terms, moment)
    return now._replace(notional=moment.value or 0.0) if terms.kind is ContractType.CEG else now


def credit_event(state: State, terms: Terms, moment: Moment) -> State:
    """It is served worse, or better."""
    now = accrued_by(state, terms, moment)
    return now if moment.performance is None else now._replace(performance=moment.performance)


def over(state: State, terms: Terms, moment: Moment) -> State:
    """Nothing is left."""
    return state._replace(notional=0.0, accrued=0.0, fees=0.0, base=0.0, since=moment.time)


TRANSITIONS: dict[EventType, Transition] = {
    EventType.IED: initial_exchange,
    EventType.FP: fee,
    EventType.PR: redemption,
    EventType.PI: increase,
    EventType.PP: prepayment,
    EventType.IP: interest,
    EventType.IPCI: capitalization,
    EventType.IPCB: base_fixing,
    EventType.RR: rate_reset,
    EventType.RRF: known_reset,
    EventType.PRF: payment_fixing,
    EventType.SC: scaling,
    EventType.XD: execution,
    EventType.PRD: guarantee_value,
    EventType.CE: credit_event,
    EventType.MD: over,
    EventType.TD: over,
    EventType.STD: over,
}
"""After every other event the contract stands where it stood, with what has accrued."""


def transition(kind: EventType, state: State, terms: Terms, moment: Moment) -> State:
    """Where a contract stands after an event."""
    return TRANSITIONS.get(kind, accrued_by)(state, terms, moment)
