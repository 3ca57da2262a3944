"""The answer of a scenario that has only debts: what was settled, with how much cash, who was late, who holds the cash;
and of a ring, how often one dollar would go round it if everybody paid in turn."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from ..ledger.causes import Cause
from ..ledger.payment_plan import PaidInTurn, pay_in_turn
from ..ledger.units import cents
from .answer import Answer
from .answer_text import ROWS_MAX, AnswerTable, Section
from .wording import dollars, label, percent, spoken_date

if TYPE_CHECKING:
    from ..history.sinks import Tables
    from ..scenarios.schema import Obligation, Scenario

TILL_CENTS = 100
"""One dollar in the till of the first debtor."""
NUMBERS = {2: "Two", 3: "Three", 4: "Four", 5: "Five", 6: "Six"}
Pair = tuple[str, str]
"""Payer and payee."""


def has_only_debts(scenario: Scenario) -> bool:
    """Whether there is no market, only debts to clear."""
    return bool(scenario.obligation) and not (scenario.lab or scenario.listed or scenario.households)


def clearing_answer(tables: Tables, scenario: Scenario, settled_between: Mapping[Pair, int]) -> Answer:
    """The answer of a run without a market, from its tables and the cents that each payer settled with each payee."""
    debts = sorted(scenario.obligation, key=lambda debt: debt.due_day)
    settled = settled_by_debt(debts, settled_between)
    cash_moved = _cash_moved(tables["journal"])
    measures = _measures(scenario, tables["journal"], owed=_owed(debts), settled=sum(settled), cash_moved=cash_moved)
    is_one_day = len({debt.due_day for debt in debts}) == 1
    happened = _happened(tables)
    parts = [_debts(debts, settled), _totals(measures, is_one_day=is_one_day), _cash_in_hand(measures)]
    sections = [
        Section("All at once" if is_one_day else "Day by day", (), tuple(p for p in (*parts, happened) if p.rows))
    ]
    headlines = [_headline(measures)]
    punchline = punchline_of(debts, cash_moved=cash_moved) if not measures["unpaid_cents"] else ""
    ring = ring_of(debts)
    if ring is not None and is_one_day:
        turn = pay_in_turn([cents(debt.amount_usd) for debt in ring], TILL_CENTS)
        measures |= {"till_cents": TILL_CENTS, "payments_in_turn": turn.payments, "laps_in_turn": turn.laps}
        sections.append(Section("One after the other", (_in_turn(turn),)))
        headlines.append(
            f"And in turn? With {dollars(TILL_CENTS)} in the till it takes {turn.payments:,} payments: "
            f"the same money goes round {turn.laps:,} times."
        )
    return Answer(scenario.title, (*filter(None, [punchline]), *headlines), tuple(sections), measures)


def settled_by_debt(debts: list[Obligation], settled_between: Mapping[Pair, int]) -> list[int]:
    """What two parties settled with each other, given to the debts between them in the order of the list."""
    left = dict(settled_between)
    found = []
    for debt in debts:
        pair = (debt.payer, debt.payee)
        found.append(min(cents(debt.amount_usd), left.get(pair, 0)))
        left[pair] = left.get(pair, 0) - found[-1]
    return found


def ring_of(debts: list[Obligation]) -> list[Obligation] | None:
    """The debts in order of payment if they form one single ring, else None."""
    by_payer = {debt.payer: debt for debt in debts}
    if not debts or len(by_payer) != len(debts) or {d.payee for d in debts} != set(by_payer):
        return None
    ring = [debts[0]]
    while ring[-1].payee != debts[0].payer:
        ring.append(by_payer[ring[-1].payee])
    return ring if len(ring) == len(debts) else None


def punchline_of(debts: list[Obligation], *, cash_moved: int) -> str:
    """What makes a ring of debts a joke; empty where it is none: some had cash, or debts fall due one after the
    other, or one dollar would not pay them all."""
    ring = ring_of(debts)
    if ring is None or cash_moved or len({debt.due_day for debt in debts}) > 1:
        return ""
    turn = pay_in_turn([cents(debt.amount_usd) for debt in ring], TILL_CENTS)
    if turn.unpaid_cents:
        return ""
    who = NUMBERS.get(len(ring), f"{len(ring):,}")
    return (
        f"{who} firms book {dollars(_owed(debts))} of revenue, nobody has a cent, and all debts are paid. Lend them "
        f"{dollars(TILL_CENTS)} and it does the job in {turn.payments:,} payments, and you get it back."
    )


def _owed(debts: list[Obligation]) -> int:
    return sum(cents(debt.amount_usd) for debt in debts)


def _obligations(journal: pd.DataFrame) -> pd.DataFrame:
    return journal[journal["cause"] == Cause.OBLIGATION.name.lower()]


def _cash_moved(journal: pd.DataFrame) -> int:
    return int(_obligations(journal)["cents"].sum())


def _measures(scenario: Scenario, journal: pd.DataFrame, *, owed: int, settled: int, cash_moved: int) -> dict[str, Any]:
    """Sums of the run in cents, and every party's cash at the end."""
    received, spent = journal.groupby("payee")["cents"].sum(), journal.groupby("payer")["cents"].sum()
    parties = dict.fromkeys(name for debt in scenario.obligation for name in (debt.payer, debt.payee))
    return {
        "scenario": scenario.name,
        "days": scenario.days,
        "owed_cents": owed,
        "settled_cents": settled,
        "cash_moved_cents": cash_moved,
        "set_off_cents": settled - cash_moved,
        "unpaid_cents": owed - settled,
        "outside_payers": 0,
        "cash_at_end_cents": {name: int(received.get(name, 0)) - int(spent.get(name, 0)) for name in parties},
    }


def _headline(measures: Mapping[str, Any]) -> str:
    unpaid = f"; {dollars(measures['unpaid_cents'])} stays unpaid" if measures["unpaid_cents"] else ""
    return (
        f"Who paid? Nobody outside: {dollars(measures['settled_cents'])} of debts are settled with "
        f"{dollars(measures['cash_moved_cents'])} of cash; {dollars(measures['set_off_cents'])} cancel out{unpaid}."
    )


def _debts(debts: list[Obligation], settled: list[int]) -> AnswerTable:
    rows = tuple(
        (debt.name, debt.payer, debt.payee, f"day {debt.due_day}", dollars(cents(debt.amount_usd)), dollars(paid))
        for debt, paid in list(zip(debts, settled, strict=True))[:ROWS_MAX]
    )
    note = f"The first {ROWS_MAX} of {len(debts):,}." if len(debts) > ROWS_MAX else ""
    return AnswerTable("The debts", ("Debt", "Owes", "Is owed", "Due", "Amount", "Settled"), rows, 4, note)


def _totals(measures: Mapping[str, Any], *, is_one_day: bool) -> AnswerTable:
    owed, settled = measures["owed_cents"], measures["settled_cents"]
    rows = [
        ("Debts settled", f"{dollars(settled)} of {dollars(owed)} ({percent(settled / owed)})"),
        ("Cash that moved", dollars(measures["cash_moved_cents"])),
        ("Set off against each other", dollars(measures["set_off_cents"])),
        ("Outside payers", "none"),
    ]
    return AnswerTable("One clearing" if is_one_day else "All clearings", ("", ""), tuple(rows))


def _cash_in_hand(measures: Mapping[str, Any]) -> AnswerTable:
    """Who holds cash at the end; no rows where nobody does."""
    held = sorted(measures["cash_at_end_cents"].items(), key=lambda item: -item[1])
    rows = tuple((name, dollars(amount)) for name, amount in held if amount)[:ROWS_MAX]
    return AnswerTable("Cash at the end", ("Party", "Cash"), rows)


def _happened(tables: Tables) -> AnswerTable:
    """Payments and what was late, in order of days, the first rows; no rows where no cash moved and all went well."""
    paid = _obligations(tables["journal"])
    rows = [(r.day, r.date, "Paid", r.payer, r.payee, dollars(r.cents)) for r in paid.itertuples()]
    rows += [
        (r.day, r.date, label(r.kind), r.agent, r.counterparty or "", dollars(r.cents))
        for r in tables["events"].itertuples()
    ]
    rows.sort(key=lambda row: row[0])
    said = tuple((f"{spoken_date(row[1])} (day {row[0]})", *row[2:]) for row in rows[:ROWS_MAX])
    note = f"The first {ROWS_MAX} of {len(rows):,}." if len(rows) > ROWS_MAX else ""
    return AnswerTable("What happened", ("Date", "What", "Owes", "Is owed", "Amount"), said, 4, note)


def _in_turn(turn: PaidInTurn) -> str:
    return (
        f"Each debtor pays the next as soon as it holds any cash: {dollars(TILL_CENTS)} in the till pays "
        f"{dollars(turn.paid_cents)} of debts in {turn.payments:,} payments and {turn.laps:,} laps; "
        f"{dollars(turn.unpaid_cents)} stays unpaid."
    )
