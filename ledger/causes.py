"""Why cash moves and where it first came from: the closed lists of causes and of classes of outside money."""

from __future__ import annotations

from enum import IntEnum, StrEnum


class Cause(IntEnum):
    """Why an entry was made. Numbers are part of the format of a journal: never change or reuse one."""

    OPENING = 1
    REVENUE_AI = 2
    REVENUE_OTHER = 3
    RUNNING_COSTS = 4
    REVENUE_SHARE = 5
    COMPUTE_BILL = 6
    CHIP_BILL = 7
    CONSTRUCTION = 8
    OPERATION = 9
    MILESTONE = 10
    ROUND = 11
    CAPITAL_CALL = 12
    SAVING = 13
    TRADE_PAY = 14
    """Buyer to clearing house."""
    TRADE_RECEIVE = 15
    """Clearing house to seller."""
    BOND_ISSUE = 18
    COUPON = 19
    MATURITY = 20
    ETF_CASH = 23
    OBLIGATION = 24
    DEFAULT_COST = 25
    VENDOR_LOAN = 26
    """A draw: lender to borrower."""
    BOND_INFLOW = 27
    FUND_FLOW = 28
    VENDOR_INTEREST = 29
    VENDOR_REPAYMENT = 30
    GUARANTEE_CALL = 31
    IDLE_CAPACITY = 32
    """Who backs a builder pays for what stands idle."""
    RENT = 33
    """Of chips that somebody else owns."""
    CHIPS_RESOLD = 34
    """Used chips, to who has rented them."""
    LISTING = 35
    """New shares of a lab, sold at its offer price."""


class OriginClass(StrEnum):
    """Whose money it was when it entered from the outside world; suppliers only ever receive."""

    AI_CUSTOMERS = "AI customers"
    OTHER_CUSTOMERS = "other customers"
    LIMITED_PARTNERS = "limited partners"
    BOND_SAVERS = "bond savers"
    BANK_CREDIT = "bank credit"
    PRIVATE_CREDIT = "private credit"
    HOUSEHOLD_SAVINGS = "household savings"
    PENSION_SAVINGS = "pension savings"
    FUND_SAVERS = "fund savers"
    LEGACY = "legacy"
    MARKET_MAKERS = "market makers"
    SUPPLIERS = "suppliers"
