"""Who pays in: cash put in, taken out and held by channel, and what a circle changes of it."""

from __future__ import annotations

import pandas as pd

COLUMNS = ("put_in_cents", "taken_out_cents", "invested_cents", "returned_cents", "cash_cents", "market_value_cents")


def cash_by_channel(payers: pd.DataFrame, day: int | None = None) -> pd.DataFrame:
    """Per channel, in the order of `Channel`: the columns of the table `payers` on the last day recorded (on or before
    `day`), and net_cents, what was put in less what was taken out.
    """
    columns = ["channel", *COLUMNS, "net_cents"]
    if not len(payers):
        return pd.DataFrame(columns=columns)
    days = sorted(set(payers["day"]))
    chosen = max((d for d in days if day is None or d <= day), default=days[0])
    found = payers[payers["day"] == chosen][["channel", *COLUMNS]].reset_index(drop=True)
    found["net_cents"] = found["put_in_cents"] - found["taken_out_cents"]
    return found
