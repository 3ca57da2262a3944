"""The schedule of a contract: every event that its terms and what is observed make, at its time.

Source: ACTUS technical specification 1.1, s. 7, contract schedules.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from .redemptions import end_of, times_of
from .terms import Cyclic, Market, Seen, Terms
from .words import ORDER, ContractType, EventType, Penalty, Prepayment


class Slot(NamedTuple):
    """An event to come: when it happens and as of when it is calculated."""

    time: int
    kind: EventType
    calculated: int
    seen: Seen | None = None


def slots(terms: Terms, kind: EventType, times: list[int], end: int | None = None) -> Iterator[Slot]:
    """Events of a kind at scheduled times, shifted to days on which they can happen; an end stays where it is."""
    for time in times:
        if time == end:
            yield Slot(time, kind, time)
        else:
            yield Slot(terms.axis.shifted(time), kind, terms.axis.calculated(time))


def once(kind: EventType, time: int | None) -> Iterator[Slot]:
    """An event on a day of its own, or none."""
    if time is not None:
        yield Slot(time, kind, time)


def again(terms: Terms, kind: EventType, what: Cyclic, end: int, *, has_end: bool = True) -> Iterator[Slot]:
    """Events of a cycle until an end; none if there is neither anchor nor cycle."""
    if what.is_given:
        yield from slots(terms, kind, times_of(terms, what, end, has_end=has_end), end)


def interest(terms: Terms, end: int) -> Iterator[Slot]:
    """Interest is paid in its cycle and at the end; until its capitalization ends it is added to what is owed."""
    if terms.rate_per_year is None:
        return
    times, until = interest_times(terms, end), terms.capitalization_end
    if until is None:
        yield from slots(terms, EventType.IP, times, end)
        return
    yield from slots(terms, EventType.IPCI, sorted({*(time for time in times if time < until), until}))
    yield from slots(terms, EventType.IP, [time for time in times if time > until], end)


def interest_times(terms: Terms, end: int) -> list[int]:
    """Unshifted times of interest. With level payments it comes with each of them, and before the last period ahead
    of the first in its own cycle."""
    level = terms.kind in (ContractType.NAM, ContractType.ANN)
    start, cycle = terms.anchor_of(terms.redemption), terms.redemption.cycle
    if not level or start is None or cycle is None:
        return times_of(terms, terms.interest, end, has_end=True)
    until = terms.axis.later(start, cycle, -1)
    own, first = terms.interest, terms.anchor_of(terms.interest)
    before = times_of(terms, own, until, has_end=True) if first is not None and first <= until else []
    return sorted({*before, *times_of(terms, terms.redemption, end, has_end=True)})


def redemptions(terms: Terms, end: int) -> Iterator[Slot]:
    """Principal in its cycle before the end, and, before the first, the fixing of a level payment that is open."""
    yield from again(terms, EventType.PR, terms.redemption, end, has_end=False)
    start = terms.anchor_of(terms.redemption)
    if terms.kind is ContractType.ANN and terms.payment is None and start is not None:
        fixing = terms.axis.day_before(start)
        if terms.initial_exchange is None or fixing >= terms.initial_exchange:
            yield Slot(fixing, EventType.PRF, fixing)


def rate_resets(terms: Terms, end: int) -> Iterator[Slot]:
    """Rates in their cycle; the first to come is what is known already. A level payment is fixed with each."""
    found = list(again(terms, EventType.RR, terms.rate_reset, end, has_end=False))
    if terms.reset.next_rate is not None:
        first = next((slot for slot in found if slot.time > terms.status_time), None)
        found = [slot._replace(kind=EventType.RRF) if slot is first else slot for slot in found]
    yield from found
    if terms.kind is ContractType.ANN:
        yield from (slot._replace(kind=EventType.PRF) for slot in found)


def options(terms: Terms, market: Market, end: int) -> Iterator[Slot]:
    """Prepayments on dates of option, and those that are observed, with their penalties."""
    if terms.early.effect is Prepayment.NONE:
        return
    found = list(again(terms, EventType.PP, terms.option, end, has_end=False))
    found += seen_slots(terms, market, EventType.PP)
    for slot in found:
        yield slot
        if terms.early.penalty is not Penalty.NONE:
            yield slot._replace(kind=EventType.PY)


def seen_slots(terms: Terms, market: Market, *kinds: EventType) -> list[Slot]:
    """Observed events of some kinds, those of other contracts left out."""
    mine = (seen for seen in market.events if seen.kind in kinds and seen.contract in ("", terms.name))
    return [Slot(seen.time, seen.kind, seen.time, seen) for seen in mine]


def of_maturity(terms: Terms, market: Market, until: int | None) -> Iterator[Slot]:
    """Bonds, loans and leases: they begin, pay interest, principal and fees, and end.

    Raises: ValueError if it has no end.
    """
    end = end_of(terms)
    if end is None:
        raise ValueError("came neither a maturity nor a payment that leads to one, allowed: one of them")
    yield from once(EventType.IED, terms.initial_exchange)
    yield from interest(terms, end)
    if terms.kind is not ContractType.PAM:
        yield from redemptions(terms, end)
        yield from again(terms, EventType.IPCB, terms.base_fixing, end, has_end=False)
    yield from rate_resets(terms, end)
    yield from again(terms, EventType.SC, terms.scaling_index, end, has_end=False)
    yield from fees(terms, end)
    yield from options(terms, market, end)
    yield from seen_slots(terms, market, EventType.CE)
    yield from once(EventType.PRD, terms.purchase)
    yield from once(EventType.TD, terms.termination)
    yield from once(EventType.MD, end)


def fees(terms: Terms, end: int) -> Iterator[Slot]:
    """Fees in their cycle and at the end, if there are any."""
    if terms.fee.rate:
        yield from again(terms, EventType.FP, terms.fee_payment, end)


def of_call(terms: Terms, market: Market, until: int | None) -> Iterator[Slot]:
    """Call money: interest is added to what is owed until it matures or is called; then all is due after the notice."""
    yield from once(EventType.IED, terms.initial_exchange)
    call = next(iter(seen_slots(terms, market, EventType.XD)), None) if terms.maturity is None else None
    end = terms.maturity if terms.maturity is not None else until if call is None else call.time
    if end is None:
        raise ValueError("came neither a maturity, nor a call, nor until when to look; allowed: one of them")
    if terms.rate_per_year is not None:
        yield from again(terms, EventType.IPCI, terms.interest, end, has_end=False)
    yield from rate_resets(terms, end)
    yield from fees(terms, end)
    if call is not None:
        due = call.time if terms.notice is None else terms.axis.later(call.time, terms.notice, 1)
        yield call
        yield from (*settled(terms, EventType.IP, due, call.time), *settled(terms, EventType.STD, due, call.time))
    elif terms.maturity is not None:
        yield from (*once(EventType.IP, end), *once(EventType.MD, end))


def settled(terms: Terms, kind: EventType, due: int, decided: int) -> Iterator[Slot]:
    """A settlement on the day it is shifted to, but not before what it settles has been decided."""
    yield Slot(max(decided, terms.axis.shifted(due)), kind, max(decided, terms.axis.calculated(due)))


def of_draws(terms: Terms, market: Market, until: int | None) -> Iterator[Slot]:
    """Drawn and repaid at will; interest is added to what is owed, until somebody ends it.

    Raises: ValueError without until when to look or an end.
    """
    end = until if terms.termination is None else terms.termination
    if end is None:
        raise ValueError("came neither an end nor until when to look, allowed: one of them")
    yield from once(EventType.IED, terms.initial_exchange)
    yield from seen_slots(terms, market, EventType.PR, EventType.PI)
    if terms.rate_per_year is not None:
        yield from again(terms, EventType.IPCI, terms.interest, end, has_end=False)
    yield from rate_resets(terms, end)
    yield from fees(terms, end)
    yield from once(EventType.TD, terms.termination)


def of_shares(terms: Terms, market: Market, until: int | None) -> Iterator[Slot]:
    """Shares: bought, paid dividends on, sold.

    Raises: ValueError for dividends without until when to look.
    """
    yield from once(EventType.PRD, terms.purchase)
    yield from once(EventType.TD, terms.termination)
    if terms.dividend.is_given:
        end = until if terms.termination is None else terms.termination
        if end is None:
            raise ValueError("came dividends without until when to look, allowed: a day")
        yield from again(terms, EventType.DV, terms.dividend, end + 1, has_end=False)


def of_cash(terms: Terms, market: Market, until: int | None) -> Iterator[Slot]:
    """Cash: nothing happens to it."""
    return iter(())


SCHEDULES: dict[ContractType, Callable[[Terms, Market, int | None], Iterator[Slot]]] = {
    ContractType.PAM: of_maturity,
    ContractType.LAM: of_maturity,
    ContractType.NAM: of_maturity,
    ContractType.ANN: of_maturity,
    ContractType.CLM: of_call,
    ContractType.UMP: of_draws,
    ContractType.STK: of_shares,
    ContractType.CSH: of_cash,
}


def schedule(terms: Terms, market: Market, until: int | None = None) -> list[Slot]:
    """All events of a contract in their order, those of before its status too; after its end, by sale or maturity,
    nothing.

    Raises: ValueError if the terms do not say enough.
    """
    found = distinct(SCHEDULES[terms.kind](terms, market, until))
    for number, slot in enumerate(found):
        if slot.kind in (EventType.TD, EventType.MD, EventType.STD):
            return found[: number + 1]
    return found


def distinct(found: Iterator[Slot]) -> list[Slot]:
    """Events in their order; of those of a kind that a shift has brought to one day the one that is calculated last."""
    scheduled = {
        (slot.time, slot.kind, slot.seen): slot for slot in sorted(set(found), key=lambda slot: slot.calculated)
    }
    return sorted(scheduled.values(), key=place)


def place(slot: Slot) -> tuple[int, int]:
    """Where an event comes: by its time, at one time by its kind."""
    return slot.time, ORDER[slot.kind]
