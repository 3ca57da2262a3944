"""The computed answer to the opening joke: a ring of debts cleared without money, or paid in turn from one dollar."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..ledger.causes import Cause
from ..ledger.dues import Due, clear_dues
from ..ledger.payment_plan import PaidInTurn, pay_in_turn, plan_payments
from ..ledger.units import cents
from .answer import Answer
from .answer_text import AnswerTable, Section
from .wording import dollars, percent

if TYPE_CHECKING:
    from ..scenarios.schema import Scenario

TILL_CENTS = 100
"""One dollar in the till of the first debtor."""


def clearing_answer(scenario: Scenario) -> Answer:
    """All debts of a scenario without a market, cleared at once and paid one after the other."""
    parties = [firm.name for firm in scenario.firms]
    number = {name: i for i, name in enumerate(parties)}
    dues = [
        Due(number[o.payer], number[o.payee], cents(o.amount_usd), 0, i, Cause.OBLIGATION)
        for i, o in enumerate(scenario.obligation)
    ]
    cash = {i: cents(firm.opening_cash_usd) for i, firm in enumerate(scenario.firms)}
    settlements = clear_dues(dues, cash)
    plan = plan_payments(settlements, cash)
    owed = sum(due.cents for due in dues)
    settled = sum(s.paid_cents for s in settlements)
    moved = sum(amount for _, amount in plan.payments)
    set_off = sum(amount for _, amount in plan.set_off)
    measures: dict[str, object] = {
        "scenario": scenario.name,
        "owed_cents": owed,
        "settled_cents": settled,
        "cash_moved_cents": moved,
        "set_off_cents": set_off,
        "outside_payers": 0,
    }
    rows = tuple(
        (o.name, o.payer, o.payee, dollars(due.cents), dollars(s.paid_cents))
        for o, due, s in zip(scenario.obligation, dues, settlements, strict=True)
    )
    debts = AnswerTable("The debts", ("Debt", "Owes", "Is owed", "Amount", "Settled"), rows, 3)
    totals = AnswerTable(
        "One clearing",
        ("", ""),
        (
            ("Debts settled", f"{dollars(settled)} of {dollars(owed)} ({percent(settled / owed)})"),
            ("Cash that moved", dollars(moved)),
            ("Set off against each other", dollars(set_off)),
            ("Outside payers", "none"),
        ),
    )
    headlines = [
        f"Who paid? Nobody outside: {dollars(settled)} of debts are settled with {dollars(moved)} of cash; "
        f"{dollars(set_off)} cancel out."
    ]
    sections = [Section("All at once", (), (debts, totals))]
    ring = ring_of(dues)
    if ring is not None:
        result = pay_in_turn([due.cents for due in ring], TILL_CENTS)
        measures |= {"till_cents": TILL_CENTS, "payments_in_turn": len(result.payments), "laps_in_turn": result.laps}
        sections.append(Section("One after the other", (_in_turn(result),)))
        headlines.append(
            f"And in turn? With {dollars(TILL_CENTS)} in the till it takes {len(result.payments)} payments: "
            f"the same money goes round {result.laps} times."
        )
    return Answer(scenario.title, tuple(headlines), tuple(sections), measures)


def _in_turn(result: PaidInTurn) -> str:
    paid = sum(amount for _, amount in result.payments)
    return (
        f"Each debtor pays the next as soon as it holds any cash: {dollars(TILL_CENTS)} in the till pays "
        f"{dollars(paid)} of debts in {len(result.payments)} payments and {result.laps} laps; "
        f"{dollars(result.unpaid_cents)} stays unpaid."
    )


def ring_of(dues: list[Due]) -> list[Due] | None:
    """The debts in order of payment if they form one single ring, else None."""
    by_payer = {due.payer: due for due in dues}
    if not dues or len(by_payer) != len(dues) or {d.payee for d in dues} != set(by_payer):
        return None
    ring = [dues[0]]
    while ring[-1].payee != dues[0].payer:
        ring.append(by_payer[ring[-1].payee])
    return ring if len(ring) == len(dues) else None
