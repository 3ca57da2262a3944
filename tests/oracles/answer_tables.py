"""Every row of every table of an answer, computed a second time from the recorded tables with plain pandas.

Only the words (how a sum, a share or a date is said) are those of `report/wording.py`, which has tests of its own.
"""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from carousel.report.wording import cut, dollars, label, percent, ratio, signed_percent, spoken_date

DASH = "–"
LONGEST = 14
CIRCLES = {
    True: {"revenue from the circle": "Chip sales", "revenue from labs": "Compute sales", "spending": "Lab spending"},
    False: {
        "revenue from the circle": "Equipment sales",
        "vendor loans": "Vendor loans drawn",
        "building": "Network building",
    },
}
PROMISING = ("contract", "letter_of_intent", "order")
ROLES = {"chip makers": "Equipment vendors", "clouds": "Network operators"}
TURNING = {
    "default", "renegotiated", "cancelled", "milestone_cancelled", "bill_missed", "bill_late", "late", "delivery_late",
    "build_slowed", "round_failed", "down_round", "bond_failed", "capital_call_missed", "milestone_cut",
    "milestone_waits", "line_cut", "line_held", "line_not_honoured", "guarantee_called", "loan_written_off",
    "provision", "doubted",
}  # fmt: skip


def golden(tables, scenario, rule="pro-rata"):
    """Title -> rows of every table, in the order of the answer."""
    has_labs = "lab" in set(tables["firms"]["kind"])
    tables = dict(tables) | {"announcements": measured(tables["announcements"], tables["daily"])}
    answer = {}
    answer |= whose_money(tables["origins"], rule, CIRCLES[has_labs])
    answer |= pockets(tables["origins"], rule, CIRCLES[has_labs])
    answer |= laps(tables["origins"], rule, CIRCLES[has_labs])
    if len(tables.get("payers", ())):
        answer["Whose cash came in, and through whom"] = channels(tables["payers"])
    answer["Loop arithmetic"] = loop(tables["journal"], scenario)
    if len(tables["loans"]):
        answer["Lines, draws and losses"] = lines(tables["loans"])
    answer |= promises(tables["announcements"], tables["commitments"])
    answer |= holding(tables, has_labs=has_labs)
    answer |= turn(tables, scenario, has_labs=has_labs)
    return {title: rows for title, rows in answer.items() if rows}


def measured(announcements, daily):
    """Announcements whose returns are known for listed firms only."""
    is_listed = announcements["firm"].isin(daily["security"]) & (announcements["market_value_before_cents"] > 0)
    moves = ["day0_return", "day0_abnormal_return", "value_gained_cents"]
    return announcements.assign(**{move: announcements[move].astype(float).where(is_listed) for move in moves})


def shares_by_rule(origins, flow, by):
    """Cents of a flow at the end: one row per class (or pocket), one column per rule."""
    end = origins[(origins["day"] == origins["day"].max()) & (origins["flow"] == flow)]
    return end.pivot_table(index=by, columns="rule", values="cents", aggfunc="sum", fill_value=0)


def whose_money(origins, rule, flows):
    cells, weight, most, totals = {}, {}, {}, []
    for flow in flows:
        cents = shares_by_rule(origins, flow, "origin_class")
        totals.append(dollars(int(cents[rule].sum())) if len(cents) else DASH)
        share = cents / cents.sum()
        for name, row in share.iterrows():
            spread = f"{100 * row.min():.0f}–{100 * row.max():.0f}"
            cells[name, flow] = f"{percent(row[rule])} ({spread})"
            weight[name] = weight.get(name, 0.0) + row[rule]
            most[name] = max(most.get(name, 0.0), row.max())
    names = sorted((n for n in weight if most[n] >= 0.005), key=lambda n: (-weight[n], n))
    rows = [(label(n), *(cells.get((n, flow), DASH) for flow in flows)) for n in names]
    return {"Whose money it was": [*rows, ("All, in dollars", *totals)]}


def pockets(origins, rule, flows):
    flow, words = next(iter(flows.items()))
    cents = shares_by_rule(origins, flow, "origin")
    share = cents / cents.sum()
    ranked = cents.sort_values(rule, ascending=False, kind="stable").index[:8]
    rows = [
        (
            name,
            dollars(int(cents.loc[name, rule])),
            percent(share.loc[name, rule], 1),
            f"{100 * share.loc[name].min():.0f}–{100 * share.loc[name].max():.0f}",
        )
        for name in ranked
    ]
    return {f"The largest pockets behind: {words.lower()}": rows}


def laps(origins, rule, flows):
    end = origins[(origins["day"] == origins["day"].max()) & (origins["rule"] == rule)]
    begins_lap = end["flow"].isin(["milestone investments", "vendor loans"]) & (end["lap"] > 0)
    end = end.assign(lap=end["lap"] - begins_lap)
    cents = end[end["flow"].isin(list(flows))].pivot_table(index="lap", columns="flow", values="cents", aggfunc="sum")
    words = {0: "Fresh from outside", 1: "Once round", 7: "Seven times or more"}
    rows = [
        (
            words.get(lap, f"{lap} times round"),
            *(
                percent(cents.loc[lap, flow] / cents[flow].sum(), 2) if cents.loc[lap].get(flow, 0) > 0 else DASH
                for flow in flows
            ),
        )
        for lap in sorted(cents.index)
    ]
    return {"How often it had been round the circle": rows}


def channels(payers):
    """What came and went through each channel at the end, and all of it together."""
    end = payers[payers["day"] == payers["day"].max()]
    sums = [end[name] for name in ("put_in_cents", "taken_out_cents", "cash_cents", "market_value_cents")]
    rows = []
    for name, put, taken, cash, held in zip(end["channel"], *sums, strict=True):
        told = dollars(put) if put else DASH, dollars(taken) if taken else DASH
        rows.append((label(name), *told, dollars(put - taken), dollars(cash), dollars(held)))
    put, taken, cash, held = (int(column.sum()) for column in sums)
    return [*rows, ("All", dollars(put), dollars(taken), dollars(put - taken), dollars(cash), dollars(held))]


def loop(journal, scenario):
    """Terms of every supplier that is also a milestone investor, and what was paid."""
    circles = [
        (
            f"{deal.investee} – {supply.buyer} – {supply.supplier}, terms per GW",
            (supply.chips_usd_per_gw, supply.other_usd_per_gw, deal.amount_usd_per_gw),
        )
        for supply in scenario.supply
        for deal in scenario.milestone
        if deal.investor == supply.supplier and supply.chips_usd_per_gw > 0
        if any((c.customer, c.provider) == (deal.investee, supply.buyer) for c in scenario.contract)
    ]
    by_cause = journal.groupby("cause")["cents"].sum() / 100
    back = (
        journal[(journal["lap_step"] == 1) & journal["cause"].isin(["milestone", "vendor_loan"])]["cents"].sum() / 100
    )
    paid = (by_cause.get("chip_bill", 0.0), by_cause.get("construction", 0.0), back)
    if paid[0]:
        circles.append(("Cash paid so far, all builders", paid))
    rows = []
    for name, (chips, other, returned) in circles:
        gain = returned / (chips + other)
        sums = tuple(dollars(100 * usd) for usd in (chips, other, returned))
        multiplier = f"{1 / (1 - gain):.2f}" if gain < 1 else "without end"
        rows.append((name, *sums, f"{gain:.3f}", percent(1 - gain, 1), multiplier))
    return rows


def lines(loans):
    end = loans[loans["day"] == loans["day"].max()]
    sums = ["committed", "drawn", "drawn_ahead", "repaid", "provisioned", "lost", "outstanding"]
    return [
        (row["loan"], row["lender"], row["borrower"], *(dollars(row[f"{name}_cents"]) for name in sums))
        for _, row in end.iterrows()
    ]


def promises(announcements, commitments):
    told = announcements[(announcements[["announced_cents", "paid_cents"]] > 0).any(axis=1)].copy()
    told["is_promise"] = told["instrument"].isin(PROMISING)
    by_size = told.sort_values(["day", "number"]).sort_values(
        ["is_promise", "announced_cents"], ascending=False, kind="stable"
    )
    shown = by_size.head(LONGEST).sort_values(["day", "number"])
    is_bad = (shown["direction"] < 0) & (shown["committed_cents"] == 0) & (shown["paid_cents"] == 0)
    good = announcements[
        announcements["instrument"].isin(PROMISING)
        & (announcements["direction"] > 0)
        & (announcements["announced_cents"] > 0)
        & announcements["value_gained_cents"].notna()
    ]
    accounts = [account(row) for _, row in shown[~is_bad].iterrows()]
    if accounts:
        announced, committed, paid, gained = (
            int(good[f"{name}_cents"].sum()) for name in ("announced", "committed", "paid", "value_gained")
        )
        sums = (dollars(announced), dollars(committed), dollars(paid), "", "", dollars(gained))
        accounts.append(("", "All promises of contracts, orders, investments", *sums, *per(gained, announced, paid)))
    return {
        "Running accounts": accounts,
        "Promised before the start": standing(commitments),
        "Taken back, provided for, failed": [bad_news(row) for _, row in shown[is_bad].iterrows()],
    }


def per(gained, announced, paid):
    """Value gained per announced and per paid dollar."""
    return (ratio(gained / announced if announced else None), ratio(gained / paid if paid else None))


def account(row):
    moved = (signed_percent(row["day0_return"]), signed_percent(row["day0_abnormal_return"]))
    gained = row["value_gained_cents"]
    ratios = (DASH, DASH) if math.isnan(gained) else per(gained, row["announced_cents"], row["paid_cents"])
    sums = (dollars(row[f"{name}_cents"]) for name in ("announced", "committed", "paid"))
    return (spoken_date(row["date"]), cut(row["text"], 60), *sums, *moved, dollars(gained), *ratios)


def bad_news(row):
    moved = (signed_percent(row["day0_return"]), signed_percent(row["day0_abnormal_return"]))
    sums = (dollars(row["announced_cents"]), *moved, dollars(row["value_gained_cents"]))
    return (spoken_date(row["date"]), cut(row["text"], 90), *sums)


def standing(commitments):
    end = commitments[commitments["day"] == commitments["day"].max()]
    lent = end[end["kind"].isin(["vendor_loan", "guarantee"])]
    rows = [
        (r["commitment"], r["payer"], r["payee"], dollars(r["announced_cents"]), dollars(r["paid_cents"]),
         percent(r["credibility"]))
        for _, r in lent.iterrows()
    ]  # fmt: skip
    sums = (dollars(int(lent["announced_cents"].sum())), dollars(int(lent["paid_cents"].sum())))
    return [*rows, ("All", "", "", *sums, "")] if rows else []


def circle_by_day(daily, firms):
    """Market value of the circle and of the rest, by day."""
    kind = firms.drop_duplicates("firm").set_index("firm")["kind"]
    shares = daily[daily["kind"] == "share"]
    is_circle = shares["security"].map(kind).isin(["cloud", "chip_maker"])
    value = shares[is_circle].groupby("day")["market_value_cents"].sum().astype(float)
    labs = firms[firms["kind"] == "lab"].groupby("day")["valuation_cents"].sum().astype(float)
    rest = shares[~is_circle].groupby("day")["market_value_cents"].sum().astype(float)
    return value.add(labs, fill_value=0.0), rest


def dates_of(daily):
    return daily.drop_duplicates("day").set_index("day")["date"]


def holding(tables, *, has_labs):
    positions, firms = tables["positions"], tables["firms"]
    circle, _ = circle_by_day(tables["daily"], firms)
    days = positions["day"].unique()
    peak = days[days <= circle.idxmax()].max()
    highest = spoken_date(dates_of(tables["daily"])[circle.idxmax()])
    before = f"At the last month's end before the highest market value ({highest})"
    title = "On the day of the highest market value" if peak == circle.idxmax() else before
    titles = {title: peak, "At the end": days.max()}
    if peak == days.max():
        titles = {"At the end, the peak of market value": peak}
    dates = positions.drop_duplicates("day").set_index("day")["date"]
    out = {
        f"{title}, {spoken_date(dates[day])}": gains(positions, firms, day, has_labs) for title, day in titles.items()
    }
    for title, day in titles.items():
        claims = lent_to_customers(tables["loans"], day)
        out[f"Lent to customers. {title}, {spoken_date(dates[day])}"] = claims
    return out


def gains(positions, firms, day, has_labs):
    is_firm = positions["party"].isin(firms["firm"])
    holders = set(positions[positions["market_value_cents"] != 0]["group"]) - set(positions[is_firm]["group"])
    sums = positions.assign(net=positions["cash_in_cents"] - positions["cash_out_cents"]).groupby(["day", "group"])
    at = sums[["net", "market_value_cents"]].sum()
    now = at.loc[day]
    start = at.loc[0].reindex(now.index, fill_value=0)
    first_seen = positions[positions["day"] == day]["group"].drop_duplicates()
    table = pd.DataFrame(
        {
            "net": now["net"] - start["net"],
            "before": start["market_value_cents"],
            "value": now["market_value_cents"],
        }
    ).loc[first_seen]
    table["gain"] = table["net"] + table["value"] - table["before"]
    table["is_firm"] = ~table.index.isin(list(holders))
    table = table.sort_values("gain", ascending=False, kind="stable").sort_values("is_firm", kind="stable")
    rows = [
        (
            label(group) if has_labs else ROLES.get(group, label(group)),
            dollars(row["net"]),
            *((DASH,) * 3 if row["is_firm"] else map(dollars, (row["before"], row["value"], row["gain"]))),
        )
        for group, row in table.iterrows()
        if row["net"] or row["value"] or row["before"]
    ]
    held = table[~table["is_firm"].astype(bool)]
    total = (table["net"].sum(), held["before"].sum(), held["value"].sum(), held["gain"].sum())
    return [*rows, ("All", *(dollars(int(t)) for t in total))]


def lent_to_customers(loans, day):
    known = loans[loans["day"] <= day]
    end = known[known["day"] == known["day"].max()]
    rows = []
    for vendor in sorted(end["lender"].unique()):
        lent = end[(end["lender"] == vendor) & (end["kind"] == "loan")]
        given = end[(end["lender"] == vendor) & (end["kind"] == "guarantee")]
        owed, loss = lent["outstanding_cents"].sum(), lent["provisioned_cents"].sum()
        besides = (given["committed_cents"] - given["drawn_cents"]).sum()
        rows.append((vendor, *map(dollars, (owed, loss, owed - loss, besides, given["provisioned_cents"].sum())), owed))
    return [row[:-1] for row in rows] if any(row[-1] for row in rows) else []


def deepest_fall(values):
    """Days and values of the deepest fall of a series by day: from the peak before, to the lowest share of it."""
    fall = values / values.cummax()
    trough = fall.idxmin()
    peak = values.loc[:trough].idxmax()
    return peak, trough, 1 - values[trough] / values[peak]


def turn(tables, scenario, *, has_labs):
    events, commitments = tables["events"], tables["commitments"]
    circle, rest = circle_by_day(tables["daily"], tables["firms"])
    relative = circle / circle.iloc[0] / (rest / rest.iloc[0]) if len(rest) else circle / circle.iloc[0]
    date = tables["daily"].drop_duplicates("day").set_index("day")["date"].map(spoken_date)
    end = commitments[commitments["day"] == commitments["day"].max()]
    built = end[end["kind"].isin(["compute", "build_plan"])]
    contracted, delivered = int(built["contracted_mw"].sum()), int(built["delivered_mw"].sum())
    planned = planned_mw(scenario, tables["daily"]["date"].max())
    top, low, lost = deepest_fall(circle)
    top_rest, low_rest, lost_rest = deepest_fall(relative)
    regime, reasons = verdict(
        events["kind"], delivered / planned if planned else None, has_promises=len(commitments) > 0
    )
    service = f"{delivered:,} MW of {contracted:,} contracted" + (f", {planned:,.0f} planned by now" if planned else "")
    rows = [
        ("Regime", regime),
        ("Because", "; ".join(reasons)),
        ("Circle's market value, start to end", f"{dollars(circle.iloc[0])} to {dollars(circle.iloc[-1])}"),
        (
            "Deepest fall",
            f"{percent(lost, 1)}: {dollars(circle[top])} on {date[top]}, {dollars(circle[low])} on {date[low]} "
            f"({low - top} trading days later)",
        ),
        ("Against the rest of the index", f"{percent(lost_rest, 1)}, {date[top_rest]} to {date[low_rest]}"),
        ("Compute in service" if has_labs else "Capacity in service", service),
    ]
    has_turned = regime in ("reversal", "default")
    last = circle.index[-1]
    if has_turned:
        broken = ["default", "renegotiated", "cancelled", "milestone_cancelled", "bill_missed"]
        last = events[events["kind"].isin(broken)]["day"].max()
    title = "The chain of events that turned it" if has_turned else "Strains on the way"
    return {"The run in a few lines": rows, title: chain(events[events["day"] <= last])}


def verdict(kinds, share, *, has_promises):
    """The regime and its reasons, by the stated rule."""
    words = {
        "default": "default/defaults",
        "renegotiated": "renegotiation/renegotiations",
        "cancelled": "cancellation/cancellations",
        "milestone_cancelled": "milestone investment ended/milestone investments ended",
        "bill_missed": "bill missed/bills missed",
        "build_slowed": "slowed build/slowed builds",
        "round_failed": "failed round/failed rounds",
        "milestone_cut": "milestone cut/milestones cut",
        "milestone_waits": "milestone put off/milestones put off",
    }
    if not has_promises:
        return "none", ["nobody has promised anything"]
    count = kinds.value_counts()
    told = {k: f"{count[k]} {w.split('/')[int(count[k] > 1)]}" for k, w in words.items() if k in count}
    broken = [told[k] for k in list(words)[1:5] if k in told]
    strained = [told[k] for k in list(words)[5:] if k in told]
    if "default" in told:
        return "default", [told["default"], *broken]
    short = []
    if share is not None and share < 0.5:
        short = [f"{100 * share:.0f} % of the capacity planned by now is in service"]
    if broken:
        return "reversal", [*broken, *strained, *short]
    if strained or short:
        return "stall", [*strained, *short]
    return "expansion", ["no default, no broken promise, no failed funding"]


def chain(events):
    told = events[events["kind"].isin(TURNING)].reset_index(drop=True)
    if not len(told):
        return []
    groups = told.groupby(["kind", "agent", "counterparty"], sort=False)
    steps = groups.agg(date=("date", "first"), times=("day", "size"), most=("cents", "max"), detail=("detail", "first"))
    steps = steps.reset_index()
    steps["is_grave"] = steps["kind"] == "default"
    room = max(0, LONGEST - int(steps["is_grave"].sum()))
    kept = np.concatenate([steps.index[steps["is_grave"]], steps.index[~steps["is_grave"]][:room]])
    shown = steps.loc[kept].sort_values("date", kind="stable")
    return [
        (
            spoken_date(s["date"]),
            label(s["kind"]) + (f" ({s['times']} times)" if s["times"] > 1 else ""),
            s["agent"] + (f" – {s['counterparty']}" if s["counterparty"] else ""),
            cut(s["detail"].replace("_", " "), 50),
            dollars(s["most"]) if s["most"] else DASH,
        )
        for _, s in shown.iterrows()
    ]


def planned_mw(scenario, day):
    """Capacity that should be in service: what was there, and a month's share of the build rate for every month whose
    building time is over by that day."""
    months = 365.25 / 12
    total = 0.0
    for contract in scenario.contract:
        cloud = next(c for c in scenario.cloud if c.name == contract.provider)
        of_cloud = sum(c.capacity_gw for c in scenario.contract if c.provider == cloud.name)
        begun = max(scenario.start_date, contract.announced or scenario.start_date)
        months_begun = math.floor((day - begun).days / months) if day >= begun else 0
        done = max(0, months_begun + 1 - cloud.build_months)
        if contract.first_service is not None and day < contract.first_service:
            done = 0
        rate = cloud.build_gw_per_year_max / 12 * contract.capacity_gw / of_cloud
        total += 1000 * min(contract.capacity_gw, contract.delivered_gw + done * rate)
    return total or None
