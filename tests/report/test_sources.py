"""Sources and uses by hand and for any payments, revenue net of own funding, and turnover that says nothing."""

from __future__ import annotations

import pytest
from carousel.history.kinds import cause_text
from carousel.history.tables import TRACED_CLASSES
from carousel.ledger.causes import Cause
from carousel.ledger.statement_lines import PAID, RECEIVED
from carousel.report.measures_net_revenue import customers, net_revenue
from carousel.report.measures_sources import (
    ALL_BUILDERS,
    ITEM_OF_LINE,
    LINES_IN,
    LINES_OUT,
    Item,
    sources_and_uses,
)
from carousel.tests.conftest import frame
from hypothesis import given
from hypothesis import strategies as st

KINDS = {"Lab": "lab", "Cloud": "cloud", "Maker": "chip_maker"}
PAID_IN = [
    (1, "revenue_ai", "AI customers", "Lab", "", 40),
    (1, "running_costs", "Lab", "suppliers and staff", "", 25),
    (2, "revenue_share", "Lab", "Microsoft", "", 5),
    (2, "round", "Venture", "Lab", "", 60),
    (3, "milestone", "Maker", "Lab", "letter", 30),
    (4, "compute_bill", "Lab", "Cloud", "compute", 50),
    (5, "revenue_other", "other customers", "Cloud", "", 7),
    (5, "operation", "Cloud", "suppliers and staff", "", 3),
    (6, "bond_issue", "Bank", "Cloud", "", 100),
    (7, "coupon", "Cloud", "Bank", "", 4),
    (8, "vendor_loan", "Maker", "Cloud", "line", 20),
    (9, "vendor_interest", "Cloud", "Maker", "", 2),
    (9, "chip_bill", "Cloud", "Maker", "", 90),
    (70, "construction", "Cloud", "suppliers and staff", "", 45),
    (70, "vendor_repayment", "Cloud", "Maker", "line", 8),
    (70, "trade_pay", "Maker", "clearing house", "", 11),
]
"""A small circle: what each paid whom."""


def journal(rows):
    """A journal of payments."""
    return frame("journal", [(*row, 0, 0, *([0] * len(TRACED_CLASSES))) for row in rows])


def told(rows, firm):
    """Sources and uses of one firm by item."""
    found = sources_and_uses(journal(rows), KINDS)
    return {row.item: row.cents for row in found[found["firm"] == firm].itertuples()}


def test_a_small_circle_by_hand():
    assert told(PAID_IN, "Cloud") == {
        Item.LENDERS: 96, Item.LABS: 50, Item.OWN: 4, Item.VENDORS: 10, Item.DRAWN_DOWN: -25, Item.CHIPS: 90,
        Item.CONSTRUCTION: 45,
    }  # fmt: skip
    assert told(PAID_IN, "Lab") == {
        Item.AI_CUSTOMERS: 40, Item.SHARES: 60, Item.VENDORS: 30, Item.DRAWN_DOWN: -50, Item.COMPUTE: 50,
        Item.COSTS: 30,
    }  # fmt: skip
    assert told(PAID_IN, "Maker") == {
        Item.CLOUDS: 90, Item.SHARES: -11, Item.OWN: 2, Item.DRAWN_DOWN: -39, Item.STAKES: 30, Item.LENT: 12,
    }  # fmt: skip
    assert told(PAID_IN, ALL_BUILDERS) == told(PAID_IN, "Cloud")


def test_what_two_builders_have_done_is_told_together():
    second = [(1, "chip_bill", "Other", "Maker", "", 5), (1, "revenue_other", "other customers", "Other", "", 6)]
    found = sources_and_uses(journal([*PAID_IN, *second]), {**KINDS, "Other": "cloud"})
    together = found[found["firm"] == ALL_BUILDERS].set_index("item")["cents"]
    assert (together[Item.CHIPS], together[Item.OWN], together[Item.DRAWN_DOWN]) == (95, 10, -26)


def test_opening_cash_is_no_source_and_a_firm_without_payments_is_left_out():
    rows = [(0, "opening", "OpenAI, earlier rounds", "Lab", "", 99)]
    assert len(sources_and_uses(journal(rows), KINDS)) == 0
    assert len(sources_and_uses(journal(rows), KINDS, ["Lab"])) == 0


@pytest.mark.parametrize("factor", [2, 10])
def test_turnover_of_a_business_that_pays_its_own_costs_says_nothing(factor):
    """A firm that books its turnover gross: costs rise with it, what is left stays."""

    def gross(size):
        return [(5, "revenue_other", "other customers", "Cloud", "", 100 * size + 7),
                (5, "running_costs", "Cloud", "suppliers and staff", "", 100 * size)]  # fmt: skip

    assert told([*PAID_IN, *gross(1)], "Cloud") == told([*PAID_IN, *gross(factor)], "Cloud")


def test_notes_that_a_vendor_buys_are_its_money_and_lent_to_its_customer():
    rows = [*PAID_IN, (10, "bond_issue", "Maker", "Cloud", "note", 9), (71, "maturity", "Cloud", "Maker", "note", 4)]
    assert (told(rows, "Cloud")[Item.VENDORS], told(rows, "Cloud")[Item.LENDERS]) == (15, 96)
    assert told(rows, "Maker")[Item.LENT] == 17
    found = net_revenue(statement(SOLD), journal(rows), frame("commitments", []), KINDS)
    assert found["lent_cents"].tolist() == [0, 29, -12]


def test_every_line_of_a_cash_flow_is_a_source_or_a_use():
    assert {line for _, line in (*RECEIVED.values(), *PAID.values())} <= set(ITEM_OF_LINE)


FIRM_PAYMENTS = st.lists(
    st.tuples(st.sampled_from(sorted(LINES_IN)), st.sampled_from(["AI customers", "Bank", "Lab", "Cloud", "Maker"]),
              st.sampled_from(sorted(LINES_OUT)), st.integers(1, 10**14)),
    max_size=20,
)  # fmt: skip


@given(FIRM_PAYMENTS, st.sampled_from(sorted(KINDS)))
def test_sources_are_uses_whatever_is_paid(payments, firm):
    rows = []
    for cause, other, out, cents in payments:
        rows += (
            [(1, cause, other, firm, "", cents)] if other != firm and (cause in LINES_OUT or other not in KINDS) else []
        )
        rows.append((2, out, firm, "suppliers and staff", "", cents // 2))
    found = sources_and_uses(journal(rows), KINDS)
    for _, items in found.groupby("firm"):
        assert items.loc[items["is_use"], "cents"].sum() == items.loc[~items["is_use"], "cents"].sum()


def statement(rows):
    """Lines of income: day, firm, quarter, line, cents."""
    return frame("statements", [(d, firm, q, "income", line, c) for d, firm, q, line, c in rows])


SOLD = [(63, "Cloud", 1, "sales to labs", 55), (63, "Maker", 1, "sales to clouds", 90),
        (63, "Maker", 1, "surplus of the old business", 500), (126, "Maker", 2, "sales to clouds", 10)]  # fmt: skip


def test_who_buys_from_a_customer_is_a_customer():
    assert customers(journal(PAID_IN), KINDS) == {"Maker": {"Cloud", "Lab"}, "Cloud": {"Lab"}, "Lab": set()}


def test_revenue_net_of_own_funding_by_hand():
    found = net_revenue(statement(SOLD), journal(PAID_IN), frame("commitments", []), KINDS)
    rows = found.drop(columns=["date"]).to_dict("records")
    assert rows == [
        {"firm": "Cloud", "quarter": 1, "sales_cents": 55, "stakes_cents": 0, "lent_cents": 0, "backed_cents": 0,
         "shares_given_cents": 0, "net_cents": 55},
        {"firm": "Maker", "quarter": 1, "sales_cents": 90, "stakes_cents": 30, "lent_cents": 20, "backed_cents": 0,
         "shares_given_cents": 0, "net_cents": 40},
        {"firm": "Maker", "quarter": 2, "sales_cents": 10, "stakes_cents": 0, "lent_cents": -8, "backed_cents": 0,
         "shares_given_cents": 0, "net_cents": 18},
    ]  # fmt: skip


def test_funding_of_who_is_no_customer_is_no_discount():
    rows = [*PAID_IN, (10, "milestone", "Maker", "Stranger", "", 1000)]
    found = net_revenue(statement(SOLD), journal(rows), frame("commitments", []), {**KINDS, "Stranger": "lab"})
    assert found["stakes_cents"].tolist() == [0, 30, 0]


@pytest.mark.parametrize("payee", ["Lab", "Stranger"])
def test_shares_given_to_a_customer_are_what_a_promise_paid_beyond_cash(payee):
    """Under one promise 30 were paid in cash in the first quarter, and 30 + 12 counted as paid; then 5 more."""
    rest = ("delivering", 0.0, 0.5, 100, 100)
    promised = [
        (day, "letter", "milestone", "Maker", payee, *rest, paid, 0, 0) for day, paid in ((21, 30), (63, 42), (84, 47))
    ]
    found = net_revenue(statement(SOLD), journal(PAID_IN), frame("commitments", promised), KINDS)
    given = found.loc[found["firm"] == "Maker", "shares_given_cents"].tolist()
    assert given == ([12, 5] if payee == "Lab" else [0, 0])


def test_guarantees_and_idle_capacity_that_a_vendor_pays_for_are_funding():
    rows = [*PAID_IN, (11, "guarantee_call", "Maker", "Cloud", "", 3), (12, "idle_capacity", "Maker", "Cloud", "", 4)]
    found = net_revenue(statement(SOLD), journal(rows), frame("commitments", []), KINDS)
    assert found["backed_cents"].tolist() == [0, 7, 0]
    assert told(rows, "Cloud")[Item.VENDORS] == 17


def test_every_cause_that_a_firm_receives_or_pays_is_known():
    assert set(LINES_IN) | set(LINES_OUT) >= {cause_text(c) for c in (*RECEIVED, *PAID, Cause.REVENUE_OTHER)}
