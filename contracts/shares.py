"""Shares by the standard (STK): bought once, at a price."""

from __future__ import annotations

from .actus.standing import Standing
from .actus.terms import Terms
from .actus.words import ContractType


def purchase_cents(day: int, shares: int, price_cents: int) -> int:
    """What whoever buys so many shares on a day pays."""
    terms = Terms(
        kind=ContractType.STK, status_time=day - 1, purchase=day, purchase_price=shares * price_cents, notional=shares
    )
    return -round(sum(event.payoff for event in Standing(terms).pass_until(day)))
