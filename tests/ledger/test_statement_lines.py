"""Every cause of a payment has its line in the statements and its row in the flow of funds: a new one fails until it
has."""

from __future__ import annotations

import pytest
from carousel.docs.statements_page import MEANINGS
from carousel.ledger.causes import Cause
from carousel.ledger.statement_lines import CASH_SECTIONS, CHARGED, EARNED, FUNDS, PAID, RECEIVED, Line

FROM_OUTSIDE = {Cause.REVENUE_AI, Cause.REVENUE_OTHER}
"""What customers outside pay: received by firms, paid by nobody who has statements."""
OF_NO_FIRM = {Cause.OPENING, Cause.CAPITAL_CALL, Cause.SAVING, Cause.ETF_CASH, Cause.BOND_INFLOW, Cause.FUND_FLOW}
"""Between investors and those whose money it is; opening cash is in the first balance sheet."""
TO_OUTSIDE = {Cause.LISTING, Cause.RUNNING_COSTS, Cause.OPERATION, Cause.CONSTRUCTION, Cause.DEFAULT_COST,
              Cause.TRADE_PAY, Cause.TRADE_RECEIVE}  # fmt: skip
"""Causes that a firm only pays, or only receives: suppliers, the clearing house, buyers of a listing are no firms."""


@pytest.mark.parametrize("cause", Cause)
def test_every_cause_has_its_row_in_the_flow_of_funds(cause):
    assert cause in FUNDS


@pytest.mark.parametrize("cause", Cause)
def test_every_cause_has_its_line_in_the_cash_flow_of_both_sides(cause):
    assert cause in OF_NO_FIRM | FROM_OUTSIDE | set(RECEIVED) | set(PAID)
    if cause not in OF_NO_FIRM | FROM_OUTSIDE | TO_OUTSIDE:
        assert cause in RECEIVED
        assert cause in PAID
    assert not OF_NO_FIRM & (set(RECEIVED) | set(PAID))


def test_lines_of_income_are_billed_on_one_side_and_charged_on_the_other():
    assert {line for line in EARNED.values() if list(EARNED.values()).count(line) > 2} == set()
    chips = {Cause.CHIP_BILL, Cause.CHIPS_RESOLD}  # they become an asset of who buys them
    assert set(EARNED) - chips <= set(CHARGED)


def test_every_line_has_its_meaning_on_the_page_of_the_statements():
    assert set(MEANINGS) == set(Line)


def test_a_line_stands_in_one_section_of_the_cash_flow():
    where = {}
    for section, line in (*RECEIVED.values(), *PAID.values()):
        assert section in CASH_SECTIONS
        assert where.setdefault(line, section) is section
    assert Line.CASH not in where
