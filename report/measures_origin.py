"""Who paid: from which outside pockets the circle's money came, how often it went round, what a loop can do at most."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd

from ..engine.calendar import DAYS_PER_QUARTER
from ..history.kinds import cause_text
from ..ledger.causes import Cause
from ..ledger.flows import Flow

BACK = (cause_text(Cause.MILESTONE), cause_text(Cause.VENDOR_LOAN))
"""Causes by which a supplier hands money to those it is paid by."""
SPENT = (cause_text(Cause.CHIP_BILL), cause_text(Cause.CONSTRUCTION))
"""Causes by which a circle builds: for chips, for everything else."""

CLOSING = (Flow.MILESTONES, Flow.VENDOR_LOANS)
"""Flows by which a supplier hands money to those it is paid by."""


def latest(rows: pd.DataFrame, day: int | None = None) -> pd.DataFrame:
    """The rows of the last recorded day, or of the last one on or before `day`."""
    if day is not None:
        rows = rows[rows["day"] <= day]
    return rows[rows["day"] == rows["day"].max()] if len(rows) else rows


def receivers(origins: pd.DataFrame, flow: Flow) -> list[str]:
    """Who has received anything in a flow, the largest first."""
    now = latest(origins)
    totals = now[now["flow"] == str(flow)].groupby("receiver")["cents"].sum()
    return list(totals[totals > 0].sort_values(ascending=False, kind="stable").index)


def origin_shares(
    origins: pd.DataFrame,
    *,
    flow: Flow,
    rule: str,
    receiver: str | None = None,
    by: str = "origin_class",
    day: int | None = None,
) -> pd.DataFrame:
    """Cents and share of a flow per origin (`by` = "origin_class" or "origin"), the largest first.

    `receiver` None takes all receivers together. An empty flow gives no rows.
    """
    cents = _flow(latest(origins, day), flow, rule, receiver).groupby(by)["cents"].sum()
    cents = cents[cents > 0].sort_values(ascending=False, kind="stable")
    total = int(cents.sum())
    return pd.DataFrame({by: list(cents.index), "cents": cents.to_numpy(), "share": [c / total for c in cents]})


def origins_per_quarter(origins: pd.DataFrame, *, flow: Flow, rule: str) -> pd.DataFrame:
    """What each class brought to a flow in each quarter: first_day, last_day, date, origin_class, cents.

    A quarter goes from the last day recorded before it to the last in it; the first begins where records do.
    """
    rows = origins[(origins["flow"] == str(flow)) & (origins["rule"] == rule)]
    days = sorted(set(origins["day"]))
    quarters = {-(-int(day) // DAYS_PER_QUARTER): int(day) for day in days}
    ends, dates = list(quarters.values()), dict(zip(origins["day"], origins["date"], strict=True))
    table = rows.pivot_table(index="day", columns="origin_class", values="cents", aggfunc="sum", fill_value=0)
    known = table.reindex(ends, fill_value=0)
    made = known.diff().fillna(known).astype("int64")
    found = made.rename_axis("last_day").melt(ignore_index=False, var_name="origin_class", value_name="cents")
    found = found.reset_index()
    before = dict(zip(ends, [0, *ends[:-1]], strict=True))
    found["first_day"] = [before[int(day)] for day in found["last_day"]]
    found["date"] = [dates[int(day)] for day in found["last_day"]]
    return found[["first_day", "last_day", "date", "origin_class", "cents"]]


def origin_shares_over_rules(
    origins: pd.DataFrame, *, flow: Flow, rule: str, receiver: str | None = None, by: str = "origin_class"
) -> pd.DataFrame:
    """`origin_shares` under the headline rule, with the lowest and highest share under any rule that was traced."""
    per_rule = {}
    for other in sorted(set(origins["rule"]), key=lambda r: (r != rule, r)):
        table = origin_shares(origins, flow=flow, rule=other, receiver=receiver, by=by)
        per_rule[other] = dict(zip(table[by], table["share"], strict=True))
    headline = origin_shares(origins, flow=flow, rule=rule, receiver=receiver, by=by)
    rows = [(label, int(cents), share) for label, cents, share in headline.itertuples(index=False)]
    seen = {label for shares in per_rule.values() for label in shares}
    rows += [(label, 0, 0.0) for label in sorted(seen - {r[0] for r in rows})]
    return pd.DataFrame(
        [
            (
                *row,
                min(s.get(row[0], 0.0) for s in per_rule.values()),
                max(s.get(row[0], 0.0) for s in per_rule.values()),
            )
            for row in rows
        ],
        columns=[by, "cents", "share", "share_low", "share_high"],
    )


def origin_shares_by_rule(
    origins: pd.DataFrame, *, flow: Flow, receiver: str | None = None, day: int | None = None
) -> pd.DataFrame:
    """Shares of a flow per class of origins (rows), a column for each rule that was traced; the largest under the first
    rule first. An empty flow gives no rows."""
    rules = list(dict.fromkeys(origins["rule"]))
    tables = [origin_shares(origins, flow=flow, rule=rule, receiver=receiver, day=day) for rule in rules]
    shares = {r: dict(zip(t["origin_class"], t["share"], strict=True)) for r, t in zip(rules, tables, strict=True)}
    classes = list(dict.fromkeys(name for table in tables for name in table["origin_class"]))
    rows = [(name, *(shares[rule].get(name, 0.0) for rule in rules)) for name in classes]
    return pd.DataFrame(rows, columns=["origin_class", *rules])


def laps(origins: pd.DataFrame, *, flow: Flow, rule: str, receiver: str | None = None) -> pd.DataFrame:
    """Cents and share of a flow per lap before it was paid: 0 fresh from outside, 1 once round the circle ... 7 for
    seven or more. A payment that closes the circle begins a lap itself: the table of origins counts it, this does
    not."""
    rows = _flow(latest(origins), flow, rule, receiver)
    own = laps_of_again(flow) - 1
    cents = rows["cents"].groupby((rows["lap"] - own).clip(lower=0)).sum()
    cents = cents[cents > 0].sort_index()
    total = int(cents.sum())
    return pd.DataFrame(
        {"lap": [int(lap) for lap in cents.index], "cents": cents.to_numpy(), "share": [c / total for c in cents]}
    )


def laps_of_again(flow: Flow) -> int:
    """The least lap, as the flows count it, of money that had been round the circle before it came by a flow: what
    closes the circle begins a lap by the payment itself."""
    return 2 if flow in CLOSING else 1


def recycled_share(origins: pd.DataFrame, *, flow: Flow, rule: str, receiver: str | None = None) -> float:
    """Share of a flow that had been round the circle at least once when it was paid; nan for an empty flow."""
    table = laps(origins, flow=flow, rule=rule, receiver=receiver)
    total = int(table["cents"].sum())
    return int(table.loc[table["lap"] >= 1, "cents"].sum()) / total if total else math.nan


def _flow(rows: pd.DataFrame, flow: Flow, rule: str, receiver: str | None) -> pd.DataFrame:
    mask = (rows["flow"] == str(flow)) & (rows["rule"] == rule)
    return rows[mask if receiver is None else mask & (rows["receiver"] == receiver)]


@dataclass(frozen=True, slots=True)
class LoopArithmetic:
    """What the circle can pay of itself when every GW costs and returns the same."""

    chips_usd: float
    other_usd: float
    recycled_usd: float
    gain: float
    """g = (chip share of the cost) x (recycled per chip dollar): what one round returns of each dollar."""
    external_share: float
    """1 - g: what must come from outside the loop."""
    multiplier: float
    """1 / (1 - g): real spending per outside dollar; infinite when the loop returns everything."""


def loop_arithmetic(*, chips_usd: float, other_usd: float, recycled_usd: float) -> LoopArithmetic:
    """The loop's closed form, per GW or for any totals with the same proportions.

    Raises: ValueError if chips are not positive, or other costs or recycled money are negative.
    Source: geometric series of constant unit costs; 35 of 50 bn per GW and 10 recycled give g = 0.20.
    """
    if chips_usd <= 0 or other_usd < 0 or recycled_usd < 0:
        raise ValueError(
            f"chips {chips_usd}, other {other_usd}, recycled {recycled_usd}; allowed: chips > 0, others >= 0"
        )
    gain = (chips_usd / (chips_usd + other_usd)) * (recycled_usd / chips_usd)
    multiplier = 1 / (1 - gain) if gain < 1 else math.inf
    return LoopArithmetic(chips_usd, other_usd, recycled_usd, gain, 1 - gain, multiplier)


def loop_arithmetic_paid(journal: pd.DataFrame) -> LoopArithmetic | None:
    """The same from the cash that moved: chips, construction, milestones and vendor loans; None before a chip bill."""
    paid = journal.groupby("cause")["cents"].sum()
    chips, other = (int(paid.get(c, 0)) / 100 for c in SPENT)
    recycled = int(journal.loc[(journal["lap_step"] > 0) & journal["cause"].isin(BACK), "cents"].sum()) / 100
    return loop_arithmetic(chips_usd=chips, other_usd=other, recycled_usd=recycled) if chips else None


def flow_of_funds(journal: pd.DataFrame, positions: pd.DataFrame) -> pd.DataFrame:
    """Cash between classes per calendar quarter: quarter, from_group, to_group, cents. Opening cash is no flow."""
    columns = ["quarter", "from_group", "to_group", "cents"]
    moved = journal[journal["cause"] != cause_text(Cause.OPENING)]
    if not len(moved):
        return pd.DataFrame(columns=columns)
    group = dict(zip(positions["party"], positions["group"], strict=True))
    when = pd.to_datetime(moved["date"])
    frame = pd.DataFrame(
        {
            "quarter": [f"{y}Q{q}" for y, q in zip(when.dt.year, when.dt.quarter, strict=True)],
            "from_group": [group.get(p, p) for p in moved["payer"]],
            "to_group": [group.get(p, p) for p in moved["payee"]],
            "cents": moved["cents"].to_numpy(),
        }
    )
    return frame.groupby(columns[:3], sort=True)["cents"].sum().reset_index()
