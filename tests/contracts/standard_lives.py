"""Contracts of the standard by chance: terms on dates or on the days of a run, what is observed, and their laws."""

from __future__ import annotations

import random
from datetime import datetime
from itertools import pairwise

from carousel.contracts.actus.axes import RUN_DAYS, Dates, second_of
from carousel.contracts.actus.course import course, opening
from carousel.contracts.actus.cycles import Cycle, Unit
from carousel.contracts.actus.guarantee import guarantee_course
from carousel.contracts.actus.schedule import schedule
from carousel.contracts.actus.terms import Cover, Cyclic, Early, Fee, Market, Reset, Scaling, Seen, Terms
from carousel.contracts.actus.words import (
    Base,
    ContractType,
    DayCount,
    EventType,
    Exposure,
    FeeBasis,
    Holidays,
    MonthEnd,
    Penalty,
    Performance,
    Prepayment,
    Role,
    Shift,
)  # fmt: skip

SECONDS = 86_400
START = second_of(datetime(2023, 11, 15))
PRINCIPAL = {EventType.IED, EventType.PR, EventType.PI, EventType.PP, EventType.MD, EventType.STD}
LASTING = (ContractType.PAM, ContractType.LAM, ContractType.NAM, ContractType.ANN)
KINDS = (*LASTING, *LASTING, ContractType.CLM, ContractType.UMP, ContractType.STK, ContractType.CEG)


def terms_by_chance(luck: random.Random, kind: ContractType, name: str = "one") -> Terms:
    """A contract of a kind, on one of the two axes."""
    on_dates = luck.random() < 0.7
    day = SECONDS if on_dates else 1
    status = START if on_dates else 21 * luck.randrange(3)
    begins = status + day * luck.randrange(1, 60)
    ends = begins + day * luck.randrange(40, 1500)
    axis = RUN_DAYS
    if on_dates:
        axis = Dates(luck.choice(list(DayCount)), luck.choice(list(Holidays)), luck.choice(list(Shift)),
                     luck.choice(list(MonthEnd)), ends)  # fmt: skip
    elif kind in LASTING:
        begins, ends = axis.shifted(begins), axis.shifted(ends + 42)

    def cyclic() -> Cyclic:
        cycle = Cycle(
            luck.randint(1, 4), luck.choice([Unit.WEEK, Unit.MONTH, Unit.MONTH, Unit.QUARTER]), luck.random() < 0.5
        )
        return Cyclic(None if luck.random() < 0.3 else begins + day * luck.randrange(0, 100), cycle)

    rate = luck.choice([None, 0.0, 0.05, 0.031, -0.01]) if kind is not ContractType.ANN else luck.choice([0.05, 0.08])
    owed = luck.choice([1_000.0, 7_777.77, 1e9])
    return Terms(
        kind=kind, name=name, role=luck.choice([Role.RPA, Role.RPL]), axis=axis, status_time=status,
        initial_exchange=begins, maturity=None if kind in (ContractType.UMP, ContractType.STK) else ends,
        notional=owed, rate_per_year=rate, discount=luck.choice([0.0, -10.0]),
        payment=owed * luck.choice([0.02, 0.1, 0.5]) if kind in (ContractType.NAM, ContractType.LAM) else None,
        base=luck.choice(list(Base)), base_amount=luck.choice([None, owed / 2]),
        interest=cyclic(), redemption=cyclic(), base_fixing=cyclic() if luck.random() < 0.3 else Cyclic(),
        rate_reset=cyclic() if rate is not None and luck.random() < 0.3 else Cyclic(),
        scaling_index=cyclic() if luck.random() < 0.2 else Cyclic(),
        fee_payment=cyclic(), option=Cyclic(),
        reset=Reset(market="rate", spread=0.01, cap=luck.choice([0.07, float("inf")])),
        scaling=Scaling(market="index", scales_interest=luck.random() < 0.5, index_at_deal=100.0),
        fee=Fee(rate=luck.choice([0.0, 0.0, 0.001]), basis=luck.choice(list(FeeBasis))),
        early=Early(effect=luck.choice([Prepayment.NONE, Prepayment.AMOUNT]), penalty=luck.choice(list(Penalty))),
        capitalization_end=begins + (ends - begins) // 2 if luck.random() < 0.2 and rate is not None else None,
        termination=ends if kind in (ContractType.UMP, ContractType.STK) else None,
        purchase=begins if kind in (ContractType.STK, ContractType.CEG) else None, purchase_price=10.0,
        dividend=cyclic() if kind is ContractType.STK else Cyclic(), dividend_market="dividend",
        notice=Cycle(luck.randrange(0, 40), Unit.DAY), settlement_period=Cycle(luck.randrange(0, 10), Unit.DAY),
    )  # fmt: skip


def market_by_chance(luck: random.Random, terms: Terms) -> Market:
    """Rates, an index, dividends; now and then a call, a prepayment, a draw, or a default of what is covered."""
    start, end = terms.initial_exchange, terms.maturity or terms.termination
    times = [start + (end - start) * n // 4 for n in range(4)]
    series = {name: tuple((time, luck.uniform(*span)) for time in times) for name, span in
              (("rate", (0.0, 0.09)), ("index", (90, 130)), ("dividend", (0, 5)))}  # fmt: skip
    kinds = {ContractType.UMP: (EventType.PR, EventType.PI), ContractType.CLM: (EventType.XD,)}
    events = []
    for kind in kinds.get(terms.kind, (EventType.PP, EventType.CE)):
        if luck.random() < 0.5:
            value = {EventType.PI: -terms.sign * 100.0, EventType.PR: terms.sign * 50.0}.get(kind, terms.sign * 20.0)
            when = luck.randrange(start + 1, end)
            events.append(Seen(when, kind, value, terms.name, Performance.DEFAULT if kind is EventType.CE else None))
    return Market(series, tuple(sorted(events, key=lambda seen: seen.time)))


def lives_by_law(number: int) -> str:
    """A life by its number: it ends, it closes empty, it conserves; returns its kind."""
    luck = random.Random(number)
    kind = luck.choice(KINDS)
    if kind is ContractType.CEG:
        _guarantee_by_law(luck)
        return kind.value
    terms = terms_by_chance(luck, kind)
    market = market_by_chance(luck, terms)
    events = course(terms, market)
    last = events[-1]
    assert last.kind in (EventType.MD, EventType.TD, EventType.STD), (number, last)
    state = last.state
    assert (state.notional, state.accrued, state.fees, state.base) == (0.0, 0.0, 0.0, 0.0), (number, state)
    assert [event.time for event in events] == sorted(event.time for event in events), number
    assert len({(event.time, event.kind) for event in events}) == len(events) or kind is ContractType.UMP, number
    if kind is not ContractType.STK:
        _conserves(number, terms, market, events)
    return kind.value


def _conserves(number, terms, market, events):
    """Principal comes back, with what was added to it and no more; interest is what accrued, paid or added."""
    before = opening(terms, schedule(terms, market))
    added = accrued = paid = back = 0.0
    for state, event in pairwise([type("", (), {"state": before}), *events]):
        old, new = state.state, event.state
        years = terms.axis.years(old.since, new.since) if new.since > old.since else 0.0
        accrued += old.base * old.rate_per_year * years
        if event.kind is EventType.IPCI:
            added += new.notional - old.notional
        if event.kind is EventType.IP:
            paid += event.payoff / old.interest_scale
        if event.kind in PRINCIPAL:
            principal = event.payoff - (old.fees if event.kind in (EventType.MD, EventType.STD) else 0.0)
            back += principal + (terms.sign * terms.discount if event.kind is EventType.IED else 0.0)
        if event.kind is EventType.TD:
            back += old.notional
            paid += event.payoff - terms.sign * terms.termination_price
    size = abs(terms.notional) * 1e-9 + 1e-6
    if terms.kind is ContractType.UMP:  # a sale pays the accrued interest with the sign of its role
        paid, accrued = abs(paid), abs(accrued - added)
        added_to = added
    else:
        added_to, accrued = added, accrued - added
    assert abs(back - added_to) <= size, (number, terms.kind, back, added_to)
    assert abs(paid - accrued) <= size, (number, terms.kind, paid, accrued)


def _guarantee_by_law(luck):
    """What is called is paid once, and is what is covered; without a call nothing is."""
    covered = tuple(
        terms_by_chance(luck, luck.choice(LASTING), name=f"loan {n}") for n in range(luck.randint(1, 2))
    )  # fmt: skip
    first = min(one.initial_exchange for one in covered)
    end = max(one.maturity for one in covered)
    if len({type(one.axis) for one in covered}) > 1:
        covered = covered[:1]
        first, end = covered[0].initial_exchange, covered[0].maturity
    exposure = luck.choice([Exposure.NOTIONAL, Exposure.NOTIONAL_AND_INTEREST])
    cover = Cover(names=tuple(one.name for one in covered), contracts=covered, share=luck.choice([0.5, 1.0]),
                  exposure=exposure)  # fmt: skip
    own = luck.choice([None, 500.0])
    terms = Terms(
        kind=ContractType.CEG, role=luck.choice([Role.BUY, Role.SEL]), axis=covered[0].axis,
        status_time=first - 1, purchase=first, purchase_price=1.0, notional=own, cover=cover,
        settlement_period=Cycle(luck.randrange(0, 9), Unit.DAY),
    )  # fmt: skip
    data = market_by_chance(luck, covered[0])
    falls = luck.random() < 0.6
    when = luck.randrange(first + 1, end)
    seen = (Seen(when, EventType.CE, 0.0, covered[0].name, Performance.DEFAULT),) if falls else ()
    events = guarantee_course(terms, Market(data.series, seen))
    assert events[-1].state.notional == 0.0
    assert events[-1].kind is (EventType.STD if falls else EventType.MD)
    paid = sum(event.payoff for event in events if event.kind in (EventType.STD, EventType.MD))
    called = sum(event.state.exercise_amount for event in events if event.kind is EventType.XD)
    assert paid == called
    assert terms.sign * called >= 0.0
    if own is not None and falls:
        assert called == terms.sign * cover.share * own
