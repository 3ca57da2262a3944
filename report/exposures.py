"""Who loses what if somebody fails: shares, bonds, loans and contracts that parties hold of each other on a day."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

import pandas as pd

from ..contracts.base import Status
from ..history.kinds import LendingKind
from ..history.sinks import Tables

LIVING = (Status.BINDING, Status.DELIVERING, Status.LATE, Status.RENEGOTIATED)
"""Standings of a promise that binds."""
EXPOSURE_COLUMNS = ("day", "creditor", "debtor", "kind", "cents")


class Claim(StrEnum):
    """What somebody holds of somebody."""

    SHARES = "shares"
    BONDS = "bonds"
    LOANS = "loans"
    CONTRACTS = "contracts"
    """What a customer has bound itself to pay and has not paid: counted apart, it is in no balance sheet."""


def prices(tables: Tables) -> pd.DataFrame:
    """Price and issuer of a unit of every security that is held: day, security, issuer, kind, cents (float of an
    share in private hands, which has no price of its own: its lab's valuation over all its shares)."""
    daily, bonds, labs, registers = (tables[name] for name in ("daily", "bonds", "firms", "registers"))
    listed = daily[["day", "security", "price_cents"]].rename(columns={"price_cents": "price"})
    listed = listed.assign(issuer=listed["security"], kind=Claim.SHARES.value)
    owed = bonds[["day", "bond", "issuer", "price_cents"]].rename(columns={"bond": "security", "price_cents": "price"})
    owed = owed.assign(kind=Claim.BONDS.value)
    is_on_board = labs["firm"].isin(set(daily["security"]))
    own = labs.assign(security=labs["firm"].where(~is_on_board, labs["firm"] + ", private"))
    unlisted = own.merge(registers[["day", "security", "outstanding"]], on=["day", "security"])
    trading = registers[["day", "security", "outstanding"]]
    trading = trading.rename(columns={"security": "firm", "outstanding": "trading"})
    unlisted = unlisted.merge(trading, how="left", on=["day", "firm"])
    unlisted = unlisted[unlisted["outstanding"] > 0]
    exist = unlisted["outstanding"] + unlisted["trading"].where(unlisted["security"] != unlisted["firm"], 0).fillna(0)
    valued = unlisted[["day", "security"]].assign(
        price=unlisted["valuation_cents"] / exist, issuer=unlisted["firm"], kind=Claim.SHARES.value
    )
    return pd.concat([listed, owed, valued], ignore_index=True)


def held(tables: Tables, day: int | None = None) -> pd.DataFrame:
    """Securities that parties hold of others, at market or last mark: `EXPOSURE_COLUMNS`, float cents; every day that
    is recorded, or one. An ETF is a party: its holders hold it, and it holds the shares."""
    holdings, worth = tables["holdings"], prices(tables)
    if day is not None:
        holdings, worth = holdings[holdings["day"] == day], worth[worth["day"] == day]
    rows = holdings.merge(worth, on=["day", "security"])
    rows = rows[rows["account"] != rows["issuer"]]
    rows = rows.assign(cents=rows["units"] * rows["price"]).rename(columns={"account": "creditor", "issuer": "debtor"})
    return rows.groupby(["day", "creditor", "debtor", "kind"], sort=False)["cents"].sum().reset_index()


def lent(tables: Tables, day: int | None = None) -> pd.DataFrame:
    """Loans that are owed, every day that is recorded or one: `EXPOSURE_COLUMNS`."""
    loans = tables["loans_daily"]
    loans = loans[(loans["kind"] == LendingKind.LOAN) & (loans["outstanding_cents"] > 0)]
    loans = loans if day is None else loans[loans["day"] == day]
    names = {"lender": "creditor", "borrower": "debtor", "outstanding_cents": "cents"}
    return loans.assign(kind=Claim.LOANS.value).rename(columns=names)[list(EXPOSURE_COLUMNS)]


def bound(tables: Tables, day: int | None = None) -> pd.DataFrame:
    """What firms have bound themselves to pay other firms under promises that live, and have not paid:
    `EXPOSURE_COLUMNS`, every day that is recorded or one."""
    promises, firms = tables["commitments_daily"], set(tables["firms"]["firm"])
    promises = promises if day is None else promises[promises["day"] == day]
    left = (promises["committed_cents"] - promises["paid_cents"]).clip(lower=0)
    are_between = promises["payer"].isin(firms) & promises["payee"].isin(firms)
    rows = promises.assign(cents=left, creditor=promises["payee"], debtor=promises["payer"])
    rows = rows[are_between & (promises["payer"] != promises["payee"]) & (left > 0) & promises["status"].isin(LIVING)]
    rows = rows.assign(kind=Claim.CONTRACTS.value)
    return rows.groupby(["day", "creditor", "debtor", "kind"], sort=False)["cents"].sum().reset_index()


def exposures(tables: Tables, day: int) -> pd.DataFrame:
    """All claims of parties on each other at the end of a day: day, creditor, debtor, kind, cents (whole)."""
    found = pd.concat([held(tables, day), lent(tables, day), bound(tables, day)], ignore_index=True)
    found["cents"] = found["cents"].round().astype("int64")
    return found[found["cents"] > 0].reset_index(drop=True)


def own_wealth(tables: Tables, day: int) -> dict[str, int]:
    """What each party can lose, in cents: of a firm what its shares are worth, of all others their cash and what they
    hold; nobody outside the world, whose accounts are below zero."""
    claims = exposures(tables, day)
    own = claims[claims["kind"] != Claim.CONTRACTS].groupby("creditor")["cents"].sum()
    cash = tables["cash"]
    cash = cash[cash["day"] == day].set_index("account")["cents"]
    wealth = own.add(cash[cash.index.isin(own.index)].clip(lower=0), fill_value=0).astype("int64")
    firms = tables["firms"]
    firms = firms[firms["day"] == day]
    values = dict(zip(firms["firm"], firms["valuation_cents"].tolist(), strict=True))
    return {str(name): int(cents) for name, cents in {**wealth.to_dict(), **values}.items() if cents > 0}


def group_of(positions: pd.DataFrame) -> Mapping[str, str]:
    """The class of each account by name."""
    return dict(zip(positions["party"], positions["group"], strict=True))
