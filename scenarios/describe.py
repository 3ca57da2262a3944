"""A scenario as readable tables: balance sheets, contracts, who is tied to whom, announcements, sources of numbers.

Plain data: `run.py show` prints it, a page may draw it. Money is in billions of USD where the column says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from .behaviour import parameter_table
from .checks import address
from .schema import AiLab, Firm, Listing, Scenario

KIND_WORDS = {
    "Firm": "firm",
    "AiLab": "AI lab",
    "CloudProvider": "cloud provider",
    "ChipMaker": "chip maker",
    "ListedFirm": "listed firm",
}


@dataclass(frozen=True, slots=True)
class Table:
    """A titled table of texts; every row is as long as `columns`."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def __post_init__(self) -> None:
        for row in self.rows:
            if len(row) != len(self.columns):
                raise ValueError(f"table {self.title!r}: a row of {len(row)} cells for {len(self.columns)} columns")


@dataclass(frozen=True, slots=True)
class Tie:
    """One edge of the network: `giver` gives money, `receiver` gets it, or owns and owes as `relation` says."""

    giver: str
    relation: str
    receiver: str
    usd: float
    per: str
    """What the sum is: 'a year at full capacity', 'per GW', 'at the start', 'in all'."""


def describe(scenario: Scenario) -> list[Table]:
    """All tables about a scenario that have at least one row, sources and changed behaviour last."""
    tables = [
        firms(scenario),
        investors(scenario),
        shareholders(scenario),
        deals(scenario),
        debts(scenario),
        calendar(scenario),
        network(scenario),
        behaviour(scenario),
        sources(scenario),
    ]
    return [table for table in tables if table.rows]


def bn(usd: float) -> str:
    """USD as billions with three significant digits or more; small sums in plain USD."""
    if usd == 0:
        return "0"
    if abs(usd) < 1e6:
        return f"{usd:,.2f} USD"
    billions = usd / 1e9
    return f"{billions:,.0f}" if abs(billions) >= 1000 else f"{billions:.3g}"


def firms(scenario: Scenario) -> Table:
    """Balance sheets in short: cash, value, earnings and debts of every firm."""
    columns = (
        "firm",
        "kind",
        "cash bn",
        "value bn",
        "revenue bn/yr",
        "costs bn/yr",
        "earnings bn/yr",
        "P/E",
        "bonds bn",
        "debt-like bn",
    )
    return Table("Firms", columns, tuple(_firm_row(scenario, firm) for firm in scenario.firms))


def _firm_row(scenario: Scenario, firm: Firm) -> tuple[str, ...]:
    start = (firm.name, KIND_WORDS[type(firm).__name__], bn(firm.opening_cash_usd))
    if isinstance(firm, AiLab):
        costs = firm.costs_usd_per_year + firm.revenue_usd_per_year * (firm.costs_share_of_revenue + firm.revenue_share)
        earned = firm.revenue_usd_per_year - costs
        return (*start, bn(firm.valuation_usd), bn(firm.revenue_usd_per_year), bn(costs), bn(earned), "-", "0", "0")
    if isinstance(firm, Listing):
        value = firm.shares * firm.price_usd
        bonds = sum(b.face_usd for b in scenario.bond if b.issuer == firm.name)
        flows = (bn(firm.revenue_usd_per_year), bn(firm.costs_usd_per_year), bn(firm.earnings_usd_per_year))
        return (
            *start,
            bn(value),
            *flows,
            f"{value / firm.earnings_usd_per_year:.1f}",
            bn(bonds),
            bn(firm.debt_like_usd),
        )
    return (*start, "-", "-", "-", "-", "-", "0", "0")


def investors(scenario: Scenario) -> Table:
    """Venture investors and bond buyers: how much they can give, and whose money it is."""
    columns = ("investor", "kind", "cash bn", "promised to it bn", "inflow bn/yr", "whose money")
    rows = [
        (
            v.name,
            "venture investor",
            bn(v.opening_cash_usd),
            bn(v.dry_powder_usd),
            bn(v.dry_powder_inflow_usd_per_year),
            v.partners,
        )
        for v in scenario.venture_investor
    ]
    rows += [
        (b.name, b.kind.value.replace("_", " "), bn(b.opening_cash_usd), "-", bn(b.inflow_usd_per_year), b.savers)
        for b in scenario.bond_buyer
    ]
    return Table("Investors and lenders", columns, tuple(rows))


def shareholders(scenario: Scenario) -> Table:
    """Who holds the listed shares: funds, the ETF and the households behind it."""
    columns = ("holder", "kind", "means", "belief", "whose money")
    total = sum(f.weight for f in scenario.active_fund)
    rows = [
        (
            f.name,
            "active fund",
            f"{f.weight / total:.1%} of the funds, {f.equity_share:.0%} in shares",
            f"disposition {f.disposition:+.2f}, sensitivity {f.sensitivity:.2f}",
            f.savers,
        )
        for f in scenario.active_fund
    ]
    if (etf := scenario.etf) is not None:
        means = f"{etf.price_usd:g} USD a share, units of {etf.creation_unit_shares:,}"
        rows.append((etf.name, "ETF", means, f"arbitrage band {etf.creation_cost:.2%}", "its holders'"))
        rows.append(
            (
                etf.participant,
                "authorized participant",
                f"{bn(etf.participant_cash_usd)} bn cash",
                "-",
                etf.participant_origin,
            )
        )
    if (people := scenario.households) is not None:
        in_etf, cash, saving = (bn(usd) for usd in (people.etf_value_usd, people.cash_usd, people.saving_usd_per_year))
        means = f"{in_etf} bn in the ETF, {cash} bn cash, saves {saving} bn/yr"
        belief = f"{people.enthusiastic_share:.0%} enthusiastic, {people.tired_share:.0%} tired"
        rows.append((f"{scenario.holders:,} holders", "households", means, belief, people.savers))
    return Table("Holders of shares", columns, tuple(rows))


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
        rows.append((s.name, s.buyer, s.supplier, terms, "supply", _day(None), "-"))
    for m in scenario.milestone:
        terms = f"{bn(m.amount_usd_per_gw)} bn per GW deployed, {m.capacity_gw:g} GW, {m.deployed_gw:g} GW deployed"
        total = bn(m.amount_usd_per_gw * m.capacity_gw)
        rows.append(
            (m.name, m.investor, m.investee, terms, m.instrument.value.replace("_", " "), _day(m.announced), total)
        )
    return Table("Contracts and investments", columns, tuple(rows))


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


def behaviour(scenario: Scenario) -> Table:
    """Behavioural parameters that differ from the table's defaults."""
    rows = []
    for row in parameter_table():
        value = getattr(scenario.behaviour, row["name"])
        if value != row["default"]:
            rows.append((row["name"], f"{value:g}", f"{row['default']:g}", row["unit"], row["meaning"]))
    return Table(
        "Behaviour that differs from the default", ("parameter", "value", "default", "unit", "meaning"), tuple(rows)
    )


def sources(scenario: Scenario) -> Table:
    """Every number with where it comes from, in the order of the file; 'assumed' marks a modelling choice."""
    rows = tuple((path, _at(scenario, path), source) for path, source in scenario.sources.items())
    return Table("Sources", ("number", "value", "source"), rows)


def _at(scenario: Scenario, path: str) -> str:
    """The value a key path leads to, as text."""
    node: object = scenario
    for step in path.split("."):
        if isinstance(node, tuple):
            node = next((entry for i, entry in enumerate(node) if address(entry, i) == step), None)
        else:
            node = getattr(node, step, None)
    return f"{node:,}" if isinstance(node, int) else f"{node:,.12g}" if isinstance(node, float) else str(node)


def _day(day: date | None) -> str:
    return "known at the start" if day is None else str(day)
