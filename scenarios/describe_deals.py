"""Tables of what was promised in a scenario: contracts, debts, announcements, and who is tied to whom."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from .describe_base import Table, bn
from .schema import Scenario
from .schema_base import Deal
from .schema_world import DEALS

TOLD = (
    "contract",
    "build_plan",
    "supply",
    "milestone",
    "stake",
    "bond",
    "obligation",
    "vendor_loan",
    "guarantee",
    "news",
)
"""Deals that have words of their own in these tables."""


@dataclass(frozen=True, slots=True)
class Tie:
    """One edge of the network: `giver` gives money, `receiver` gets it, or owns and owes as `relation` says."""

    giver: str
    relation: str
    receiver: str
    usd: float
    per: str
    """What the sum is: 'a year at full capacity', 'per GW', 'at the start', 'in all'."""


def deals(scenario: Scenario) -> Table:
    """Contracts, chip supplies and milestone investments."""
    columns = ("deal", "from", "to", "terms", "instrument", "announced", "in all bn")
    rows: list[tuple[str, ...]] = []
    for c in scenario.contract:
        yearly = c.capacity_gw * c.price_usd_per_gw_year
        price = f"{c.capacity_gw:g} GW at {bn(c.price_usd_per_gw_year)} bn per GW-year"
        terms = f"{price}, {c.years:g} years, {c.delivered_gw:g} GW delivered"
        rows.append(
            (c.name, c.customer, c.provider, terms, c.instrument.value, _day(c.announced), bn(yearly * c.years))
        )
    for p in scenario.build_plan:
        price = f"{p.capacity_gw:g} GW that earn {bn(p.price_usd_per_gw_year)} bn per GW-year in use"
        growth = f"demand {p.demand_gw:g} GW, growing {p.demand_growth_per_year:.0%}"
        terms = f"{price}, {growth}, {p.delivered_gw:g} GW delivered"
        whole = bn(p.capacity_gw * p.price_usd_per_gw_year * p.years)
        rows.append((p.name, "own customers", p.provider, terms, p.instrument.value, _day(p.announced), whole))
    for s in scenario.supply:
        terms = (
            f"{bn(s.chips_usd_per_gw)} bn chips and {bn(s.other_usd_per_gw)} bn other per GW, {s.share:.0%} of capacity"
        )
        rows.append((s.name, s.buyer, s.supplier or "own design", terms, "supply", _day(None), "-"))
    for m in scenario.milestone:
        terms = f"{bn(m.amount_usd_per_gw)} bn per GW deployed, {m.capacity_gw:g} GW, {m.deployed_gw:g} GW deployed"
        total = bn(m.amount_usd_per_gw * m.capacity_gw)
        rows.append(
            (m.name, m.investor, m.investee, terms, m.instrument.value.replace("_", " "), _day(m.announced), total)
        )
    for kind in (kind for kind in DEALS if kind not in TOLD):
        rows += [_other(deal) for deal in getattr(scenario, kind)]
    return Table("Contracts and investments", columns, tuple(rows))


def _other(deal: Deal) -> tuple[str, ...]:
    """A deal that has no words of its own here: what its fields say."""
    said = deal.model_dump(exclude_none=True)
    giver, receiver = (said.pop(side, "-") for side in deal.sides or ("", ""))
    name, announced, instrument = said.pop("name", "-"), said.pop("announced", None), said.pop("instrument", "")
    whole = said.pop("amount_usd", None)
    terms = ", ".join(f"{field.replace('_', ' ')} {value}" for field, value in said.items())
    kind = str(instrument).replace("_", " ")
    return name, giver, receiver, terms, kind, _day(announced), bn(whole) if whole else "-"


def debts(scenario: Scenario) -> Table:
    """Bonds outstanding, plain debts, vendors' loans and guarantees."""
    rows = [
        (b.name, b.issuer, "bond holders", f"{bn(b.face_usd)}", f"{b.coupon_per_year:.2%}", str(b.maturity))
        for b in scenario.bond
    ]
    rows += [(o.name, o.payer, o.payee, bn(o.amount_usd), "-", f"day {o.due_day}") for o in scenario.obligation]
    rows += [
        (
            v.name, v.borrower, v.lender, f"line {bn(v.committed_usd)}, drawn {bn(v.drawn_usd)}",
            f"riskless + {v.spread_per_year:.2%}",
            f"{v.financed_share:.0%} of its bills for {v.draw_months} months, repaid over {v.repayment_months}",
        )
        for v in scenario.vendor_loan
    ]  # fmt: skip
    rows += [
        (g.name, g.guarantor, f"holders of {g.issuer}'s bonds", f"up to {bn(g.limit_usd)}", "-", "on default")
        for g in scenario.guarantee
    ]
    return Table("Debts", ("debt", "payer", "payee", "amount bn", "coupon", "due"), tuple(rows))


def calendar(scenario: Scenario) -> Table:
    """What is announced on which day of the run."""
    rows = [
        (c.announced, c.provider, c.instrument, c.capacity_gw * c.price_usd_per_gw_year * c.years, c.name)
        for c in scenario.contract
    ]
    rows += [
        (m.announced, m.investor, m.instrument, m.capacity_gw * m.amount_usd_per_gw, m.name) for m in scenario.milestone
    ]
    rows += [(n.announced, n.firm, n.instrument, n.amount_usd, n.text) for n in scenario.news]
    dated = sorted(
        (str(day), firm, kind.value.replace("_", " "), bn(usd), text)
        for day, firm, kind, usd, text in rows
        if day is not None
    )
    return Table("Announcements", ("date", "firm", "instrument", "amount bn", "what"), tuple(dated))


def ties(scenario: Scenario) -> Iterator[Tie]:
    """Every edge between two named parties: buys from, invests in, owns, pays to, owes."""
    for c in scenario.contract:
        yield Tie(
            c.customer,
            "buys compute from",
            c.provider,
            c.capacity_gw * c.price_usd_per_gw_year,
            "a year at full capacity",
        )
    for s in scenario.supply:
        if s.supplier is not None:
            yield Tie(s.buyer, "buys chips from", s.supplier, s.chips_usd_per_gw * s.share, "per GW built")
    for m in scenario.milestone:
        yield Tie(m.investor, "invests in", m.investee, m.amount_usd_per_gw, "per GW deployed")
    for lab in scenario.lab:
        if lab.revenue_share_payee is not None:
            yield Tie(
                lab.name,
                "shares revenue with",
                lab.revenue_share_payee,
                lab.revenue_share * lab.revenue_usd_per_year,
                "a year at the start",
            )
    price = {x.name: x.price_usd for x in scenario.listed} | {x.name: x.valuation_usd / x.shares for x in scenario.lab}
    for stake in scenario.stake:
        yield Tie(stake.owner, "owns a part of", stake.firm, stake.shares * price[stake.firm], "at the start")
    for issuer in dict.fromkeys(b.issuer for b in scenario.bond):
        owed = sum(b.face_usd for b in scenario.bond if b.issuer == issuer)
        yield Tie("Bond buyers", "lend to", issuer, owed, "outstanding at the start")
    for v in scenario.vendor_loan:
        yield Tie(v.lender, "lends, to be bought from, to", v.borrower, v.committed_usd, "line in all")
    for g in scenario.guarantee:
        yield Tie(g.guarantor, "answers for bonds of", g.issuer, g.limit_usd, "at most")
    for o in scenario.obligation:
        yield Tie(o.payer, "owes", o.payee, o.amount_usd, f"on day {o.due_day}")


def network(scenario: Scenario) -> Table:
    """Who buys from, invests in, owns and lends to whom."""
    rows = tuple((t.giver, t.relation, t.receiver, bn(t.usd), t.per) for t in ties(scenario))
    return Table("Network", ("who", "does what", "whom", "bn", "measured"), rows)


def _day(day: date | None) -> str:
    return "known at the start" if day is None else str(day)
