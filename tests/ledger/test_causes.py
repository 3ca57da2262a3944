"""Numbers of causes are part of the format of a journal: whoever reads an old one relies on them."""

from __future__ import annotations

from carousel.ledger.causes import Cause

NUMBERS = {
    "OPENING": 1, "REVENUE_AI": 2, "REVENUE_OTHER": 3, "RUNNING_COSTS": 4, "REVENUE_SHARE": 5, "COMPUTE_BILL": 6,
    "CHIP_BILL": 7, "CONSTRUCTION": 8, "OPERATION": 9, "MILESTONE": 10, "ROUND": 11, "CAPITAL_CALL": 12, "SAVING": 13,
    "TRADE_PAY": 14, "TRADE_RECEIVE": 15, "BOND_ISSUE": 18, "COUPON": 19, "MATURITY": 20, "ETF_CASH": 23,
    "OBLIGATION": 24, "DEFAULT_COST": 25, "VENDOR_LOAN": 26, "BOND_INFLOW": 27, "FUND_FLOW": 28, "VENDOR_INTEREST": 29,
    "VENDOR_REPAYMENT": 30, "GUARANTEE_CALL": 31, "IDLE_CAPACITY": 32, "RENT": 33, "CHIPS_RESOLD": 34, "LISTING": 35,
}  # fmt: skip
GONE = {16, 17, 21, 22}
"""Numbers of causes that were once and are not given again."""


def test_every_cause_has_the_number_it_always_had():
    assert {name: int(cause) for name, cause in Cause.__members__.items()} == NUMBERS
    assert len(set(NUMBERS.values())) == len(NUMBERS)
    assert not GONE & set(NUMBERS.values())
