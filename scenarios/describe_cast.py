"""Tables of who is in a scenario: firms, investors and lenders, holders of shares."""

from __future__ import annotations

from .describe_base import Table, bn
from .schema import AiLab, ChipMaker, CloudProvider, Firm, ListedFirm, Listing, Scenario

KIND_WORDS: dict[type[Firm], str] = {
    Firm: "firm",
    AiLab: "AI lab",
    CloudProvider: "cloud provider",
    ChipMaker: "chip maker",
    ListedFirm: "listed firm",
}


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
    start = (firm.name, KIND_WORDS[type(firm)], bn(firm.opening_cash_usd))
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
        (
            b.name,
            b.kind.value.replace("_", " "),
            bn(b.opening_cash_usd),
            bn(b.committed_usd) if b.committed_usd else "-",
            bn(b.inflow_usd_per_year),
            b.savers,
        )
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
        if people.plan_usd_per_year or people.plan_etf_value_usd:
            means = f"{bn(people.plan_etf_value_usd)} bn in the ETF, {bn(people.plan_usd_per_year)} bn/yr"
            rows.append(("savings plans", "pension and savings plans", means, "-", people.plan_savers))
    return Table("Holders of shares", columns, tuple(rows))
