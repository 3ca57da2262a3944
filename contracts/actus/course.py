"""The course of a contract: its events one after the other, what each pays, and where it leaves the contract."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from .payoffs import payoff
from .redemptions import level_payment, opening_payment, payments_from
from .schedule import Slot, place, schedule
from .state import Moment, State, interest_by
from .terms import NOTHING_SEEN, Market, Terms
from .transitions import base_at_start, transition
from .words import ContractType, EventType, FeeBasis, Penalty


class Event(NamedTuple):
    """Something that has happened: what it paid, and the state after it."""

    time: int
    kind: EventType
    payoff: float
    state: State


def opening(terms: Terms, slots: Sequence[Slot]) -> State:
    """Where a contract stands at its status time, before anything else happens.

    Source: ACTUS technical specification 1.1, s. 7, state variables initialization.
    """
    scaling = terms.scaling
    state = State(
        since=terms.status_time,
        notional_scale=scaling.notional_multiplier,
        interest_scale=scaling.interest_multiplier,
        payment=opening_payment(terms),
    )
    if terms.kind is ContractType.STK:
        return state
    begins = terms.initial_exchange
    if terms.kind is ContractType.CSH or (begins is not None and begins <= terms.status_time):
        owed, rate = terms.sign * (terms.notional or 0.0), terms.rate_per_year or 0.0
        last = max((s.calculated for s in slots if s.kind is EventType.IP and s.time < terms.status_time), default=None)
        accrued = terms.accrued
        if accrued is None:
            accrued = 0.0 if last is None else terms.axis.years(last, terms.status_time) * owed * rate
        state = state._replace(notional=owed, rate_per_year=rate, accrued=accrued, base=base_at_start(terms))
    return state._replace(fees=opening_fees(state, terms, slots))


def opening_fees(state: State, terms: Terms, slots: Sequence[Slot]) -> float:
    """Fees accrued at the status time."""
    if terms.fee.accrued is not None or not terms.fee.rate:
        return terms.fee.accrued or 0.0
    if terms.fee.basis is FeeBasis.ABSOLUTE:
        return fee_share(terms, slots, terms.status_time) * terms.sign * terms.fee.rate
    times = [slot.calculated for slot in slots if slot.kind is EventType.FP and slot.time < terms.status_time]
    return terms.axis.years(max(times), terms.status_time) * state.notional * terms.fee.rate if times else 0.0


def fee_share(terms: Terms, slots: Sequence[Slot], time: int) -> float:
    """Part of the running period of fees that is over at a time; 0 before the first fee and after the last."""
    if not terms.fee.rate:
        return 0.0
    times = [slot.calculated for slot in slots if slot.kind is EventType.FP]
    before, after = bisect_left(times, time) - 1, bisect_right(times, time)
    start = times[before] if before >= 0 else terms.initial_exchange
    if start is None or start > time or after == len(times):
        return 0.0
    period = terms.axis.years(start, times[after])
    return terms.axis.years(start, time) / period if period else 0.0


UNSEEN = frozenset({EventType.IED, EventType.IP, EventType.IPCI, EventType.MD})
"""Kinds that need to know nothing but terms and state."""


def observed(state: State, terms: Terms, market: Market, slot: Slot) -> float | None:
    """What an event needs to know of the market, or of the contract's own future."""
    time, kind = slot.calculated, slot.kind
    if kind in UNSEEN:
        return None
    if kind is EventType.RR:
        return market.at(terms.reset.market, time)
    if kind is EventType.SC:
        return market.at(terms.scaling.market, time)
    if kind is EventType.DV:
        is_known = terms.next_dividend is not None and time == terms.dividend.anchor
        return terms.next_dividend if is_known else market.at(terms.dividend_market, time)
    if kind is EventType.PRF:
        accrued = interest_by(state, terms.axis.years(state.since, time))
        owed = terms.sign * state.notional, terms.sign * accrued
        return level_payment(terms, payments_from(terms, time + 1), time, owed, state.rate_per_year)
    if kind is EventType.PY:
        return market.at(terms.reset.market, time) if terms.early.penalty is Penalty.INTEREST else None
    if kind is EventType.PP and slot.seen is None:
        return market.at(terms.early.market, time) * terms.sign * state.notional
    if kind is EventType.XD and terms.notice is not None:
        return terms.axis.years(time, terms.axis.later(time, terms.notice, 1))
    if slot.seen is None or kind is EventType.CE:
        return None
    return (-terms.sign if kind is EventType.PI else terms.sign) * slot.seen.value


def moment_of(state: State, terms: Terms, market: Market, slot: Slot, slots: Sequence[Slot]) -> Moment:
    """All that an event needs to know."""
    years, anchor = terms.axis.years, terms.interest.anchor
    is_late = slot.kind is EventType.IED and anchor is not None and anchor < slot.time
    return Moment(
        time=max(slot.calculated, state.since),  # what has been calculated for a later day is not accrued twice
        years=years(state.since, slot.calculated) if slot.calculated > state.since else 0.0,
        value=observed(state, terms, market, slot),
        fee_share=fee_share(terms, slots, slot.calculated),
        years_ahead=years(anchor, slot.calculated) if is_late and anchor is not None else 0.0,
        performance=None if slot.seen is None else slot.seen.performance,
    )


def step(state: State, terms: Terms, market: Market, slot: Slot, slots: Sequence[Slot]) -> Event:
    """One event: what it pays, and where it leaves the contract."""
    moment = moment_of(state, terms, market, slot, slots)
    return Event(
        slot.time, slot.kind, payoff(slot.kind, state, terms, moment), transition(slot.kind, state, terms, moment)
    )


def course(terms: Terms, market: Market = NOTHING_SEEN, until: int | None = None) -> list[Event]:
    """All events of a contract after its status, until a time if one is given: what follows from a call that has come
    by then is told to its end. Of a contract that is bought the events before the purchase are another's.

    Raises: ValueError if the terms do not say enough, KeyError if the market does not.
    """
    slots = schedule(terms, market, until)
    state, events = opening(terms, slots), list[Event]()
    for slot in slots:
        if slot.time <= terms.status_time:
            continue
        if until is not None and slot.time > until and state.exercise_time is None:
            break
        event = step(state, terms, market, slot, slots)
        state = event.state
        if terms.purchase is None or place(slot) >= (terms.purchase, place(slot._replace(kind=EventType.PRD))[1]):
            events.append(event)
    return events
