"""What moved and who is left holding: differences to the same luck without the circle's deals."""

from __future__ import annotations

from ...history.kinds import PromiseKind
from ...report.answer_text import AnswerTable, Section
from ...report.wording import inside, label
from ...scenarios.schema_world import DEALS
from ..sweeps.outcomes.of_value import PartOfValue
from .comparison import Comparison
from .pairs import VALUE
from .said import Said

UNCOUNTED = (PromiseKind.REVOLVING_LINE, PromiseKind.BUILD_PLAN)
"""Lists of promises that are not counted among the circle's: money that a bank holds ready, a firm's own plans."""
PARTS = {
    PartOfValue.EARNINGS: "earnings less debts",
    PartOfValue.BELIEF: "belief in promises",
    PartOfValue.STORY: "the story",
    PartOfValue.FLOW: "moods and orders",
    PartOfValue.LABS: "labs at their last round",
}


def what_moved(said: Said, beside: Comparison) -> Section:
    """Promised, committed, paid; and what the circle adds to the value of its firms, in parts."""
    uncounted = {deal.name for kind in UNCOUNTED for deal in getattr(said.scenario, kind)}
    every = [
        deal.name for kind, made_of in DEALS.items() if made_of.is_promise for deal in getattr(said.scenario, kind)
    ]
    deals = [name for name in every if name not in uncounted]
    sentences = []
    announced = [f"announced.{name}" for name in deals]
    if deals and said.middle(announced).high:
        promised = said.money("promised", *announced)
        committed = said.money("committed", *(f"committed.{name}" for name in deals))
        paid = said.money("paid", *(f"paid.{name}" for name in deals))
        sentences.append(f"Of {promised} promised {committed} has become binding and {paid} has been paid.")
    mean, last = f"{VALUE}_mean", said.money("value added on the last day", VALUE, is_effect=True)
    added = said.money("value added, mean of all days", mean, is_effect=True)
    is_gain = said.middle([mean], is_effect=True).median >= 0
    does = "add" if is_gain else "change the market value of its firms by"
    to = " to the market value of its firms" if is_gain else ""
    subject = (
        "The circle's deals"
        if beside.is_twin
        else f"Beside the same luck {beside.words} the world is otherwise: its deals"
    )
    sentences.append(f"{subject} {does} {added}{to} in the mean of all days and {last} on the last.")
    if deals and is_gain and said.middle(announced).low > 0:
        ratio = said.per_dollar(
            "value added for each promised dollar, mean of all days", [mean], announced, is_effect=True
        )
        sentences.append(f"That is {ratio} dollars of market value for each promised dollar.")
    rows = tuple(
        (label(words), said.money(f"value added by {words}", f"value_part.{part}", is_effect=True),
         said.money(f"value of {words}", f"value_part.{part}"))
        for part, words in PARTS.items()
        if f"value_part.{part}" in said.worlds.own[0] and (part is not PartOfValue.LABS or said.scenario.lab)
    )  # fmt: skip
    rows += ((("All"), last, said.money("market value on the last day", VALUE)),)
    note = f"Added: beyond the same luck {beside.words}."
    parts = AnswerTable(
        "What the market value of its firms is made of on the last day",
        ("", "Added", "In all"),
        rows,
        note=note,
        has_total=True,
    )
    return Section("What moved?", tuple(sentences), (*_accounts(said, every), parts))


def _accounts(said: Said, deals: list[str]) -> tuple[AnswerTable, ...]:
    rows = tuple(
        (name, *(said.money(f"{what} under {name}", f"{what}.{name}") for what in ("announced", "committed", "paid")))
        for name in deals
    )
    return (AnswerTable("Promised and paid", ("Promise", "Announced", "Binding", "Paid"), rows),) if rows else ()


def left_holding(said: Said, beside: Comparison) -> Section:
    """Each class of holders: what it gained, beyond its twin, and how much of that is cash."""
    holders = said.worlds.names("gain.")
    if not holders:
        return Section("Who is left holding?", ("Nobody holds anything.",))
    beyond = {name: said.middle([f"gain.{name}"], is_effect=True).median for name in holders}
    order = sorted(holders, key=lambda name: beyond[name])
    rows = tuple(
        (label(name), said.money(f"cash beyond, {name}", f"net_cash.{name}", is_effect=True),
         said.money(f"paper beyond, {name}", f"holds.{name}", is_effect=True),
         said.money(f"gain beyond, {name}", f"gain.{name}", is_effect=True),
         said.money(f"net cash taken out, {name}", f"net_cash.{name}"),
         said.money(f"held on the last day, {name}", f"holds.{name}"),
         said.money(f"gain with moods and market, {name}", f"gain.{name}"))
        for name in order
    )  # fmt: skip
    columns = (
        "Class",
        "Cash, beyond",
        "Paper, beyond",
        "Gain, beyond",
        "Cash taken out",
        "Holds",
        "Gain, moods included",
    )
    note = f"Beyond: less the same luck {beside.words}. Cash taken out less cash put in."
    table = AnswerTable("By class", columns, rows, note=note)
    sentences = [f"Beyond the same luck {beside.words}, {_gain(said, order[-1])}."]
    if beyond[order[0]] < 0 and order[0] != order[-1]:
        sentences.append(f"On the other side, {_gain(said, order[0])}.")
    else:
        sentences.append("No class loses in the middle of the worlds.")
    return Section("Who is left holding?", tuple(sentences), (table,))


def _gain(said: Said, name: str) -> str:
    """What a class has more, in cash and in paper."""
    gain = said.money(f"gain beyond, {name}", f"gain.{name}", is_effect=True)
    cash = said.money(f"cash beyond, {name}", f"net_cash.{name}", is_effect=True)
    paper = said.money(f"paper beyond, {name}", f"holds.{name}", is_effect=True)
    return f"{inside(name)} have {gain} more than they would have: {cash} of it in cash, {paper} in paper".replace(
        "more than they would have: ", "more: " if not gain.startswith("-") else "(less is minus): "
    )
