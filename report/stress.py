"""Loss by holder under one stated shock, looked through the ETF."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from ..history.kinds import CIRCLE_LISTED, FirmKind, ListingKind
from ..history.sinks import Tables
from .exposures import Claim, held, lent

SHARES_LOST = 0.78
"""Of shares of the circle's firms. Source: Nasdaq Composite, 5,048.62 on 10 Mar 2000 to 1,114.11 on 9 Oct 2002."""
DEBTS_LOST = 0.20
"""Of their bonds and loans. Source: assumed, a spread that rises by 3 percentage points over a duration of 7 years."""
LOST = {Claim.SHARES.value: SHARES_LOST, Claim.BONDS.value: DEBTS_LOST, Claim.LOANS.value: DEBTS_LOST}
SHOCK = (
    f"shares of the circle's firms lose {SHARES_LOST:.0%} (as the Nasdaq Composite did from March 2000 to October "
    f"2002), their bonds and loans {DEBTS_LOST:.0%}"
)


def circle_of(firms: pd.DataFrame) -> set[str]:
    """Labs, clouds and chip makers by name."""
    return set(firms.loc[firms["kind"].isin([FirmKind.LAB, *CIRCLE_LISTED]), "firm"])


def losses(tables: Tables, day: int | None = None) -> pd.DataFrame:
    """What the shock takes from everybody who holds something of the circle's firms: day, party, cents (float), every
    day that is recorded or one. The ETF hands its loss on to its holders; what it keeps beside them is nobody's."""
    claims = pd.concat([held(tables, day), lent(tables, day)], ignore_index=True)
    of_circle = claims["debtor"].isin(circle_of(tables["firms"]))
    direct = claims[of_circle].assign(cents=lambda rows: rows["cents"] * rows["kind"].map(LOST))
    lost = direct.groupby(["day", "creditor"], sort=False)["cents"].sum()
    daily = tables["daily"]
    for trust in set(daily.loc[daily["kind"] == ListingKind.ETF, "security"]):
        lost = _handed_on(lost, claims[claims["debtor"] == trust], trust)
    return lost.rename("cents").rename_axis(index={"creditor": "party"}).reset_index()


def _handed_on(lost: pd.Series, holders: pd.DataFrame, trust: str) -> pd.Series:
    """The losses with the trust's spread over its holders."""
    own = lost.index.get_level_values("creditor") == trust
    of_trust = lost[own].droplevel("creditor")
    whole = holders.groupby("day")["cents"].transform("sum")
    share = holders.assign(cents=holders["cents"] / whole * holders["day"].map(of_trust).fillna(0.0))
    return lost[~own].add(share.groupby(["day", "creditor"], sort=False)["cents"].sum(), fill_value=0.0)


def by_group(lost: pd.DataFrame, groups: Mapping[str, str]) -> pd.DataFrame:
    """Losses by day (rows) and class of parties (columns), float cents."""
    named = lost.assign(group=lost["party"].map(groups))
    return named.groupby(["day", "group"], sort=False)["cents"].sum().unstack("group", fill_value=0.0)
