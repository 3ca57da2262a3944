"""Lines of the statements: what a payment or a bill of each cause is in an income statement and in a cash flow."""

from __future__ import annotations

from enum import StrEnum

from .causes import Cause


class Section(StrEnum):
    """Parts of the statements. Sums: income is the quarter's profit; operating, investing and financing the change in
    cash; assets are claims. Memo lines enter no sum."""

    INCOME = "income"
    OPERATING = "operating"
    INVESTING = "investing"
    FINANCING = "financing"
    ASSETS = "assets"
    CLAIMS = "claims"
    MEMO = "memo"


CASH_SECTIONS = (Section.OPERATING, Section.INVESTING, Section.FINANCING)


class Line(StrEnum):
    """Lines of the statements."""

    AI_CUSTOMERS = "sales to AI customers"
    LABS = "sales to labs"
    CLOUDS = "sales to clouds"
    OTHER_CUSTOMERS = "sales of capacity to others"
    """Re-let, or of a plan for customers of the builder's own."""
    OLD_BUSINESS = "surplus of the old business"
    REVENUE_SHARE_IN = "revenue share received"
    REVENUE_SHARE_OUT = "revenue share paid"
    RUNNING_COSTS = "running costs"
    """Of a lab; of a chip maker the cost of chips it was paid for; of any listed firm what its old business lacks."""
    COMPUTE = "compute rented"
    OPERATION = "operation"
    CHIP_DEPRECIATION = "depreciation of chips"
    SITE_DEPRECIATION = "depreciation of sites"
    INTEREST_IN = "interest received"
    INTEREST_OUT = "interest paid"
    STAKES_GAIN = "gains on stakes"
    PROVISIONS = "provisions"
    GUARANTEES = "guarantees called"
    IDLE = "idle capacity backed"
    RENT = "rent of chips"
    CHIPS_SOLD = "used chips sold"
    DEFAULT_COST = "costs of default"
    OBLIGATIONS = "obligations"
    WRITE_OFFS = "write-offs"
    FORGIVEN = "debts forgiven"
    CONSTRUCTION = "construction"
    CHIPS = "chips"
    STAKES_BOUGHT = "stakes bought"
    LENT = "loans lent"
    """Notes bought included."""
    LENT_BACK = "loans repaid to it"
    BONDS_ISSUED = "bonds issued"
    BONDS_REPAID = "bonds repaid"
    SHARES_SOLD = "shares sold"
    SHARES_BOUGHT = "shares bought back"
    ROUNDS = "private rounds"
    MILESTONES = "milestone investments"
    DRAWN = "loans drawn"
    REPAID = "loans repaid"
    CASH = "cash"
    RECEIVABLES = "bills due to it"
    BUILDING = "construction in progress"
    CHIPS_NET = "chips in service"
    SITES_NET = "sites in service"
    STAKES = "stakes"
    NOTES_HELD = "notes held"
    """At face value."""
    PAYABLES = "bills owed"
    BONDS = "bonds"
    LOANS = "loans owed"
    PAID_IN = "paid-in capital"
    RETAINED = "retained earnings"
    TAX = "tax at the model's rate, not paid"


REVENUE = (
    Line.AI_CUSTOMERS,
    Line.LABS,
    Line.CLOUDS,
    Line.OTHER_CUSTOMERS,
    Line.OLD_BUSINESS,
    Line.REVENUE_SHARE_IN,
)
"""Lines of income that are revenue; of the old business only the surplus is known."""


class Heading(StrEnum):
    """Rows of the flow of funds between classes."""

    OPENING = "opening cash"
    SALES = "sales to customers outside"
    COMPUTE = "compute"
    CHIPS = "chips"
    CONSTRUCTION = "construction"
    COSTS = "costs"
    REVENUE_SHARES = "revenue shares"
    INTEREST = "interest"
    BONDS = "bonds issued and repaid"
    LOANS = "loans and guarantees"
    STAKES = "rounds and milestones"
    SECURITIES = "securities traded"
    SAVINGS = "savings and capital calls"
    OBLIGATIONS = "obligations"


FUNDS = {
    Cause.OPENING: Heading.OPENING,
    Cause.REVENUE_AI: Heading.SALES,
    Cause.REVENUE_OTHER: Heading.SALES,
    Cause.COMPUTE_BILL: Heading.COMPUTE,
    Cause.IDLE_CAPACITY: Heading.COMPUTE,
    Cause.RENT: Heading.COMPUTE,
    Cause.CHIP_BILL: Heading.CHIPS,
    Cause.CHIPS_RESOLD: Heading.CHIPS,
    Cause.CONSTRUCTION: Heading.CONSTRUCTION,
    Cause.RUNNING_COSTS: Heading.COSTS,
    Cause.OPERATION: Heading.COSTS,
    Cause.DEFAULT_COST: Heading.COSTS,
    Cause.REVENUE_SHARE: Heading.REVENUE_SHARES,
    Cause.COUPON: Heading.INTEREST,
    Cause.VENDOR_INTEREST: Heading.INTEREST,
    Cause.BOND_ISSUE: Heading.BONDS,
    Cause.MATURITY: Heading.BONDS,
    Cause.VENDOR_LOAN: Heading.LOANS,
    Cause.VENDOR_REPAYMENT: Heading.LOANS,
    Cause.GUARANTEE_CALL: Heading.LOANS,
    Cause.ROUND: Heading.STAKES,
    Cause.LISTING: Heading.STAKES,
    Cause.MILESTONE: Heading.STAKES,
    Cause.TRADE_PAY: Heading.SECURITIES,
    Cause.TRADE_RECEIVE: Heading.SECURITIES,
    Cause.ETF_CASH: Heading.SECURITIES,
    Cause.CAPITAL_CALL: Heading.SAVINGS,
    Cause.SAVING: Heading.SAVINGS,
    Cause.BOND_INFLOW: Heading.SAVINGS,
    Cause.FUND_FLOW: Heading.SAVINGS,
    Cause.OBLIGATION: Heading.OBLIGATIONS,
}
"""The row of the flow of funds of every cause."""
EARNED = {
    Cause.COMPUTE_BILL: Line.LABS,
    Cause.CHIP_BILL: Line.CLOUDS,
    Cause.REVENUE_SHARE: Line.REVENUE_SHARE_IN,
    Cause.COUPON: Line.INTEREST_IN,
    Cause.VENDOR_INTEREST: Line.INTEREST_IN,
    Cause.OBLIGATION: Line.OBLIGATIONS,
    Cause.GUARANTEE_CALL: Line.GUARANTEES,
    Cause.IDLE_CAPACITY: Line.IDLE,
    Cause.RENT: Line.RENT,
    Cause.CHIPS_RESOLD: Line.CHIPS_SOLD,
}
"""Income by the cause of a bill, when it is made out, paid or not."""
CHARGED = {
    Cause.RUNNING_COSTS: Line.RUNNING_COSTS,
    Cause.REVENUE_SHARE: Line.REVENUE_SHARE_OUT,
    Cause.COMPUTE_BILL: Line.COMPUTE,
    Cause.OPERATION: Line.OPERATION,
    Cause.COUPON: Line.INTEREST_OUT,
    Cause.VENDOR_INTEREST: Line.INTEREST_OUT,
    Cause.OBLIGATION: Line.OBLIGATIONS,
    Cause.GUARANTEE_CALL: Line.GUARANTEES,
    Cause.IDLE_CAPACITY: Line.IDLE,
    Cause.RENT: Line.RENT,
}
"""Expense by the cause of a bill, when it comes in. Construction and chips become assets, a matured face is a bond's
until it is billed."""
BESIDE = (Cause.ROUND, Cause.VENDOR_REPAYMENT)
"""Bills that no balance sheet shows as such: shares subscribed count when they are paid, an instalment that is due is
still part of the loan."""
RECEIVED = {
    Cause.REVENUE_AI: (Section.OPERATING, Line.AI_CUSTOMERS),
    Cause.COMPUTE_BILL: (Section.OPERATING, Line.LABS),
    Cause.CHIP_BILL: (Section.OPERATING, Line.CLOUDS),
    Cause.REVENUE_SHARE: (Section.OPERATING, Line.REVENUE_SHARE_IN),
    Cause.COUPON: (Section.OPERATING, Line.INTEREST_IN),
    Cause.VENDOR_INTEREST: (Section.OPERATING, Line.INTEREST_IN),
    Cause.OBLIGATION: (Section.OPERATING, Line.OBLIGATIONS),
    Cause.GUARANTEE_CALL: (Section.OPERATING, Line.GUARANTEES),
    Cause.IDLE_CAPACITY: (Section.OPERATING, Line.IDLE),
    Cause.RENT: (Section.OPERATING, Line.RENT),
    Cause.CHIPS_RESOLD: (Section.INVESTING, Line.CHIPS_SOLD),
    Cause.VENDOR_REPAYMENT: (Section.INVESTING, Line.LENT_BACK),
    Cause.MATURITY: (Section.INVESTING, Line.LENT_BACK),
    Cause.BOND_ISSUE: (Section.FINANCING, Line.BONDS_ISSUED),
    Cause.TRADE_RECEIVE: (Section.FINANCING, Line.SHARES_SOLD),
    Cause.LISTING: (Section.FINANCING, Line.SHARES_SOLD),
    Cause.ROUND: (Section.FINANCING, Line.ROUNDS),
    Cause.MILESTONE: (Section.FINANCING, Line.MILESTONES),
    Cause.VENDOR_LOAN: (Section.FINANCING, Line.DRAWN),
}
"""Cash that comes in, by cause. What other customers pay is told apart by what the firm has sold."""
PAID = {
    Cause.RUNNING_COSTS: (Section.OPERATING, Line.RUNNING_COSTS),
    Cause.REVENUE_SHARE: (Section.OPERATING, Line.REVENUE_SHARE_OUT),
    Cause.COMPUTE_BILL: (Section.OPERATING, Line.COMPUTE),
    Cause.OPERATION: (Section.OPERATING, Line.OPERATION),
    Cause.COUPON: (Section.OPERATING, Line.INTEREST_OUT),
    Cause.VENDOR_INTEREST: (Section.OPERATING, Line.INTEREST_OUT),
    Cause.OBLIGATION: (Section.OPERATING, Line.OBLIGATIONS),
    Cause.GUARANTEE_CALL: (Section.OPERATING, Line.GUARANTEES),
    Cause.IDLE_CAPACITY: (Section.OPERATING, Line.IDLE),
    Cause.RENT: (Section.OPERATING, Line.RENT),
    Cause.CHIPS_RESOLD: (Section.INVESTING, Line.CHIPS),
    Cause.DEFAULT_COST: (Section.OPERATING, Line.DEFAULT_COST),
    Cause.CONSTRUCTION: (Section.INVESTING, Line.CONSTRUCTION),
    Cause.CHIP_BILL: (Section.INVESTING, Line.CHIPS),
    Cause.MILESTONE: (Section.INVESTING, Line.STAKES_BOUGHT),
    Cause.ROUND: (Section.INVESTING, Line.STAKES_BOUGHT),
    Cause.VENDOR_LOAN: (Section.INVESTING, Line.LENT),
    Cause.BOND_ISSUE: (Section.INVESTING, Line.LENT),
    Cause.MATURITY: (Section.FINANCING, Line.BONDS_REPAID),
    Cause.TRADE_PAY: (Section.FINANCING, Line.SHARES_BOUGHT),
    Cause.VENDOR_REPAYMENT: (Section.FINANCING, Line.REPAID),
}
"""Cash that goes out, by cause: firms trade in no shares but their own."""
