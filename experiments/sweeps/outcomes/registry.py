"""All outcomes by name: what may be asked for, and what a pattern stands for in a scenario."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from ....ledger.origins import TracingRule
from ....scenarios.errors import BadInput, nearest_names, one_line
from ....scenarios.schema import Scenario
from . import of_cash, of_facts, of_firms, of_flows, of_holders, of_market, of_payers, of_promises, of_turn, of_value
from .outcome import Kind, Outcome

OUTCOMES: tuple[Outcome, ...] = (
    *of_turn.OUTCOMES,
    *of_payers.OUTCOMES,
    *of_cash.OUTCOMES,
    *of_holders.OUTCOMES,
    *of_promises.OUTCOMES,
    *of_firms.OUTCOMES,
    *of_market.OUTCOMES,
    *of_value.OUTCOMES,
    *of_facts.OUTCOMES,
    *of_flows.OUTCOMES,
)
"""In the order in which columns stand in a table of runs."""
EVERY_RULE = tuple(rule.value for rule in TracingRule)


class UnknownOutcome(BadInput):
    """A pattern that matches no outcome of a scenario: `pattern` is what came, `nearest` the most similar names."""

    def __init__(self, pattern: str, allowed: str, nearest: Iterable[str] = ()) -> None:
        self.pattern, self.allowed, self.nearest = pattern, allowed, tuple(nearest)
        near = f"; nearest: {', '.join(self.nearest)}" if self.nearest else ""
        super().__init__(one_line(f"outcome {pattern!r}: there is none of that name; allowed: {allowed}{near}"))

    def __reduce__(self) -> tuple[type[UnknownOutcome], tuple[str, str, tuple[str, ...]]]:
        return type(self), (self.pattern, self.allowed, self.nearest)


class Named(NamedTuple):
    """One name of a scenario with its outcome and label; `short` is the name without its tracing rule."""

    name: str
    short: str
    label: str
    rule: str
    outcome: Outcome


class Told(NamedTuple):
    """One line of documentation; `names` are those of a scenario, where one was given."""

    pattern: str
    unit: str
    meaning: str
    names: tuple[str, ...]


def names_of(patterns: Sequence[str], *scenarios: Scenario, tracing: Sequence[str] = EVERY_RULE) -> tuple[str, ...]:
    """The outcomes that patterns stand for in any of the scenarios, in the order of the registry.

    `*` stands for any text; a tracing rule may be left out of a pattern and then means all rules of `tracing`.

    Raises: UnknownOutcome.
    """
    return _resolved(patterns, scenarios, tracing, OUTCOMES)


def series_names_of(patterns: Sequence[str], *scenarios: Scenario) -> tuple[str, ...]:
    """The same for daily series.  Raises: UnknownOutcome, also for an outcome that has no course."""
    return _resolved(patterns, scenarios, EVERY_RULE, tuple(o for o in OUTCOMES if o.series is not None))


def types_of(names: Iterable[str]) -> dict[str, type]:
    """int, float or str by name of an outcome.  Raises: UnknownOutcome."""
    return {name: outcome_of(name).kind.value for name in names}


def outcome_of(name: str) -> Outcome:
    """The outcome that a full name belongs to.  Raises: UnknownOutcome."""
    stem = name.partition(".")[0]
    for outcome in OUTCOMES:
        if outcome.stem == stem and ("." in outcome.pattern) == ("." in name):
            return outcome
    patterns = {outcome.stem: outcome.pattern for outcome in OUTCOMES}
    near = [patterns[near] for near in nearest_names(stem, patterns)]
    raise UnknownOutcome(name, "a name that `carousel outcomes` prints", near)


def describe(scenario: Scenario | None = None) -> Iterator[Told]:
    """Every outcome in words, with its names in a scenario."""
    for outcome in OUTCOMES:
        names = tuple(map(outcome.name, outcome.labels(scenario))) if scenario is not None else ()
        yield Told(outcome.pattern, outcome.unit, outcome.meaning, names)


def named(outcomes: Iterable[Outcome], scenario: Scenario) -> Iterator[Named]:
    """Every name of a scenario."""
    for outcome in outcomes:
        for label in outcome.labels(scenario):
            rule, _, rest = label.partition(".") if outcome.is_by_rule else ("", "", label)
            yield Named(outcome.name(label), outcome.name(rest), label, rule, outcome)


def _resolved(
    patterns: Sequence[str], scenarios: Sequence[Scenario], tracing: Sequence[str], outcomes: Sequence[Outcome]
) -> tuple[str, ...]:
    known: dict[str, Named] = {}
    for scenario in scenarios:
        known |= {each.name: each for each in named(outcomes, scenario) if each.name not in known}
    order = {outcome.pattern: place for place, outcome in enumerate(outcomes)}
    found: dict[str, Named] = {}
    for pattern in patterns:
        matched = _matched(pattern, known, tracing)
        if not matched:
            raise _unknown(pattern, known, outcomes)
        found |= {each.name: each for each in matched}
    places = {name: place for place, name in enumerate(known)}
    return tuple(sorted(found, key=lambda name: (order[found[name].outcome.pattern], places[name])))


def _matched(pattern: str, known: dict[str, Named], tracing: Sequence[str]) -> list[Named]:
    """By the full name, whatever its rule; without a rule, by those that are asked for."""
    fits = _expression(pattern).fullmatch
    begins_with_rule = any(f".{rule}." in pattern for rule in EVERY_RULE)
    return [
        each
        for each in known.values()
        if (begins_with_rule and fits(each.name))
        or ((not each.rule or each.rule in tracing) and (fits(each.short) or fits(each.name)))
    ]


@lru_cache(maxsize=256)
def _expression(pattern: str) -> re.Pattern[str]:
    return re.compile(".*".join(map(re.escape, pattern.split("*"))), re.DOTALL)


def _unknown(pattern: str, known: dict[str, Named], outcomes: Sequence[Outcome]) -> UnknownOutcome:
    """What is nearest: a name of the scenario, else the pattern of an outcome."""
    stem = pattern.partition(".")[0]
    siblings = [name for each in known.values() if each.outcome.stem == stem for name in (each.short,)]
    others = {outcome.stem: outcome.pattern for outcome in outcomes}
    allowed = next((o.pattern for o in outcomes if o.stem == stem), "a pattern that `carousel outcomes` prints")
    if not siblings and any(o.stem == stem for o in OUTCOMES) and not any(o.stem == stem for o in outcomes):
        allowed = "an outcome with a daily course"
    near = nearest_names(pattern, dict.fromkeys(siblings)) or [others[name] for name in nearest_names(stem, others)]
    return UnknownOutcome(pattern, allowed, near)


__all__ = ["OUTCOMES", "Kind", "Named", "Told", "UnknownOutcome", "describe", "names_of", "series_names_of", "types_of"]
