"""A scenario of debts alone goes through the model day by day, and its answer says what the books say."""

from __future__ import annotations

import json

import pytest
from carousel.history.recorder import Recorder
from carousel.history.sinks import MemorySink
from carousel.model import CarouselModel
from carousel.report.answer_clearing import has_only_debts, ring_of, settled_by_debt
from carousel.report.answer_text import ROWS_MAX
from carousel.report.store import answer_of
from carousel.scenarios.loader import load
from carousel.scenarios.schema import Scenario
from hypothesis import given, settings
from hypothesis import strategies as st


def debts_only(debts, *, cash=None, days=6, investors=()):
    """A scenario of firms (and investors) that owe each other: debts are (payer, payee, usd, day)."""
    parties = dict.fromkeys(name for payer, payee, *_ in debts for name in (payer, payee))
    cash = cash or {}
    firms = [{"name": n, "opening_cash_usd": cash.get(n, 0.0)} for n in parties if n not in investors]
    ventures = [
        {"name": n, "opening_cash_usd": cash.get(n, 0.0), "dry_powder_usd": 0.0, "partners": f"{n} partners"}
        for n in investors
    ]
    obligations = [
        {"name": f"debt {i}", "payer": payer, "payee": payee, "amount_usd": usd, "due_day": day}
        for i, (payer, payee, usd, day) in enumerate(debts)
    ]
    return Scenario.model_validate(
        {"name": "debts", "title": "Debts", "start_date": "2025-09-09", "days": days, "firm": firms}
        | {"venture_investor": ventures, "obligation": obligations}
    )


def answered(scenario):
    """The finished model and its answer."""
    model = CarouselModel(scenario, rng=0)
    recorder = Recorder(model, MemorySink())
    model.observers.append(recorder)
    model.run_model()
    recorder.finish()
    return model, answer_of(model, recorder)


def cash_of(model, name):
    journal = model.books.journal
    return journal.balance(journal.account(name))


def cells(answer, title):
    return next(t.rows for section in answer.sections for t in section.tables if t.title == title)


def test_the_joke_says_what_it_says():
    _, answer = answered(load("joke"))
    assert answer.headlines == (
        "Three firms book $300 of revenue, nobody has a cent, and all debts are paid. Lend them $1 and it does the job "
        "in 300 payments, and you get it back.",
        "Who paid? Nobody outside: $300 of debts are settled with $0 of cash; $300 cancel out.",
        "And in turn? With $1 in the till it takes 300 payments: the same money goes round 100 times.",
    )
    assert answer.measures["set_off_cents"] == answer.measures["settled_cents"] == 300_00
    assert [section.title for section in answer.sections] == ["All at once", "One after the other"]


@pytest.mark.parametrize(("usd", "payments"), [(1e7, "30,000,000"), (1e13, "30,000,000,000,000")])
def test_a_ring_of_any_size_settles_and_its_laps_are_divided_out(usd, payments):
    debts = [("A", "B", usd, 1), ("B", "C", usd, 1), ("C", "A", usd, 1)]
    model, answer = answered(debts_only(debts, days=1))
    assert model.contracts.bills.set_off_cents == answer.measures["set_off_cents"] == 3 * round(100 * usd)
    assert f"does the job in {payments} payments" in answer.headlines[0]
    assert f"it takes {payments} payments" in answer.headlines[2]


def test_debts_fall_due_on_their_days():
    """A owes before it is owed: late on day 1, and the 100 that it receives on day 5 are still there on day 6."""
    model, answer = answered(debts_only([("A", "B", 100.0, 1), ("C", "A", 100.0, 5)], cash={"C": 100.0}))
    assert answer.measures["cash_at_end_cents"] == {"A": 100_00, "B": 0, "C": 0}
    assert cash_of(model, "A") == 100_00
    assert [row[1:4] for row in cells(answer, "What happened")] == [("Bill late", "A", "B"), ("Paid", "C", "A")]
    assert [row[-1] for row in cells(answer, "The debts")] == ["$0", "$100"]
    assert answer.headlines == (
        "Who paid? Nobody outside: $100 of debts are settled with $100 of cash; $0 cancel out; $100 stays unpaid.",
    )


@pytest.mark.parametrize("more", [0, 1])
def test_a_table_says_how_many_rows_it_leaves_out_and_only_then(more):
    count = ROWS_MAX + more
    _, answer = answered(debts_only([(f"A{k}", f"B{k}", 1.0, 1) for k in range(count)], days=1))
    tables = {table.title: table for section in answer.sections for table in section.tables}
    for title in ("The debts", "What happened"):
        assert len(tables[title].rows) == ROWS_MAX
        assert tables[title].note == (f"The first {ROWS_MAX} of {count}." if more else "")


def test_what_is_late_is_paid_at_the_end_of_the_month():
    model, answer = answered(debts_only([("A", "B", 100.0, 1), ("C", "A", 100.0, 5)], cash={"C": 100.0}, days=21))
    assert model.contracts.bills.due == []
    assert answer.measures["unpaid_cents"] == 0
    assert answer.measures["cash_at_end_cents"] == {"A": 0, "B": 100_00, "C": 0}
    assert [row[-1] for row in cells(answer, "The debts")] == ["$100", "$100"]


def test_an_investor_may_owe():
    model, answer = answered(debts_only([("V", "A", 100.0, 1)], cash={"V": 100.0}, investors=("V",)))
    assert answer.measures["cash_at_end_cents"] == {"V": 0, "A": 100_00}
    assert cash_of(model, "V") == 0


names = st.sampled_from("ABCD")
debts = st.tuples(names, names, st.integers(1, 30), st.integers(1, 25)).filter(lambda debt: debt[0] != debt[1])


@settings(max_examples=25, deadline=None)
@given(st.lists(debts, min_size=1, max_size=6), st.dictionaries(names, st.integers(0, 40)))
def test_the_answer_is_the_models(owed, cash):
    scenario = debts_only([(a, b, float(usd), day) for a, b, usd, day in owed], cash=cash, days=25)
    model, answer = answered(scenario)
    measured = answer.measures
    assert measured["settled_cents"] == model.contracts.bills.settled_cents
    assert measured["set_off_cents"] == model.contracts.bills.set_off_cents
    assert measured["unpaid_cents"] == sum(claim.cents for claim in model.contracts.bills.due)
    assert measured["cash_at_end_cents"] == {name: cash_of(model, name) for name in measured["cash_at_end_cents"]}
    json.dumps(answer.to_json(), allow_nan=False)
    assert answer.to_markdown()


def test_what_two_parties_settled_goes_to_their_earliest_debts_first():
    scenario = debts_only([("A", "B", 60.0, 1), ("A", "B", 60.0, 2), ("B", "A", 10.0, 2)])
    between = {("A", "B"): 80_00, ("B", "A"): 10_00}
    assert settled_by_debt(list(scenario.obligation), between) == [60_00, 20_00, 10_00]


def test_a_ring_is_one_circle_through_all_debts():
    ring = debts_only([("B", "C", 1.0, 1), ("A", "B", 1.0, 1), ("C", "A", 1.0, 1)]).obligation
    assert [debt.payer for debt in ring_of(list(ring))] == ["B", "C", "A"]
    two = debts_only([("A", "B", 1.0, 1), ("B", "A", 1.0, 1), ("C", "D", 1.0, 1), ("D", "C", 1.0, 1)]).obligation
    assert ring_of(list(two)) is None
    assert ring_of(list(debts_only([("A", "B", 1.0, 1)]).obligation)) is None


def test_only_a_scenario_without_a_market_is_one_of_debts_alone():
    assert has_only_debts(load("joke"))
    assert not has_only_debts(load("ai-2025"))
