"""Statements and flow of funds as they are told: totals by hand, sums of zero, and a cent that is hidden is seen."""

from __future__ import annotations

import pandas as pd
import pytest
from carousel.history.kinds import cause_text
from carousel.history.tables.statements import CHANGE_IN_CASH
from carousel.ledger.causes import Cause
from carousel.ledger.statement_lines import FUNDS
from carousel.report.funds_matrix import flow_matrix, matrix_gaps
from carousel.report.statement_sheets import Gap, of_firm, sheet_gaps, sheets, side_by_side
from carousel.tests.conftest import frame
from hypothesis import given
from hypothesis import strategies as st

OPENING = [("assets", "cash", 1000), ("claims", "bonds", 400), ("claims", "paid-in capital", 600)]
FIRST = [
    ("income", "sales to labs", 120), ("income", "surplus of the old business", 50), ("income", "operation", -11),
    ("income", "depreciation of chips", -60), ("income", "interest paid", -5),
    ("operating", "sales to labs", 90), ("operating", "surplus of the old business", 50),
    ("operating", "operation", -11), ("operating", "interest paid", -5),
    ("investing", "chips", -300), ("financing", "bonds issued", 500),
    ("assets", "cash", 1324), ("assets", "bills due to it", 30), ("assets", "chips in service", 300),
    ("claims", "bills owed", 60), ("claims", "bonds", 900), ("claims", "paid-in capital", 600),
    ("claims", "retained earnings", 94), ("memo", "tax at the model's rate, not paid", 14),
]  # fmt: skip
"""Billed 120, 90 of it paid; chips of 360, 300 of them paid, 60 written off."""


def lines(**changed):
    """The table of a cloud's opening and first quarter; `cash=1` adds a cent to that line of the first quarter."""
    told = [(0, "Cloud", 0, *row) for row in OPENING]
    told += [(63, "Cloud", 1, s, line, cents + changed.get(line.replace(" ", "_"), 0)) for s, line, cents in FIRST]
    return frame("statements", told)


def test_a_quarter_by_hand_has_its_totals_where_a_report_has_them():
    told = of_firm(sheets(lines()), "Cloud", 1)
    assert list(zip(told["line"], told["cents"], strict=True)) == [
        ("sales to labs", 120), ("surplus of the old business", 50), ("revenue", 170), ("operation", -11),
        ("depreciation of chips", -60), ("interest paid", -5), ("profit", 94),
        ("sales to labs", 90), ("surplus of the old business", 50), ("operation", -11), ("interest paid", -5),
        ("cash from operations", 124), ("chips", -300), ("cash from investing", -300), ("bonds issued", 500),
        ("cash from financing", 500), ("change in cash", 324), ("cash at the start", 1000), ("cash at the end", 1324),
        ("cash", 1324), ("bills due to it", 30), ("chips in service", 300), ("all assets", 1654),
        ("bills owed", 60), ("bonds", 900), ("paid-in capital", 600), ("retained earnings", 94), ("all claims", 1654),
        ("tax at the model's rate, not paid", 14),
    ]  # fmt: skip
    opening = of_firm(sheets(lines()), None, 0)
    assert opening["line"].tolist() == ["cash", "all assets", "bonds", "paid-in capital", "all claims"]
    assert sheet_gaps(lines()) == []


@pytest.mark.parametrize(
    ("line", "gaps"),
    [
        ("bills_due_to_it", [("assets = claims", 1)]),
        ("bonds", [("assets = claims", -1)]),
        ("cash", [("assets = claims", 1), ("cash flow = change in cash", -1)]),
        ("chips", [("cash flow = change in cash", 1)]),
        ("depreciation_of_chips", [("profit = change in retained earnings", 1)]),
    ],
)
def test_a_cent_that_is_hidden_in_a_line_is_seen(line, gaps):
    assert sheet_gaps(lines(**{line: 1})) == [Gap("Cloud", 1, *gap) for gap in gaps]


def test_a_quarter_without_the_one_before_has_no_cash_at_the_start():
    late = lines().query("quarter == 1")
    assert "cash at the start" not in set(sheets(late)["line"])
    assert sheet_gaps(late) == []


def test_a_firm_that_has_nothing_left_is_still_told():
    opening = [(0, "Gone", 0, "assets", "cash", 7), (0, "Gone", 0, "claims", "paid-in capital", 7)]
    gone = frame(
        "statements", [*opening, (63, "Other", 1, "assets", "cash", 7), (63, "Other", 1, "claims", "bonds", 7)]
    )
    assert Gap("Gone", 1, "cash flow = change in cash", 7) in sheet_gaps(gone)


def test_lines_that_only_one_firm_has_stand_in_their_place():
    other = frame("statements", [(63, "Lab", 1, "income", "sales to AI customers", 9),
                                 (63, "Lab", 1, "income", "running costs", -9)])  # fmt: skip
    both = sheets(pd.concat([lines(), other]))
    income = side_by_side(of_firm(both, None, 1), "firm")["income statement"]
    assert [(row.line, row.cents) for row in income][:5] == [
        ("sales to AI customers", {"Lab": 9}), ("sales to labs", {"Cloud": 120}),
        ("surplus of the old business", {"Cloud": 50}), ("revenue", {"Cloud": 170, "Lab": 9}),
        ("running costs", {"Lab": -9}),
    ]  # fmt: skip


CLASSES = ("labs", "clouds", "households", "banks", "suppliers and staff")
PAYMENTS = st.lists(
    st.tuples(st.integers(1, 4), st.sampled_from(Cause), st.sampled_from(CLASSES), st.sampled_from(CLASSES),
              st.integers(1, 10**15)),
    max_size=30,
)  # fmt: skip


def funds(paid):
    """The table that a list of payments makes: quarter, cause, payer, payee, cents."""
    cells: dict[tuple[str, int, str], int] = {}
    for quarter, cause, payer, payee, cents in paid:
        for group, signed in ((payer, -cents), (payee, cents)):
            for key, amount in (
                ((group, quarter, cause_text(cause)), signed),
                ((group, quarter, CHANGE_IN_CASH), -signed),
            ):
                cells[key] = cells.get(key, 0) + amount
    return frame("flow_of_funds", [(63 * q, group, q, flow, c) for (group, q, flow), c in cells.items() if c])


@given(PAYMENTS)
def test_whatever_is_paid_rows_and_columns_of_the_matrix_sum_to_zero(paid):
    table = funds(paid)
    assert matrix_gaps(table) == []
    whole = flow_matrix(table)
    for cause, heading in FUNDS.items():
        moved = sum(cents for _, c, payer, payee, cents in paid if FUNDS[c] == heading and payer != payee == "labs")
        moved -= sum(cents for _, c, payer, payee, cents in paid if FUNDS[c] == heading and payee != payer == "labs")
        assert int(whole.at[heading, "labs"] if heading in whole.index and "labs" in whole else 0) == moved, cause


@given(PAYMENTS.filter(lambda paid: len(funds(paid)) > 0), st.data())
def test_a_cent_that_one_class_alone_has_is_seen(paid, data):
    table = funds(paid)
    row = data.draw(st.integers(0, len(table) - 1))
    table.loc[row, "cents"] += 1
    named = {name for _, name, _ in matrix_gaps(table)}
    assert table.loc[row, "group"] in named
    assert len(named) == 2


def test_both_sides_of_a_trade_are_one_heading():
    table = funds([(1, Cause.TRADE_PAY, "households", "clearing house", 70),
                   (1, Cause.TRADE_RECEIVE, "clearing house", "banks", 70)])  # fmt: skip
    assert flow_matrix(table, 1).loc["securities traded"].to_dict() == {
        "households": -70,
        "clearing house": 0,
        "banks": 70,
    }
