"""Market value gross and net of cross-holdings: what firms hold of each other is counted once."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from .exposures import Claim

CROSS_COLUMNS = ("firm", "gross_cents", "held_by_firms_cents", "net_cents", "stakes_cents", "underlying_cents")


def cross_holdings(claims: pd.DataFrame, values: Mapping[str, int]) -> pd.DataFrame:
    """Of every firm, in cents: its market value (gross), the part of it that other firms hold, the rest (net), which is
    what holders outside own; what it holds of other firms (stakes), and its value without (underlying).

    `claims` are exposures of a day, `values` the market values of that day. The net values of all firms sum to their
    underlying values, exactly: value that is counted twice is in neither.

    Source: Brioschi, Buzzacchi & Colombo (1989), Journal of Banking and Finance 13(6); Elliott, Golub & Jackson (2014),
    American Economic Review 104(10), eqs. 1 to 3: v = (I - C)^-1 D p, of which (1 - sum_i C_ij) v_j is owned
    outside.
    """
    stakes = claims[claims["kind"] == Claim.SHARES]
    stakes = stakes[stakes["creditor"].isin(list(values)) & stakes["debtor"].isin(list(values))]
    held = stakes.groupby("debtor")["cents"].sum().to_dict()
    holds = stakes.groupby("creditor")["cents"].sum().to_dict()
    rows = []
    for firm, gross in values.items():
        inside, own = int(held.get(firm, 0)), int(holds.get(firm, 0))
        rows.append((firm, int(gross), inside, int(gross) - inside, own, int(gross) - own))
    return pd.DataFrame(rows, columns=list(CROSS_COLUMNS))


def values_of(firms: pd.DataFrame, day: int) -> dict[str, int]:
    """Market value of listed firms and last valuation of labs on a day, by name."""
    rows = firms[firms["day"] == day]
    return dict(zip(rows["firm"], rows["valuation_cents"].tolist(), strict=True))
