"""Whose cash firms lived on: every firm's cash by cause, what each investor put into a lab, and whether it was new."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from ....history.kinds import cause_text
from ....history.tables.journal import TRACED_CLASSES
from ....ledger.causes import Cause
from ....ledger.origins import TracingRule
from ....scenarios.schema import Scenario
from ....scenarios.schema_world import DEALS
from .of_firms import clouds, labs
from .outcome import Kind, Needs, Outcome, Values
from .seen import Seen
from .tracks import Invested, Track

INVESTED = frozenset({Track.INVESTED})


class FirmsMoney(NamedTuple):
    """What firms have put into labs under one tracing rule, in cents: new from outside by class, and what had been
    round the circle before."""

    new: Counter[str]
    again: int


def _firms_of_circle(scenario: Scenario) -> Sequence[str]:
    return [*labs(scenario), *clouds(scenario), *(maker.name for maker in scenario.chip_maker)]


def cause_labels(scenario: Scenario) -> Sequence[str]:
    """FIRM.CAUSE."""
    return [f"{firm}.{cause_text(cause)}" for firm in _firms_of_circle(scenario) for cause in Cause]


def investors(scenario: Scenario) -> Sequence[str]:
    """Who may put money into a lab: venture investors, firms of the circle, and whoever has promised to."""
    promised = [
        getattr(deal, made_of.puts_in)
        for kind, made_of in DEALS.items()
        if made_of.puts_in and "investee" in made_of.roles
        for deal in getattr(scenario, kind)
    ]
    venture = [investor.name for investor in scenario.venture_investor]
    return list(dict.fromkeys([*venture, *_firms_of_circle(scenario), *promised]))


def investor_labels(scenario: Scenario) -> Sequence[str]:
    """LAB.INVESTOR."""
    return [f"{lab}.{name}" for lab in labs(scenario) for name in investors(scenario) if name != lab]


def _per_rule(labels: Sequence[str]) -> Sequence[str]:
    return [f"{rule.value}{label}" for rule in TracingRule for label in labels]


def _net_by_cause(seen: Seen) -> Values:
    books = seen.model.books
    flows, journal = books.flows, books.journal
    found: dict[str, int] = {}
    for name in _firms_of_circle(seen.model.scenario_data):
        account = journal.account(name)
        counted = account < len(flows.taken_by_cause)
        for cause in Cause:
            net = int(flows.taken_by_cause[account, cause] - flows.given_by_cause[account, cause]) if counted else 0
            found[f"{name}.{cause_text(cause)}"] = net
        found[f"{name}.{cause_text(Cause.OPENING)}"] = journal.balance(account) - sum(
            found[f"{name}.{cause_text(cause)}"] for cause in Cause if cause is not Cause.OPENING
        )
    return found


def _payments(seen: Seen) -> list[Invested]:
    return [payment for day in seen.notes(Track.INVESTED) for payment in day]


def _put_in(seen: Seen) -> Values:
    names, sums = seen.model.books.journal.names, Counter[str]()
    for payment in _payments(seen):
        sums[f"{names[payment.lab]}.{names[payment.investor]}"] += payment.cents
    return sums


def _of_firms(seen: Seen) -> dict[TracingRule, FirmsMoney]:
    """By rule: of the payments by firms, what was new and what had been round."""
    journal = seen.model.books.journal
    ventures = {investor.account for investor in seen.model.cast.venture_investors}
    classes = [journal.origin_class(account) for account in journal.origin_accounts]
    found: dict[TracingRule, FirmsMoney] = {}
    for payment in _payments(seen):
        if payment.investor in ventures:
            continue
        for rule, (origins, laps_before, cents) in payment.money.items():
            money = found.setdefault(rule, FirmsMoney(Counter(), 0))
            is_new = laps_before == 0
            for origin, part in zip(origins[is_new].tolist(), cents[is_new].tolist(), strict=True):
                money.new[classes[origin].value] += part
            found[rule] = money._replace(again=money.again + int(cents[~is_new].sum()))
    return found


def _firms_money(seen: Seen) -> dict[TracingRule, FirmsMoney]:
    return seen.once("money of firms", _of_firms)


def _new(seen: Seen) -> Values:
    return {f"{rule.value}.{c}": cents for rule, money in _firms_money(seen).items() for c, cents in money.new.items()}


def _again(seen: Seen) -> Values:
    return {rule.value: money.again for rule, money in _firms_money(seen).items()}


OUTCOMES = (
    Outcome(
        pattern="net_by_cause.FIRM.CAUSE", unit="US cents", kind=Kind.WHOLE, needs=Needs.FLOWS, labels=cause_labels,
        meaning="cash that a lab, cloud or chip maker took in less what it paid, by cause as in the journal; opening: "
        "what it began with",
        measure=_net_by_cause, absent=0,
    ),
    Outcome(
        pattern="put_in.LAB.INVESTOR", unit="US cents", kind=Kind.WHOLE, labels=investor_labels, tracks=INVESTED,
        needs=Needs.DAILY, meaning="what an investor put into a lab: private rounds, milestone investments, tickets",
        measure=_put_in, absent=0,
    ),
    Outcome(
        pattern="firms_new.RULE.CLASS", unit="US cents", kind=Kind.WHOLE, tracks=INVESTED, needs=Needs.DAILY,
        labels=lambda _: _per_rule([f".{c.value}" for c in TRACED_CLASSES]),
        meaning="of what firms, not venture investors, put into labs: money of a class that had not been round the "
        "circle when it was paid",
        measure=_new, absent=0, is_by_rule=True,
    ),
    Outcome(
        pattern="firms_again.RULE", unit="US cents", kind=Kind.WHOLE, tracks=INVESTED, needs=Needs.DAILY,
        labels=lambda _: _per_rule([""]), meaning="the part of it that had been round the circle when it was paid",
        measure=_again, absent=0, is_by_rule=True,
    ),
)  # fmt: skip
