"""Payments and events in words: what each cause of a payment and each kind of event says in a sentence."""

from __future__ import annotations

import pandas as pd

from ..engine.legible import legible
from ..history.kinds import cause_text
from ..ledger.causes import Cause
from ..narrative.chronicle import Happening
from .wording import dollars, label

FOR = {
    Cause.REVENUE_AI: "for AI services",
    Cause.REVENUE_OTHER: "for its other products",
    Cause.RUNNING_COSTS: "for running costs",
    Cause.REVENUE_SHARE: "as its share of revenue",
    Cause.COMPUTE_BILL: "for compute",
    Cause.CHIP_BILL: "for chips",
    Cause.CONSTRUCTION: "for construction",
    Cause.OPERATION: "for operation",
    Cause.MILESTONE: "as a tranche of an investment",
    Cause.ROUND: "in a financing round",
    Cause.LISTING: "for new shares when it was listed",
    Cause.CAPITAL_CALL: "on a capital call",
    Cause.SAVING: "as savings",
    Cause.TRADE_PAY: "for securities bought",
    Cause.TRADE_RECEIVE: "for securities sold",
    Cause.BOND_ISSUE: "for new bonds",
    Cause.COUPON: "as interest on bonds",
    Cause.MATURITY: "for matured bonds",
    Cause.ETF_CASH: "as cash of the ETF",
    Cause.OBLIGATION: "on a debt",
    Cause.DEFAULT_COST: "as a cost of default",
    Cause.VENDOR_LOAN: "as a vendor's loan",
    Cause.BOND_INFLOW: "as new money for bonds",
    Cause.FUND_FLOW: "as savers' money in funds",
    Cause.VENDOR_INTEREST: "as interest on a vendor's loan",
    Cause.VENDOR_REPAYMENT: "back on a vendor's loan",
    Cause.GUARANTEE_CALL: "on a guarantee",
    Cause.IDLE_CAPACITY: "for capacity that stands idle",
    Cause.RENT: "as rent of chips",
    Cause.CHIPS_RESOLD: "for chips it had rented",
    Cause.OPENING: "at the opening",
}
"""What each cause of a payment says behind payer, payee and sum."""
FOR_TEXT = {cause_text(cause): words for cause, words in FOR.items()}
SAID_ALONE = {
    Happening.ANNOUNCED: "announced: ",
    Happening.CHANGED: "",
    Happening.RESET: "reset: ",
    Happening.LAPSED: "",
}
"""Events whose detail says everything, and what stands before it."""
DOES = {Happening.SIGNED: "signs with", Happening.OFFERED: "offers", Happening.CUT_ASKED: "asks"}
"""What who makes a deal does with the other side."""


def payment_words(payer: str, payee: str, cents: float, cause: str) -> str:
    """A sum of payments as a sentence without its full stop."""
    return legible(f"{payer} paid {payee} {dollars(cents)} {FOR_TEXT.get(cause, cause)}")


def event_words(kind: str, agent: str, counterparty: str, cents: int, detail: str) -> str:
    """An event as half a sentence: who, what, with whom, how much."""
    if kind in SAID_ALONE and detail:
        return legible(f"{SAID_ALONE[Happening(kind)]}{detail}")
    if kind in DOES and detail:
        what = " to cut " if kind == Happening.CUT_ASKED else f" {dollars(cents)}: "
        return legible(f"{agent} {DOES[Happening(kind)]} {counterparty}{what}{detail}")
    whom = f" ({counterparty})" if counterparty else ""
    said = f"{agent}: " if agent else ""
    how_much = f", {dollars(cents)}" if cents else ""
    why = f"; {detail}" if detail else ""
    return legible(f"{said}{label(kind).lower()}{whom}{how_much}{why}")


def summed(journal: pd.DataFrame) -> pd.Series:
    """Cents paid by payer, payee and cause, without what was there at the opening and what goes through the market."""
    through_market = [cause_text(c) for c in (Cause.OPENING, Cause.TRADE_PAY, Cause.TRADE_RECEIVE)]
    rows = journal[~journal["cause"].isin(through_market)]
    return rows.groupby(["payer", "payee", "cause"], sort=True)["cents"].sum()
