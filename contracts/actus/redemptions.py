"""When and how much is redeemed where the terms are silent: the end of a contract, its parts, its level payment."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from .cycles import cyclic_times
from .terms import Cyclic, Terms
from .words import ContractType


def times_of(terms: Terms, what: Cyclic, end: int, *, has_end: bool) -> list[int]:
    """The unshifted times of something that happens again and again, until an end."""
    anchor, cycle, later = terms.anchor_of(what), what.cycle, terms.axis.later
    if anchor is None:
        return [end] if has_end else []
    if cycle is None:
        return [time for time in (anchor, *([end] * has_end)) if time < end or has_end]
    return cyclic_times(lambda n: later(anchor, cycle, n), end, has_long_stub=cycle.has_long_stub, has_end=has_end)


def end_of(terms: Terms) -> int | None:
    """When a contract matures: as it says, or when its redemptions have paid back what is owed; None if never.

    Source: ACTUS technical specification 1.1, s. 7.2 and 7.4, initialization of Md.
    """
    if terms.maturity is not None or terms.amortization_end is not None:
        return terms.maturity if terms.maturity is not None else terms.amortization_end
    anchor, cycle = terms.anchor_of(terms.redemption), terms.redemption.cycle
    if anchor is None or cycle is None or terms.payment is None:
        return None
    later, steps = terms.axis.later, 0
    while later(anchor, cycle, steps) <= terms.status_time:
        steps += 1
    last = later(anchor, cycle, steps - 1)
    part, owed = terms.payment, terms.notional or 0.0
    if terms.kind is not ContractType.LAM:
        part -= owed * (terms.rate_per_year or 0.0) * terms.axis.years(last, later(anchor, cycle, steps))
    if part <= 0:
        raise ValueError(f"came a payment of {terms.payment}, allowed: more than the interest of a period")
    return later(anchor, cycle, steps - 1 + math.ceil(owed / part - 1e-9))


def annuity_amount(owed: float, interest: float, growth: Sequence[float]) -> float:
    """The level payment that redeems what is owed and the interest due with the first payment; `growth` is 1 + r Y for
    each period between payments: (n + a) prod(g) / (1 + sum of the products of the last 1, 2, ... of them).

    Source: ACTUS technical specification 1.1, s. 4.10 (annuity amount function).
    """
    product, total = 1.0, 1.0
    for one in reversed(growth):
        product *= one
        total += product
    return (owed + interest) * product / total


def annuity_value(payment: float, growth: float, periods: int) -> float:
    """What so many level payments redeem, the first a period from now: the other way round, for equal periods."""
    if growth == 1:
        return payment * periods
    return -payment * math.expm1(-periods * math.log(growth)) / (growth - 1)


def level_payment(terms: Terms, ahead: Sequence[int], since: int, owed: tuple[float, float], rate: float) -> float:
    """The level payment at these times that redeems what is owed: principal, and interest as accrued by `since`."""
    years, (principal, interest) = terms.axis.years, owed
    interest += principal * rate * years(since, ahead[0])
    growth = [1 + rate * years(s, t) for s, t in pairwise(ahead)]
    return annuity_amount(principal, interest, growth)


def payments_from(terms: Terms, time: int) -> list[int]:
    """Times of redemption from a time on, that of the end included."""
    end = end_of(terms)
    assert end is not None, "an annuity without an end has its payment among its terms"
    times = times_of(terms, terms.redemption, end, has_end=False)
    return [*(t for t in map(terms.axis.calculated, times) if t >= time), end]


def opening_payment(terms: Terms) -> float:
    """What a redemption pays at first, without sign: as the terms say, or equal parts of what is owed, or level
    payments."""
    end, owed = end_of(terms), terms.notional or 0.0
    if terms.payment is not None:
        return terms.payment
    if end is None or not terms.redemption.is_given:
        return 0.0
    begun = terms.initial_exchange
    start = terms.status_time + 1 if begun is None or begun <= terms.status_time else begun
    ahead = payments_from(terms, start)
    if terms.kind is ContractType.LAM:
        return owed / len(ahead)
    since = max(terms.status_time, begun or terms.status_time)
    return level_payment(terms, ahead, since, (owed, terms.accrued or 0.0), terms.rate_per_year or 0.0)
