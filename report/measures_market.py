"""What the market made of it: the circle's value, its deepest fall, gains by class, premium, spreads, runway."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..history.kinds import CIRCLE_LISTED, FirmKind, ListingKind


def circle_value(daily: pd.DataFrame, firms: pd.DataFrame) -> pd.DataFrame:
    """The circle's market value per day: day, date, listed_cents, labs_cents, circle_cents, rest_cents, relative.

    The circle is all clouds, chip makers (at market value) and labs (at their last valuation); the rest is every other
    listed firm's share. `relative` is the circle over the rest, 1 at the start; without a rest, the circle alone.
    """
    kind = dict(zip(firms["firm"], firms["kind"], strict=True))
    shares = daily[daily["kind"] == ListingKind.SHARE]
    kinds = shares["security"].map(kind)
    is_circle, is_rest = kinds.isin(CIRCLE_LISTED), ~kinds.isin((*CIRCLE_LISTED, FirmKind.LAB))
    days = sorted(set(daily["day"]) | set(firms["day"]))
    dates = {
        **dict(zip(firms["day"], firms["date"], strict=True)),
        **dict(zip(daily["day"], daily["date"], strict=True)),
    }
    labs = firms[firms["kind"] == FirmKind.LAB]

    def per_day(rows: pd.DataFrame, column: str) -> np.ndarray:
        return np.asarray(rows.groupby("day")[column].sum().reindex(days, fill_value=0), dtype=float)

    listed = per_day(shares[is_circle], "market_value_cents")
    valued = per_day(labs, "valuation_cents")
    rest = per_day(shares[is_rest], "market_value_cents")
    circle = listed + valued
    return pd.DataFrame(
        {
            "day": days,
            "date": [dates[d] for d in days],
            "listed_cents": listed,
            "labs_cents": valued,
            "circle_cents": circle,
            "rest_cents": rest,
            "relative": relative_value(circle, rest),
        }
    )


def relative_value(circle: np.ndarray, rest: np.ndarray) -> np.ndarray:
    """The circle's course over the rest's, both float[days] in any unit: 1 at the start; where the rest is worth
    nothing, the circle's own course."""
    if not len(circle) or circle[0] <= 0:
        return np.ones(len(circle))
    relative = circle / circle[0]
    return relative / (rest / rest[0]) if (rest > 0).all() else relative


@dataclass(frozen=True, slots=True)
class Fall:
    """The deepest fall of a series from an earlier peak."""

    peak_day: int
    trough_day: int
    peak: float
    trough: float

    @property
    def drawdown(self) -> float:
        """Share of the peak that was lost."""
        return 1 - self.trough / self.peak if self.peak > 0 else 0.0

    @property
    def days(self) -> int:
        """Trading days from peak to trough."""
        return self.trough_day - self.peak_day


def peak_and_trough(days: np.ndarray, values: np.ndarray) -> Fall:
    """The deepest fall: the pair of days peak <= trough that loses the largest share; the first such pair.

    Raises: ValueError if there is no day.
    """
    if not len(values):
        raise ValueError("no day, no peak")
    highest = np.maximum.accumulate(values)
    lost = np.where(highest > 0, 1 - values / np.where(highest > 0, highest, 1), 0.0)
    trough = int(np.argmax(lost))
    peak = int(np.argmax(values[: trough + 1]))
    return Fall(int(days[peak]), int(days[trough]), float(values[peak]), float(values[trough]))


def gain_and_loss_per_class(positions: pd.DataFrame, day: int | None = None) -> pd.DataFrame:
    """Per class, since the start: group, net_cash_cents, value_start_cents, value_cents, gain_cents; integers.

    Taken on the last recorded day (on or before `day`). Net cash is what the class took out less what it put in; it
    sums to zero over all classes. Gain = net cash + change of the market value held.
    """
    columns = ["group", "net_cash_cents", "value_start_cents", "value_cents", "gain_cents"]
    if not len(positions):
        return pd.DataFrame(columns=columns)
    days = sorted(set(positions["day"]))
    chosen = max((d for d in days if day is None or d <= day), default=days[0])

    def sums(when: int) -> pd.DataFrame:
        return (
            positions[positions["day"] == when]
            .groupby("group", sort=False)[["cash_in_cents", "cash_out_cents", "market_value_cents"]]
            .sum()
        )

    now, start = sums(chosen), sums(days[0])
    start = start.reindex(now.index, fill_value=0)
    net = (now["cash_in_cents"] - now["cash_out_cents"]) - (start["cash_in_cents"] - start["cash_out_cents"])
    value, before = now["market_value_cents"], start["market_value_cents"]
    out = pd.DataFrame(
        {
            "group": list(now.index),
            "net_cash_cents": net.to_numpy(),
            "value_start_cents": before.to_numpy(),
            "value_cents": value.to_numpy(),
            "gain_cents": (net + value - before).to_numpy(),
        }
    )
    out.attrs["day"] = int(chosen)
    return out


def holding_classes(positions: pd.DataFrame, firms: pd.DataFrame) -> set[str]:
    """Classes that have ever held securities and are no firms: a firm's cash and stakes are its shareholders'."""
    names = set(firms["firm"])
    of_firms = set(positions.loc[positions["party"].isin(names), "group"])
    return set(positions.loc[positions["market_value_cents"] != 0, "group"]) - of_firms


def etf_premium(daily: pd.DataFrame) -> dict[str, float]:
    """The ETF's price over its net asset value, less one: mean, mean size, largest size; empty without an ETF."""
    etf = daily[(daily["kind"] == ListingKind.ETF) & (daily["net_asset_value_cents"] > 0)]
    if not len(etf):
        return {}
    premium = etf["price_cents"].to_numpy(dtype=float) / etf["net_asset_value_cents"].to_numpy(dtype=float) - 1
    return {
        "mean": float(premium.mean()),
        "mean_size": float(np.abs(premium).mean()),
        "largest_size": float(np.abs(premium).max()),
    }


def spreads(firms: pd.DataFrame) -> dict[str, dict[str, float]]:
    """Required credit spread per firm and year: at the start, its highest, at the end."""
    return _course(firms, "spread_per_year", "highest", np.max)


def runway(firms: pd.DataFrame) -> dict[str, dict[str, float]]:
    """Runway in months per lab: at the start, its lowest, at the end."""
    return _course(firms[firms["kind"] == FirmKind.LAB], "runway_months", "lowest", np.min)


def _course(
    firms: pd.DataFrame, column: str, name: str, extreme: Callable[[np.ndarray], float]
) -> dict[str, dict[str, float]]:
    out = {}
    for firm, rows in firms[firms[column] > 0].groupby("firm", sort=False):
        values = rows[column].to_numpy(dtype=float)
        out[str(firm)] = {"first": float(values[0]), name: float(extreme(values)), "last": float(values[-1])}
    return out
