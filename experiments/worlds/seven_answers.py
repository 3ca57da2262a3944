"""What many worlds and their twins say, in seven answers: chance is a count of worlds, effect a paired difference."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterable
from typing import Any

from ...ledger.causes import OriginClass
from ...ledger.origins import TracingRule
from ...report.answer_text import AnswerTable, Section
from ...report.measures_turn import TURNED, RegimeName
from ...report.wording import dollars, how_many, inside, label, listed, percent
from ...scenarios.schema import Scenario
from ...scenarios.schema_world import DEALS
from .pairs import HIGH, LOW, VALUE, Middle, Worlds

RULES = (TracingRule.PRO_RATA, TracingRule.FIFO, TracingRule.LIFO)
SHARE_SAID = 0.01
"""Smallest share of a table of payers."""
MOST_SAID = 3
NOTE = f"Median of the worlds, {LOW} to {HIGH} % of them in brackets."


def money(middle: Middle) -> str:
    """A median of cents with its range, its unit said once if it can be; one sum where all worlds agree."""
    median, low, high = (dollars(cents) for cents in middle)
    if low == high:
        return median
    units = {text.lstrip("-$").partition(" ")[2] for text in (median, low, high)}
    if len(units) == 1 and units != {""}:
        low, high = (text.partition(" ")[0].replace("$", "") for text in (low, high))
    return f"{median} ({low} to {high})"


def share(middle: Middle) -> str:
    """A median share with its range."""
    low, high = percent(middle.low), percent(middle.high)
    return low if low == high else f"{percent(middle.median)} ({low.removesuffix(' %')} to {high.removesuffix(' %')})"


def answers(scenario: Scenario, worlds: Worlds) -> list[Section]:
    """All seven, in the order in which people ask."""
    return [
        *filter(None, [_who_put_up(scenario, worlds)]),
        _who_built(scenario, worlds),
        *(_who_paid(worlds, lab.name) for lab in scenario.lab),
        _what_moved(worlds),
        _left_holding(worlds),
        _did_it_turn(worlds),
        _made_possible(),
    ]


def _payers(worlds: Worlds, flow: str) -> tuple[str, AnswerTable]:
    """The largest payers of a flow in words, and all of them by the three rules of tracing."""
    kinds = [k for k in OriginClass if f"payer_share.{RULES[0]}.{flow}.{k}" in worlds.own[0]]
    rows = {kind: [worlds.middle(f"payer_share.{rule}.{flow}.{kind}") for rule in RULES] for kind in kinds}
    rows = {kind: found for kind, found in rows.items() if any(m.high >= SHARE_SAID for m in found)}
    order = sorted(rows, key=lambda kind: -rows[kind][0].median)
    said = listed([f"{share(rows[kind][0])} from {inside(kind)}" for kind in order[:MOST_SAID]])
    cells = tuple((label(kind), *map(share, rows[kind])) for kind in order)
    return said, AnswerTable("Whose money, by rule of tracing", ("Class", *RULES), cells, note=NOTE)


def _who_put_up(scenario: Scenario, worlds: Worlds) -> Section | None:
    """Of equity that was promised to labs: how much has been paid, and whose money that was."""
    kinds = [kind for kind, deal in DEALS.items() if deal.is_promise and deal.puts_in == "investor"]
    deals: list[Any] = [deal for kind in kinds for deal in getattr(scenario, kind)]
    if not deals:
        return None
    promised = sum(worlds.middle(f"announced.{deal.name}").median for deal in deals)
    paid = Middle.of([math.fsum(each) for each in zip(*(worlds.of(f"paid.{d.name}") for d in deals), strict=True)])
    who, whom = _names(deal.investor for deal in deals), _names(deal.investee for deal in deals)
    sentences = [f"{who} promised {whom} {dollars(promised)}. Of that {money(paid)} was paid."]
    if not paid.high:
        return Section("Who put up the promised equity?", tuple(sentences))
    said, table = _payers(worlds, "milestone investments.all")
    return Section("Who put up the promised equity?", (*sentences, f"Whose money that was: {said}."), (table,))


def _names(names: Iterable[str]) -> str:
    return listed(list(dict.fromkeys(names)))


def _who_built(scenario: Scenario, worlds: Worlds) -> Section:
    """Sources of what builders spent."""
    builders = _names(cloud.name for cloud in scenario.cloud)
    spent = worlds.middle("received.building.all")
    if not spent.high:
        return Section("Who built it?", ("Nobody has built anything.",))
    said, table = _payers(worlds, "building.all")
    return Section("Who built it?", (f"{builders} spent {money(spent)} on building: {said}.",), (table,))


def _who_paid(worlds: Worlds, lab: str) -> Section:
    """What a lab spent, and whose money it was."""
    spent = worlds.middle(f"received.spending.{lab}")
    said, table = _payers(worlds, f"spending.{lab}")
    again = worlds.middle(f"recycled_share.pro-rata.spending.{lab}")
    sentences = (
        f"{lab} spent {money(spent)}: {said}.", f"{share(again)} of it had been round the circle before.",
    )  # fmt: skip
    return Section(f"Who paid {lab}?", sentences, (table,))


def _what_moved(worlds: Worlds) -> Section:
    """Promised, committed, paid; and what the circle adds to the value of its firms."""
    names = worlds.names("announced.")
    rows = tuple(
        (name, *(money(worlds.middle(f"{what}.{name}")) for what in ("announced", "committed", "paid")))
        for name in names
    )
    mean, last = worlds.effect(f"{VALUE}_mean"), worlds.effect(VALUE)
    sentences = (
        f"The circle's deals add {money(mean)} to the market value of its firms, the mean over all days, and "
        f"{money(last)} on the last: the same luck with the deals and without.",
    )
    table = AnswerTable("Promised and paid", ("Promise", "Announced", "Committed", "Paid"), rows, note=NOTE)
    return Section("What moved?", sentences, (table,) if rows else ())


def _left_holding(worlds: Worlds) -> Section:
    """Each class of holders: what it gained, beyond its twin, and how much of that is cash."""
    holders = worlds.names("gain.")
    beyond = {name: worlds.effect(f"gain.{name}") for name in holders}
    order = sorted(holders, key=lambda name: beyond[name].median)
    rows = tuple(
        (label(name), money(worlds.effect(f"net_cash.{name}")), money(worlds.effect(f"holds.{name}")),
         money(beyond[name]), money(worlds.middle(f"gain.{name}")))
        for name in order
    )  # fmt: skip
    first, last = order[0], order[-1]
    losers = sum(beyond[name].median < 0 for name in holders)
    sentences = (
        f"Beyond the worlds without deals {inside(last)} gain most, {money(beyond[last])}"
        + (f", and {inside(first)} lose most, {money(beyond[first])}." if losers else "; nobody loses in the middle."),
    )
    columns = ("Class", "Cash taken out", "Paper held", "Gain", "Gain, moods and market included")
    note = f"All but the last column: beyond the twin of the same luck. {NOTE}"
    return Section("Who is left holding?", sentences, (AnswerTable("By class", columns, rows, note=note),))


def _did_it_turn(worlds: Worlds) -> Section:
    """In how many worlds, and what came first in those that turned."""
    count = Counter(str(run["regime"]) for run in worlds.own)
    n = len(worlds.own)
    turned = [run for run in worlds.own if run["regime"] in TURNED]
    words = listed([f"{name.value} in {count[name.value]}" for name in RegimeName if count[name.value]])
    sentences = [f"It turned in {len(turned)} of {how_many(n, 'world')}: {words}."]
    chains = [json.loads(run["chain"]) for run in turned if run["chain"]]
    if firsts := Counter(chain[0]["kind"].replace("_", " ") for chain in chains if chain):
        said = listed([f"{kind} in {many}" for kind, many in firsts.most_common(MOST_SAID)])
        sentences.append(f"The first event where it turned: {said}.")
    return Section("Did it turn?", tuple(sentences))


def _made_possible() -> Section:
    return Section(
        "Who made it possible?",
        ("What each class of payers adds to what was built, over all orders in which they could arrive: "
         "`python run.py study shapley`.",),
    )  # fmt: skip
