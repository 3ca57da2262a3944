"""Who paid: whose money reached the circle, how often it had been round, and what the loop can pay of itself."""

from __future__ import annotations

import math
from dataclasses import asdict
from typing import Any

from ..ledger.flows import Flow
from . import measures_origin as origin
from .answer_payers import payers_table
from .answer_text import AnswerTable, Context, Part, Section
from .wording import CHIPS, EQUIPMENT, NOTHING, cut, dollars, inside, label, listed, percent

SHARE_SEEN = 0.005
"""Classes below half a percent under every rule are left to answer.json."""
FLOWS = {
    CHIPS: {
        Flow.CHIP_REVENUE: "Chip sales",
        Flow.COMPUTE_REVENUE: "Compute sales",
        Flow.LAB_SPENDING: "Lab spending",
    },
    EQUIPMENT: {
        Flow.CHIP_REVENUE: "Equipment sales",
        Flow.VENDOR_LOANS: "Vendor loans drawn",
        Flow.BUILDING: "Network building",
    },
}
"""The flows whose origin a circle's answer shows."""


def who_paid(context: Context) -> Part:
    """Origin of the three flows, laps, and the arithmetic of the loop."""
    origins, rule = context.tables["origins"], context.rule
    flows = {flow: origin.receivers(origins, flow) for flow in FLOWS[context.cast]}
    measures: dict[str, Any] = {"origin_shares": {}, "recycled_share": {}, "laps": {}}
    for flow, names in flows.items():
        for name in (None, *names):
            key = f"{flow}:{name or 'all'}"
            measures["origin_shares"][key] = origin.origin_shares_over_rules(
                origins, flow=flow, rule=rule, receiver=name
            ).to_dict("records")
            measures["recycled_share"][key] = {
                r: origin.recycled_share(origins, flow=flow, rule=r, receiver=name)
                for r in sorted(set(origins["rule"]))
            }
            measures["laps"][key] = origin.laps(origins, flow=flow, rule=rule, receiver=name).to_dict("records")
    tables = []
    if any(flows.values()):
        tables = [_origin_table(context, flows), _payer_table(context, flows), _lap_table(context, flows)]
    loop, loop_measures = _loop_table(context)
    channels, channel_measures = payers_table(context)
    measures |= channel_measures
    measures["loop_arithmetic"] = loop_measures
    measures["flow_of_funds"] = origin.flow_of_funds(context.tables["journal"], context.tables["positions"]).to_dict(
        "records"
    )
    headlines = [_payer_headline(context, flows)]
    note = f"Every cent is traced from where it entered ({rule}); in brackets the range over the tracing rules."
    shown = tuple(table for table in (*tables, channels, loop) if table is not None)
    section = Section("Who paid?", (note,) if tables else (), shown)
    return Part(section, headlines, measures)


def _payer_headline(context: Context, flows: dict[Flow, list[str]]) -> str:
    """Who paid for the chips, and who keeps the labs going: the largest classes of each."""
    names = flows[Flow.CHIP_REVENUE]
    if not names:
        first = f"Who paid? No {context.cast.one_good} of the circle has been paid for yet."
    else:
        amount, classes, recycled = _told(context, Flow.CHIP_REVENUE)
        first = (
            f"Who paid? Of {amount} that {listed(names)} received for the circle's {context.cast.goods}, {classes}; "
            f"{recycled} had been round the circle before."
        )
    labs = flows.get(Flow.LAB_SPENDING)
    if not labs:
        return first
    amount, classes, recycled = _told(context, Flow.LAB_SPENDING)
    return f"{first} Of {amount} that {listed(labs)} spent, {classes}; {recycled} had been round before."


def _told(context: Context, flow: Flow) -> tuple[str, str, str]:
    """A flow's amount, its three largest classes of origin in words, and its recycled share."""
    origins, rule = context.tables["origins"], context.rule
    shares = origin.origin_shares_over_rules(origins, flow=flow, rule=rule)
    parts = [
        f"{percent(row.share)} ({_range(row.share_low, row.share_high)}) came from {inside(row.origin_class)}"
        for row in shares.head(3).itertuples()
    ]
    parts = [parts[0], *(part.replace(" came", "") for part in parts[1:])]
    return (
        dollars(int(shares["cents"].sum())),
        listed(parts),
        percent(origin.recycled_share(origins, flow=flow, rule=rule), 1),
    )


def _origin_table(context: Context, flows: dict[Flow, list[str]]) -> AnswerTable:
    """One row per class of origin, one column per flow."""
    origins = context.tables["origins"]
    cells: dict[tuple[str, Flow], str] = {}
    order: dict[str, float] = {}
    seen: set[str] = set()
    totals = []
    for flow in flows:
        table = origin.origin_shares_over_rules(origins, flow=flow, rule=context.rule)
        totals.append(dollars(int(table["cents"].sum())) if len(table) else NOTHING)
        for row in table.itertuples():
            cells[row.origin_class, flow] = f"{percent(row.share)} ({_range(row.share_low, row.share_high)})"
            order[row.origin_class] = order.get(row.origin_class, 0.0) + row.share
            seen |= {row.origin_class} if row.share_high >= SHARE_SEEN else set()
    classes = sorted(seen, key=lambda c: (-order[c], c))
    rows = [(label(c), *(cells.get((c, flow), NOTHING) for flow in flows)) for c in classes]
    titles = FLOWS[context.cast]
    heads = [f"{titles[flow]} ({cut(listed(names), 40)})" if names else titles[flow] for flow, names in flows.items()]
    return AnswerTable(
        "Whose money it was",
        ("Came from", *heads),
        (*rows, ("All, in dollars", *totals)),
        has_total=True,
    )


def _payer_table(context: Context, flows: dict[Flow, list[str]]) -> AnswerTable:
    """The largest single pockets behind the chip sales (behind lab spending before the first chip is paid)."""
    flow = Flow.CHIP_REVENUE if flows[Flow.CHIP_REVENUE] else next(f for f, names in flows.items() if names)
    table = origin.origin_shares_over_rules(context.tables["origins"], flow=flow, rule=context.rule, by="origin")
    rows = tuple(
        (str(row.origin), dollars(row.cents), percent(row.share, 1), _range(row.share_low, row.share_high))
        for row in table.head(8).itertuples()
    )
    return AnswerTable(
        f"The largest pockets behind: {FLOWS[context.cast][flow].lower()}", ("Pocket", "Paid", "Share", "Range"), rows
    )


def _lap_table(context: Context, flows: dict[Flow, list[str]]) -> AnswerTable:
    """How often the money had been round."""
    shares: dict[tuple[int, Flow], str] = {}
    for flow in flows:
        for row in origin.laps(context.tables["origins"], flow=flow, rule=context.rule).itertuples():
            shares[int(row.lap), flow] = percent(row.share, 2)
    names = {0: "Fresh from outside", 1: "Once round", 7: "Seven times or more"}
    rows = tuple(
        (names.get(lap, f"{lap} times round"), *(shares.get((lap, flow), NOTHING) for flow in flows))
        for lap in sorted({lap for lap, _ in shares})
    )
    return AnswerTable("How often it had been round the circle", ("Lap", *FLOWS[context.cast].values()), rows)


def _loop_table(context: Context) -> tuple[AnswerTable | None, dict[str, Any]]:
    """Per GW: what the terms say, and what the cash that moved says."""
    rows, measures = [], {}
    rented = {(contract.customer, contract.provider) for contract in context.scenario.contract}
    for supply in context.scenario.supply:
        for milestone in context.scenario.milestone:
            is_circle = milestone.investor == supply.supplier and (milestone.investee, supply.buyer) in rented
            if is_circle and supply.chips_usd_per_gw > 0:
                terms = origin.loop_arithmetic(
                    chips_usd=supply.chips_usd_per_gw,
                    other_usd=supply.other_usd_per_gw,
                    recycled_usd=milestone.amount_usd_per_gw,
                )
                name = f"{milestone.investee} – {supply.buyer} – {supply.supplier}, terms per GW"
                measures[name] = asdict(terms)
                rows.append(_loop_row(name, terms))
    paid = origin.loop_arithmetic_paid(context.tables["journal"])
    if paid is not None:
        measures["paid"] = asdict(paid)
        rows.append(_loop_row("Cash paid so far, all builders", paid))
    goods, one_good = context.cast.goods, context.cast.one_good
    columns = ("Circle", label(goods), "Everything else", "Comes back", "Gain g", "From outside", "Multiplier")
    note = (
        f"g = {one_good} share of the cost x money that comes back per {one_good} dollar; 1 - g of every GW must come "
        "from outside."
    )
    return (AnswerTable("Loop arithmetic", columns, tuple(rows), note=note) if rows else None), measures


def _loop_row(name: str, loop: origin.LoopArithmetic) -> tuple[str, ...]:
    return (
        name,
        dollars(loop.chips_usd * 100),
        dollars(loop.other_usd * 100),
        dollars(loop.recycled_usd * 100),
        f"{loop.gain:.3f}",
        percent(loop.external_share, 1),
        f"{loop.multiplier:.2f}" if math.isfinite(loop.multiplier) else "without end",
    )


def _range(low: float, high: float) -> str:
    return f"{low * 100:.0f}–{high * 100:.0f}"
