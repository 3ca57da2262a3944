"""A guarantee by the standard: bought, and exercised when a contract that it covers comes to what it covers.

Source: ACTUS technical specification 1.1, s. 7.16 (CEG).
"""

from __future__ import annotations

from bisect import bisect_right

from .course import Event, course
from .payoffs import payoff
from .schedule import Slot, again, place, settled
from .state import Moment, State, interest_by
from .terms import Market, Terms
from .transitions import transition
from .words import EventType, Exposure


def guarantee_end(terms: Terms, market: Market) -> int:
    """Its maturity, or the last event of what it covers. Raises: ValueError if it has neither."""
    if terms.maturity is not None:
        return terms.maturity
    ends = [event.time for covered in terms.cover.contracts for event in course(covered, market)]
    if not ends:
        raise ValueError("came a guarantee with no maturity and no contract that it covers, allowed: one of them")
    return max(ends)


def exercise_time(terms: Terms, market: Market, end: int) -> int | None:
    """When a contract that it covers first comes to what it covers; None if none does by its end."""
    cover = terms.cover
    times = (
        seen.time for seen in market.events
        if seen.kind is EventType.CE and seen.contract in cover.names and seen.performance is cover.event
    )  # fmt: skip
    return next((time for time in times if terms.status_time < time <= end), None)


def covered_amount(terms: Terms, market: Market, time: int) -> float:
    """What it answers for at a time, with the sign of its role: a share of its own sum, or of what the contracts that
    it covers are owed then."""
    cover = terms.cover
    if terms.notional is not None:
        return terms.sign * cover.share * terms.notional
    total = 0.0
    for one in cover.contracts:
        if cover.exposure is Exposure.MARKET_VALUE:
            total += market.at(dict(cover.markets)[one.name], time)
            continue
        state = state_at(one, market, time)
        total += abs(state.notional)
        if cover.exposure is Exposure.NOTIONAL_AND_INTEREST:
            total += abs(interest_by(state, one.axis.years(state.since, time)))
    return terms.sign * cover.share * total


def state_at(terms: Terms, market: Market, time: int) -> State:
    """Where a contract stands after all that happens by a time."""
    events = course(terms, market)
    happened = bisect_right([event.time for event in events], time)
    if happened:
        return events[happened - 1].state
    return State(since=time)


def guarantee_slots(terms: Terms, market: Market) -> list[Slot]:
    """What happens to a guarantee: bought, paid for, and exercised and settled, or over."""
    end = guarantee_end(terms, market)
    exercised = exercise_time(terms, market, end)
    found = [Slot(time, kind, time) for time, kind in (
        (terms.purchase, EventType.PRD), (terms.termination, EventType.TD), (exercised, EventType.XD),
        (end if exercised is None else None, EventType.MD),
    ) if time is not None]  # fmt: skip
    if exercised is not None:
        period = terms.settlement_period
        due = exercised if period is None else terms.axis.later(exercised, period, 1)
        found += settled(terms, EventType.STD, due, exercised)
    if terms.fee.rate:
        found += again(terms, EventType.FP, terms.fee_payment, end if exercised is None else exercised)
    found.sort(key=place)
    over = next((n for n, slot in enumerate(found) if slot.kind is EventType.TD), len(found))
    return found[: over + 1]


def guarantee_course(terms: Terms, market: Market) -> list[Event]:
    """All events of a guarantee after its status. Raises: ValueError if the terms do not say enough."""
    state, events = State(since=terms.status_time), list[Event]()
    if terms.purchase is None or terms.purchase <= terms.status_time:
        state = state._replace(notional=covered_amount(terms, market, terms.status_time))
    for slot in guarantee_slots(terms, market):
        if slot.time <= terms.status_time:
            continue
        moment = Moment(
            time=slot.calculated,
            years=terms.axis.years(state.since, slot.calculated),
            value=covered_amount(terms, market, slot.time),
        )
        paid = payoff(slot.kind, state, terms, moment)
        state = transition(slot.kind, state, terms, moment)
        events.append(Event(slot.time, slot.kind, paid, state))
    return events
