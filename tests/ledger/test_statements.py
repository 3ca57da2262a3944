"""Statements by hand, and for any sums: income is what is retained, cash flows are the change in cash, assets are
claims; a cent that hides in a line is seen."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from carousel.ledger.causes import Cause
from carousel.ledger.statement_lines import CHARGED, EARNED, Line, Section
from carousel.ledger.statements import (
    BALANCED,
    CASH_EXPLAINED,
    FUNDS,
    ByCause,
    Losses,
    Standing,
    Statements,
    flows_of,
    paid_in_of,
)
from hypothesis import given
from hypothesis import strategies as st

NONE = Losses()
CAUSES = 1 + max(Cause)
ASSETS = (Line.CASH, Line.RECEIVABLES, Line.BUILDING, Line.CHIPS_NET, Line.SITES_NET, Line.STAKES, Line.LENT)
DEBTS = (Line.PAYABLES, Line.BONDS, Line.LOANS, Line.PROVISIONS)


def sums(**cents):
    """Sums by cause: `received={Cause.COMPUTE_BILL: 5}`."""
    arrays = {name: np.zeros(CAUSES, np.int64) for name in ("received", "paid", "earned", "charged")}
    for name, by_cause in cents.items():
        for cause, amount in by_cause.items():
            arrays[name][cause] = amount
    return ByCause(**arrays)


def standing(name, by_cause, *, losses=NONE, sold=0, **stocks):
    """A firm's standing from its records."""
    known = {Line[key]: amount for key, amount in stocks.items()}
    assets = {line: known.pop(line, 0) for line in ASSETS}
    debts = {line: known.pop(line, 0) for line in DEBTS}
    assert not known
    flows = flows_of(by_cause, sold, losses, assets[Line.STAKES])
    return Standing(name=name, flows=flows, assets=assets, debts=debts, paid_in=paid_in_of(by_cause, losses))


OPENING = standing("Cloud", sums(), CASH=1000, BONDS=400)
BUILT = standing(
    "Cloud",
    sums(
        received={Cause.REVENUE_OTHER: 70, Cause.COMPUTE_BILL: 90, Cause.BOND_ISSUE: 500},
        paid={Cause.CHIP_BILL: 300, Cause.CONSTRUCTION: 200, Cause.COUPON: 5, Cause.OPERATION: 11},
        earned={Cause.COMPUTE_BILL: 120},
        charged={Cause.CHIP_BILL: 360, Cause.CONSTRUCTION: 200, Cause.COUPON: 5, Cause.OPERATION: 11},
    ),
    losses=Losses(chips_written_off=60, sites_written_off=10),
    sold=20,
    CASH=1000 + 70 + 90 + 500 - 300 - 200 - 5 - 11,
    RECEIVABLES=30,
    CHIPS_NET=300,
    SITES_NET=190,
    PAYABLES=60,
    BONDS=900,
)
"""In a quarter: 360 of chips and 200 of a site in service, of which 70 is written off; 120 billed, 90 of it paid."""


def test_a_quarter_by_hand():
    statements = Statements()
    statements.close(0, [OPENING], 0.15)
    assert {(line.section, line.line): line.cents for line in statements.lines} == {
        (Section.ASSETS, Line.CASH): 1000,
        (Section.CLAIMS, Line.BONDS): 400,
        (Section.CLAIMS, Line.PAID_IN): 600,
    }
    statements.close(1, [BUILT], 0.15)
    assert list(statements.gaps(["Cloud"])) == []
    found = {(line.section, line.line): line.cents for line in statements.lines}
    income = {line: cents for (section, line), cents in found.items() if section is Section.INCOME}
    assert income == {
        Line.OTHER_CUSTOMERS: 20, Line.OLD_BUSINESS: 50, Line.LABS: 120, Line.OPERATION: -11, Line.INTEREST_OUT: -5,
        Line.CHIP_DEPRECIATION: -60, Line.SITE_DEPRECIATION: -10,
    }  # fmt: skip
    claims = {line: cents for (section, line), cents in found.items() if section is Section.CLAIMS}
    assert claims == {Line.PAYABLES: 60, Line.BONDS: 900, Line.PAID_IN: 600, Line.RETAINED: 104}
    cash = {line: cents for (section, line), cents in found.items() if section is Section.INVESTING}
    assert cash == {Line.CHIPS: -300, Line.CONSTRUCTION: -200}
    assert found[Section.MEMO, Line.TAX] == round(0.15 * 104)


def test_the_next_quarter_tells_only_what_has_happened_in_it():
    statements = Statements()
    for quarter, firm in enumerate((OPENING, BUILT, BUILT)):
        statements.close(quarter, [firm], 0.15)
    assert {line.section for line in statements.lines} == {Section.ASSETS, Section.CLAIMS}
    assert next(line.cents for line in statements.lines if line.line is Line.RETAINED) == 104


def test_a_cent_hidden_in_an_asset_a_debt_or_a_flow_is_seen():
    for field, line in (*(("assets", line) for line in ASSETS), *(("debts", line) for line in DEBTS)):
        told = dict(getattr(BUILT, field))
        told[line] += 1
        sign = 1 if field == "assets" else -1
        assert (BALANCED, "Cloud", sign) in gaps(replace(BUILT, **{field: told}))
    for where in BUILT.flows:
        flows = BUILT.flows.copy()
        flows[where] += 1
        identity, gap = (BALANCED, -1) if where[0] is Section.INCOME else (CASH_EXPLAINED, 1)
        assert gaps(replace(BUILT, flows=flows)) == [(identity, "Cloud", gap)]


def gaps(firm):
    """What does not hold of a quarter."""
    statements = Statements()
    statements.close(0, [OPENING], 0.0)
    statements.close(1, [firm], 0.0)
    return list(statements.gaps(["Cloud"]))


CENTS = st.integers(0, 10**12)


@given(st.lists(st.tuples(st.sampled_from(sorted(EARNED)), CENTS, CENTS), max_size=6),
       st.lists(st.tuples(st.sampled_from(sorted(CHARGED)), CENTS, CENTS), max_size=6), CENTS, CENTS)  # fmt: skip
def test_bills_paid_late_or_never_balance(earned, charged, given_up, forgiven):
    """Whatever is billed waits, is paid or is given up: profit less what came in is what waits."""
    totals = {name: dict.fromkeys(Cause, 0) for name in ("received", "paid", "earned", "charged")}
    for billed, moved, bills in (("earned", "received", earned), ("charged", "paid", charged)):
        for cause, cents, part in bills:
            totals[billed][cause] += cents
            totals[moved][cause] += min(part, cents)
    came, went = sum(totals["received"].values()), sum(totals["paid"].values())
    due, owed = sum(totals["earned"].values()) - came, sum(totals["charged"].values()) - went
    lost, spared = min(given_up, due), min(forgiven, owed)
    firm = standing(
        "Cloud", sums(**totals), losses=Losses(lost=lost, forgiven=spared),
        CASH=1000 + came - went, RECEIVABLES=due - lost, PAYABLES=owed - spared, BONDS=400,
    )  # fmt: skip
    assert gaps(firm) == []


def test_a_cent_that_leaves_an_account_without_a_cause_is_seen():
    statements = Statements()
    net = np.zeros((2, CAUSES), np.int64)
    net[0, Cause.COUPON], net[1, Cause.COUPON] = -5, 5
    statements.close_funds(net, np.array([-5, 5]))
    assert list(statements.gaps(["payer", "payee"])) == []
    statements.close_funds(net, np.array([-6, 6]))
    assert list(statements.gaps(["payer", "payee"])) == [(FUNDS, "payer", 1), (FUNDS, "payee", -1)]
