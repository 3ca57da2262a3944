"""Contracts in a file, by the standard's words: their terms, what is observed, and what is to come of them, if that is
said too.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from .axes import moment_of
from .course import Event, course
from .guarantee import guarantee_course
from .reading import TermsError, Words, market_of, terms_of, time_of
from .terms import Market, Terms
from .words import ContractType, EventType

CENT = 0.01
"""How far an amount may lie from what is expected."""


class Expected(NamedTuple):
    """An event that is to come: its time and kind, and the amounts that are said about it."""

    time: int
    kind: EventType
    amounts: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Case:
    """One contract of a file."""

    name: str
    terms: Terms
    market: Market
    until: int | None
    expected: tuple[Expected, ...] | None
    """None if nothing is said."""

    def events(self) -> list[Event]:
        """What happens under it. Raises: TermsError if its terms do not say enough, or nobody has seen its market."""
        try:
            if self.terms.kind is ContractType.CEG:
                return guarantee_course(self.terms, self.market)
            return course(self.terms, self.market, self.until)
        except KeyError as missing:
            raise TermsError(term=f"{self.name}: dataObserved", came=None, allowed=f"a series {missing}") from None
        except ValueError as wrong:
            came, _, allowed = str(wrong).partition(", allowed: ")
            raise TermsError(term=self.name, came=came.removeprefix("came "), allowed=allowed) from None


AMOUNTS = {
    "payoff": lambda event: event.payoff,
    "notionalPrincipal": lambda event: event.state.notional,
    "nominalInterestRate": lambda event: event.state.rate_per_year,
    "accruedInterest": lambda event: event.state.accrued,
    "exerciseAmount": lambda event: event.state.exercise_amount,
}
"""What of an event is compared, by the standard's words."""


def differences(events: list[Event], expected: tuple[Expected, ...]) -> Iterator[str]:
    """Every difference between what came and what was to come: dates and kinds, then amounts by more than a cent."""
    for number in range(max(len(events), len(expected))):
        came = events[number] if number < len(events) else None
        wanted = expected[number] if number < len(expected) else None
        if came is None or wanted is None or (came.time, came.kind) != (wanted.time, wanted.kind):
            yield f"event {number + 1}: came {_named(came)}, expected {_named(wanted)}"
            return
        for what, amount in wanted.amounts.items():
            if abs(AMOUNTS[what](came) - amount) > CENT:
                yield f"{_named(came)}: {what} came {AMOUNTS[what](came):.4f}, expected {amount:.4f}"


def _named(event: Event | Expected | None) -> str:
    return "nothing" if event is None else f"{event.kind} on {moment_of(event.time)}"


def cases_of(text: str) -> Iterator[Case]:
    """Every contract of a file in JSON: a table by name, each with `terms`, and if need be `to`, `dataObserved`,
    `eventsObserved` and `results`.

    Raises: TermsError.
    """
    try:
        given = json.loads(text)
    except (ValueError, RecursionError) as broken:
        raise TermsError(term="the file", came=text[:40], allowed=f"JSON ({broken})") from None
    for name, one in _table("the file", given).items():
        try:
            yield _case(str(name), _table(name, one))
        except TermsError as wrong:
            raise TermsError(term=f"{name}: {wrong.term}", came=wrong.came, allowed=wrong.allowed) from None
        except (AttributeError, KeyError, TypeError) as wrong:
            raise TermsError(
                term=name, came=str(wrong), allowed="tables and lists as in the standard's tests"
            ) from None


def _table(name: str, came: Any) -> dict[str, Any]:
    if not isinstance(came, dict):
        raise TermsError(term=name, came=came, allowed="a table")
    return came


def _case(name: str, one: Mapping[str, Any]) -> Case:
    results = one.get("results")
    return Case(
        name,
        terms_of(_table("terms", one.get("terms"))),
        market_of(one.get("dataObserved") or {}, one.get("eventsObserved") or []),
        Words(one).read("to", time_of, "a date"),
        None if results is None else tuple(_expected(Words(event)) for event in results),
    )


def _expected(words: Words) -> Expected:
    return Expected(
        words.time("eventDate") or 0,
        words.one_of("eventType", EventType, EventType.AD),
        {name: words.number(name) or 0.0 for name in AMOUNTS if name in words.given},
    )
