"""What venture investors, bond buyers and active funds have: cash, promises to them, and holdings at market."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, NamedTuple

import numpy as np

from ...model import CarouselModel
from ..columns import Cents, Text, table_of_rows


class InvestorRow(NamedTuple):
    """One row per venture investor or bond buyer and day."""

    investor: Annotated[Text, "name of the investor"]
    kind: Annotated[Text, "venture, bank or bond_fund"]
    cash_cents: Annotated[Cents, "cash on its account"]
    dry_powder_cents: Annotated[Cents, "promised by its partners, not yet paid"]
    holdings_cents: Annotated[Cents, "stakes and bonds at market or last mark"]


class FundRow(NamedTuple):
    """One row per active fund and day."""

    fund: Annotated[Text, "name of the active fund"]
    cash_cents: Annotated[Cents, "cash on its account"]
    equity_cents: Annotated[Cents, "its shares at the last close"]


def investors(model: CarouselModel) -> Iterator[InvestorRow]:
    """Venture investors, then bond buyers."""
    for investor in model.cast.venture_investors:
        yield InvestorRow(
            investor=investor.name,
            kind="venture",
            cash_cents=investor.cash_cents,
            dry_powder_cents=investor.dry_powder_cents,
            holdings_cents=securities_value_cents(model, investor.account),
        )
    for buyer in model.cast.bond_buyers:
        yield InvestorRow(
            investor=buyer.name,
            kind=buyer.facts.kind.value,
            cash_cents=buyer.cash_cents,
            dry_powder_cents=0,
            holdings_cents=model.contracts.bonds.held_cents(buyer.account),
        )


def funds(model: CarouselModel) -> Iterator[FundRow]:
    """Every active fund."""
    for fund in model.cast.funds:
        yield FundRow(fund=fund.name, cash_cents=fund.cash_cents, equity_cents=fund.equity_cents)


def securities_value_cents(model: CarouselModel, account: int) -> int:
    """Market value of everything an account holds: listed shares, the ETF, bonds, private stakes at the marked
    value."""
    holdings = model.books.registers.holdings
    value = model.prices.holdings_value_cents(account) + model.contracts.bonds.held_cents(account)
    if model.cast.etf is not None:
        value += int(holdings[account, model.cast.etf.security]) * model.prices.etf_price_cents
    for lab in model.cast.labs:
        shares = int(holdings[account, lab.security])
        if shares:
            value += round(100 * lab.value_usd() * shares / int(model.books.registers.outstanding[lab.security]))
    return value


def all_securities_cents(model: CarouselModel) -> np.ndarray:
    """`securities_value_cents` of every account at once, int64 (accounts,)."""
    registers = model.books.registers
    prices = model.contracts.bonds.prices("")[0].copy()
    prices[model.prices.securities] = model.prices.price_cents
    if model.cast.etf is not None:
        prices[model.cast.etf.security] = model.prices.etf_price_cents
    values = np.zeros(max(model.books.journal.n_accounts, len(registers.holdings)), np.int64)
    values[: len(registers.holdings)] = registers.holdings @ prices
    for lab in model.cast.labs:
        held, existing = registers.holdings[:, lab.security], int(registers.outstanding[lab.security])
        for account in np.flatnonzero(held).tolist():
            values[account] += round(100 * lab.value_usd() * int(held[account]) / existing)
    return values[: model.books.journal.n_accounts]


INVESTORS = table_of_rows("investors", InvestorRow, investors)
FUNDS = table_of_rows("funds", FundRow, funds)
